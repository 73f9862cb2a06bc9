import { LockstepError } from '../errors.ts';
import type { Sealed } from '../sops/sealed.ts';
import { type Path, showPath } from '../tree/path.ts';
import { variableName } from './nested.ts';

/** A secret and the variable that it goes into. */
export interface SecretName {
  /** Where it is in its file. */
  readonly path: Path;
  readonly variable: string;
}

/**
 * The secrets that an encrypted file gives to a program, seen without a key; of a binary file, which is a `.env` at most when it is decrypted,
 * none. A loader may read a name of a `.env` differently, which shows in the plaintext alone.
 */
export function secretNamesOf({ format, leaves }: Pick<Sealed, 'format' | 'leaves'>): SecretName[] {
  if (format === 'binary') return [];
  return leaves.flatMap(({ document, path }) => {
    const variable = format === 'dotenv' ? String(path[0]).replace(/^\s*export\s+/, '') : variableName(path);
    return document > 0 ? [] : [{ path, variable }];
  });
}

/** Whether a secret is meant by a name: its key path as people read it, or with dots alone. */
export const isCalled = ({ path }: SecretName, name: string): boolean =>
  showPath(path) === name || path.join('.') === name;

/** The one secret that has a name: a key path, else a variable. Throws NO_SUCH_SECRET. */
export function findSecret<T extends SecretName>(all: readonly T[], name: string): T {
  const byPath = all.filter((one) => isCalled(one, name));
  const [found, another] = byPath.length > 0 ? byPath : all.filter(({ variable }) => variable === name);
  if (!found) throw new LockstepError('NO_SUCH_SECRET', { path: [name] });
  if (another) throw new LockstepError('NO_SUCH_SECRET', { path: [name], what: 'several' });
  return found;
}

/**
 * The secrets with the variables that are written down for some of them, by their names. Throws BAD_ENVIRONMENTS for a name that no secret has.
 * @param variables of an environment
 */
export function withVariables<T extends SecretName>(all: readonly T[], variables: ReadonlyMap<string, string>): T[] {
  if (variables.size === 0) return [...all];
  const used = new Set<string>();
  const renamed = all.map((one) => {
    const name = [showPath(one.path), one.path.join('.'), one.variable].find((text) => variables.has(text));
    if (name === undefined) return one;
    used.add(name);
    return { ...one, variable: variables.get(name) ?? one.variable };
  });
  const unused = [...variables.keys()].find((name) => !used.has(name));
  if (unused !== undefined) throw new LockstepError('BAD_ENVIRONMENTS', { what: 'unused', path: [unused] });
  return renamed;
}

/**
 * The secrets without those whose variable a later file sets, too.
 * @param fileOf what tells the files apart; the list is in their order
 */
export function lastOnes<T extends SecretName>(all: readonly T[], fileOf: (one: T) => unknown): T[] {
  const last = new Map(all.map((one) => [one.variable, fileOf(one)]));
  return all.filter((one) => last.get(one.variable) === fileOf(one));
}
