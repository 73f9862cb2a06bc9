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
