import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { Script } from 'node:vm';
import { homeFolder } from '../node/user.ts';
import { onceStarted } from './run/started.ts';
import { version } from './version.ts';

/** What is asked of the machine; tests stand in for it. */
interface Machine {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

const here = (): Machine => ({ platform: process.platform, env: process.env, home: homeFolder() });

/**
 * Runs a program as `require` does, and keeps what was compiled of it, which saves a third of the time that a small file takes. Node's
 * own cache keeps what is compiled before a program runs: of this one, which compiles its functions when they are first called, that
 * is next to nothing. What is kept is code, never what it worked on.
 * @param file whose text is one function, with the parameters of a CommonJS module.
 * @param kept where that is; undefined where nothing is kept.
 */
export function runProgram(file: string, kept: string | undefined): void {
  const source = readFileSync(file);
  const known = kept === undefined ? undefined : readKept(kept, source);
  // The build writes nothing but ASCII.
  const script = new Script(source.toString('latin1'), { filename: file, ...(known && { cachedData: known }) });
  script.runInThisContext()(exports, require, module, file, dirname(file));
  if (kept === undefined || (known && !script.cachedDataRejected)) return;
  let isKept = false;
  const once = () => {
    if (!isKept) keep(kept, source, script);
    isKept = true;
  };
  // After a short while, in which the first output is read.
  onceStarted(() => setTimeout(once, 100).unref());
  // After the program's own listeners, and not when it failed, which few runs do.
  process.once('exit', (code) => code === 0 && isShort() && once());
}

/** Whether V8 cannot have thrown away much yet: it does so as it works. */
function isShort(): boolean {
  const { user, system } = process.cpuUsage();
  return user + system < 2_000_000;
}

/** One run of the program compiles what its verb and format need. Of the words none but our own is taken: others may be secret. */
export function keptName(words: readonly string[]): string {
  const verb = words.map((word) => word.replace(/^--/, '')).find((word) => verbs.includes(word)) ?? 'other';
  const format = words.map((word) => /\.(ya?ml|json|env|ini)$/.exec(word)?.[1]).find((one) => one !== undefined);
  return [verb, format ?? 'any', version, process.version, process.arch].join('-');
}

/** Those that are run often. */
const verbs = ['decrypt', 'encrypt', 'edit', 'set', 'unset', 'rotate', 'updatekeys', 'exec-env', 'exec-file', 'run'];

/**
 * The folder for it: one that only this user can write to, since among the temporary files others could put a program of theirs.
 * Undefined where there is none. Never throws.
 */
export function cacheFolder(machine: Machine = here()): string | undefined {
  const { platform, env } = machine;
  const folder = env.NODE_DISABLE_COMPILE_CACHE ? undefined : folderOf(machine);
  if (folder === undefined) return undefined;
  try {
    // Not `recursive`: where there is no home none is made.
    for (const one of [dirname(folder), folder]) if (!existsSync(one)) mkdirSync(one, { mode: 0o700 });
    // Windows has no modes: the folders of a user are closed to others there.
    return platform === 'win32' || (isOurs(folder) && isOurs(dirname(folder))) ? folder : undefined;
  } catch {
    // A home that cannot be written to: then it is compiled each time.
    return undefined;
  }
}

/** Where programs of this user keep what can be made again; undefined where there is no such place. */
function folderOf({ platform, env, home }: Machine): string | undefined {
  const named = platform === 'win32' ? env.LOCALAPPDATA : env.XDG_CACHE_HOME;
  const usual = { darwin: ['Library', 'Caches'], win32: ['AppData', 'Local'] }[platform] ?? ['.cache'];
  const base = named && isAbsolute(named) ? named : join(home, ...usual);
  return isAbsolute(base) ? join(base, 'lockstep') : undefined;
}

/** Whether nobody but this user, or root, can have written there. */
function isOurs(folder: string): boolean {
  const { uid, mode } = statSync(folder);
  return (uid === process.geteuid?.() || uid === 0) && (mode & 0o022) === 0;
}

const digestLength = 32;

/** V8 compares the length of the source and nothing else with what is kept, and takes damaged code for code. */
const digestOf = (source: Buffer, code: Buffer) => createHash('sha256').update(source).update(code).digest();

/** The compiled code of this source; undefined where there is none, or it is not as it was written. */
function readKept(file: string, source: Buffer): Buffer | undefined {
  try {
    const bytes = readFileSync(file);
    const code = bytes.subarray(digestLength);
    return digestOf(source, code).equals(bytes.subarray(0, digestLength)) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Never throws. Two runs at once may write the same file: what comes of it is whole, or is not taken. */
function keep(file: string, source: Buffer, script: Script): void {
  const fresh = `${file}.new`;
  try {
    const code = script.createCachedData();
    writeFileSync(fresh, Buffer.concat([digestOf(source, code), code]), { mode: 0o600 });
    renameSync(fresh, file);
  } catch {
    try {
      unlinkSync(fresh);
    } catch {
      // It was not made.
    }
  }
}
