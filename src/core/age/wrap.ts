import { armor, Decrypter, Encrypter } from 'age-encryption';
import { checkRecipient, identityFor, recipientFor } from './identity.ts';

/** The data key as one armored age file for one recipient: the `enc` of a SOPS `age` entry. Throws BAD_RECIPIENT. */
export async function wrapKey(dataKey: Uint8Array, recipient: string): Promise<string> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipientFor(checkRecipient(recipient)));
  return `${armor.encode(await encrypter.encrypt(dataKey)).trimEnd()}\n`;
}

/** The key inside an `enc`, or undefined when the identity is not for it or the file is damaged. */
export async function unwrapKey(enc: string, identity: string): Promise<Uint8Array | undefined> {
  try {
    const decrypter = new Decrypter();
    decrypter.addIdentity(identityFor(identity));
    return await decrypter.decrypt(armor.decode(enc));
  } catch {
    return undefined;
  }
}
