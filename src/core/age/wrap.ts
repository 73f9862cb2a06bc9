import { armor, Decrypter, Encrypter } from 'age-encryption';
import { LockstepError } from '../errors.ts';
import { checkRecipient } from './identity.ts';
import { identityFor, recipientFor } from './kinds.ts';
import { decryptFile, encryptFile } from './wholefile.ts';

/** The data key as one armored age file for one recipient: the `enc` of a SOPS `age` entry. Throws BAD_RECIPIENT. */
export async function wrapKey(dataKey: Uint8Array, recipient: string): Promise<string> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipientFor(checkRecipient(recipient)));
  const file = await encryptFile(encrypter, dataKey).catch(() => {
    // A key that looks well and is of no use, such as a point of low order.
    throw new LockstepError('BAD_RECIPIENT');
  });
  return `${armor.encode(file).trimEnd()}\n`;
}

/** The key inside an `enc`, or undefined when the identity is not for it or the file is damaged. */
export async function unwrapKey(enc: string, identity: string): Promise<Uint8Array | undefined> {
  try {
    const decrypter = new Decrypter();
    decrypter.addIdentity(identityFor(identity));
    return await decryptFile(decrypter, armor.decode(enc));
  } catch {
    return undefined;
  }
}
