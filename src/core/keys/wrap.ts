import { wrapKey } from '../age/wrap.ts';
import { wipe } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import { keyParts } from '../sops/keyparts.ts';
import { isAge } from '../sops/kinds.ts';
import type { KeyName } from '../sops/masterkey.ts';
import { requireOthers } from './others.ts';
import { splitKey } from './shamir.ts';

/** The other direction of an opener: wraps a data key, or a group's part of one, for one public key. */
interface Wrapper {
  readonly key: KeyName;
  /** The `enc` of its entry. The data key stays the caller's. Throws BAD_RECIPIENT, and what `OtherKeys.wrap` throws. */
  wrap(dataKey: Uint8Array): Promise<string>;
}

/** The wrapper for a key. Throws FOREIGN_MASTER_KEY for a kind that cannot be had, BAD_RECIPIENT for a name that is none of its kind. */
export function wrapperFor(key: KeyName): Wrapper {
  const { kind, name } = key;
  if (isAge(kind)) return { key, wrap: (dataKey) => wrapKey(dataKey, name) };
  const others = requireOthers(kind);
  keyParts(key);
  return { key, wrap: (dataKey) => others.wrap(dataKey, key) };
}

/**
 * A data key wrapped for every key of every group (SOPS sops.go, `UpdateMasterKeys`): whole for one group, in new parts for
 * several. The result has the shape of `groups`. Throws FOREIGN_MASTER_KEY for a kind without a wrapper, BAD_RECIPIENT,
 * and KEY_GROUPS for an empty group or a threshold that cannot be.
 * @param key 32 bytes, the caller's. @param threshold groups needed, 0 for all.
 */
export async function wrapForGroups(
  key: Uint8Array,
  groups: readonly (readonly KeyName[])[],
  threshold: number,
): Promise<string[][]> {
  const wrappers = wrappersFor(groups);
  const parts = groups.length === 1 ? [Uint8Array.from(key)] : await splitKey(key, groups.length, threshold);
  try {
    return await Promise.all(
      wrappers.map((group, i) => Promise.all(group.map((one) => one.wrap(parts[i] as Uint8Array)))),
    );
  } finally {
    parts.forEach(wipe);
  }
}

/** Throws as `wrapForGroups` does, without wrapping anything. The result has the shape of `groups`. */
export function wrappersFor(groups: readonly (readonly KeyName[])[]): Wrapper[][] {
  if (groups.length === 0) throw new LockstepError('NO_RECIPIENTS');
  if (groups.some((group) => group.length === 0))
    throw new LockstepError(groups.length === 1 ? 'NO_RECIPIENTS' : 'KEY_GROUPS', { what: 'empty' });
  return groups.map((group) => group.map(wrapperFor));
}
