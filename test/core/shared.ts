import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Files made by other implementations; see the README there. */
export const fixtures = join(root, 'test', 'fixtures');

/** Milliseconds of processor time so far. What must not take long is measured by it: a busy machine makes nothing slower. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
