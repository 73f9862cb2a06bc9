import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { type Identity, type Recipient, Stanza } from 'age-encryption';
import { fromBase64, joined, randomBytes, utf8, wipe } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import type { Ed25519PrivateKey } from './private/sshprivate.ts';
import { type Ed25519PublicKey, tagOf, unpadded } from './sshkey.ts';

// The `ssh-ed25519` recipient type of age (C2SP age, and agessh in age's own source): X25519 with the Ed25519 key turned
// into its Montgomery form, and a tweak that binds the file key to the whole SSH key.
const label = 'age-encryption.org/v1/ssh-ed25519';
const type = 'ssh-ed25519';
const fileKeyLength = 16;

const padded = (text: string) => text + '='.repeat((4 - (text.length % 4)) % 4);
const tweak = (key: Ed25519PublicKey) => hkdf(sha256, new Uint8Array(), key.wire, utf8(label), 32);
const wrapping = (shared: Uint8Array, share: Uint8Array, point: Uint8Array) =>
  chacha20poly1305(hkdf(sha256, shared, joined(share, point), utf8(label), 32), new Uint8Array(12));

/** Encrypts to an Ed25519 key. Throws BAD_RECIPIENT when its bytes are no point of the curve. */
export class Ed25519Recipient implements Recipient {
  readonly #key: Ed25519PublicKey;
  readonly #point: Uint8Array;

  constructor(key: Ed25519PublicKey) {
    this.#key = key;
    try {
      this.#point = ed25519.utils.toMontgomery(key.point);
    } catch {
      throw new LockstepError('BAD_RECIPIENT');
    }
  }

  wrapFileKey(fileKey: Uint8Array): Stanza[] {
    const ephemeral = randomBytes(32);
    const share = x25519.getPublicKey(ephemeral);
    const shared = x25519.scalarMult(tweak(this.#key), x25519.scalarMult(ephemeral, this.#point));
    const body = wrapping(shared, share, this.#point).encrypt(fileKey);
    wipe(ephemeral);
    wipe(shared);
    return [new Stanza([type, tagOf(this.#key), unpadded(share)], body)];
  }
}

/** Decrypts with an Ed25519 key, which stays the caller's to wipe. */
export class Ed25519Identity implements Identity {
  readonly #key: Ed25519PublicKey;
  readonly #seed: Uint8Array;

  constructor({ publicKey, seed }: Ed25519PrivateKey) {
    this.#key = publicKey;
    this.#seed = seed;
  }

  /** Null when no stanza is for this key; throws when one is and does not open. */
  unwrapFileKey(stanzas: Stanza[]): Uint8Array | null {
    for (const { args, body } of stanzas) {
      if (args[0] !== type || args[1] !== tagOf(this.#key)) continue;
      const share = fromBase64(padded(args[2] ?? ''));
      if (args.length !== 3 || share?.length !== 32 || body.length !== fileKeyLength + 16)
        throw new Error('bad stanza');
      const secret = ed25519.utils.toMontgomerySecret(this.#seed);
      const shared = x25519.scalarMult(tweak(this.#key), x25519.scalarMult(secret, share));
      wipe(secret);
      try {
        return wrapping(shared, share, ed25519.utils.toMontgomery(this.#key.point)).decrypt(body);
      } finally {
        wipe(shared);
      }
    }
    return null;
  }
}
