import { randomBytes } from 'node:crypto';
import { closeSync, linkSync, lstatSync, openSync, readFileSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { isRunning, pidSpace } from '../private.ts';

/**
 * Takes a lock that any process of this user may want: a file that only one can make. Undefined while somebody else has it.
 * Whoever was killed with it cannot give it back, so a lock of nobody is broken.
 * @returns gives it back. Throws what the file system throws.
 */
export function tryLock(path: string): (() => void) | undefined {
  const file = makeLock(path);
  if (file === undefined) {
    breakStale(path);
    return undefined;
  }
  const owner = `${pidSpace()} ${process.pid}`;
  try {
    writeSync(file, owner);
  } catch (error) {
    // A full disk has room for a name and for nothing in it.
    attempt(() => unlinkSync(path));
    throw error;
  } finally {
    closeSync(file);
  }
  const since = Date.now();
  return () => {
    // One that was taken for nobody's meanwhile is another's by now.
    if (Date.now() - since < patience.unknown / 2 || readFileSync(path, 'latin1') === owner) unlinkSync(path);
  };
}

function makeLock(path: string): number | undefined {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    if (isCode(error, 'EEXIST') || (process.platform === 'win32' && isCode(error, 'EPERM'))) return undefined;
    throw error;
  }
}

/** What is done under the lock takes a millisecond: these are for a machine that is very busy. */
const patience = { unknown: 2_000, running: 30_000 };

function breakStale(path: string): void {
  const found = attempt(() => lstatSync(path));
  const [space, pid] = (attempt(() => readFileSync(path, 'latin1')) ?? '').split(' ');
  if (!found) return;
  const age = Date.now() - found.mtimeMs;
  const isHere = space === pidSpace() && pid !== undefined;
  if (isHere && isRunning(Number(pid)) ? age < patience.running : !isHere && age < patience.unknown) return;
  // Two may come to this at once. A rename is done by one of them; if it took the lock that came after, it is put back.
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  if (attempt(() => renameSync(path, aside) ?? true) === undefined) return;
  if (inodeOf(aside) !== found.ino) attempt(() => linkSync(aside, path));
  attempt(() => unlinkSync(aside));
}

const inodeOf = (path: string) => attempt(() => lstatSync(path).ino);

const isCode = (error: unknown, code: string) => error instanceof Error && 'code' in error && error.code === code;

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
