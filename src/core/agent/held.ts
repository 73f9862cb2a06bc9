import { utf8 } from '../bytes.ts';
import { hashOf } from '../hash.ts';

/** Keys that are remembered; a command that re-wraps many files makes a few for each. */
const most = 20_000;

let made: Map<string, string> | undefined;

/**
 * From now on this process remembers which keys it has wrapped itself: not the keys, but what shows that it had them. @param on whether it
 * does; what was remembered is forgotten without
 */
export function rememberWraps(on = true): void {
  made = on ? (made ?? new Map()) : undefined;
}

/** `enc` is a key that this process has wrapped. */
export function noteWrap(enc: string, key: Uint8Array): void {
  if (!made || made.size >= most) return;
  made.set(enc.trim(), proofOf(key));
}

/** What shows an agent that this process has the key in `enc` already; undefined for one that it did not wrap itself. */
export const heldProof = (enc: string): string | undefined => made?.get(enc.trim());

/** Only who has a key can say it: the key is 32 bytes by chance. */
export function proofOf(key: Uint8Array): string {
  const label = utf8('lockstep: held key\n');
  const bytes = new Uint8Array(label.length + key.length);
  bytes.set(label);
  bytes.set(key, label.length);
  const proof = hashOf(bytes);
  bytes.fill(0);
  return proof;
}
