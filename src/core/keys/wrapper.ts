import { wrapKey } from '../age/wrap.ts';
import { LockstepError } from '../errors.ts';
import { type HandledKind, isForeign } from '../sops/kinds.ts';
import type { KeyName } from '../sops/masterkey.ts';

/** The other direction of an opener: wraps a data key, or a group's part of one, for one public key. */
export interface Wrapper {
  readonly key: KeyName;
  /** The `enc` of its entry. The data key stays the caller's. Throws BAD_RECIPIENT. */
  wrap(dataKey: Uint8Array): Promise<string>;
}

/** How each kind wraps. A kind that is taken off the list of foreign ones does not compile until it is here. */
const wraps: Readonly<Record<HandledKind, (dataKey: Uint8Array, name: string) => Promise<string>>> = { age: wrapKey };

/** The wrapper for a key. Throws FOREIGN_MASTER_KEY for a kind that has none. */
export function wrapperFor(key: KeyName): Wrapper {
  const { kind, name } = key;
  if (isForeign(kind)) throw new LockstepError('FOREIGN_MASTER_KEY', { kind });
  return { key, wrap: (dataKey) => wraps[kind](dataKey, name) };
}
