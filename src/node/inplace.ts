import { closeSync, constants, fsyncSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { LockstepError } from '../core/errors.ts';
import type { WriteNote } from '../core/platform/disk.ts';
import { writeFullySync } from './fullwrite.ts';

let listener: (note: WriteNote) => void = () => undefined;

/** Who hears of writes from now on, instead of the last one. */
export function listenToWrites(told: (note: WriteNote) => void): void {
  listener = told;
}

export const tellWrite = (note: WriteNote): void => listener(note);

/**
 * Errors of a rename that say nothing against writing: EBUSY is a file that something is mounted on, as Docker does with single
 * files; EPERM also one of somebody else in a folder such as /tmp. On Windows the first and the last say that a program holds the file.
 */
const noRename: readonly string[] =
  process.platform === 'win32'
    ? ['EXDEV', 'ENOSYS', 'ENOTSUP']
    : ['EBUSY', 'EXDEV', 'EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'];

export const cannotRename = (errno: string | undefined): boolean => errno !== undefined && noRename.includes(errno);

/** Whether something is mounted on this very file. Linux only; false where that is not known. */
export async function isMountPoint(path: string): Promise<boolean> {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  const plain = (name: string) => name.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(parseInt(octal, 8)));
  // Bytes there, not characters.
  const wanted = Buffer.from(path).toString('latin1');
  const names = mounts.split('\n').map((line) => line.split(' ')[4] ?? '');
  return names.some((name) => plain(Buffer.from(name).toString('latin1')) === wanted);
}

/**
 * Overwrites a file, in one go that no signal interrupts. Throws what `check` throws about the old bytes, which are read through the same
 * descriptor; HALF_WRITTEN when it failed in the middle and the old bytes could not be put back; else what the system says, the file as it was.
 */
export function overwrite(path: string, bytes: Uint8Array, check: (old: Uint8Array) => void): void {
  const file = openSync(path, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
  let old: Buffer | undefined;
  try {
    old = readFileSync(file);
    check(old);
    put(file, bytes, old.length);
  } catch (error) {
    if (old && !(error instanceof LockstepError)) putBack(file, old);
    throw error;
  } finally {
    old?.fill(0);
    closeSync(file);
  }
}

/** What is longer than before comes first: that is what can lack room, and the old bytes are all there yet. */
function put(file: number, bytes: Uint8Array, before: number): void {
  if (bytes.length > before) {
    writeFullySync(file, bytes.subarray(before), before);
    fsyncSync(file);
  }
  writeFullySync(file, bytes.subarray(0, before), 0);
  ftruncateSync(file, bytes.length);
  fsyncSync(file);
}

function putBack(file: number, old: Uint8Array): void {
  try {
    writeFullySync(file, old, 0);
    ftruncateSync(file, old.length);
    fsyncSync(file);
  } catch {
    throw new LockstepError('HALF_WRITTEN');
  }
}
