import { armor, Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { fromUtf8, utf8 } from '../bytes.ts';
import { LockstepError } from '../errors.ts';

/** A new X25519 identity, `AGE-SECRET-KEY-1…`. */
export function generateIdentity(): Promise<string> {
  return generateX25519Identity();
}

/** The public recipient (`age1…`) of an identity. Throws BAD_IDENTITY. */
export async function recipientOf(identity: string): Promise<string> {
  try {
    return await identityToRecipient(identity);
  } catch {
    throw new LockstepError('BAD_IDENTITY');
  }
}

/**
 * A recipient that age can encrypt to here (X25519 or hybrid, `age1…`), trimmed. Throws BAD_RECIPIENT, with `what` telling
 * SSH keys and plugins from junk.
 */
export function checkRecipient(text: string): string {
  const recipient = text.trim();
  if (recipient.startsWith('ssh-')) throw new LockstepError('BAD_RECIPIENT', { what: 'ssh' });
  if (/^age1[a-z0-9]+1/.test(recipient) && !/^age1(pq|tag|tagpq)1/.test(recipient)) {
    throw new LockstepError('BAD_RECIPIENT', { what: 'plugin' });
  }
  try {
    new Encrypter().addRecipient(recipient);
  } catch {
    throw new LockstepError('BAD_RECIPIENT');
  }
  return recipient;
}

/**
 * The identities of an age key file's text: one a line, blank lines and `#` lines skipped (age-keygen's form). Throws
 * BAD_IDENTITY with the line, or without one when the file holds no identity.
 */
export function parseIdentities(text: string): string[] {
  const found: string[] = [];
  text.split(/\r?\n/).forEach((line, i) => {
    const identity = line.trim();
    if (identity === '' || identity.startsWith('#')) return;
    try {
      new Decrypter().addIdentity(identity);
    } catch {
      throw new LockstepError('BAD_IDENTITY', { line: i + 1 });
    }
    found.push(identity);
  });
  if (found.length === 0) throw new LockstepError('BAD_IDENTITY', { what: 'none' });
  return found;
}

/** Whether the text is an age file (armored): for a key file, one that a pass phrase protects. */
export function isArmored(text: string): boolean {
  return text.trimStart().startsWith('-----BEGIN AGE ENCRYPTED FILE-----');
}

/**
 * An armored age file of `text` under a pass phrase, which `age -d` opens.
 * @param workFactor log2 of scrypt's cost; age's own default, about a second of work.
 */
export async function sealIdentityFile(text: string, passphrase: string, workFactor = 18): Promise<string> {
  const encrypter = new Encrypter();
  encrypter.setScryptWorkFactor(workFactor);
  encrypter.setPassphrase(passphrase);
  return armor.encode(await encrypter.encrypt(utf8(text)));
}

/** The text of an armored age file under a pass phrase. Throws BAD_PASSPHRASE, or BAD_IDENTITY when it is no age file. */
export async function openIdentityFile(armored: string, passphrase: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = armor.decode(armored);
  } catch {
    throw new LockstepError('BAD_IDENTITY', { what: 'armor' });
  }
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  try {
    return fromUtf8(await decrypter.decrypt(bytes));
  } catch {
    throw new LockstepError('BAD_PASSPHRASE');
  }
}
