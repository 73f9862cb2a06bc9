import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { withoutKeys } from '../../node/spawn.ts';
import type { Io } from '../io.ts';

/** How often it is looked whether somebody reads, in milliseconds. */
const often = 5;

/**
 * A pipe with a name: its bytes exist in memory only, and can be read once. `done` ends the offer, read or not; a reader
 * that has begun is waited for. Undefined where there is no such thing.
 */
export async function offerPipe(
  io: Io,
  path: string,
  bytes: Uint8Array,
): Promise<{ done(): Promise<void> } | undefined> {
  if (io.platform === 'win32' || !(await makePipe(io, path))) return undefined;
  let over = false;
  const offered = (async () => {
    while (!over) {
      const handle = openForReader(path);
      if (handle === 'gone') return;
      if (handle !== undefined) return write(handle, bytes);
      await pause(often);
    }
  })();
  return {
    done() {
      over = true;
      return offered;
    },
  };
}

/**
 * The pipe, once somebody has opened it to read; undefined before that. It is asked for and not waited for: a thread that
 * waits for a reader of a pipe whose name is gone would wait for ever, and this process with it.
 */
function openForReader(path: string): number | 'gone' | undefined {
  try {
    const handle = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    if (fstatSync(handle).isFIFO()) return handle;
    closeSync(handle);
    return 'gone';
  } catch (error) {
    const unread = error instanceof Error && 'code' in error && error.code === 'ENXIO';
    return unread ? undefined : 'gone';
  }
}

/** Resolves when all is read, or when the reader leaves before the end, which is its own business. */
function write(handle: number, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const socket = new Socket({ fd: handle, readable: false, writable: true });
    socket.once('error', () => undefined).once('close', () => resolve());
    socket.end(bytes);
  });
}

async function makePipe(io: Io, path: string): Promise<boolean> {
  try {
    const { code } = await io.spawn('mkfifo', ['-m', '600', path], { stdio: 'ignore', env: withoutKeys(io.env) }).ended;
    return code === 0;
  } catch {
    return false;
  }
}
