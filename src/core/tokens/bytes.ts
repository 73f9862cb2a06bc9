import { hexToBytes } from '@noble/hashes/utils.js';
import { fromBase64, tryUtf8, wipe } from '../bytes.ts';
import { LockstepError } from '../errors.ts';

/** Base64 in the alphabet of URLs, with padding. */
export const toUrl = (base64: string): string => base64.replaceAll('+', '-').replaceAll('/', '_');

/**
 * The bytes of base64 in the alphabet of URLs. Padding may be missing, as it is when a word of a text is selected. Throws BAD_TOKEN:
 * `altered` for another sign, `truncated` for a length that no bytes have.
 */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  return decoded(text, /^[\w-]*={0,2}$/);
}

/** The same of standard base64. */
export function fromStandard(text: string): Uint8Array<ArrayBuffer> {
  return decoded(text, /^[A-Za-z\d+/]*={0,2}$/);
}

function decoded(text: string, signs: RegExp): Uint8Array<ArrayBuffer> {
  if (!signs.test(text)) throw new LockstepError('BAD_TOKEN', { what: 'altered' });
  const bare = text.replace(/=+$/, '');
  const bytes = fromBase64(bare.replaceAll('-', '+').replaceAll('_', '/') + '='.repeat((4 - (bare.length % 4)) % 4));
  if (!bytes) throw new LockstepError('BAD_TOKEN', { what: 'truncated' });
  return bytes;
}

/** The bytes of hexadecimal; undefined for anything else. */
export function fromHex(text: string): Uint8Array | undefined {
  try {
    return hexToBytes(text);
  } catch {
    return undefined;
  }
}

/** The text in what was decrypted, which is wiped. Throws BAD_TOKEN `not-text`. */
export function textOf(plain: Uint8Array): string {
  const text = tryUtf8(plain);
  wipe(plain);
  if (text === undefined) throw new LockstepError('BAD_TOKEN', { what: 'not-text' });
  return text;
}

/** Throws BAD_TOKEN `truncated` for less than a value has at least. */
export function checkLength(bytes: Uint8Array, least: number): void {
  if (bytes.length < least) throw new LockstepError('BAD_TOKEN', { what: 'truncated' });
}

/** The error for a value whose tag a key does not confirm: nobody can tell another key from an altered value. */
export const unopened = () => new LockstepError('BAD_TOKEN_KEY');
