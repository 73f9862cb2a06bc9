import { execFileSync } from 'node:child_process';
import { closeSync, constants, existsSync, fstatSync, mkdtempSync, openSync, rmdirSync, unlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { writeFully } from '../fullwrite.ts';

/** A pipe for the output of a program. */
export interface OutputPipe {
  /** The end for the program, to be closed here once it has started. */
  readonly write: number;
  /** The other end. It ends when nobody holds the first one any more. */
  readonly read: Readable;
}

/**
 * Two pipes, as a shell makes them, for standard output and error. Node's own are pairs of sockets, and a program that opens `/dev/stdout` fails on those. They have a name for a
 * moment, in a folder that only this user can look into; nothing of them is ever on a disk. Undefined where there is no `mkfifo`.
 */
export function outputPipes(): readonly [OutputPipe, OutputPipe] | undefined {
  if (process.platform === 'win32') return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-pipe-'));
  const paths = [join(folder, 'out'), join(folder, 'errors')] as const;
  const opened: number[] = [];
  const pipe = (path: string): OutputPipe => {
    // Without waiting: the other end is opened after this one.
    const read = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    opened.push(read);
    const write = openSync(path, constants.O_WRONLY);
    opened.push(write);
    return { write, read: new Socket({ fd: read, readable: true, writable: false }) };
  };
  try {
    execFileSync('mkfifo', ['-m', '600', ...paths], { stdio: 'ignore', env: { PATH: process.env.PATH } });
    return [pipe(paths[0]), pipe(paths[1])];
  } catch {
    for (const file of opened) closeSync(file);
    return undefined;
  } finally {
    // For a whole folder at once Node loads a module first.
    for (const path of paths) if (existsSync(path)) unlinkSync(path);
    rmdirSync(folder);
  }
}

/**
 * Writes to a file that this process was given; resolves when all bytes are out, rejects as `writeFully` does. To a pipe it writes without a
 * thread for each piece, which takes half of the time. The pipe is opened anew for that: whether it waits is then no matter of others
 * that hold it.
 */
export function ownWriter(file: number): (bytes: Uint8Array) => Promise<void> {
  const socket = openedAnew(file);
  if (!socket) return (bytes) => writeFully(file, bytes);
  // Each write tells of it.
  socket.on('error', () => {});
  return (bytes) => new Promise((done, failed) => socket.write(bytes, (error) => (error ? failed(error) : done())));
}

function openedAnew(file: number): Socket | undefined {
  try {
    if (process.platform !== 'linux' || !fstatSync(file).isFIFO()) return undefined;
    const fd = openSync(`/proc/self/fd/${file}`, constants.O_WRONLY | constants.O_NONBLOCK);
    return new Socket({ fd, readable: false, writable: true });
  } catch {
    // Somebody else's pipe.
    return undefined;
  }
}
