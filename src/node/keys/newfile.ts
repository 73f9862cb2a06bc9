import { closeSync, fsyncSync, mkdirSync, openSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileError } from '../files.ts';
import { writeFullySync } from '../fullwrite.ts';

/**
 * Writes a file that must not be there yet, for its owner alone: from its first byte on nobody else can read it, and what is there,
 * be it a link that leads nowhere, is not written over. Throws what `fileError` makes of it (`IO` with EEXIST for a file that is there); then
 * nothing is left behind.
 * @param folder makes the folder, too, for its owner alone.
 */
export function writeNewFile(path: string, bytes: Uint8Array, folder = false): void {
  try {
    if (folder) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = openSync(path, 'wx', 0o600);
    try {
      writeFullySync(file, bytes);
      fsyncSync(file);
    } catch (error) {
      unlinkSync(path);
      throw error;
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw fileError(error);
  }
}
