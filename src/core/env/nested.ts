import { bareName } from '../dotenvx/file.ts';
import { keyNameAt } from '../enckeys/names.ts';
import { LockstepError } from '../errors.ts';
import type { Opened } from '../open/open.ts';
import { flatText } from '../tree/flattext.ts';
import type { Path } from '../tree/path.ts';
import type { Scalar } from '../tree/value.ts';
import type { Environment } from './environment.ts';
import type { Loader } from './read.ts';
import { variablesOf } from './variables.ts';

/** A value as a program gets it. It is plaintext. */
export interface Handed {
  /** Where it is in the file. */
  readonly path: Path;
  /** The name of its variable. */
  readonly variable: string;
  readonly value: string;
  /** The name of the encryption key that it is. */
  readonly encryptionKey?: string | undefined;
}

/**
 * The name of the variable for an entry: the keys and list positions that lead to it, in capitals, with `_` between them and in place of what
 * is neither a letter nor a digit. `db.password` is `DB_PASSWORD`. A dotenv file has names of its own.
 */
export function variableName(path: Path): string {
  const name = path
    .join('_')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();
  return /^\d/.test(name) ? `_${name}` : name;
}

/** Throws BAD_VALUE for what does not open, and for what no variable can hold. */
function handed(variable: string, path: Path, value: Scalar | undefined): Handed {
  const found = value && flatText(value);
  if (found === undefined || found.includes('\0')) throw new LockstepError('BAD_VALUE', { path, what: 'variable' });
  return { path: [variable], variable, value: found };
}

/**
 * Every value of an opened file for a program. A `.env` is read as its loader does; the entries of other files get a name by `variableName`, which
 * may be the same for two of them. A null is an empty text. Throws BAD_NAME and BAD_VALUE with the path for what no variable can hold, and what
 * the loader's reading throws.
 */
export async function handedOf(opened: Opened, loader: Loader, around: Environment): Promise<Handed[]> {
  return (await valuesOf(opened, loader, around)).map((one) => {
    const encryptionKey = keyNameAt(opened.sealed.format, one.path);
    return encryptionKey === undefined ? one : { ...one, encryptionKey };
  });
}

async function valuesOf(opened: Opened, loader: Loader, around: Environment): Promise<Handed[]> {
  const { format, leaves, dotenvx } = opened.sealed;
  if (dotenvx) return leaves.map(({ id, path }) => handed(bareName(String(path[0])), path, opened.value(id)));
  if (format === 'dotenv' || format === 'binary') {
    const read = await variablesOf(opened, loader, around);
    return Object.entries(read).map(([variable, value]) => ({ path: [variable], variable, value }));
  }
  return leaves.flatMap(({ id, document, path }): Handed[] => {
    const scalar = opened.value(id);
    if (document > 0 || !scalar) return [];
    const value = scalar.type === 'null' ? '' : flatText(scalar);
    if (value === undefined || value.includes('\0')) throw new LockstepError('BAD_VALUE', { path, what: 'variable' });
    const variable = variableName(path);
    if (variable === '') throw new LockstepError('BAD_NAME', { path, what: 'variable' });
    return [{ path, variable, value }];
  });
}
