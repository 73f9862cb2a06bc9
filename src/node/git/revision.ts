import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { Commit } from '../../core/platform/git.ts';
import { bytesAt, commitOf, filesAt } from './at.ts';
import { gitHere } from './run.ts';

/** What a commit has at a path; `outside`: this is no repository, or git does not run; `commit`: git knows no such commit. */
export type AtRevision =
  | { readonly kind: 'file'; readonly commit: string; readonly bytes: Uint8Array }
  | { readonly kind: 'outside' | 'commit' | 'no-file' | 'no-content' };

/**
 * The files of a repository as a commit has them, by what a person calls it. It is looked up once in each repository, so all files come
 * from one commit.
 */
export class Revision {
  /** What a person calls it. */
  readonly name: string;
  readonly #commits = new Map<string, Promise<Commit | undefined>>();

  constructor(name: string) {
    this.name = name;
  }

  /** Why there is nothing in a folder at all; undefined where the commit is there. */
  async lack(folder: string): Promise<'outside' | 'commit' | undefined> {
    const commit = await this.#commitFor((await nearest(folder)).real);
    return typeof commit === 'string' ? commit : undefined;
  }

  /** @param path absolute; its folder may be gone meanwhile. Throws nothing. */
  async read(path: string): Promise<AtRevision> {
    const { named, real } = await nearest(dirname(path));
    const commit = await this.#commitFor(real);
    if (typeof commit === 'string') return { kind: commit };
    const name = join(relative(named, dirname(path)), basename(path))
      .split(sep)
      .join('/');
    const found = await bytesAt(real, commit, name, gitHere);
    const bytes = found === 'too-large' ? await large(real, `${commit.hash}:./${name}`) : found;
    if (bytes instanceof Uint8Array) return { kind: 'file', commit: commit.hash, bytes };
    // A clone may have no list of files for a commit, too.
    return { kind: bytes === 'no-file' ? bytes : 'no-content' };
  }

  /** The names of the files in a folder. */
  async names(folder: string): Promise<readonly string[]> {
    const { named, real } = await nearest(folder);
    const commit = await this.#commitFor(real);
    const files = typeof commit === 'string' || named !== folder ? undefined : await filesAt(real, commit, gitHere);
    return (files ?? []).map(({ path }) => path).filter((path) => !path.includes('/'));
  }

  async #commitFor(folder: string): Promise<Commit | 'outside' | 'commit'> {
    const place = await gitHere(folder, ['rev-parse', '--absolute-git-dir']);
    if (place?.code !== 0) return 'outside';
    const key = place.out.toString('utf8');
    const found = this.#commits.get(key) ?? commitOf(folder, this.name, gitHere);
    this.#commits.set(key, found);
    return (await found) ?? 'commit';
  }
}

/** One file may be larger than those that are read by the hundred. */
async function large(folder: string, name: string): Promise<Uint8Array | undefined> {
  const blob = await gitHere(folder, ['cat-file', 'blob', name]);
  return blob?.code === 0 ? blob.out : undefined;
}

/** The folder, or the nearest one above it that is there: as it is named, and as git sees it. */
async function nearest(folder: string): Promise<{ readonly named: string; readonly real: string }> {
  let named = folder;
  while (!existsSync(named) && dirname(named) !== named) named = dirname(named);
  return { named, real: await realpath(named).catch(() => named) };
}
