import { equal, joined } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import { checkLength, fromHex, fromStandard } from './bytes.ts';
import { openGcm } from './ciphers.ts';

// Rails credentials (ActiveSupport::EncryptedFile): base64 of ciphertext -- IV -- tag of AES-128-GCM.
const shape = /^([A-Za-z\d+/]+={0,2})--([A-Za-z\d+/]{16})--([A-Za-z\d+/]{22}==)$/;

/** Whether a text is a file of Rails credentials. */
export const isRails = (text: string): boolean => shape.test(text);

/**
 * The YAML of a file of Rails credentials. Throws BAD_TOKEN; BAD_TOKEN_KEY, `rails` for a key that is none.
 * @param masterKey 32 signs of hexadecimal, as `config/master.key` has them
 */
export async function openRails(text: string, masterKey: string): Promise<Uint8Array> {
  const key = fromHex(masterKey.trim());
  if (key?.length !== 16) throw new LockstepError('BAD_TOKEN_KEY', { what: 'rails' });
  const [, sealed, iv, tag] = shape.exec(text.trim()) ?? [];
  if (!sealed || !iv || !tag) throw new LockstepError('BAD_TOKEN', { what: 'truncated' });
  return marshalled(await openGcm(key, fromStandard(iv), joined(fromStandard(sealed), fromStandard(tag))));
}

/** One instance variable: `:E => true`. */
const utf8Mark = Uint8Array.of(0x06, 0x3a, 0x06, 0x45, 0x54);

/**
 * The bytes of the one string in a dump of Ruby's Marshal 4.8, in both shapes that Rails writes: bytes, or bytes and the mark of UTF-8
 * behind them. Nothing else is read: a dump can name any class.
 */
function marshalled(dump: Uint8Array): Uint8Array {
  checkLength(dump, 4);
  const marked = dump[2] === 0x49;
  const at = marked ? 4 : 3;
  if (dump[0] !== 4 || dump[1] !== 8 || dump[at - 1] !== 0x22)
    throw new LockstepError('BAD_TOKEN', { what: 'unsupported' });
  const { length, size } = lengthAt(dump, at);
  const [start, end] = [at + size, at + size + length];
  if (!equal(dump.subarray(end), marked ? utf8Mark : new Uint8Array()) || end > dump.length)
    throw new LockstepError('BAD_TOKEN', { what: 'unsupported' });
  return dump.slice(start, end);
}

/** A length as Marshal writes it: by itself, or in 1 to 3 bytes, the lowest first. */
function lengthAt(dump: Uint8Array, at: number): { readonly length: number; readonly size: number } {
  const first = dump[at] ?? 0;
  if (first === 0) return { length: 0, size: 1 };
  if (first > 4 && first < 128) return { length: first - 5, size: 1 };
  if (first > 3) throw new LockstepError('BAD_TOKEN', { what: 'unsupported' });
  let length = 0;
  for (let i = first; i > 0; i--) length = length * 256 + (dump[at + i] ?? 0);
  return { length, size: first + 1 };
}
