import { isArmored } from '../../core/age/armored.ts';
import { ageOpener } from '../../core/age/opener.ts';
import { openIdentityFile, sealIdentityFile } from '../../core/age/private/identityfile.ts';
import { PrivateKey, privateText } from '../../core/age/private/privatekey.ts';
import { LockstepError } from '../../core/errors.ts';
import type { Opener } from '../../core/keys/opener.ts';
import type { Awake } from './awake.ts';
import type { StoredKey } from './store.ts';

/**
 * The one door through which private keys pass as text: into SecretStorage, which takes nothing but text, into a back-up, and into
 * an export. What SecretStorage has given as text cannot be wiped.
 */

/** A key as it is stored. */
export async function storedKey(key: PrivateKey, label: string, created: string): Promise<StoredKey> {
  return { label, identity: privateText(key), recipient: await key.recipient(), created };
}

/** Whether the text that is stored is a key under a pass phrase. */
export const isWrapped = ({ identity }: StoredKey): boolean => isArmored(identity);

/**
 * A stored key under a pass phrase. @param key its key. @param workFactor scrypt's; age's own when it is missing.
 */
export async function wrapped(
  stored: StoredKey,
  key: PrivateKey,
  passphrase: string,
  workFactor?: number,
): Promise<StoredKey> {
  return { ...stored, identity: await sealIdentityFile(`${privateText(key)}\n`, passphrase, workFactor) };
}

/** A stored key without a pass phrase. */
export const unwrapped = (stored: StoredKey, key: PrivateKey): StoredKey => ({ ...stored, identity: privateText(key) });

/** The key that is stored under a pass phrase, the caller's to wipe. Throws BAD_PASSPHRASE; BAD_IDENTITY when it is damaged. */
export async function openedBy({ identity, recipient }: StoredKey, passphrase: string): Promise<PrivateKey> {
  const key = PrivateKey.of(await openIdentityFile(identity, passphrase), recipient);
  // What names the key stands beside it, where somebody may have changed it.
  if ((await key.recipient()) === recipient) return key;
  key.wipe();
  throw new LockstepError('BAD_IDENTITY', { what: 'key-file' });
}

/**
 * Openers of stored keys, each good for one use. What is no key, and what nobody gave the pass phrase of, is passed over.
 * @param plugins those that start the program of an age plugin, or the others.
 */
export function openersOf(keys: readonly StoredKey[], awake: Awake, plugins = false): Opener[] {
  return keys.flatMap((stored) => {
    const { label, recipient } = stored;
    const about = { label, recipient, source: { kind: 'secret-storage', name: 'SecretStorage' } } as const;
    const held = awake.of(stored);
    const key = held ?? privateKeyOf(stored);
    if (!key) return [];
    const opener = held ? ageOpener(held, about) : { ...ageOpener(key, about), dispose: () => key.wipe() };
    if ((key.plugin !== undefined) === plugins) return [opener];
    opener.dispose?.();
    return [];
  });
}

/** The key of a stored one that needs no pass phrase, the caller's to wipe; undefined for any other text. */
export function privateKeyOf({ identity, recipient }: StoredKey): PrivateKey | undefined {
  try {
    return PrivateKey.of(identity, recipient);
  } catch {
    return undefined;
  }
}

/** Whether a stored key can be used without a pass phrase. */
export function isWhole(stored: StoredKey): boolean {
  const key = privateKeyOf(stored);
  key?.wipe();
  return key !== undefined;
}

/**
 * Keys as the text of a key file, in age-keygen's form, with the label as one more comment. Undefined when one of them is under a
 * pass phrase that nobody gave.
 */
export function keyFileOf(keys: readonly StoredKey[], awake: Awake): string | undefined {
  const entries = keys.map((stored) => {
    const held = awake.of(stored);
    if (!held && isWrapped(stored)) return undefined;
    const text = held ? privateText(held) : stored.identity;
    return `# ${stored.label}\n# created: ${stored.created}\n# public key: ${stored.recipient}\n${text.trimEnd()}\n`;
  });
  return entries.includes(undefined) ? undefined : entries.join('\n');
}

/** All of a key file's text in one age file under a pass phrase. @param workFactor as for `wrapped`. */
export const backUpFile = (text: string, passphrase: string, workFactor?: number): Promise<string> =>
  sealIdentityFile(text, passphrase, workFactor);
