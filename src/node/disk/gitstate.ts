import { lstat, readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { GitState } from '../../core/platform/journals.ts';

/** What git leaves in its folder while it is in the middle of something. */
const signs: readonly (readonly [string, GitState])[] = [
  ['rebase-merge', 'rebase'],
  ['rebase-apply', 'rebase'],
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
];

/** What git is in the middle of where a folder is; git itself is not asked. Undefined for nothing, and outside git. */
export async function gitState(folder: string): Promise<GitState | undefined> {
  const own = await gitFolder(folder);
  if (own === undefined) return undefined;
  for (const [name, state] of signs) if (await isThere(join(own, name))) return state;
  return undefined;
}

/** Git's folder of the nearest work tree from a folder upward: a worktree or submodule has a file that names it. */
async function gitFolder(folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, '.git');
    const found = await lstat(path).catch(() => undefined);
    if (found?.isDirectory()) return path;
    if (found?.isFile() && found.size < 10_000) {
      const named = /^gitdir: (.+?)\r?\n?$/.exec(await readFile(path, 'utf8').catch(() => ''))?.[1];
      if (named !== undefined) return isAbsolute(named) ? named : join(at, named);
    }
    if (dirname(at) === at) return undefined;
  }
}

const isThere = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  );
