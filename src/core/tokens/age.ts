import { armor, Decrypter, Encrypter } from 'age-encryption';
import { checkRecipient, recipientFor } from '../age/recipient.ts';
import { ScryptIdentity, ScryptRecipient } from '../age/scrypt.ts';
import { stanzasOf } from '../age/stanzas.ts';
import { decryptFile, encryptFile } from '../age/wholefile.ts';
import { wipe } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { Opener } from '../keys/opener.ts';
import type { WrappedKey } from '../sops/masterkey.ts';
import { unopened } from './bytes.ts';

// age files in armor (C2SP age). Single values are texts, so the binary form is not among them.
const [begin, end] = ['-----BEGIN AGE ENCRYPTED FILE-----', '-----END AGE ENCRYPTED FILE-----'];

/** Whether a text is an age file in armor. */
export const isAge = (text: string): boolean => text.startsWith(begin);

/** What opens an age file: a pass phrase, or those who hold private keys. */
type AgeKey = { readonly passphrase: string } | { readonly keyring: Keyring };

/** Whether an age file is under a pass phrase; otherwise it is for the public keys of somebody. Throws BAD_TOKEN. */
export async function wantsPassphrase(text: string): Promise<boolean> {
  return (await stanzas(fileOf(text))).some(({ args }) => args[0] === 'scrypt');
}

/**
 * The plain bytes of an age file in armor. Throws BAD_TOKEN, `cost` for a pass phrase that takes more work than we spend; BAD_TOKEN_KEY;
 * NOT_A_RECIPIENT, NO_IDENTITY; PLUGIN as `talk`.
 */
export async function openAge(text: string, key: AgeKey): Promise<Uint8Array> {
  const file = fileOf(text);
  if ('keyring' in key) return byKeyring(armor.encode(file), key.keyring);
  const fileKey = await byPassphrase(file, key.passphrase);
  const decrypter = new Decrypter();
  decrypter.addIdentity({ unwrapFileKey: () => fileKey });
  // The header's MAC does not fit, or a part of the text.
  return decryptFile(decrypter, file)
    .catch(() => {
      throw new LockstepError('BAD_TOKEN', { what: 'altered' });
    })
    .finally(() => wipe(fileKey));
}

/** An age file in armor, under a pass phrase or for public keys. Throws BAD_TOKEN_KEY `empty`, BAD_RECIPIENT, NO_RECIPIENTS. */
export async function sealAge(
  plain: Uint8Array,
  to: { readonly passphrase: string; readonly logN?: number } | { readonly recipients: readonly string[] },
): Promise<string> {
  const encrypter = new Encrypter();
  if ('passphrase' in to) {
    if (to.passphrase === '') throw new LockstepError('BAD_TOKEN_KEY', { what: 'empty' });
    encrypter.addRecipient(new ScryptRecipient(to.passphrase, to.logN ?? 18));
  } else {
    const recipients = to.recipients.map(checkRecipient);
    if (recipients.length === 0) throw new LockstepError('NO_RECIPIENTS', { what: 'empty' });
    for (const one of recipients) encrypter.addRecipient(recipientFor(one));
  }
  return armor.encode(await encryptFile(encrypter, plain));
}

function fileOf(text: string): Uint8Array {
  const word = text.trim();
  if (!isAge(word)) throw new LockstepError('BAD_TOKEN');
  if (!word.endsWith(end)) throw new LockstepError('BAD_TOKEN', { what: 'truncated' });
  try {
    // In a YAML file, or in a list in code, its lines may be indented.
    return armor.decode(`${word.replace(/\n[ \t]+/g, '\n')}\n`);
  } catch {
    throw new LockstepError('BAD_TOKEN', { what: 'altered' });
  }
}

async function stanzas(file: Uint8Array) {
  const found = await stanzasOf(file);
  if (!found) throw new LockstepError('BAD_TOKEN', { what: 'altered' });
  return found;
}

/** A gigabyte of memory; also the most that age's library takes. */
const mostWork = 20;

async function byPassphrase(file: Uint8Array, passphrase: string): Promise<Uint8Array> {
  const found = await stanzas(file);
  const [first] = found;
  if (first?.args[0] !== 'scrypt' || found.length !== 1) throw unopened();
  if (Number(first.args[2]) > mostWork) throw new LockstepError('BAD_TOKEN', { what: 'cost' });
  const fileKey = await new ScryptIdentity(passphrase).unwrapFileKey([first]).catch(() => {
    throw new LockstepError('BAD_TOKEN', { what: 'altered' });
  });
  if (!fileKey) throw new LockstepError('BAD_TOKEN_KEY');
  return fileKey;
}

async function byKeyring(enc: string, keyring: Keyring): Promise<Uint8Array> {
  const wrapped = { kind: 'age', name: '', enc } as const;
  let some = false;
  for await (const opener of everyOpener(wrapped, keyring)) {
    some = true;
    const plain = await opener.unwrap(wrapped).catch((error) => {
      // It is for this key, and does not open.
      if (error instanceof LockstepError && error.code !== 'BAD_DATA_KEY') throw error;
      throw new LockstepError('BAD_TOKEN', { what: 'altered' });
    });
    if (plain) return plain;
  }
  throw new LockstepError(some ? 'NOT_A_RECIPIENT' : 'NO_IDENTITY');
}

/** First what is at hand without asking anybody. */
async function* everyOpener(wrapped: WrappedKey, keyring: Keyring): AsyncIterable<Opener> {
  for (const opener of await keyring.openers()) if (opener.kind === 'age') yield opener;
  if (keyring.asked) yield* keyring.asked([wrapped]);
}
