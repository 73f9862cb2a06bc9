import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LockstepError } from '../../core/errors.ts';
import type { Before, Commit, FileCommit } from '../../core/platform/git.ts';
import { changedBetween, commitOf } from './at.ts';
import { git, gitHere, startGit } from './run.ts';

/** `log.follow` would follow in a way of its own, which loses branches. */
const logOf = [
  ...['log', '--full-history', '-c', '--raw', '--no-abbrev', '--no-renames', '--no-follow', '-O/dev/null', '-z'],
  ...['--no-ext-diff', '--no-textconv', '--no-color', '--no-notes', '--encoding=UTF-8'],
  '--format=%x02%H%x03%P%x03%at%x03%an%x03%s',
];

/** A name of the file, and the commits that it is looked for in. */
interface Start {
  readonly from: readonly string[];
  readonly name: string;
}

/** @param led git is led by the environment, as for a command that a person types */
export async function* fileLog(folder: string, path: string, all = false, led = false): AsyncGenerator<FileCommit> {
  const run = led ? gitHere : git;
  const cuts = await cutsOf(folder, run);
  if (!cuts) return;
  const disk = await onDisk(folder, path, run);
  yield disk;
  // Before the first commit there is none.
  const head = (await commitOf(folder, 'HEAD', run)) ? ['HEAD'] : [];
  const from = all ? [...head, '--all'] : head;
  const starts: Start[] = from.length > 0 ? [{ from, name: path }] : [];
  const [renamed] = disk.before;
  if (renamed && renamed.path !== path) starts.push({ from: head, name: renamed.path });
  const seen = new Set<string>();
  // A list goes on to what is added to it meanwhile: the names that the file had before.
  for (const start of starts)
    for await (const one of commitsOf(folder, start, led)) {
      const key = `${one.made.hash} ${start.name}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const before = await withRenames(folder, one, run);
      // It went on under another name, where nothing that we look at comes from.
      if (!before) continue;
      for (const [i, old] of before.entries())
        if (old && old.path !== start.name) starts.push({ from: [one.parents[i] ?? ''], name: old.path });
      const { made, path, blob } = one;
      yield { made, path, blob, before, cut: cuts.has(made.hash) };
    }
}

/** The commits whose parents a shallow clone does not have; undefined outside git. */
async function cutsOf(folder: string, run: typeof git): Promise<ReadonlySet<string> | undefined> {
  const found = await run(folder, ['rev-parse', '--is-shallow-repository', '--git-path', 'shallow']);
  if (found?.code !== 0) return undefined;
  const [isShallow, path = ''] = found.out.toString('utf8').split(/\r?\n/);
  const list = isShallow === 'true' ? await readFile(resolve(folder, path), 'utf8').catch(() => '') : '';
  return new Set(list.split('\n').filter(Boolean));
}

/** The file on the disk: where HEAD has none of its name, what the index says it was called. */
async function onDisk(folder: string, path: string, run: typeof git): Promise<FileCommit> {
  const blobOf = async (name: string) => {
    const found = await run(folder, ['rev-parse', '--verify', '--quiet', '--end-of-options', `HEAD:${name}`]);
    return found?.code === 0 ? found.out.toString('utf8').trim() : undefined;
  };
  const blob = await blobOf(path);
  const staged = blob === undefined ? await changedBetween(folder, 'head', 'index', run) : [];
  const from = staged?.find((one) => one.path === path)?.from;
  const old = from === undefined ? undefined : await blobOf(from);
  const before =
    blob !== undefined ? { path, blob } : old !== undefined ? { path: from as string, blob: old } : undefined;
  return { made: undefined, path, blob: undefined, before: [before], cut: false };
}

interface Changed {
  readonly made: Commit;
  readonly parents: readonly string[];
  readonly path: string;
  readonly blob: string | undefined;
  readonly before: readonly (Before | undefined)[];
}

/** Of each parent without the file: the file that the commit made it of. Undefined where the commit only gave it another name. Throws nothing. */
async function withRenames(folder: string, { made, parents, path, blob, before }: Changed, run: typeof git) {
  const found: (Before | undefined)[] = [...before];
  for (const [i, parent] of parents.entries()) {
    if ((blob === undefined) !== (found[i] !== undefined)) continue;
    const changed = await changedBetween(folder, { hash: parent }, made, run);
    if (blob === undefined && changed?.some(({ from }) => from === path)) return undefined;
    const one = changed?.find((file) => file.path === path && file.from !== undefined);
    if (one?.from !== undefined && one.before !== undefined) found[i] = { path: one.from, blob: one.before };
  }
  return found;
}

/** The commits that have the file under one name. Throws GIT_FAILED. */
async function* commitsOf(folder: string, { from, name }: Start, led: boolean): AsyncGenerator<Changed> {
  let made: (Commit & { readonly parents: readonly string[] }) | undefined;
  let raw: string | undefined;
  for await (const word of wordsOf(folder, [...logOf, ...from, '--', name], led)) {
    if (raw !== undefined) {
      if (made) yield changeOf(made, raw, word);
      raw = undefined;
    } else if (word.startsWith('\x02')) made = madeOf(word.slice(1).split('\x03'));
    // Between the two of a merge there is an empty word.
    else if (/^\n?:/.test(word)) raw = word;
  }
}

function madeOf([hash = '', parents = '', seconds, author = '', ...summary]: readonly string[]) {
  const time = new Date(Number(seconds) * 1000);
  return { hash, time, author, summary: summary.join(' '), parents: parents.split(' ').filter(Boolean) };
}

const isFile = (mode: string | undefined) => mode === '100644' || mode === '100755';

/** `:<mode before> <mode after> <id before> <id after> <status>`; of a merge as many colons, modes and ids before as it has parents. */
function changeOf(
  { parents, ...made }: Commit & { readonly parents: readonly string[] },
  raw: string,
  path: string,
): Changed {
  const [, colons = '', rest = ''] = /^\n?(:+)(.*)$/s.exec(raw) ?? [];
  const fields = rest.split(' ');
  const count = colons.length;
  const blobAt = (i: number) => (isFile(fields[i]) ? fields[count + 1 + i] : undefined);
  const before = Array.from({ length: count }, (_, i) => {
    const blob = blobAt(i);
    return blob === undefined ? undefined : { path, blob };
  });
  return { made, parents, path, blob: blobAt(count), before };
}

/** What git says, word by word: NUL ends each. Whoever stops reading ends git. Throws GIT_FAILED. */
async function* wordsOf(folder: string, args: readonly string[], led: boolean): AsyncGenerator<string> {
  const child = startGit(folder, args, led);
  if (!child) throw new LockstepError('GIT_FAILED');
  const ended = new Promise((resolve) => child.once('close', resolve));
  try {
    let rest = Buffer.alloc(0);
    for await (const piece of child.stdout as AsyncIterable<Buffer>) {
      rest = Buffer.concat([rest, piece]);
      let start = 0;
      for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0, start)) {
        yield rest.toString('utf8', start, end);
        start = end + 1;
      }
      rest = rest.subarray(start);
    }
    if ((await ended) !== 0) throw new LockstepError('GIT_FAILED');
  } finally {
    child.kill('SIGKILL');
  }
}
