import { LockstepError } from '../errors.ts';
import type { FormatId } from '../format/document.ts';
import type { Path } from '../tree/path.ts';

/** Named encryption keys are in the files of the other secrets. This file alone says which entries are keys. */

/** The map of YAML and JSON, and the section of INI, that has the keys by their names. */
export const keyGroup = 'encryption_keys';
/** How the variable of a key begins in a dotenv file. */
const keyPrefix = 'ENCRYPTION_KEY_';

/** Whether a text may be a file with keys, at a glance. */
export const mayHoldKeys = (text: string): boolean => text.includes(keyGroup) || text.includes(keyPrefix);

/** Whether a file of a format has variables, and no groups. A binary file with entries is a `.env`. */
const isFlat = (format: FormatId): boolean => format === 'dotenv' || format === 'binary';

/**
 * The name of the key at a place of a file's first document; undefined for any other entry. What is nested below a key's name is no key, but
 * belongs to them: `db.one` for `encryption_keys: {db: {one: …}}`.
 */
export function keyNameAt(format: FormatId, path: Path): string | undefined {
  const [first, ...rest] = path;
  if (isFlat(format)) {
    const name = typeof first === 'string' && rest.length === 0 && first.startsWith(keyPrefix);
    return name && first.length > keyPrefix.length ? first.slice(keyPrefix.length) : undefined;
  }
  return first === keyGroup && rest.length > 0 ? rest.join('.') : undefined;
}

/** A name as the variable of a dotenv file has it: `orders-v2` is `ORDERS_V2` there. */
const flatName = (name: string): string => name.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase();

/** The variable of a key in a dotenv file. */
export const keyVariable = (name: string): string => keyPrefix + flatName(name);

/** Whether code could mean either by one name. */
export const isSameName = (one: string, other: string): boolean => flatName(one) === flatName(other);

/**
 * Where a new key of a name goes. Throws BAD_NAME `encryption-key` for a name that is not 1 to 64 letters, digits, dots, `_` and `-` with a
 * letter first: code, variables and INI can all hold those.
 */
export function keyPathOf(format: FormatId, name: string): readonly [string] | readonly [string, string] {
  if (!/^[A-Za-z][\w.-]{0,63}$/.test(name)) throw new LockstepError('BAD_NAME', { what: 'encryption-key' });
  return isFlat(format) ? [keyVariable(name)] : [keyGroup, name];
}

/**
 * The one key that has a name, as its file has it, else as a dotenv file would have it: code finds `orders` in either. Throws
 * NO_ENCRYPTION_KEY, `several` where more than one has it.
 */
export function findKey<T extends { readonly name: string }>(keys: readonly T[], name: string): T {
  const exact = keys.filter((one) => one.name === name);
  const [found, another] = exact.length > 0 ? exact : keys.filter((one) => isSameName(one.name, name));
  if (!found) throw new LockstepError('NO_ENCRYPTION_KEY', { path: [name] });
  if (another) throw new LockstepError('NO_ENCRYPTION_KEY', { path: [name], what: 'several' });
  return found;
}
