import { fromUtf8, joinedAll, tryUtf8, utf8 } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import type { FormatId } from './document.ts';

/**
 * Bytes ⇄ text. SOPS takes dotenv and INI files for bytes, so a byte there that is no UTF-8 has to come through: it is held
 * as half a surrogate pair of its own, U+DC80 to U+DCFF, which no valid text contains.
 */

// What \p{Cs} is, which takes long to set up.
const half = /[\ud800-\udfff]/u;
const heldByte = /[\udc80-\udcff]/;

/** Whether a text holds bytes that are no UTF-8. */
export const holdsBytes = (text: string): boolean => heldByte.test(text) && half.test(text);

export const byteOrderMark = '\ufeff';

/**
 * The text of a file, without a byte order mark. Throws NOT_UTF8 for YAML, JSON and the envelope of a binary file, which are
 * UTF-8 or nothing.
 */
export function textOfFile(bytes: Uint8Array, format: FormatId): string {
  if (format !== 'dotenv' && format !== 'ini') return fromUtf8(bytes);
  const text = textOfBytes(bytes);
  return text.startsWith(byteOrderMark) ? text.slice(1) : text;
}

/** Bytes as text, each byte that is no UTF-8 held in a half of its own. */
export function textOfBytes(bytes: Uint8Array): string {
  return tryUtf8(bytes) ?? textWithHalves(bytes);
}

function textWithHalves(bytes: Uint8Array): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length === 0) {
      parts.push(tryUtf8(bytes.subarray(from, at)) ?? '', String.fromCharCode(0xdc00 + (bytes[at] ?? 0)));
      from = at + 1;
    }
    at += length || 1;
  }
  parts.push(tryUtf8(bytes.subarray(from)) ?? '');
  return parts.join('');
}

/** Length of the UTF-8 sequence that starts at `at`; 0 where none does. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  return at + length <= bytes.length && tryUtf8(bytes.subarray(at, at + length)) !== undefined ? length : 0;
}

/** Text as bytes, halves that hold a byte turned back into it: the other way of `textOfFile` and `textOfBytes`. */
export function bytesOfText(text: string): Uint8Array<ArrayBuffer> {
  if (!holdsBytes(text)) return utf8(text);
  const parts = text
    .split(/(\p{Cs})/u)
    .map((part) => (heldByte.test(part) && part.length === 1 ? held(part) : utf8(part)));
  return joinedAll(parts);
}

function held(part: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(part.charCodeAt(0) - 0xdc00);
}

/** The largest file that is read, in bytes: VS Code keeps larger ones from extensions. */
export const maxFileSize = 50 * 1024 * 1024;

/**
 * What is written must be readable again: ciphertext is larger than plaintext. Throws TOO_LARGE (`sealed`).
 * @param text of a file; outside, a byte order mark may be put before it.
 */
export function requireReadable(text: string): void {
  const most = maxFileSize - 3;
  if (text.length * 3 > most && bytesOfText(text).length > most)
    throw new LockstepError('TOO_LARGE', { what: 'sealed' });
}

/** The same for one value, before it is encrypted: ciphertext is base64. @param bytes of the value. */
export function requireRoom(bytes: number): void {
  if (Math.ceil(bytes / 3) * 4 > maxFileSize) throw new LockstepError('TOO_LARGE', { what: 'sealed' });
}

/** Whether a text holds half a surrogate pair: a byte that is no UTF-8, or no Unicode at all. */
export function holdsHalf(text: string): boolean {
  return half.test(text);
}

/** A value as the tree has it: a string, or bytes where the text holds some that are not UTF-8. */
export function textOrBytes(text: string): string | Uint8Array {
  return half.test(text) ? bytesOfText(text) : text;
}
