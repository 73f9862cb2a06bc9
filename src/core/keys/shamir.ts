import { combine, split } from 'shamir-secret-sharing';
import { wipe } from '../bytes.ts';
import { LockstepError } from '../errors.ts';

/**
 * Shamir's scheme as SOPS uses it for key groups (shamir/shamir.go): GF(2^8) modulo 0x11B, a part is one byte for each byte
 * of the secret and x as its last byte. SOPS numbers x from 1, the package draws them; readers take any that differ.
 */

const partLength = 33;

/** How many groups have to be opened; 0 means all, as in SOPS. @param threshold `shamir_threshold`, 0 when absent. */
export function requiredGroups(groups: number, threshold: number): number {
  if (groups < 2) return groups;
  return Math.max(2, threshold === 0 ? groups : threshold);
}

/** Throws KEY_GROUPS (`threshold`) unless that many groups can be asked for; one group has no use for a threshold. */
export function checkThreshold(groups: number, threshold: number): void {
  const possible = Number.isInteger(threshold) && threshold >= 0 && groups <= 255;
  if (!possible || (groups > 1 && (threshold === 1 || threshold > groups)))
    throw new LockstepError('KEY_GROUPS', { what: 'threshold' });
}

/** One part for each group (2 to 255), 33 bytes each, the caller's to wipe. @param key 32 bytes. Throws KEY_GROUPS. */
export async function splitKey(key: Uint8Array, groups: number, threshold: number): Promise<Uint8Array[]> {
  checkThreshold(groups, threshold);
  // The package takes a plain Uint8Array only, no class derived from it.
  const secret = Uint8Array.from(key);
  try {
    return await split(secret, groups, requiredGroups(groups, threshold));
  } finally {
    wipe(secret);
  }
}

/**
 * The key behind parts, by all of them as in SOPS. Parts of another key give some key, which only fails when it is used.
 * Throws BAD_DATA_KEY when the parts cannot belong together: another length than 33 bytes, one x twice, or an x of 0, with
 * which one group alone would say what the key is.
 */
export async function combineParts(parts: readonly Uint8Array[]): Promise<Uint8Array> {
  const x = new Set(parts.map((part) => part.at(-1)));
  if (parts.length < 2 || x.size !== parts.length || x.has(0) || parts.some((part) => part.length !== partLength))
    throw new LockstepError('BAD_DATA_KEY', { what: 'parts' });
  return combine(parts.map((part) => Uint8Array.from(part)));
}
