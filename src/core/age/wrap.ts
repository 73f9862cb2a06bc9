import { armor, Decrypter, Encrypter } from 'age-encryption';
import { wipe } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import { checkRecipient } from './identity.ts';
import { identityFor, recipientFor } from './kinds.ts';
import { decryptFile, encryptFile } from './wholefile.ts';
import { publicBytes, secretBytes, x25519Files } from './x25519.ts';

/** The data key as one armored age file for one recipient: the `enc` of a SOPS `age` entry. Throws BAD_RECIPIENT. */
export async function wrapKey(dataKey: Uint8Array, recipient: string): Promise<string> {
  const checked = checkRecipient(recipient);
  const point = x25519Files() && publicBytes(checked);
  const file = point ? x25519Files()?.seal(dataKey, point) : await wrapByLibrary(dataKey, checked);
  // A key that looks well and is of no use, such as a point of low order.
  if (!file) throw new LockstepError('BAD_RECIPIENT');
  return `${armor.encode(file).trimEnd()}\n`;
}

function wrapByLibrary(dataKey: Uint8Array, recipient: string): Promise<Uint8Array | undefined> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipientFor(recipient));
  return encryptFile(encrypter, dataKey).catch(() => undefined);
}

/** The key inside an `enc`, or undefined when the identity is not for it or the file is damaged. */
export async function unwrapKey(enc: string, identity: string): Promise<Uint8Array | undefined> {
  const secret = x25519Files() && secretBytes(identity);
  try {
    const file = armor.decode(enc);
    if (secret) return x25519Files()?.open(file, secret);
    const decrypter = new Decrypter();
    decrypter.addIdentity(identityFor(identity));
    return await decryptFile(decrypter, file);
  } catch {
    return undefined;
  } finally {
    if (secret) wipe(secret);
  }
}
