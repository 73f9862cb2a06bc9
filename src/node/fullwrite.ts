import { write, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

/**
 * Everything that goes to an open file, a pipe or a terminal goes through these two: a system takes as much of a write as it
 * has room for and says how much, which is no error, and one that does not wait says EAGAIN.
 */
const writeSome = promisify(write);

/** How long a full pipe is left alone before the next try, in milliseconds. */
const often = 5;

/** Writes all of `bytes` at the descriptor's position. Signals are heard meanwhile. Throws what the system says. */
export async function writeFully(file: number, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += (await writeSome(file, bytes, at, bytes.length - at, null)).bytesWritten;
    } catch (error) {
      if (!isFull(error)) throw error;
      await pause(often);
    }
  }
}

/** As `writeFully`, without letting anything else of this process run. @param position where in the file, if it is one */
export function writeFullySync(file: number, bytes: Uint8Array, position?: number): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(file, bytes, at, bytes.length - at, position === undefined ? null : position + at);
    } catch (error) {
      if (!isFull(error)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, often);
    }
  }
}

const isFull = (error: unknown) =>
  error instanceof Error && 'code' in error && (error.code === 'EAGAIN' || error.code === 'EINTR');
