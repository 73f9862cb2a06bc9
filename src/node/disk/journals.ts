import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { link, lstat, mkdir, open, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Environment } from '../../core/env/environment.ts';
import { LockstepError } from '../../core/errors.ts';
import type { Journals } from '../../core/platform/journals.ts';
import { stateFolder } from '../access/place.ts';
import { drop, errnoOf, fileError, make, readBytes, syncFolder } from '../files.ts';
import { gitState } from './gitstate.ts';

/** Old and new bytes of some thousand files. */
const maxJournal = 512 * 1024 * 1024;
const folderOf = (root: string) => join(root, '.lockstep');
const pathOf = (root: string) => join(folderOf(root), 'journal');

/** What `Journals` in core/platform promises, on this machine. The key that seals them is below the home folder. */
export function nodeJournals(env: Environment, home: string, platform: NodeJS.Platform): Journals {
  return {
    read,
    write,
    remove,
    seal: async (root, bytes) => {
      const key = await sealingKey(stateFolder(env, home, platform));
      return (
        key &&
        createHmac('sha256', key)
          .update(await real(root))
          .update('\0')
          .update(bytes)
          .digest('hex')
      );
    },
    get self() {
      return selfName();
    },
    runs,
    clean,
    real,
    unlink: (path) => asFileError(() => unlink(path)),
    gitState,
  };
}

async function read(root: string): Promise<Uint8Array | undefined> {
  const [folder, file] = await Promise.all([folderOf(root), pathOf(root)].map(whatIs));
  if (!folder || (folder.isDirectory() && !file)) return undefined;
  if (!folder.isDirectory() || !file?.isFile()) throw new LockstepError('NOT_A_FILE', { what: 'link' });
  return (await readBytes(pathOf(root), maxJournal)).bytes;
}

const whatIs = (path: string) =>
  lstat(path).catch((error) => {
    if (fileError(error).code !== 'GONE') throw fileError(error);
    return undefined;
  });

/** Whole under its name or not there at all: it is written beside it, and a second name for it fails where there is one. */
async function write(root: string, bytes: Uint8Array): Promise<void> {
  if (bytes.length > maxJournal) throw new LockstepError('TOO_LARGE');
  if (await read(root)) throw new LockstepError('IN_PROGRESS');
  const path = pathOf(root);
  const beside = join(folderOf(root), `.journal.${randomBytes(8).toString('hex')}.tmp`);
  await asFileError(async () => {
    const isNew = (await mkdir(folderOf(root), { recursive: true })) !== undefined;
    try {
      await make(beside, bytes, { path, mode: undefined, owner: undefined, others: 0 }, 0o600);
      await name(beside, path);
    } catch (error) {
      await drop(beside);
      await rmdir(folderOf(root)).catch(() => undefined);
      throw error;
    } finally {
      await drop(beside);
    }
    await syncFolder(folderOf(root));
    if (isNew) await syncFolder(root);
  });
}

/** Throws IN_PROGRESS when the name is taken. */
async function name(beside: string, path: string): Promise<void> {
  try {
    await link(beside, path);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') throw new LockstepError('IN_PROGRESS');
    if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'].includes(errnoOf(error) ?? '')) throw error;
    // A disk without second names, such as FAT.
    if (await whatIs(path)) throw new LockstepError('IN_PROGRESS');
    await rename(beside, path);
  }
}

async function remove(root: string): Promise<void> {
  // Whoever was killed while it wrote one left it beside, and one that is beside now cannot take the name any more.
  await clean(pathOf(root));
  await asFileError(() => unlink(pathOf(root))).catch((error) => {
    if (!(error instanceof LockstepError) || error.code !== 'GONE') throw error;
  });
  await syncFolder(folderOf(root));
  // Only when it is empty.
  await rmdir(folderOf(root)).catch(() => undefined);
}

async function clean(path: string): Promise<void> {
  const folder = dirname(path);
  const start = `.${basename(path)}.`;
  const isOurs = (one: string) => one.startsWith(start) && /^[0-9a-f]{16}\.tmp$/.test(one.slice(start.length));
  const names = await readdir(folder).catch(() => []);
  for (const one of names.filter(isOurs)) await unlink(join(folder, one)).catch(() => undefined);
}

/** At once: a thread takes ten times as long, and many files are asked about. */
async function real(path: string): Promise<string> {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

async function asFileError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileError(error);
  }
}

const keyLength = 32;

/** The key, made at the first use; undefined where it cannot be kept. */
async function sealingKey(folder: string | undefined): Promise<Uint8Array | undefined> {
  if (folder === undefined) return undefined;
  const path = join(folder, 'journal.key');
  return (await readKey(path)) ?? (await makeKey(path).catch(() => undefined));
}

/** One that others can read or could have put there is none. */
async function readKey(path: string): Promise<Uint8Array | undefined> {
  const found = await whatIs(path).catch(() => undefined);
  const own = process.getuid === undefined || (found?.uid === process.getuid() && (found.mode & 0o077) === 0);
  if (!found?.isFile() || !own || found.size !== keyLength) return undefined;
  return (await readBytes(path, keyLength).catch(() => undefined))?.bytes;
}

async function makeKey(path: string): Promise<Uint8Array | undefined> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const beside = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  const key = randomBytes(keyLength);
  const handle = await open(beside, 'wx', 0o600);
  try {
    await handle.writeFile(key);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    // Another process may have made one in this moment: the first one counts.
    await name(beside, path).catch(async (error) => {
      if ((await readKey(path)) === undefined && errnoOf(error) === undefined) await rename(beside, path);
    });
  } finally {
    await unlink(beside).catch(() => undefined);
  }
  return readKey(path);
}

/** Host, number, and start: the number may be another process's by now. */
function selfName(): string {
  const began = startOf(process.pid) ?? `t${Math.round(Date.now() / 1000 - process.uptime())}`;
  return `${hostname()} ${process.pid} ${began}`;
}

/** When a process began, in ticks since the system did, and which start of the system that was. Linux only. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}@${boot}`;
  } catch {
    return undefined;
  }
}

function runs(self: string): boolean {
  const [host, number, began = ''] = self.split(' ');
  const pid = Number(number);
  if (host !== hostname() || !Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  const start = startOf(pid);
  if (start !== undefined || !began.startsWith('t')) return start === began;
  // Before the last start of the system nothing that runs now had begun.
  if (Number(began.slice(1)) < Date.now() / 1000 - uptime() - 5) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === 'EPERM';
  }
}
