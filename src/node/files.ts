import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync, type Stats, statSync, unlinkSync } from 'node:fs';
import {
  access,
  constants,
  type FileHandle,
  lstat,
  open,
  readFile,
  realpath,
  rename,
  stat,
  unlink,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LockstepError } from '../core/errors.ts';
import { bytesOfText, holdsBytes, maxFileSize } from '../core/format/encoding.ts';
import { hashOf } from '../core/hash.ts';
import { contentOf, type FileContent, type HowToWrite, type Staged } from '../core/platform/disk.ts';
import { cannotRename, isMountPoint, overwrite, tellWrite } from './inplace.ts';

// Exported functions do what `Disk` in core/platform promises.

const codes: Record<string, 'READ_ONLY' | 'DISK_FULL' | 'GONE' | 'NOT_A_FILE'> = {
  EACCES: 'READ_ONLY',
  EPERM: 'READ_ONLY',
  EROFS: 'READ_ONLY',
  ENOSPC: 'DISK_FULL',
  // A limit on the size of files: of the shell, or of the file system.
  EFBIG: 'DISK_FULL',
  EDQUOT: 'DISK_FULL',
  ENOENT: 'GONE',
  EISDIR: 'NOT_A_FILE',
  ENOTDIR: 'NOT_A_FILE',
  ELOOP: 'NOT_A_FILE',
};

/** The named error for what the file system threw. Its errno goes along; its message does not. */
export function fileError(error: unknown): LockstepError {
  if (error instanceof LockstepError) return error;
  const errno = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return new LockstepError((errno && codes[errno]) || 'IO', errno && /^E[A-Z0-9]+$/.test(errno) ? { errno } : {});
}

/** What the file system called it, such as `EACCES`. */
export function errnoOf(error: unknown): string | undefined {
  const { place } = fileError(error);
  return 'errno' in place ? place.errno : undefined;
}

/** As `readBytes`, for a process that has nothing else to do meanwhile: a thread takes longer than to read a small file. */
export function readBytesSync(path: string, limit = maxFileSize): FileContent {
  try {
    requireFile(statSync(path), limit);
    return contentOf(readFileSync(path));
  } catch (error) {
    throw fileError(error);
  }
}

/** Whether a file of at most `limit` bytes has an ASCII text in it; not where it cannot be read. For a look into very many small files. */
export function holdsText(path: string, text: string, limit: number): boolean {
  try {
    const name = namedOnDisk(path);
    const found = statSync(name);
    requireFile(found, limit);
    if (room.length < found.size) room = Buffer.allocUnsafeSlow(found.size);
    const file = openSync(name, 'r');
    try {
      return room.subarray(0, readSync(file, room, 0, found.size, 0)).includes(text, 0, 'latin1');
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

/** One for all files: memory for each takes longer than to read it. */
let room = Buffer.alloc(0);

function requireFile(found: Stats, limit: number): void {
  if (!found.isFile()) throw new LockstepError('NOT_A_FILE');
  if (found.size > limit) throw new LockstepError('TOO_LARGE');
}

/** What the file system calls it: a name may be any bytes, which `textOfBytes` holds. */
export const namedOnDisk = (path: string): string | Buffer =>
  holdsBytes(path) ? Buffer.from(bytesOfText(path)) : path;

/** Reads a file whole; its name may be one that `namedOnDisk` takes. Throws GONE, NOT_A_FILE, TOO_LARGE (over `limit` bytes), READ_ONLY where reading is forbidden, IO. */
export async function readBytes(path: string, limit = maxFileSize): Promise<FileContent> {
  try {
    const name = namedOnDisk(path);
    requireFile(await stat(name), limit);
    return contentOf(await readFile(name));
  } catch (error) {
    throw fileError(error);
  }
}

export async function readIfThere(path: string): Promise<FileContent | undefined> {
  try {
    return await readBytes(path);
  } catch (error) {
    if (error instanceof LockstepError && error.code === 'GONE') return undefined;
    throw error;
  }
}

interface Target {
  readonly path: string;
  /** Undefined for a file that is not there yet. */
  readonly mode: number | undefined;
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
  /** How many names it has besides this one. */
  readonly others: number;
}

/** The real file behind `path`. A link that leads nowhere is NOT_A_FILE; a path without a file is a new file. */
async function resolveTarget(path: string): Promise<Target> {
  const real = await realpath(path).catch(async (error) => {
    if (fileError(error).code !== 'GONE') throw error;
    return join(await realpath(dirname(path)), basename(path));
  });
  const found = await stat(real).catch((error) => {
    if (fileError(error).code !== 'GONE') throw error;
    return undefined;
  });
  if (!found) return { path: await refuseLink(real), mode: undefined, owner: undefined, others: 0 };
  if (!found.isFile()) throw new LockstepError('NOT_A_FILE');
  await checkWritable(real, found.mode);
  const owner = { uid: found.uid, gid: found.gid };
  return { path: real, mode: found.mode & 0o7777, owner, others: Math.max(0, found.nlink - 1) };
}

export async function otherNames(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() && !(await isMountPoint(path)) ? found.nlink - 1 : 0;
}

export async function isLink(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isSymbolicLink() ?? false;
}

export async function leadsOut(path: string, folder: string): Promise<string | undefined> {
  const [file, root] = await Promise.all([path, folder].map((one) => realpath(one).catch(() => undefined)));
  if (file === undefined || root === undefined) return undefined;
  const way = relative(root, file);
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way) ? file : undefined;
}

/** A link that leads nowhere can be opened by nobody, but a rename would replace the link itself. */
async function refuseLink(path: string): Promise<string> {
  const link = await lstat(path).catch(() => undefined);
  if (link) throw new LockstepError('NOT_A_FILE');
  return path;
}

/** A rename would go past a file's own write protection, so it is asked for by hand; root is held to it too. */
async function checkWritable(path: string, mode: number): Promise<void> {
  if ((mode & 0o222) === 0) throw new LockstepError('READ_ONLY');
  await access(path, constants.W_OK);
}

export async function requireWritable(path: string): Promise<void> {
  const { mode } = await asFileError(() => resolveTarget(path));
  if (mode === undefined) throw new LockstepError('GONE');
}

async function checkUnchanged(path: string, expected: string | undefined): Promise<void> {
  const { mode } = await resolveTarget(path);
  if (expected === undefined) return;
  if (mode === undefined) throw new LockstepError('GONE');
  if ((await readBytes(path)).hash !== expected) throw new LockstepError('CHANGED_ON_DISK');
}

/** A file by its numbers, whatever has its name by now, and the mode that it should get. */
interface Made {
  readonly dev: number;
  readonly ino: number;
  readonly mode: number;
  readonly isNew: boolean;
}

/** Everything of `bytes` is on the disk when this returns, in a file that is still for its owner only. */
async function fill(handle: FileHandle, bytes: Uint8Array, { mode, owner }: Target, newMode: number): Promise<Made> {
  await handle.writeFile(bytes);
  const wanted = mode ?? newMode & ~process.umask();
  const isTheirs = owner === undefined || (await giveTo(handle, owner));
  await handle.sync();
  const { dev, ino } = await handle.stat();
  return { dev, ino, mode: isTheirs ? wanted : wanted & ~groupRights, isNew: mode === undefined };
}

/**
 * Gives a new file its mode, by hand because that of `open` is cut by the umask. By a handle and not by the name: who may
 * write into the folder could have put a link to another file of this user there. Throws CHANGED_ON_DISK.
 */
async function setMode(name: string, { dev, ino, mode, isNew }: Made): Promise<void> {
  const handle = await open(name, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const found = await handle.stat();
    if (found.dev !== dev || found.ino !== ino) throw new LockstepError('CHANGED_ON_DISK');
    if ((found.mode & 0o7777) === mode) return;
    await handle.chmod(mode).catch((error) => {
      // Some disks have no modes, such as FAT and some of a network: there every file has the same one.
      if (!isNew || errnoOf(error) !== 'EPERM') throw error;
    });
  } finally {
    await handle.close();
  }
}

/** What a group may do, and that programs run as it. */
const groupRights = 0o2070;

/**
 * Gives a file its owner and group. Without the right to give it away it stays ours, as with every editor that writes this
 * way; its group we may give if we are in it. False when it has another group than it should.
 */
async function giveTo(handle: FileHandle, { uid, gid }: { uid: number; gid: number }): Promise<boolean> {
  const given = (owner: number) =>
    handle.chown(owner, gid).then(
      () => true,
      () => false,
    );
  return (await given(uid)) || given((await handle.stat()).uid);
}

/** So that the rename itself survives a power cut; not every system lets a folder be opened. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

export async function syncFolders(paths: readonly string[]): Promise<void> {
  await Promise.all([...new Set(paths.map((path) => dirname(path)))].map(syncFolder));
}

/** Files that `stage` made and that have not taken another's place yet. */
const staged = new Set<string>();

/** Removes what `stage` left beside files, in the last moment of a process: nothing is awaited. Never throws. */
export function discardStaged(): void {
  for (const path of staged) {
    try {
      unlinkSync(path);
    } catch {
      // Not made yet, or gone.
    }
  }
  staged.clear();
}

/** The new file beside `path` has a name that cannot be guessed, and is down on the disk. */
export async function stage(path: string, bytes: Uint8Array, how: HowToWrite = {}): Promise<Staged> {
  const ready = await asFileError(() => prepare(path, bytes, how));
  return {
    path: ready.target.path,
    check: (expected) => asFileError(() => checkUnchanged(ready.target.path, expected)),
    discard: () => drop(ready.copy),
    commit: (expected) => asFileError(() => commit(ready, expected, how.unsynced)),
  };
}

/** A file that is about to be replaced. */
interface Ready {
  readonly target: Target;
  readonly bytes: Uint8Array;
  /** What lies on the disk, whole, until the file is written: the new bytes beside it, or else some copy in another place. */
  readonly copy: string;
  readonly holds: 'new' | 'old';
  /** Undefined when the copy is in another place, and cannot become the file. */
  readonly made: Made | undefined;
}

async function prepare(
  path: string,
  bytes: Uint8Array,
  { newMode = 0o600, clear = false }: HowToWrite,
): Promise<Ready> {
  const target = await resolveTarget(path);
  const name = `.${basename(target.path)}.${randomBytes(8).toString('hex')}.tmp`;
  const beside = join(dirname(target.path), name);
  const made = await make(beside, bytes, target, newMode).catch((error) => refuseUnlessMounted(error, target));
  if (made) return { target, bytes, copy: beside, holds: 'new', made };
  // Of the two contents the one that is not plaintext, where there is a choice.
  const copy = join(tmpdir(), name);
  const content = clear ? (await readBytes(target.path)).bytes : bytes;
  await make(copy, content, { ...target, mode: undefined, owner: undefined }, 0o600);
  return { target, bytes, copy, holds: clear ? 'old' : 'new', made: undefined };
}

/** A new file, which is `staged` until it is dropped or takes a place. Throws what the file system throws; then there is none. */
export async function make(name: string, bytes: Uint8Array, target: Target, newMode: number): Promise<Made> {
  staged.add(name);
  const handle = await open(name, 'wx', 0o600).catch((error) => {
    staged.delete(name);
    throw error;
  });
  try {
    return await fill(handle, bytes, target, newMode).finally(() => handle.close());
  } catch (error) {
    await drop(name);
    throw error;
  }
}

/** Removes a new file that has not taken a place. */
export async function drop(name: string): Promise<void> {
  if (staged.has(name)) await unlink(name).catch(() => undefined);
  staged.delete(name);
}

async function commit(ready: Ready, expected: string | undefined, unsynced = false): Promise<void> {
  const { target, copy } = ready;
  let isReplaced = false;
  try {
    await patiently(async () => {
      isReplaced = await replace(ready, expected);
    });
    if (!isReplaced) return await writeThere(ready, expected);
  } catch (error) {
    await drop(copy);
    throw error;
  }
  staged.delete(copy);
  if (!unsynced) await syncFolder(dirname(target.path));
}

/** False where the file cannot be replaced, but written. */
async function replace({ target, copy, made }: Ready, expected: string | undefined): Promise<boolean> {
  await checkUnchanged(target.path, expected);
  if (!made) return false;
  if (target.others > 0 && !(await isMountPoint(target.path)))
    tellWrite({ kind: 'names', path: target.path, others: target.others });
  // Last, because until then nobody else may read it.
  await setMode(copy, made);
  try {
    await rename(copy, target.path);
    return true;
  } catch (error) {
    if (target.mode === undefined || !cannotRename(errnoOf(error))) throw error;
    return false;
  }
}

async function writeThere({ target, bytes, copy, holds, made }: Ready, expected: string | undefined): Promise<void> {
  const { path } = target;
  await syncFolder(dirname(copy));
  const why = !made || (await isMountPoint(path)) ? 'mount' : 'no-rename';
  const note = { path, why, copy, holds } as const;
  tellWrite({ kind: 'in-place', ...note });
  // From here on nothing that ends this process may remove the copy: it may be all that is whole.
  staged.delete(copy);
  try {
    overwrite(path, bytes, (old) => {
      if (expected !== undefined && hashOf(old) !== expected) throw new LockstepError('CHANGED_ON_DISK');
    });
  } catch (error) {
    if (error instanceof LockstepError && error.code === 'HALF_WRITTEN') tellWrite({ kind: 'half-written', ...note });
    else staged.add(copy);
    throw error;
  }
  await unlink(copy).catch(() => undefined);
}

/** Undefined where a file cannot be put beside the target, but the target itself is mounted there and can be written. */
async function refuseUnlessMounted(error: unknown, { path, mode }: Target): Promise<undefined> {
  const closed = ['EACCES', 'EPERM', 'EROFS'].includes(errnoOf(error) ?? '');
  if (!closed || mode === undefined || !(await isMountPoint(path))) throw error;
}

/** By these Windows says that another program has a file open right now: a virus scanner, an indexer, an editor. */
const held = ['EPERM', 'EACCES', 'EBUSY'];
/** Milliseconds; two and a half seconds together. */
const waits = [10, 20, 40, 80, 160, 320, 640, 1280];

/** Does `work` again for a while where a file that is in use cannot be replaced. Throws what `work` throws in the end. */
export async function patiently(
  work: () => Promise<void>,
  platform: NodeJS.Platform = process.platform,
  wait: (ms: number) => Promise<unknown> = pause,
): Promise<void> {
  for (const ms of platform === 'win32' ? waits : []) {
    try {
      return await work();
    } catch (error) {
      if (!held.includes(errnoOf(error) ?? '')) throw error;
      await wait(ms);
    }
  }
  return work();
}

async function asFileError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileError(error);
  }
}

export async function writeAtomically(
  path: string,
  bytes: Uint8Array,
  expected?: string,
  how?: HowToWrite,
): Promise<void> {
  await (await stage(path, bytes, how)).commit(expected);
}
