import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Files made by other implementations; see the README there. */
export const fixtures = join(root, 'test', 'fixtures');
