import { type Scrypt, useScrypt } from '../age/scrypt.ts';
import { useX25519Files, type X25519Files } from '../age/x25519.ts';
import { type Hashes, useHashes } from '../hash.ts';
import { type AeadMaker, useAead } from '../keys/aead.ts';
import { useWorkTime } from '../ports.ts';
import { type Sha512, useSha512 } from '../sops/mac.ts';

/** What a platform does faster than core can by WebCrypto and JavaScript. */
export interface Native {
  readonly aead: AeadMaker;
  readonly sha512: Sha512;
  readonly hashes: Hashes;
  readonly x25519Files: X25519Files;
  /** In another thread than the caller's. */
  readonly scrypt: Scrypt;
  /** Milliseconds that the processor has worked for this process. */
  readonly workTime: () => number;
}

/** Lets core use it; once, at start, before any key exists. */
export function useNative(native: Native): void {
  useAead(native.aead);
  useSha512(native.sha512);
  useHashes(native.hashes);
  useX25519Files(native.x25519Files);
  useScrypt(native.scrypt);
  useWorkTime(native.workTime);
}
