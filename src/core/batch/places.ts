import { rulePath } from '../rules/rules.ts';
import { staysBelow } from './journal.ts';

const onWindows = (root: string) => /^[A-Za-z]:[\\/]|^\\\\/.test(root);

/** The path of a file from the root, with slashes; undefined for one that is not below it, or is git's. Both absolute. */
export function nameFrom(root: string, path: string): string | undefined {
  const way = rulePath(root, path);
  const name = onWindows(root) ? way.replaceAll('\\', '/') : way;
  return way !== path && staysBelow(name) ? name : undefined;
}

/** The other direction, in the machine's spelling. */
export function pathFrom(root: string, name: string): string {
  const separator = onWindows(root) ? '\\' : '/';
  const start = root.endsWith(separator) ? root : root + separator;
  return start + (separator === '/' ? name : name.replaceAll('/', separator));
}

/**
 * The folder that holds all of some files: the one of a config file that does, else the nearest that all of them are in. All absolute.
 * @param configs the config files that count for them.
 */
export function rootOf(configs: readonly string[], paths: readonly string[]): string {
  const holds = (folder: string) => paths.every((path) => path === folder || rulePath(folder, path) !== path);
  const found = configs.map(folderOf).find(holds);
  if (found !== undefined) return found;
  let root = folderOf(paths[0] ?? configs[0] ?? '/');
  while (!holds(root) && folderOf(root) !== root) root = folderOf(root);
  return root;
}

/** The folder of a path; that of a disk's root is itself. */
function folderOf(path: string): string {
  const at = Math.max(path.lastIndexOf('/'), onWindows(path) ? path.lastIndexOf('\\') : -1);
  const folder = path.slice(0, at);
  return folder === '' || /^[A-Za-z]:$/.test(folder) ? path.slice(0, at + 1) : folder;
}
