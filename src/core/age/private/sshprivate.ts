import { ed25519 } from '@noble/curves/ed25519.js';
import { LockstepError } from '../../errors.ts';
import { type Ed25519PublicKey, ed25519Key, type RsaPublicKey, rsaKey } from '../sshkey.ts';

export interface Ed25519PrivateKey {
  readonly publicKey: Ed25519PublicKey;
  /** 32 bytes, the reader's to wipe. */
  readonly seed: Uint8Array;
}

/** JavaScript cannot wipe its big integers; they go with the garbage. */
export interface RsaPrivateKey {
  readonly publicKey: RsaPublicKey;
  readonly exponent: bigint;
  readonly primes: readonly [p: bigint, q: bigint];
  /** Of q modulo p. */
  readonly inverse: bigint;
}

/** A private key of the two kinds that age takes from SSH. */
export type SshPrivateKey = (Ed25519PrivateKey | RsaPrivateKey) & { readonly comment?: string | undefined };

export const isRsa = (key: SshPrivateKey): key is RsaPrivateKey => key.publicKey.type === 'ssh-rsa';

/** The key of a 32-byte seed, which is copied. Throws BAD_IDENTITY. */
export function ed25519Private(seed: Uint8Array): Ed25519PrivateKey {
  if (seed.length !== 32) throw new LockstepError('BAD_IDENTITY');
  return { publicKey: ed25519Key(ed25519.getPublicKey(seed)), seed: seed.slice() };
}

/** The key of these numbers, which must belong together. Throws BAD_IDENTITY, `what` `rsa-size` for its length. */
export function rsaPrivate({
  n,
  e,
  d,
  p,
  q,
  inverse,
}: Record<'n' | 'e' | 'd' | 'p' | 'q' | 'inverse', bigint>): RsaPrivateKey {
  const publicKey = rsaKey(n, e, 'BAD_IDENTITY');
  const whole = p > 2n && q > 2n && p * q === n && d < n;
  if (!whole || (d * e) % (p - 1n) !== 1n || (d * e) % (q - 1n) !== 1n || (inverse * q) % p !== 1n) {
    throw new LockstepError('BAD_IDENTITY');
  }
  return { publicKey, exponent: d, primes: [p, q], inverse };
}
