import { fromBase64 } from '../bytes.ts';

/** Longer than any wrapped key: an RSA key of 16,384 bits makes 3,000 characters. */
const maxLength = 64 * 1024;
/** Keys in one message; SOPS makes one for each key. */
const maxIds = 50;

/**
 * The IDs of the keys that an armored PGP message is encrypted to, 16 digits each, in capitals; zeros for one that does not say. Undefined for
 * what is no such message, or more: gpg would ask a person for the pass phrase of a message that is encrypted with one, and unpack
 * anything, so that a hostile file could make it do both.
 */
export function keyIdsOf(armored: string): string[] | undefined {
  if (armored.length > maxLength) return undefined;
  const found =
    /^\s*-----BEGIN PGP MESSAGE-----[ \t]*\r?\n(?:[\w-]+: .*\r?\n)*[ \t]*\r?\n([A-Za-z0-9+/=\r\n]+?)(?:\r?\n=[A-Za-z0-9+/]{4})?[ \t]*\r?\n-----END PGP MESSAGE-----\s*$/.exec(
      armored,
    );
  const bytes = found && fromBase64(found[1] ?? '');
  return bytes ? readIds(bytes) : undefined;
}

/** Session keys for public keys, then encrypted data that fills the rest (RFC 4880, 4.2 and 5.1; RFC 9580). */
function readIds(bytes: Uint8Array): string[] | undefined {
  const ids: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const packet = packetAt(bytes, at);
    if (!packet) return undefined;
    if (encryptedData.includes(packet.tag)) return ids.length > 0 && packet.end >= bytes.length ? ids : undefined;
    const id = packet.tag === 1 ? idOf(bytes.subarray(packet.start, packet.end)) : undefined;
    if (id === undefined || ids.length >= maxIds) return undefined;
    ids.push(id);
    at = packet.end;
  }
  return undefined;
}

/** Encrypted data without and with a check of its integrity, and with the AEAD of GnuPG and of RFC 9580. */
const encryptedData: readonly number[] = [9, 18, 20];

interface Packet {
  readonly tag: number;
  readonly start: number;
  /** Infinity where the length is not said beforehand: only the last packet is so. */
  readonly end: number;
}

function packetAt(bytes: Uint8Array, at: number): Packet | undefined {
  const first = bytes[at] ?? 0;
  if ((first & 0x80) === 0) return undefined;
  const isNew = (first & 0x40) !== 0;
  const tag = isNew ? first & 0x3f : (first >> 2) & 0x0f;
  const length = isNew ? newLength(bytes, at + 1) : oldLength(bytes, at + 1, first & 3);
  if (!length) return undefined;
  const start = at + 1 + length.size;
  const end = start + length.value;
  // The data of the last packet may be cut off: gpg says so.
  return { tag, start, end };
}

interface Length {
  readonly size: number;
  readonly value: number;
}

function newLength(bytes: Uint8Array, at: number): Length | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first < 192) return { size: 1, value: first };
  if (first < 224) return { size: 2, value: (first - 192) * 256 + (bytes[at + 1] ?? 0) + 192 };
  return first === 255 ? { size: 5, value: number(bytes, at + 1, 4) } : { size: 1, value: Number.POSITIVE_INFINITY };
}

function oldLength(bytes: Uint8Array, at: number, kind: number): Length {
  if (kind === 3) return { size: 0, value: Number.POSITIVE_INFINITY };
  const size = 1 << kind;
  return { size, value: number(bytes, at, size) };
}

const number = (bytes: Uint8Array, at: number, size: number) =>
  bytes.subarray(at, at + size).reduce((sum, byte) => sum * 256 + byte, 0);

/** Version 3 has the ID; version 6 the length, the version and the fingerprint of the key. */
function idOf(body: Uint8Array): string | undefined {
  const [version, length = 0, keyVersion] = body;
  if (version === 3 && body.length > 9) return hex(body.subarray(1, 9));
  if (version !== 6 || body.length < 3 + length) return undefined;
  if (length === 0) return '0'.repeat(16);
  return hex(keyVersion === 4 ? body.subarray(15, 23) : body.subarray(3, 11));
}

const hex = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
