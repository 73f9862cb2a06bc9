import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { join, posix, win32 } from 'node:path';
import type { Environment } from '../../core/env/environment.ts';
import { type Command, windowsCommand } from '../windows.ts';

/** Where programs are looked for. */
interface Place {
  readonly platform: NodeJS.Platform;
  readonly env: Environment;
  /** Folders that a repository fills, by their real paths: nothing in them is started. */
  readonly outside: readonly string[];
}

/** The disk, as far as finding a program needs it. */
export interface Look {
  isProgram(path: string, platform: NodeJS.Platform): boolean;
  /** Links followed; the path itself where nothing is there. */
  real(path: string): string;
}

/**
 * The command for a program by its name or whole path. A name is looked for in the absolute folders of PATH; a folder in a repository does not
 * count, such as the `node_modules/.bin` that npm puts first, nor a link that leads there. A whole path is a person's own choice. `missing`: there
 * is none. `workspace`: there is none but in a repository. Throws BAD_VALUE (`batch`) for words that cmd.exe would change.
 */
export function managerCommand(
  [name = '', ...args]: readonly string[],
  { platform, env, outside }: Place,
  look: Look = disk,
): Command | 'missing' | 'workspace' {
  const paths = platform === 'win32' ? win32 : posix;
  let inside = false;
  const isWanted = (path: string) => {
    if (!look.isProgram(path, platform)) return false;
    if (paths.isAbsolute(name)) return true;
    const real = [look.real(path), look.real(paths.dirname(path))];
    const found = outside.some((folder) => real.some((one) => isBelow(one, folder, paths)));
    inside ||= found;
    return !found;
  };
  for (const folder of paths.isAbsolute(name) ? [''] : pathOf(env, platform)) {
    const path = paths.isAbsolute(name) ? name : paths.join(folder, name);
    const found = commandAt(path, args, env, platform, isWanted);
    if (found) return found;
  }
  return inside ? 'workspace' : 'missing';
}

/** The absolute folders of PATH; Windows knows the variable in any case of its letters. */
function pathOf(env: Environment, platform: NodeJS.Platform): string[] {
  const { isAbsolute, delimiter } = platform === 'win32' ? win32 : posix;
  const name = platform === 'win32' ? Object.keys(env).find((key) => /^path$/i.test(key)) : 'PATH';
  const folders = ((name && env[name]) ?? '').split(delimiter).map((folder) => folder.replace(/^"(.*)"$/, '$1'));
  return folders.filter((folder) => isAbsolute(folder));
}

function commandAt(
  path: string,
  args: readonly string[],
  env: Environment,
  platform: NodeJS.Platform,
  isWanted: (path: string) => boolean,
): Command | undefined {
  if (platform === 'win32') return windowsCommand([path, ...args], { cwd: win32.dirname(path), env }, isWanted);
  return isWanted(path) ? { program: path, args, verbatim: false } : undefined;
}

function isBelow(path: string, folder: string, { relative, isAbsolute, sep }: typeof posix): boolean {
  const way = relative(folder, path);
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way));
}

const disk: Look = {
  isProgram(path, platform) {
    try {
      if (platform !== 'win32') accessSync(path, constants.X_OK);
      return statSync(path).isFile();
    } catch {
      return false;
    }
  },
  real(path) {
    try {
      return realpathSync(path);
    } catch {
      return path;
    }
  },
};

/** On Windows the letters of a drive, and all others, may be in another case. */
const native = process.platform === 'win32' ? win32 : posix;

/**
 * The folders that are a repository's to fill: for each folder the outermost repository that it is in, as one may lie in another, or the folder
 * itself where there is none. The home folder is a person's own, also where its settings are in git, and so is everything above it.
 */
export function repositoriesOf(folders: readonly string[], home: string, paths = native): string[] {
  const own = disk.real(home);
  const roots = folders.map((folder) => rootOf(disk.real(folder), own, paths));
  return [...new Set(roots)].filter((root) => !isOwn(root, own, paths));
}

function rootOf(start: string, home: string, paths: typeof posix): string {
  let root = start;
  for (let folder = start; !isOwn(folder, home, paths); folder = paths.dirname(folder))
    if (existsSync(join(folder, '.git'))) root = folder;
  return root;
}

const isOwn = (folder: string, home: string, paths: typeof posix) =>
  isBelow(home, folder, paths) || paths.dirname(folder) === folder;
