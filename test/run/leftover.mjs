// What a run leaves in the project: tests work in folders of the system and in .cache, and nowhere else.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { innerEnvironment } from './environment.mjs';

/** What the run itself makes at the top. */
const own = new Set(['.cache', 'dist', 'node_modules']);

/**
 * The files of a project that git neither has nor ignores, and the names at its top: git tells of no empty folder. Undefined where
 * there is no git, or the project is in no work tree.
 * @param {string} root
 * @returns {Set<string> | undefined}
 */
export function untracked(root) {
  const names = readdirSync(root).filter((name) => !own.has(name));
  try {
    const words = ['ls-files', '-z', '--others', '--exclude-standard'];
    const listed = execFileSync('git', words, {
      cwd: root,
      env: innerEnvironment(),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return new Set([...names, ...listed.toString().split('\0').filter(Boolean)]);
  } catch {
    return undefined;
  }
}

/**
 * What has come since `before`, sorted; a folder with its files.
 * @param {Set<string> | undefined} before
 * @param {string} root
 */
export const leftSince = (before, root) =>
  before ? [...(untracked(root) ?? [])].filter((name) => !before.has(name)).sort() : [];
