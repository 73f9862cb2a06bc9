import { armor, Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { equal, fromUtf8, utf8, wipe } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import { readKeyText } from './keytext.ts';
import { isSshKey, recipientFor } from './kinds.ts';
import { readPrivateFile } from './sshfile.ts';
import { publicLine } from './sshkey.ts';
import { stanzasOf } from './stanzas.ts';
import { decryptFile, encryptFile } from './wholefile.ts';
import { recipientText, secretBytes, x25519Files } from './x25519.ts';

/** A new X25519 identity, `AGE-SECRET-KEY-1…`. */
export function generateIdentity(): Promise<string> {
  return generateX25519Identity();
}

/** The public recipient of an identity: `age1…`, or `ssh-… AAAA…` of an SSH key. Throws BAD_IDENTITY. */
export async function recipientOf(identity: string): Promise<string> {
  if (isSshKey(identity)) return publicLine(readPrivateFile(identity).publicKey);
  const secret = x25519Files() && secretBytes(identity);
  const point = secret && x25519Files()?.publicKey(secret);
  if (point) {
    wipe(secret);
    return recipientText(point);
  }
  try {
    return await identityToRecipient(identity);
  } catch {
    throw new LockstepError('BAD_IDENTITY');
  }
}

/**
 * A recipient that age can encrypt to here (X25519 or hybrid, `age1…`; `ssh-ed25519 …` and `ssh-rsa …` with or without a
 * comment), trimmed. Throws BAD_RECIPIENT, with `what` telling other SSH keys (`ssh`), RSA keys of a length that age does
 * not take (`rsa-size`) and plugins (`plugin`) from junk.
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
 * The identities of an age key file's text, none of which needs a pass phrase. Throws BAD_IDENTITY as `readKeyText`, and
 * with `what`: `ssh-passphrase` (an SSH key among them is protected), `plugin` (identities of age plugins alone).
 */
export function parseIdentities(text: string): string[] {
  const { identities, locked } = readKeyText(text);
  if (locked.length > 0) throw new LockstepError('BAD_IDENTITY', { what: 'ssh-passphrase' });
  if (identities.length === 0) throw new LockstepError('BAD_IDENTITY', { what: 'plugin' });
  return identities.map((item) => item.text);
}

const binaryHeader = utf8('age-encryption.org/');

/** The text of a key file's bytes; a binary age file is put into armor, so that there is one way to go on. Throws NOT_UTF8. */
export function keyText(bytes: Uint8Array): string {
  return equal(bytes.subarray(0, binaryHeader.length), binaryHeader) ? armor.encode(bytes) : fromUtf8(bytes);
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
  return armor.encode(await encryptFile(encrypter, utf8(text)));
}

/** More memory than a gigabyte; also the most that age's library takes. */
const maxWorkFactor = 20;

/**
 * The text of an armored age file under a pass phrase. Throws BAD_PASSPHRASE, or BAD_IDENTITY with `what`: `armor` (it is no
 * age file, or damaged), `key-file` (not under a pass phrase, or not with text in it), `scrypt` (the pass phrase is made to
 * cost more than we spend).
 */
export async function openIdentityFile(armored: string, passphrase: string): Promise<string> {
  const file = await passphraseFile(armored);
  const fileKey = await fileKeyOf(file, passphrase);
  const decrypter = new Decrypter();
  decrypter.addIdentity({ unwrapFileKey: () => fileKey });
  const text = await decryptFile(decrypter, file).catch(() => {
    throw new LockstepError('BAD_IDENTITY', { what: 'armor' });
  });
  try {
    return fromUtf8(text);
  } catch {
    throw new LockstepError('BAD_IDENTITY', { what: 'key-file' });
  } finally {
    wipe(text);
    wipe(fileKey);
  }
}

/** The bytes of an age file that is under a pass phrase of bearable cost. */
async function passphraseFile(armored: string): Promise<Uint8Array> {
  let file: Uint8Array;
  try {
    file = armor.decode(armored);
  } catch {
    throw new LockstepError('BAD_IDENTITY', { what: 'armor' });
  }
  const stanzas = await stanzasOf(file);
  if (!stanzas) throw new LockstepError('BAD_IDENTITY', { what: 'armor' });
  const [type, , workFactor = ''] = stanzas[0]?.args ?? [];
  if (stanzas.length !== 1 || type !== 'scrypt') throw new LockstepError('BAD_IDENTITY', { what: 'key-file' });
  if (Number(workFactor) > maxWorkFactor) throw new LockstepError('BAD_IDENTITY', { what: 'scrypt' });
  return file;
}

async function fileKeyOf(file: Uint8Array, passphrase: string): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  try {
    return await decrypter.decryptHeader(file);
  } catch {
    throw new LockstepError('BAD_PASSPHRASE');
  }
}
