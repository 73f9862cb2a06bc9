import { utf8, wipe } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import { openPayload, sealPayload } from '../tokens/anvil.ts';
import { fromStandard, textOf } from '../tokens/bytes.ts';
import { checkPlain, checkToken } from '../tokens/formats.ts';

/** What is encrypted with a named key is what `anvil.secrets.encrypt_with_key` makes; with 32 bytes the cipher is AES-256. */

/** Sizes of a key. Anvil itself reads the first only. */
export const keySizes = [128, 256] as const;
export type KeySize = (typeof keySizes)[number];

/** The bytes of a key, the caller's to wipe. Throws BAD_ENCRYPTION_KEY: `length` for base64 of another length than 16 or 32 bytes. */
export function keyBytes(key: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = fromStandard(key.trim());
  } catch {
    throw new LockstepError('BAD_ENCRYPTION_KEY');
  }
  if (keySizes.some((bits) => bytes.length === bits / 8)) return bytes;
  wipe(bytes);
  throw new LockstepError('BAD_ENCRYPTION_KEY', { what: 'length' });
}

/** The size of a key; undefined for a text that is none. */
export function sizeOf(key: string): KeySize | undefined {
  try {
    const bytes = keyBytes(key);
    wipe(bytes);
    return bytes.length === 16 ? 128 : 256;
  } catch {
    return undefined;
  }
}

/**
 * Encrypts a text: 12 bytes of IV, ciphertext and tag in base64, another one each time. Throws BAD_ENCRYPTION_KEY, TOO_LARGE for more than
 * 1 MB, BAD_TOKEN `not-text` for half a surrogate pair, which UTF-8 has not.
 */
export async function encryptWithKey(key: string, text: string): Promise<string> {
  if (/\p{Cs}/u.test(text)) throw new LockstepError('BAD_TOKEN', { what: 'not-text' });
  const plain = utf8(text);
  checkPlain(plain, 'anvil');
  return withKey(key, (bytes) => sealPayload(plain, bytes)).finally(() => wipe(plain));
}

/**
 * The text of what `encryptWithKey` made. Throws BAD_ENCRYPTION_KEY; BAD_TOKEN for what is no such value or not a whole one; BAD_TOKEN_KEY for
 * another key or a changed value, which nobody can tell apart; TOO_LARGE.
 */
export async function decryptWithKey(key: string, value: string): Promise<string> {
  checkToken(value);
  return textOf(await withKey(key, (bytes) => openPayload(value, bytes)));
}

async function withKey<T>(key: string, work: (bytes: Uint8Array) => Promise<T>): Promise<T> {
  const bytes = keyBytes(key);
  return work(bytes).finally(() => wipe(bytes));
}
