import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { upperHex, utf8 } from './bytes.ts';

/** SHA-256, and HMAC with it, at once: WebCrypto has them as promises only. */
export interface Hashes {
  sha256(bytes: Uint8Array): Uint8Array;
  hmac(key: Uint8Array, bytes: Uint8Array): Uint8Array;
}

let hashes: Hashes = { sha256: (bytes) => sha256(bytes), hmac: (key, bytes) => hmac(sha256, key, bytes) };

/** Lets the platform's own binding do the work where it is faster; called once at start. */
export function useHashes(faster: Hashes): void {
  hashes = faster;
}

const hex = (bytes: Uint8Array) => upperHex(bytes).toLowerCase();
const bytesOf = (data: Uint8Array | string) => (typeof data === 'string' ? utf8(data) : data);

/** The SHA-256 of some bytes or of a text, in hexadecimal: tells two of them apart. */
export const hashOf = (data: Uint8Array | string): string => hex(hashes.sha256(bytesOf(data)));

/** The same under a key: who does not have that cannot try texts out against it. */
export const keyedHashOf = (key: Uint8Array, data: Uint8Array | string): string => hex(hashes.hmac(key, bytesOf(data)));
