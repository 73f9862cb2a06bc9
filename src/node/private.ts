import { type ChildProcess, spawn } from 'node:child_process';
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
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import type { Environment } from '../core/env/environment.ts';
import { writeFullySync } from './fullwrite.ts';

/**
 * A folder for plaintext that another program has to see as a file. Everything here is synchronous, so that it can be done
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
  const known = knownPlaces(env, platform);
  for (const place of known) wipeAbandoned(place);
  const place = placeFor(env, platform);
  wipeAbandoned(place);
  const name = `lockstep-${pidSpace()}-${process.pid}-${randomBytes(8).toString('hex')}`;
  const path = join(place, name);
  mkdirSync(path, { mode: 0o700 });
  const sign = known.includes(place) ? undefined : makeSign(known, name, path);
  const guard = platform === 'win32' ? undefined : startGuard(sign ? [path, sign] : [path]);
  let gone = false;
  return {
    path,
    wipe() {
      if (gone) return;
      gone = true;
      overwriteBelow(path);
      remove(path);
      if (sign) attempt(() => unlinkSync(sign));
      guard?.stdin?.destroy();
    },
  };
}

const nameOfFolder = /^lockstep-(\d+)-(\d+)-[0-9a-f]{16}$/;

/** A process that is killed outright cannot wipe its folder: if nobody else did, the next one does it. */
function wipeAbandoned(place: string): void {
  for (const name of attempt(() => readdirSync(place)) ?? []) {
    const [, space, pid] = nameOfFolder.exec(name) ?? [];
    if (space !== pidSpace() || isRunning(Number(pid))) continue;
    const path = join(place, name);
    const found = attempt(() => lstatSync(path));
    if (found?.isSymbolicLink() && found.uid === process.getuid?.()) wipeSigned(path);
    else if (isOwn(found)) wipeFolder(path);
  }
}

function wipeFolder(path: string): void {
  overwriteBelow(path);
  remove(path);
}

/**
 * A folder in a place that a variable named is nowhere to be found when the variable is another one: a link with its name, in a
 * place that is always looked at, leads there. Undefined where none can be made.
 */
function makeSign(places: readonly string[], name: string, path: string): string | undefined {
  const made = (sign: string) => attempt(() => symlinkSync(path, sign) ?? true) === true;
  return places.map((place) => join(place, name)).find(made);
}

/** Only this user can have made the link; where it leads to must be such a folder all the same. */
function wipeSigned(sign: string): void {
  const path = attempt(() => readlinkSync(sign));
  if (path !== undefined && basename(path) === basename(sign) && isOwn(attempt(() => lstatSync(path))))
    wipeFolder(path);
  attempt(() => unlinkSync(sign));
}

/**
 * A shell that waits for this process to end, in whatever way, and then removes the folder: SIGKILL and a fault in Node leave
 * no last moment to do it in. A group of its own keeps the signals of the terminal from it. Where there is no shell, what is left waits for the next run.
 */
function startGuard(paths: readonly string[]): ChildProcess | undefined {
  const script = 'trap \'\' HUP INT QUIT TERM; while read -r _; do :; done; exec rm -rf -- "$@"';
  const guard = attempt(() =>
    spawn('/bin/sh', ['-c', script, 'lockstep', ...paths], {
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    }),
  );
  guard?.on('error', () => undefined).unref();
  guard?.stdin?.on('error', () => undefined);
  return guard;
}

/** Containers can share a place for files and still count their processes apart: only those counted with us are known. */
export function pidSpace(): string {
  return /\d+/.exec(attempt(() => readlinkSync('/proc/self/ns/pid')) ?? '')?.[0] ?? '0';
}

export function isRunning(pid: number): boolean {
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
  if (
    platform !== 'win32' &&
    runtime &&
    isAbsolute(runtime) &&
    isOwn(attempt(() => statSync(runtime, { throwIfNoEntry: false })))
  )
    return runtime;
  // Everybody may make folders there, and only look into their own, as among the temporary files.
  if (platform === 'linux' && isSticky('/dev/shm')) return '/dev/shm';
  return env.TMPDIR && platform !== 'win32' && isAbsolute(env.TMPDIR) ? env.TMPDIR : tmpdir();
}

/** Where folders may have been left, whatever the variables said then: those that no variable names come first. */
function knownPlaces(env: Environment, platform: NodeJS.Platform): string[] {
  if (platform === 'win32')
    return [env.LOCALAPPDATA && join(env.LOCALAPPDATA, 'Temp'), env.TEMP, env.TMP, tmpdir()].flatMap((at) => at || []);
  const own = `/run/user/${process.getuid?.()}`;
  const places = [isOwn(statSync(own, { throwIfNoEntry: false })) ? own : '', isSticky('/dev/shm') ? '/dev/shm' : ''];
  return [...places, '/tmp', '/var/tmp'].filter((at) => at !== '');
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
    for (let at = 0; at < size; at += zeros.length) writeFullySync(file, zeros.subarray(0, size - at), at);
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
