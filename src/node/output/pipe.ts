import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  unlinkSync,
} from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { makeRuntimeFolder } from '../agent/place.ts';
import { writeFully } from '../fullwrite.ts';

/** A pipe for the output of a program. */
export interface OutputPipe {
  /** The end for the program, to be closed here once it has started. */
  readonly write: number;
  /** The other end. It ends when nobody holds the first one any more. */
  readonly read: Readable;
}

/** Pipes that are made at a time: to start `mkfifo` for two of them takes a run as long as to read its secrets. */
const supply = 32;

/**
 * Two pipes, as a shell makes them, for standard output and error. Node's own are pairs of sockets, and a program that opens `/dev/stdout`
 * fails on those. Until they are taken they have names, in a folder that only this user can look into; nothing that goes through them is
 * ever on a disk. Undefined where there is no `mkfifo`.
 */
export function outputPipes(): readonly [OutputPipe, OutputPipe] | undefined {
  if (process.platform === 'win32') return undefined;
  const runtime = makeRuntimeFolder({ env: process.env, platform: process.platform });
  const found = runtime === undefined ? undefined : takeTwo(join(runtime, 'pipes'), supply);
  if (found) return found;
  // Not every file system has pipes.
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-pipe-'));
  try {
    return takeTwo(folder, 2);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Takes two pipes out of a folder; where there are none it makes `count` first. */
function takeTwo(folder: string, count: number): readonly [OutputPipe, OutputPipe] | undefined {
  const taken: Ends[] = [];
  try {
    for (const names of [namesIn, makePipes])
      for (const name of names(folder, count)) {
        const one = take(join(folder, name));
        if (one) taken.push(one);
        const [out, errors] = taken;
        if (out && errors) return [pipeOf(out), pipeOf(errors)];
      }
  } catch {
    // No `mkfifo`, or no room.
  }
  for (const ends of taken) close(ends);
  return undefined;
}

/** Beginning anywhere: processes that start at once then seldom try the same. */
function namesIn(folder: string): string[] {
  try {
    const names = readdirSync(folder);
    const at = process.pid % (names.length || 1);
    return [...names.slice(at), ...names.slice(0, at)];
  } catch {
    mkdirSync(folder, { mode: 0o700 });
    return [];
  }
}

/** Makes pipes with names that no other process gives; the names. */
function makePipes(folder: string, count: number): string[] {
  const names = Array.from({ length: count }, (_, i) => `${process.pid}-${process.hrtime.bigint()}-${i}`);
  const options = { cwd: folder, stdio: 'ignore', env: { PATH: process.env.PATH } } as const;
  execFileSync('mkfifo', ['-m', '600', ...names], options);
  return names;
}

/** The two ends of a pipe, as open files. */
interface Ends {
  readonly read: number;
  readonly write: number;
}

/**
 * Opens a pipe that no other process has open, or has taken, and takes its name away: only one of several can do that. Undefined for any
 * other one, and for what is no pipe: bytes for a file that somebody put there would stay on the disk.
 */
function take(path: string): Ends | undefined {
  const opened: number[] = [];
  const open = (how: number) => {
    const file = openSync(path, how);
    opened.push(file);
    return file;
  };
  try {
    if (isRead(path)) return undefined;
    const read = open(constants.O_RDONLY | constants.O_NONBLOCK);
    // It ends at once unless somebody could write to it; then there is nothing yet, which is an error.
    if (!fstatSync(read).isFIFO() || readSync(read, Buffer.alloc(1)) > 0) throw new Error('written by somebody');
    // Without waiting: the other end is open.
    const write = open(constants.O_WRONLY);
    unlinkSync(path);
    return { read, write };
  } catch {
    for (const file of opened) closeSync(file);
    return undefined;
  }
}

/** Whether a process has the pipe open to read, or waits for that: it would get a part of the output, with the values in it. True of a file. */
function isRead(path: string): boolean {
  try {
    closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENXIO') return false;
    throw error;
  }
}

function close({ read, write }: Ends): void {
  closeSync(read);
  closeSync(write);
}

const pipeOf = ({ read, write }: Ends): OutputPipe => ({
  write,
  // Not closed by Node at its end, which would first set up `process.stderr` for it.
  read: new Socket({ fd: read, readable: true, writable: true, allowHalfOpen: true }),
});

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
