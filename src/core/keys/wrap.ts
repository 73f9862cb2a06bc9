import { wrapKey } from '../age/wrap.ts';
import { wipe } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import type { KeyName } from '../sops/masterkey.ts';
import { splitKey } from './shamir.ts';

/**
 * A data key wrapped for every key of every group (SOPS sops.go, `UpdateMasterKeys`): whole for one group, in new parts for
 * several. The result has the shape of `groups`. Throws FOREIGN_MASTER_KEY naming a kind other than age, BAD_RECIPIENT,
 * and KEY_GROUPS for an empty group or a threshold that cannot be.
 * @param key 32 bytes, the caller's. @param threshold groups needed, 0 for all.
 */
export async function wrapForGroups(
  key: Uint8Array,
  groups: readonly (readonly KeyName[])[],
  threshold: number,
): Promise<string[][]> {
  requireWrappable(groups);
  const parts = groups.length === 1 ? [Uint8Array.from(key)] : await splitKey(key, groups.length, threshold);
  try {
    return await Promise.all(
      groups.map((group, i) => Promise.all(group.map(({ name }) => wrapKey(parts[i] as Uint8Array, name)))),
    );
  } finally {
    parts.forEach(wipe);
  }
}

/** Throws as `wrapForGroups` does, without wrapping anything. */
export function requireWrappable(groups: readonly (readonly KeyName[])[]): void {
  if (groups.length === 0) throw new LockstepError('NO_RECIPIENTS');
  if (groups.some((group) => group.length === 0))
    throw new LockstepError(groups.length === 1 ? 'NO_RECIPIENTS' : 'KEY_GROUPS', { what: 'empty' });
  const foreign = groups.flat().find((key) => key.kind !== 'age');
  if (foreign) throw new LockstepError('FOREIGN_MASTER_KEY', { kind: foreign.kind });
}
