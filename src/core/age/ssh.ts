import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { type Identity, type Recipient, Stanza } from 'age-encryption';
import { base64, fromBase64, joined, randomBytes, utf8, wipe } from '../bytes.ts';
import { readPrivateFile, readPublicLine, type SshPublicKey } from './sshkey.ts';

// The `ssh-ed25519` recipient type of age (C2SP age, and agessh in age's own source): X25519 with the Ed25519 key turned
// into its Montgomery form, and a tweak that binds the file key to the whole SSH key.
const label = 'age-encryption.org/v1/ssh-ed25519';
const type = 'ssh-ed25519';
const fileKeyLength = 16;

const unpadded = (bytes: Uint8Array) => base64(bytes).replace(/=+$/, '');
const padded = (text: string) => text + '='.repeat((4 - (text.length % 4)) % 4);
const tag = (key: SshPublicKey) => unpadded(sha256(key.wire).subarray(0, 4));
const tweak = (key: SshPublicKey) => hkdf(sha256, new Uint8Array(), key.wire, utf8(label), 32);
const wrapping = (shared: Uint8Array, share: Uint8Array, point: Uint8Array) =>
  chacha20poly1305(hkdf(sha256, shared, joined(share, point), utf8(label), 32), new Uint8Array(12));

/** Encrypts to an `ssh-ed25519 AAAA…` line. Throws BAD_RECIPIENT when it is none. */
export class SshRecipient implements Recipient {
  readonly #key: SshPublicKey;

  constructor(line: string) {
    this.#key = readPublicLine(line);
  }

  wrapFileKey(fileKey: Uint8Array): Stanza[] {
    const point = ed25519.utils.toMontgomery(this.#key.point);
    const ephemeral = randomBytes(32);
    const share = x25519.getPublicKey(ephemeral);
    const shared = x25519.scalarMult(tweak(this.#key), x25519.scalarMult(ephemeral, point));
    const body = wrapping(shared, share, point).encrypt(fileKey);
    wipe(ephemeral);
    wipe(shared);
    return [new Stanza([type, tag(this.#key), unpadded(share)], body)];
  }
}

/** Decrypts with an OpenSSH private key file's text. Throws BAD_IDENTITY as `readPrivateFile` does. */
export class SshIdentity implements Identity {
  readonly #key: SshPublicKey;
  readonly #secret: Uint8Array;

  constructor(file: string) {
    const { publicKey, seed } = readPrivateFile(file);
    this.#key = publicKey;
    this.#secret = ed25519.utils.toMontgomerySecret(seed);
    wipe(seed);
  }

  /** Null when no stanza is for this key; throws when one is and does not open. */
  unwrapFileKey(stanzas: Stanza[]): Uint8Array | null {
    for (const { args, body } of stanzas) {
      if (args[0] !== type || args[1] !== tag(this.#key)) continue;
      const share = fromBase64(padded(args[2] ?? ''));
      if (args.length !== 3 || share?.length !== 32 || body.length !== fileKeyLength + 16)
        throw new Error('bad stanza');
      const shared = x25519.scalarMult(tweak(this.#key), x25519.scalarMult(this.#secret, share));
      const point = ed25519.utils.toMontgomery(this.#key.point);
      return wrapping(shared, share, point).decrypt(body);
    }
    return null;
  }
}
