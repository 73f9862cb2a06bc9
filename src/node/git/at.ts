import { holdsBytes, textOfBytes } from '../../core/format/encoding.ts';
import type { At, AtPath, ChangedFile, Commit, FileAt } from '../../core/platform/git.ts';
import { readBlobs } from './blobs.ts';
import { git } from './run.ts';

/** Milliseconds: files that came are compared with files that went, to find renames. */
const patience = 30_000;

const isFile = (mode: string | undefined) => mode === '100644' || mode === '100755';
/** A name that is no UTF-8 names no file but to who asks for `anyName`, and has it as `textOfBytes` does. */
const isName = (path: string, anyName: boolean) => path !== '' && (anyName || !holdsBytes(path));

async function said(run: typeof git, folder: string, args: readonly string[]): Promise<string | undefined> {
  return (await outOf(run, folder, args))?.toString('utf8');
}

async function outOf(run: typeof git, folder: string, args: readonly string[]): Promise<Buffer | undefined> {
  const result = await run(folder, args);
  return result?.code === 0 ? result.out : undefined;
}

/** @param run git, as the repository or as the environment leads it; so for all functions here */
export async function commitOf(folder: string, rev: string, run = git): Promise<Commit | undefined> {
  if (!/^[^-\0][^\0]*$/s.test(rev)) return undefined;
  const found = await said(run, folder, ['rev-parse', '--verify', '--quiet', '--end-of-options', rev]);
  const id = /^([0-9a-f]{40,64})\r?\n$/.exec(found ?? '')?.[1];
  const asked = [
    'log',
    '-1',
    '--no-walk',
    '--encoding=UTF-8',
    '--no-notes',
    '--no-patch',
    '--format=%H%x00%ct%x00%an%x00%s',
  ];
  const log = id && (await said(run, folder, [...asked, `${id}^{commit}`, '--']));
  const [hash, seconds, author = '', summary = ''] = log ? log.replace(/\r?\n$/, '').split('\0') : [];
  return hash ? { hash, time: new Date(Number(seconds) * 1000), author, summary } : undefined;
}

export async function filesAt(
  folder: string,
  at: At,
  run = git,
  anyName = false,
): Promise<readonly FileAt[] | undefined> {
  const all = await (at === 'index' || typeof at === 'number' ? inIndex(run, folder, at) : inTree(run, folder, at));
  return all?.filter(({ path }) => isName(path, anyName));
}

/** `<mode> <id> <stage>\t<path>` for each. @param paths those that are wanted; all by default */
async function inIndex(
  run: typeof git,
  folder: string,
  at: 'index' | 1 | 2 | 3,
  paths: readonly string[] = [],
): Promise<FileAt[] | undefined> {
  const out = await outOf(run, folder, ['ls-files', '--stage', '-z', '--', ...paths]);
  const stage = at === 'index' ? '0' : String(at);
  return (
    out &&
    textOfBytes(out)
      .split('\0')
      .flatMap((line) => {
        const [, mode, blob, of, path] = /^(\d+) ([0-9a-f]+) (\d)\t(.*)$/s.exec(line) ?? [];
        return blob && path && of === stage && isFile(mode) ? [{ path, blob }] : [];
      })
  );
}

/** `<mode> <type> <id>\t<path>` for each. */
async function inTree(
  run: typeof git,
  folder: string,
  at: Pick<Commit, 'hash'> | 'head',
  paths: readonly string[] = [],
): Promise<FileAt[] | undefined> {
  const tree = await treeOf(run, folder, at);
  const out = tree === undefined ? undefined : await outOf(run, folder, ['ls-tree', '-r', '-z', tree, '--', ...paths]);
  return (
    out &&
    textOfBytes(out)
      .split('\0')
      .flatMap((line) => {
        const [, mode, blob, path] = /^(\d+) blob ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
        return blob && path && isFile(mode) ? [{ path, blob }] : [];
      })
  );
}

/** Before the first commit, HEAD is the empty tree, which each git knows by the hash that its repository has for it. */
async function treeOf(run: typeof git, folder: string, at: Pick<Commit, 'hash'> | 'head'): Promise<string | undefined> {
  if (at !== 'head') return /^[0-9a-f]{40,64}$/.test(at.hash) ? at.hash : undefined;
  const head = await commitOf(folder, 'HEAD', run);
  return head?.hash ?? (await said(run, folder, ['hash-object', '-t', 'tree', '--stdin']))?.trim();
}

export async function bytesAt(folder: string, at: At, path: string, run = git): Promise<AtPath | undefined> {
  if (path === '' || path.includes('\0')) return 'no-file';
  const found =
    at === 'index' || typeof at === 'number'
      ? await inIndex(run, folder, at, [path])
      : await inTree(run, folder, at, [path]);
  // A path of a folder lists what is in it.
  const file = found?.find((one) => one.path === path);
  if (!file) return found && 'no-file';
  for await (const { bytes } of readBlobs(folder, [{ id: file.blob }], run)) return Uint8Array.from(bytes);
  const size = await run(folder, ['cat-file', '-s', file.blob]);
  return size?.code === 0 ? 'too-large' : 'no-content';
}

export async function changedBetween(
  folder: string,
  before: Pick<Commit, 'hash'> | 'head',
  after: Pick<Commit, 'hash'> | 'head' | 'index',
  run = git,
  anyName = false,
): Promise<readonly ChangedFile[] | undefined> {
  const from = await treeOf(run, folder, before);
  const to = after === 'index' ? 'index' : await treeOf(run, folder, after);
  if (!from || !to) return undefined;
  const trees = to === 'index' ? ['diff-index', '--cached'] : ['diff-tree', '-r'];
  const shown = ['--raw', '--no-abbrev', '-z', '--relative', '--no-ext-diff', '--no-textconv'];
  // In a clone without all contents git cannot find renames, and gives up.
  for (const renames of [['-M', '-l2000'], ['--no-renames']]) {
    const asked = [...trees, ...shown, ...renames, from, ...(to === 'index' ? [] : [to]), '--'];
    const result = await run(folder, asked, undefined, patience);
    if (result?.code === 0) return changesOf(textOfBytes(result.out)).filter(({ path }) => isName(path, anyName));
  }
  return undefined;
}

/** For each file `:<modes> <ids> <status>` and its name; before that the old one, where it was renamed. */
function changesOf(raw: string): ChangedFile[] {
  const found: ChangedFile[] = [];
  const words = raw.split('\0');
  for (let i = 0; i < words.length; i++) {
    const [, oldMode, newMode, oldId, newId, status] =
      /^:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*$/.exec(words[i] ?? '') ?? [];
    if (!status) continue;
    const from = status === 'R' ? words[++i] : undefined;
    const path = words[++i] ?? '';
    const before = isFile(oldMode) ? oldId : undefined;
    const after = isFile(newMode) ? newId : undefined;
    const unmerged = status === 'U';
    if (before !== undefined || after !== undefined || unmerged) found.push({ path, from, before, after, unmerged });
  }
  return found;
}
