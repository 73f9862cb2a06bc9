import { armor, Encrypter } from 'age-encryption';
import { noteWrap } from '../agent/held.ts';
import { LockstepError } from '../errors.ts';
import { checkRecipient, recipientFor } from './recipient.ts';
import { encryptFile } from './wholefile.ts';
import { publicBytes, x25519Files } from './x25519.ts';

/** The data key as one armored age file for one recipient: the `enc` of a SOPS `age` entry. Throws BAD_RECIPIENT; PLUGIN as `talk`. */
export async function wrapKey(dataKey: Uint8Array, recipient: string): Promise<string> {
  const checked = checkRecipient(recipient);
  const point = x25519Files() && publicBytes(checked);
  const file = point ? x25519Files()?.seal(dataKey, point) : await wrapByLibrary(dataKey, checked);
  // A key that looks well and is of no use, such as a point of low order.
  if (!file) throw new LockstepError('BAD_RECIPIENT');
  const enc = `${armor.encode(file).trimEnd()}\n`;
  noteWrap(enc, dataKey);
  return enc;
}

function wrapByLibrary(dataKey: Uint8Array, recipient: string): Promise<Uint8Array | undefined> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipientFor(recipient));
  return encryptFile(encrypter, dataKey).catch((error) => {
    if (error instanceof LockstepError && error.code === 'PLUGIN') throw error;
    return undefined;
  });
}
