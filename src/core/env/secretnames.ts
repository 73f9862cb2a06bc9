import { LockstepError } from '../errors.ts';
import { printPath } from '../sops/keypath.ts';
import type { Sealed } from '../sops/sealed.ts';
import { type Path, showPath } from '../tree/path.ts';
import { variableName } from './nested.ts';
import type { Loader } from './read.ts';

/** A secret and the variable that it goes into. */
export interface SecretName {
  /** Where it is in its file. */
  readonly path: Path;
  readonly variable: string;
  /** The variable is written down for it, or asked for. */
  readonly isNamed?: true;
}

/**
 * The secrets that an encrypted file gives to a program, seen without a key; of a binary file, which is a `.env` at most when it is decrypted,
 * none. A loader may read a name of a `.env` differently, which shows in the plaintext alone.
 */
export function secretNamesOf({ format, leaves }: Pick<Sealed, 'format' | 'leaves'>, loader?: Loader): SecretName[] {
  if (format === 'binary') return [];
  return leaves.flatMap(({ document, path }) => {
    if (document > 0) return [];
    if (format !== 'dotenv') return [{ path, variable: variableName(path) }];
    const variable =
      loader === 'literal'
        ? String(path[0])
        : String(path[0])
            .replace(/^\s*export\s+/, '')
            .trim();
    return [{ path: [variable], variable }];
  });
}

/** What people call a secret: its key path as they read it, with dots alone, or as sops writes it. */
const namesOf = (path: Path): readonly string[] => [showPath(path), path.join('.'), printPath(path)];

/** Whether a secret is meant by a name. */
export const isCalled = ({ path }: SecretName, name: string): boolean => namesOf(path).includes(name);

/** The one secret that has a name: a key path, else a variable. Throws NO_SUCH_SECRET. */
export function findSecret<T extends SecretName>(all: readonly T[], name: string): T {
  const byPath = all.filter((one) => isCalled(one, name));
  const [found, another] = byPath.length > 0 ? byPath : all.filter(({ variable }) => variable === name);
  if (!found) throw new LockstepError('NO_SUCH_SECRET', { path: [name] });
  if (another) throw new LockstepError('NO_SUCH_SECRET', { path: [name], what: 'several' });
  return found;
}

/** The secrets with the variables that are written down for some of them, by their names; `unused` are the names that no secret has. */
export function withVariables<T extends SecretName>(
  all: readonly T[],
  variables: ReadonlyMap<string, string>,
): { readonly named: T[]; readonly unused: string[] } {
  const left = new Set(variables.keys());
  const named = all.map((one) => {
    const name = [...namesOf(one.path), one.variable].find((text) => variables.has(text));
    const variable = name === undefined ? undefined : variables.get(name);
    if (name === undefined || variable === undefined) return one;
    left.delete(name);
    return { ...one, variable, isNamed: true as const };
  });
  return { named, unused: [...left] };
}

/**
 * The secrets without those whose variable a later file sets, too.
 * @param fileOf what tells the files apart; the list is in their order
 */
export function lastOnes<T extends SecretName>(all: readonly T[], fileOf: (one: T) => unknown): T[] {
  const last = new Map(all.map((one) => [one.variable, fileOf(one)]));
  return all.filter((one) => last.get(one.variable) === fileOf(one));
}
