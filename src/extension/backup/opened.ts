import { ageOpener } from '../../core/age/opener.ts';
import { openIdentityFile } from '../../core/age/private/identityfile.ts';
import { type FoundKey, readKeyText } from '../../core/age/private/keytext.ts';
import type { Keyring } from '../../core/keys/keyring.ts';

/** A key of a backup, the caller's to wipe. */
export interface BackedUpKey extends FoundKey {
  readonly recipient: string;
}

/** The keys of a backup. Throws BAD_PASSPHRASE and BAD_IDENTITY, as `openIdentityFile` and `readKeyText` do. */
export async function openBackUp(armored: string, passphrase: string): Promise<readonly BackedUpKey[]> {
  const { keys } = readKeyText(await openIdentityFile(armored, passphrase));
  return Promise.all(keys.map(async (found) => ({ ...found, recipient: await found.key.recipient() })));
}

/** The public keys of what a backup holds. Throws as `openBackUp`. */
export async function recipientsIn(armored: string, passphrase: string): Promise<string[]> {
  const keys = await openBackUp(armored, passphrase);
  for (const { key } of keys) key.wipe();
  return keys.map(({ recipient }) => recipient);
}

/** A keyring of these keys and no others. It lasts until they are wiped. */
export function keyringOf(keys: readonly BackedUpKey[]): Keyring {
  const openers = keys.map(({ key, recipient, comment }) =>
    ageOpener(key, { label: comment ?? '', recipient, source: { kind: 'passphrase', name: 'backup' } }),
  );
  return { openers: async () => openers };
}
