import { base64, joinedAll, randomBytes } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import { checkLength, fromBase64Url, toUrl } from './bytes.ts';
import { checkSigned, signed } from './ciphers.ts';

// Fernet (fernet/spec, Spec.md): 80 | time, 8 bytes | IV, 16 | AES-128-CBC with PKCS#7 | HMAC-SHA256 of all before, 32 bytes.
const version = 0x80;
const [head, block, tail] = [25, 16, 32];

/** Whether a text begins as every token does: its version, and a time before the year 2106. */
export const isFernet = (text: string): boolean => text.startsWith('gAAAAA');

/** The 32 bytes of a key as Fernet writes it, the caller's to wipe. Throws BAD_TOKEN_KEY `fernet`. */
export function fernetKey(text: string): Uint8Array {
  const word = text.trim();
  // 32 bytes are 43 signs and one of padding, which people lose.
  if (!/^[\w-]{43}=?$/.test(word)) throw new LockstepError('BAD_TOKEN_KEY', { what: 'fernet' });
  return fromBase64Url(word);
}

/**
 * The plain bytes of a token. Throws BAD_TOKEN; BAD_TOKEN_KEY when the HMAC does not fit. Its
 * age is never asked for: how long a token is good is not written in it.
 * @param key 32 bytes, of `fernetKey` or made otherwise
 */
export async function openFernet(token: string, key: Uint8Array): Promise<Uint8Array> {
  const bytes = fromBase64Url(token.trim());
  if (bytes[0] !== version) throw new LockstepError('BAD_TOKEN');
  checkLength(bytes, head + block + tail);
  // Only whole blocks: another length is no token that was altered, but one whose end is missing.
  if ((bytes.length - head - tail) % block !== 0) throw new LockstepError('BAD_TOKEN', { what: 'truncated' });
  await checkSigned(key.subarray(0, 16), bytes.subarray(0, -tail), bytes.subarray(-tail));
  const aes = await crypto.subtle.importKey('raw', key.subarray(16), 'AES-CBC', false, ['decrypt']);
  const iv = bytes.subarray(head - 16, head);
  try {
    return new Uint8Array(
      await crypto.subtle.decrypt({ name: 'AES-CBC', iv }, aes, bytes.subarray(head, bytes.length - tail)),
    );
  } catch {
    // Signed with the key, and yet padded as nobody pads.
    throw new LockstepError('BAD_TOKEN', { what: 'altered' });
  }
}

/** A token of `plain`, made now. */
export async function sealFernet(plain: Uint8Array, key: Uint8Array, now: Date): Promise<string> {
  const iv = randomBytes(16);
  const start = new Uint8Array(9);
  start[0] = version;
  new DataView(start.buffer).setBigUint64(1, BigInt(Math.floor(now.getTime() / 1000)));
  const aes = await crypto.subtle.importKey('raw', key.subarray(16), 'AES-CBC', false, ['encrypt']);
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, aes, plain));
  const body = joinedAll([start, iv, sealed]);
  return toUrl(base64(joinedAll([body, await signed(key.subarray(0, 16), body)])));
}
