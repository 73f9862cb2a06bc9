import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Environment } from './identities.ts';

/**
 * A folder for clear text that another program has to see as a file. Everything here is synchronous, so that it can be done
 * in the last moment of a process.
 */
export interface PrivateFolder {
  readonly path: string;
  /** Overwrites every file in it and removes them all. Never throws; nothing happens the second time. */
  wipe(): void;
}

/**
 * Makes a folder that only this user can look into: in memory where the system has such a place, so that its files never
 * are on a disk, else among the temporary files. Throws what the file system throws.
 */
export function makePrivateFolder(env: Environment, platform: NodeJS.Platform): PrivateFolder {
  const place = placeFor(env, platform);
  wipeAbandoned(place);
  const path = join(place, `lockstep-${pidSpace()}-${process.pid}-${randomBytes(8).toString('hex')}`);
  mkdirSync(path, { mode: 0o700 });
  let gone = false;
  return {
    path,
    wipe() {
      if (gone) return;
      gone = true;
      overwriteBelow(path);
      remove(path);
    },
  };
}

/** A process that is killed outright cannot wipe its folder: the next one does it. */
function wipeAbandoned(place: string): void {
  for (const name of attempt(() => readdirSync(place)) ?? []) {
    const [, space, pid] = /^lockstep-(\d+)-(\d+)-[0-9a-f]{16}$/.exec(name) ?? [];
    const path = join(place, name);
    if (space !== pidSpace() || isRunning(Number(pid)) || !attempt(() => isOwn(lstatSync(path)))) continue;
    overwriteBelow(path);
    remove(path);
  }
}

/** Containers can share a place for files and still count their processes apart: only those counted with us are known. */
function pidSpace(): string {
  return /\d+/.exec(attempt(() => readlinkSync('/proc/self/ns/pid')) ?? '')?.[0] ?? '0';
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Not ours to signal, but there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The first place that is in memory and can be written, else the folder for temporary files. */
function placeFor(env: Environment, platform: NodeJS.Platform): string {
  const runtime = env.XDG_RUNTIME_DIR;
  if (platform !== 'win32' && runtime && isAbsolute(runtime) && isOwn(statSync(runtime, { throwIfNoEntry: false })))
    return runtime;
  // Everybody may make folders there, and only look into their own, as among the temporary files.
  if (platform === 'linux' && isSticky('/dev/shm')) return '/dev/shm';
  return env.TMPDIR && platform !== 'win32' && isAbsolute(env.TMPDIR) ? env.TMPDIR : tmpdir();
}

/** A folder that nobody else can look into. Windows has neither owners nor modes here. */
function isOwn(found: Stats | undefined): boolean {
  if (process.platform === 'win32') return found?.isDirectory() === true;
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
}

function isSticky(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() === true && (found.mode & 0o1777) === 0o1777;
}

/** Goes on whatever fails: one file that cannot be overwritten must not save the others. */
function overwriteBelow(folder: string): void {
  for (const name of attempt(() => readdirSync(folder)) ?? []) {
    const path = join(folder, name);
    const found = attempt(() => lstatSync(path));
    if (found?.isDirectory()) overwriteBelow(path);
    // A file with a second name may be somebody's own that an editor was told to link here.
    else if (found?.isFile() && found.nlink === 1) attempt(() => overwrite(path));
  }
}

function overwrite(path: string): void {
  const file = openSync(path, 'r+');
  try {
    const zeros = Buffer.alloc(64 * 1024);
    const { size } = fstatSync(file);
    for (let at = 0; at < size; at += zeros.length) writeSync(file, zeros, 0, Math.min(zeros.length, size - at), at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function remove(path: string): void {
  attempt(() => rmSync(path, { recursive: true, force: true, maxRetries: 3 }));
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
