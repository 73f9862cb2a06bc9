import { ageOpener } from '../../core/age/opener.ts';
import { sealIdentityFile } from '../../core/age/private/identityfile.ts';
import { PrivateKey, privateText } from '../../core/age/private/privatekey.ts';
import type { Opener } from '../../core/keys/opener.ts';
import type { StoredKey } from './store.ts';

/**
 * The one door through which private keys pass as text: into SecretStorage, which takes nothing but text, and into a back-up.
 * What SecretStorage has given as text cannot be wiped.
 */

/** A key as it is stored. */
export async function storedKey(key: PrivateKey, label: string, created: string): Promise<StoredKey> {
  return { label, identity: privateText(key), recipient: await key.recipient(), created };
}

/** Openers of stored keys, each good for one use. What is no key is passed over. */
export function openersOf(keys: readonly StoredKey[]): Opener[] {
  return keys.flatMap(({ label, recipient, identity }) => {
    const key = privateKeyOf(identity, recipient);
    const source = { kind: 'secret-storage', name: 'SecretStorage' } as const;
    return key ? [{ ...ageOpener(key, { label, recipient, source }), dispose: () => key.wipe() }] : [];
  });
}

function privateKeyOf(identity: string, recipient: string): PrivateKey | undefined {
  try {
    return PrivateKey.of(identity, recipient);
  } catch {
    return undefined;
  }
}

/**
 * All keys in one age file under a pass phrase: in age-keygen's form, with the label as one more comment.
 * @param workFactor scrypt's; age's own when it is missing.
 */
export function backUpFile(keys: readonly StoredKey[], passphrase: string, workFactor?: number): Promise<string> {
  const entries = keys.map(
    (key) => `# ${key.label}\n# created: ${key.created}\n# public key: ${key.recipient}\n${key.identity}\n`,
  );
  return sealIdentityFile(entries.join('\n'), passphrase, workFactor);
}
