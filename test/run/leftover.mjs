// What a run leaves in the project: tests work in folders of the system and in .cache, and nowhere else.
import { readdirSync } from 'node:fs';
import { run } from './child.mjs';

/** What the run itself makes at the top. */
const own = new Set(['.cache', 'dist', 'node_modules']);

/**
 * The files of a project that git neither has nor ignores, and the names at its top: git tells of no empty folder. Undefined where
 * there is no git, or the project is in no work tree.
 * @param {string} root
 * @returns {Promise<Set<string> | undefined>}
 */
export async function untracked(root) {
  const names = readdirSync(root).filter((name) => !own.has(name));
  try {
    const listed = await run('git', ['ls-files', '-z', '--others', '--exclude-standard'], { cwd: root });
    return new Set([...names, ...listed.split('\0').filter(Boolean)]);
  } catch {
    return undefined;
  }
}

/**
 * What has come since `before`, sorted; a folder with its files.
 * @param {Set<string> | undefined} before
 * @param {string} root
 */
export async function leftSince(before, root) {
  if (!before) return [];
  return [...((await untracked(root)) ?? [])].filter((name) => !before.has(name)).sort();
}
