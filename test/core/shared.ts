import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Files made by other implementations, kept beside the project on machines that have them. */
export function sharedFixtures(part: string): string | undefined {
  const folder = join(root, '..', 'shared', 'fixtures', part);
  return existsSync(folder) ? folder : undefined;
}

/** Why a test of theirs does not run. */
export const noFixtures = 'no files made by other implementations beside the project';
