import {
  armor,
  Decrypter,
  Encrypter,
  generateX25519Identity,
  type Identity,
  identityToRecipient,
  type Recipient,
} from 'age-encryption';
import { fromUtf8, utf8 } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import { SshIdentity, SshRecipient } from './ssh.ts';
import { opensshFooter, opensshHeader, publicLine, readPrivateFile } from './sshkey.ts';

/** A new X25519 identity, `AGE-SECRET-KEY-1…`. */
export function generateIdentity(): Promise<string> {
  return generateX25519Identity();
}

/** The public recipient of an identity: `age1…`, or `ssh-ed25519 AAAA…` of an OpenSSH key. Throws BAD_IDENTITY. */
export async function recipientOf(identity: string): Promise<string> {
  if (isSshKey(identity)) return publicLine(readPrivateFile(identity).publicKey);
  try {
    return await identityToRecipient(identity);
  } catch {
    throw new LockstepError('BAD_IDENTITY');
  }
}

const isSshKey = (identity: string) => identity.trimStart().startsWith(opensshHeader);

/** What age's library takes for an identity. Throws BAD_IDENTITY, or anything when it is junk. */
export function identityFor(identity: string): string | Identity {
  return isSshKey(identity) ? new SshIdentity(identity) : identity;
}

/** What age's library takes for a recipient that `checkRecipient` let through. */
export function recipientFor(recipient: string): string | Recipient {
  return recipient.startsWith('ssh-') ? new SshRecipient(recipient) : recipient;
}

/**
 * A recipient that age can encrypt to here (X25519 or hybrid, `age1…`; `ssh-ed25519 …` with or without a comment),
 * trimmed. Throws BAD_RECIPIENT, with `what` telling other SSH keys and plugins from junk.
 */
export function checkRecipient(text: string): string {
  const recipient = text.trim();
  if (/^age1[a-z0-9]+1/.test(recipient) && !/^age1(pq|tag|tagpq)1/.test(recipient)) {
    throw new LockstepError('BAD_RECIPIENT', { what: 'plugin' });
  }
  try {
    new Encrypter().addRecipient(recipientFor(recipient));
  } catch (error) {
    throw error instanceof LockstepError ? error : new LockstepError('BAD_RECIPIENT');
  }
  return recipient;
}

/**
 * The identities of an age key file's text: one a line, blank lines and `#` lines skipped (age-keygen's form). OpenSSH
 * private keys may stand among them, or alone. Throws BAD_IDENTITY with the line, or without one when the file holds no identity.
 */
export function parseIdentities(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const found: string[] = [];
  for (let i = 0; i < lines.length; i++) {
    const first = i;
    let identity = lines[i] ?? '';
    if (identity === '' || identity.startsWith('#')) continue;
    if (identity === opensshHeader) {
      while (++i < lines.length && lines[i] !== opensshFooter) identity += `\n${lines[i]}`;
      identity += `\n${opensshFooter}\n`;
    }
    checkIdentity(identity, first + 1);
    found.push(identity);
  }
  if (found.length === 0) throw new LockstepError('BAD_IDENTITY', { what: 'none' });
  return found;
}

function checkIdentity(identity: string, line: number): void {
  try {
    new Decrypter().addIdentity(identityFor(identity));
  } catch (error) {
    const what = error instanceof LockstepError ? error.place.what : undefined;
    throw new LockstepError('BAD_IDENTITY', { line, ...(what && { what }) });
  }
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
