import { LockstepError } from '../errors.ts';
import { DataKey } from '../keys/datakey.ts';
import type { Keyring } from '../keys/keyring.ts';
import { requireOwnKey } from '../keys/proof.ts';
import { type Opened, open, openWith } from '../open/open.ts';
import type { Sealed } from '../sops/sealed.ts';

/**
 * Open a version of a file, with the data key of another version if it is the same one: then no key is asked for, and ciphertext that both
 * have is decrypted once. Throws as `open`.
 */
export async function openVersion(sealed: Sealed, keyring: Keyring, others: readonly Opened[]): Promise<Opened> {
  for (const other of others)
    if (await isKeyOf(sealed, other.dataKey)) return openWith(sealed, await copyOf(other.dataKey), other);
  return open(sealed, keyring);
}

async function isKeyOf(sealed: Sealed, key: DataKey): Promise<boolean> {
  try {
    await requireOwnKey(sealed, key);
    return true;
  } catch (error) {
    if (error instanceof LockstepError) return false;
    throw error;
  }
}

/** The caller's own copy of a data key. */
export function copyOf(key: DataKey): Promise<DataKey> {
  return DataKey.from(Uint8Array.from(key.raw), key.entries);
}
