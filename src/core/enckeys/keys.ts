import { wipe } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import type { FormatId } from '../format/document.ts';
import { managerOf } from '../managers/reference.ts';
import type { Opened } from '../open/open.ts';
import type { Leaf, Sealed } from '../sops/sealed.ts';
import { flatText } from '../tree/flattext.ts';
import { type Path, samePath } from '../tree/path.ts';
import type { Scalar } from '../tree/value.ts';
import { keyNameOf } from './given.ts';
import { findKey, keyNameAt } from './names.ts';
import { keyBytes, sizeOf } from './payload.ts';

/** A named encryption key as it stands in a file. */
interface KeyPlace {
  readonly name: string;
  readonly path: Path;
  /** Of its entry. */
  readonly id: string;
  /** The file leaves it as plaintext. */
  readonly isClear: boolean;
}

/** The same with the key itself: it is plaintext. */
interface NamedKey extends KeyPlace {
  readonly key: string;
}

/** The name of the key that an entry of a file is; undefined for another one. What is nested below a name is none. */
export function keyNameOfLeaf(
  format: FormatId,
  { document, path }: Pick<Leaf, 'document' | 'path'>,
): string | undefined {
  const bare =
    format === 'dotenv'
      ? path.map((part) =>
          String(part)
            .replace(/^\s*export\s+/, '')
            .trim(),
        )
      : path;
  return document > 0 || path.length > 2 ? undefined : keyNameAt(format, bare);
}

/** The keys of a file, in its order, seen without a key. */
export function keyPlaces({ format, leaves }: Pick<Sealed, 'format' | 'leaves'>): KeyPlace[] {
  return leaves.flatMap((leaf) => {
    const name = keyNameOfLeaf(format, leaf);
    return name === undefined ? [] : [{ name, path: leaf.path, id: leaf.id, isClear: !leaf.selected }];
  });
}

/** The keys of an opened file. One that is no text, as a number is, becomes one. */
export function keysOf(opened: Opened): NamedKey[] {
  return keyPlaces(opened.sealed).map((place) => {
    const value = opened.value(place.id);
    return { ...place, key: (value && flatText(value)) ?? '' };
  });
}

/**
 * The key of a name, to be replaced or removed. Throws NO_ENCRYPTION_KEY as `findKey`, and for a variable of a `.env` that is only called like
 * a key: it is somebody's value.
 */
export function requireKey(opened: Opened, name: string): NamedKey {
  const found = findKey(keysOf(opened), name);
  if (keyNameOf({ encryptionKey: found.name, path: found.path, value: found.key }) !== undefined) return found;
  throw new LockstepError('NO_ENCRYPTION_KEY', { path: [name] });
}

/**
 * The name of the key that is lost where an entry gets another value, or goes; undefined where none is: the value stays, or could not be used as
 * a key, as in somebody's own map of this name. Throws BAD_ENCRYPTION_KEY for a value that cannot take the place of a key.
 * @param value undefined for an entry that goes.
 */
export function lostKey(opened: Opened, leaf: Leaf, value: string | undefined): string | undefined {
  const name = keyNameOfLeaf(opened.sealed.format, leaf);
  const old = name === undefined ? undefined : opened.value(leaf.id);
  const key = old && flatText(old);
  if (key === undefined || key === value || !isUsable(key)) return undefined;
  try {
    if (value !== undefined && managerOf(value) === undefined) wipe(keyBytes(value));
  } catch (error) {
    throw error instanceof LockstepError ? error.at({ path: leaf.path }) : error;
  }
  return name;
}

/** A key that a later version of its file has nowhere any more. */
interface LostKey {
  readonly name: string;
  readonly path: Path;
  /** Its place is empty now. */
  readonly isGone: boolean;
}

/**
 * The keys that another version of a file has nowhere any more, under whatever name; those that could not be used as a key are left out.
 * @param leaves of the other version. @param valueAt undefined for one that does not open.
 */
export function lostKeys(
  before: Opened,
  leaves: readonly Leaf[],
  valueAt: (leaf: Leaf) => Scalar | undefined,
): LostKey[] {
  const old = keysOf(before).filter(({ key }) => isUsable(key));
  if (old.length === 0) return [];
  const kept = new Set(leaves.map((leaf) => textOf(valueAt(leaf))));
  return old
    .filter(({ key }) => !kept.has(key))
    .map(({ name, path }) => ({
      name,
      path,
      isGone: !leaves.some((one) => one.document === 0 && samePath(one.path, path)),
    }));
}

const textOf = (value: Scalar | undefined) => value && flatText(value);

/** Whether a text can be a key. Another manager may have it. */
export const isUsable = (key: string): boolean => sizeOf(key) !== undefined || managerOf(key) !== undefined;
