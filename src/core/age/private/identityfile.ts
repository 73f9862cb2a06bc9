import { armor, Decrypter, Encrypter } from 'age-encryption';
import { fromUtf8, utf8, wipe } from '../../bytes.ts';
import { LockstepError } from '../../errors.ts';
import { ScryptIdentity, ScryptRecipient } from '../scrypt.ts';
import { stanzasOf } from '../stanzas.ts';
import { decryptFile, encryptFile } from '../wholefile.ts';

/**
 * An armored age file of `text` under a pass phrase, which `age -d` opens.
 * @param workFactor log2 of scrypt's cost; age's own default, about a second of work.
 */
export async function sealIdentityFile(text: string, passphrase: string, workFactor = 18): Promise<string> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(new ScryptRecipient(passphrase, workFactor));
  const plain = utf8(text);
  return armor.encode(await encryptFile(encrypter, plain).finally(() => wipe(plain)));
}

/** A gigabyte of memory; also the most that age's library takes. */
const maxWorkFactor = 20;

/**
 * The text of an armored age file under a pass phrase: keys that nobody can wipe, so read it and let go of it. Throws BAD_PASSPHRASE, or BAD_IDENTITY with `what`: `armor` (it is no
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
  decrypter.addIdentity(new ScryptIdentity(passphrase));
  try {
    return await decrypter.decryptHeader(file);
  } catch {
    throw new LockstepError('BAD_PASSPHRASE');
  }
}
