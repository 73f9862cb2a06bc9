import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fromUtf8 } from '../../core/bytes.ts';
import { checkCommand, hasHook, lefthookWith, preCommitWith, scriptWith } from '../../core/check/hooks.ts';
import { visible } from '../../core/tree/path.ts';
import { isLink, readIfThere } from '../../node/files.ts';
import { workTree } from '../../node/git/driver.ts';
import { hooksFolder } from '../../node/git/hooks.ts';
import type { Call } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';

/** What runs before a commit: a file, and how our lines come into it. */
export interface Hook {
  /** Absolute. */
  readonly path: string;
  /** The program that runs it. */
  readonly by: 'git' | 'husky' | 'lefthook' | 'pre-commit';
  /** The text with our lines; undefined where they have no place. */
  readonly with: (text: string | undefined) => string | undefined;
  /** It is committed, so it is everybody's. */
  readonly shared: boolean;
}

/** The file as it is. */
export interface Found {
  readonly hook: Hook;
  readonly text: string | undefined;
  readonly hash: string;
}

/** Where the hook is, for `git status`; undefined without one. */
export async function hookOf(call: Call): Promise<string | undefined> {
  const found = await findHook(call);
  return found && hasHook(found.text ?? '') ? shown(call, found.hook) : undefined;
}

/** Programs that manage hooks write those of git anew, so our lines are in their own lists. */
export async function findHook({ io }: Call): Promise<Found | undefined> {
  const root = await workTree(io.cwd);
  const hooks = root && (await hooksFolder(root));
  if (!root || !hooks) return undefined;
  const hook = hookIn(root, hooks);
  const label = visible(hook.path);
  if (await isLink(hook.path))
    throw new Failure(
      exit.generic,
      `${label} is a link.`,
      `Put a file there, or add this to what it is a link to: ${checkCommand}`,
    );
  const content = await about(label, () => readIfThere(hook.path), exit.generic);
  const text = content && (await about(label, () => fromUtf8(content.bytes), exit.generic));
  return { hook, text, hash: content?.hash ?? '' };
}

function hookIn(root: string, hooks: string): Hook {
  const husky = /(?:^|[\\/])\.husky(?:[\\/]_)?$/.exec(relative(root, hooks));
  if (husky) {
    const path = join(root, relative(root, hooks).replace(/[\\/]_$/, ''), 'pre-commit');
    return { path, by: 'husky', with: (text) => scriptWith(text, true), shared: true };
  }
  const list = (names: readonly string[]) => names.map((name) => join(root, name)).find((path) => existsSync(path));
  const lefthook = list(['lefthook.yml', 'lefthook.yaml', '.lefthook.yml', '.lefthook.yaml', '.config/lefthook.yml']);
  if (lefthook) return { path: lefthook, by: 'lefthook', with: (text = '') => lefthookWith(text), shared: true };
  const preCommit = list(['.pre-commit-config.yaml']);
  if (preCommit) return { path: preCommit, by: 'pre-commit', with: (text = '') => preCommitWith(text), shared: true };
  return { path: join(hooks, 'pre-commit'), by: 'git', with: (text) => scriptWith(text), shared: false };
}

/** From the current folder, unless that is far away. */
export function shown({ io }: Call, { path }: Hook): string {
  const way = relative(io.cwd, path);
  return visible(way.startsWith('..') ? path : way);
}
