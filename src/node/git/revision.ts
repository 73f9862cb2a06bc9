import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { gitHere } from './run.ts';

/** What a commit has at a path. */
export type AtRevision =
  | { readonly kind: 'file'; readonly commit: string; readonly bytes: Uint8Array }
  /**
   * `outside`: no repository; `commit`: git knows no such commit; `nothing`: the commit has no such file; `odd`: it is a link, a folder or a
   * repository there; `content`: git has no content for it here, as in a clone without all contents, or it is too large.
   */
  | { readonly kind: 'outside' | 'commit' | 'nothing' | 'odd' | 'content' };

interface Entry {
  readonly mode: string;
  readonly id: string;
  readonly name: string;
}

const isFile = ({ mode }: Entry) => mode === '100644' || mode === '100755';

/**
 * The files of a repository as a commit has them, by what a person calls it. It is looked up once in each repository, so all files come
 * from one commit. Objects are read alone: no filter, hook or textconv runs, and nothing is fetched.
 */
export class Revision {
  /** What a person calls it. */
  readonly name: string;
  readonly #commits = new Map<string, Promise<string | undefined>>();

  constructor(name: string) {
    this.name = name;
  }

  /** Why there is nothing in a folder at all; undefined where the commit is there. */
  async lack(folder: string): Promise<'outside' | 'commit' | undefined> {
    const place = await nearest(folder);
    const commit = place && (await this.#commitFor(place.real));
    return commit === undefined ? 'outside' : commit === '' ? 'commit' : undefined;
  }

  /** @param path absolute; its folder may be gone meanwhile. Throws nothing. */
  async read(path: string): Promise<AtRevision> {
    const folder = await nearest(dirname(path));
    const commit = folder && (await this.#commitFor(folder.real));
    if (!folder || commit === undefined) return { kind: 'outside' };
    if (commit === '') return { kind: 'commit' };
    const name = join(relative(folder.named, dirname(path)), basename(path))
      .split(sep)
      .join('/');
    const [entry] = (await entriesOf(folder.real, commit, name)) ?? [];
    if (!entry) return { kind: (await hasTrees(folder.real, commit)) ? 'nothing' : 'content' };
    if (!isFile(entry)) return { kind: 'odd' };
    const blob = await gitHere(folder.real, ['cat-file', 'blob', entry.id]);
    return blob?.code === 0 ? { kind: 'file', commit, bytes: blob.out } : { kind: 'content' };
  }

  /** The names of the files in a folder; none where there is no such commit or folder. */
  async names(folder: string): Promise<readonly string[]> {
    const real = await realpath(folder).catch(() => undefined);
    const commit = real && (await this.#commitFor(real));
    if (!commit) return [];
    return ((await entriesOf(real, commit)) ?? []).filter(isFile).map(({ name }) => name);
  }

  /** Its hash; empty for a commit that git does not know; undefined outside git. */
  async #commitFor(folder: string): Promise<string | undefined> {
    const place = await said(folder, ['rev-parse', '--absolute-git-dir']);
    if (place === undefined) return undefined;
    const known = this.#commits.get(place) ?? this.#find(folder);
    this.#commits.set(place, known);
    return known;
  }

  async #find(folder: string): Promise<string> {
    // What a person types may look like a flag.
    if (this.name.startsWith('-')) return '';
    const words = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${this.name}^{commit}`];
    const commit = (await said(folder, words)) ?? '';
    return /^[0-9a-f]{40,64}$/.test(commit) ? commit : '';
  }
}

/** The folder, or the nearest one above it that is there: as it is named, and as git sees it. */
async function nearest(folder: string): Promise<{ readonly named: string; readonly real: string } | undefined> {
  let named = folder;
  while (!existsSync(named) && dirname(named) !== named) named = dirname(named);
  const real = await realpath(named).catch(() => undefined);
  return real === undefined ? undefined : { named, real };
}

/** `<mode> <type> <id>\t<name>` for each; undefined where git cannot tell. @param name of one file, from `folder`; without it all of the folder */
async function entriesOf(folder: string, commit: string, name?: string): Promise<Entry[] | undefined> {
  const listed = await gitHere(folder, ['ls-tree', '-z', commit, ...(name === undefined ? [] : ['--', name])]);
  if (listed?.code !== 0) return undefined;
  return listed.out
    .toString('utf8')
    .split('\0')
    .flatMap((line) => {
      const [, mode = '', id = '', found = ''] = /^(\d+) [a-z]+ ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
      return id === '' ? [] : [{ mode, id, name: found }];
    });
}

/** Whether what is missing is missing: git may have no list of files for the commit either. */
async function hasTrees(folder: string, commit: string): Promise<boolean> {
  return (await gitHere(folder, ['ls-tree', '-r', '--name-only', '-z', commit]))?.code === 0;
}

async function said(folder: string, words: readonly string[]): Promise<string | undefined> {
  const result = await gitHere(folder, words);
  return result?.code === 0 ? result.out.toString('utf8').replace(/\r?\n$/, '') : undefined;
}
