import { LockstepError } from './errors.ts';

const encoder = new TextEncoder();
const fileDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
const valueDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The UTF-8 bytes of `text`. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** Text of a file's UTF-8 `bytes`; a byte order mark is dropped. Throws NOT_UTF8. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return fileDecoder.decode(bytes);
  } catch {
    throw new LockstepError('NOT_UTF8');
  }
}

/** Text of UTF-8 `bytes` with nothing dropped, or undefined when they are not UTF-8. */
export function tryUtf8(bytes: Uint8Array): string | undefined {
  try {
    return valueDecoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The same text in UTF-8, of what a byte order mark says is UTF-16, as PowerShell writes it; other bytes as they are. */
export function withoutUtf16(bytes: Uint8Array): Uint8Array {
  const mark = bytes.length > 1 ? ((bytes[0] as number) << 8) | (bytes[1] as number) : 0;
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : undefined;
  return encoding === undefined ? bytes : utf8(new TextDecoder(encoding).decode(bytes));
}

/** Bytes drawn ahead, since a nonce for each of ten thousand values is a call of the platform each time. */
const drawn = new Uint8Array(4096);
let used = drawn.length;

/** `n` bytes from the platform's cryptographic generator: the only source of chance in core. No byte is given out twice. */
export function randomBytes(n: number): Uint8Array<ArrayBuffer> {
  if (n > 64) return crypto.getRandomValues(new Uint8Array(n));
  if (used + n > drawn.length) {
    crypto.getRandomValues(drawn);
    used = 0;
  }
  const bytes = drawn.slice(used, used + n);
  drawn.fill(0, used, used + n);
  used += n;
  return bytes;
}

/** Standard base64 with padding. */
export function base64(bytes: Uint8Array): string {
  let binary = '';
  // In pieces, because an argument list has a limit. `apply` takes a quarter of the time that spreading does.
  for (let i = 0; i < bytes.length; i += 8192)
    binary += String.fromCharCode.apply(null, bytes.subarray(i, i + 8192) as unknown as number[]);
  return btoa(binary);
}

/**
 * Bytes of standard base64, as strict as Go's `base64.StdEncoding`, which SOPS uses: padding required, CR and LF
 * ignored, anything else refused. Undefined when the text is not that.
 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  const clean = text.includes('\n') || text.includes('\r') ? text.replace(/[\r\n]/g, '') : text;
  // `atob` checks the rest, but makes up padding and passes over white space.
  if (clean.length % 4 !== 0 || /[\t\f ]/.test(clean)) return undefined;
  let binary: string;
  try {
    binary = atob(clean);
  } catch {
    return undefined;
  }
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** Upper-case hexadecimal. */
export function upperHex(bytes: Uint8Array): string {
  let out = '';
  for (const byte of bytes) out += byte.toString(16).padStart(2, '0');
  return out.toUpperCase();
}

/** Both parts in one new array. */
export function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  return joinedAll([a, b]);
}

/** All parts in one new array. */
export function joinedAll(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Whether both hold the same bytes. Not for what an attacker can time. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Overwrite with zeros. JavaScript may hold copies elsewhere; this shortens a secret's life, it does not end it. */
export function wipe(bytes: Uint8Array): void {
  bytes.fill(0);
}
