import { bech32 } from '@scure/base';
import type { Command } from './plugin/stanzas.ts';

/**
 * age files for one X25519 key, as a platform does them by itself: the same bytes as age-encryption's, sooner. Keys are 32 raw
 * bytes, which stay the caller's.
 */
export interface X25519Files {
  /** The public key of a secret one. */
  publicKey(secret: Uint8Array): Uint8Array;
  /** The plain bytes of a binary age file; undefined when it is not for this key. Throws anything when it is damaged. */
  open(file: Uint8Array, secret: Uint8Array): Uint8Array | undefined;
  /** The file key of a header; undefined when it is not for this key. Throws as `open`. */
  fileKey(stanzas: readonly Command[], secret: Uint8Array): Uint8Array | undefined;
  /** Lets go of what was made of a secret key, which is about to be wiped. */
  forget(secret: Uint8Array): void;
  /** A binary age file; undefined for a public key that is of no use, such as a point of low order. */
  seal(plain: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined;
}

let files: X25519Files | undefined;

/** Lets the platform do what it does faster; called once at start. */
export function useX25519Files(faster: X25519Files): void {
  files = faster;
}

/** What the platform brought; undefined where age-encryption does the work. */
export const x25519Files = () => files;

/** The 32 bytes of `AGE-SECRET-KEY-1…`, or of another prefix, the caller's to wipe; undefined for anything else. */
export const secretBytes = (identity: string, prefix = 'AGE-SECRET-KEY-') =>
  identity.startsWith(`${prefix}1`) ? keyBytes(identity, prefix) : undefined;

/** The bytes of an X25519 recipient, `age1…`; undefined for anything else. */
export const publicBytes = (recipient: string) => keyBytes(recipient, 'age');

/** The recipient of a public key, `age1…`. */
export const recipientText = (publicKey: Uint8Array) => bech32.encodeFromBytes('age', publicKey);

function keyBytes(text: string, prefix: string): Uint8Array | undefined {
  try {
    const found = bech32.decodeToBytes(text);
    const same = found.prefix === prefix || found.prefix.toUpperCase() === prefix;
    return same && found.bytes.length === 32 ? found.bytes : undefined;
  } catch {
    return undefined;
  }
}
