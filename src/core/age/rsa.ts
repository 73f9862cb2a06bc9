import { type Identity, type Recipient, Stanza } from 'age-encryption';
import { utf8 } from '../bytes.ts';
import type { RsaPrivateKey } from './private/sshprivate.ts';
import { type RsaPublicKey, tagOf, unpadded } from './sshkey.ts';
import { bytesOf } from './wire.ts';

// The `ssh-rsa` recipient type of age (agessh/agessh.go): RSA-OAEP with SHA-256, by the platform.
const oaep = { name: 'RSA-OAEP', label: utf8('age-encryption.org/v1/ssh-rsa') } as const;
const imported = { name: 'RSA-OAEP', hash: 'SHA-256' } as const;
const type = 'ssh-rsa';
const fileKeyLength = 16;

const url = (number: bigint) => unpadded(bytesOf(number)).replaceAll('+', '-').replaceAll('/', '_');
const publicJwk = (key: RsaPublicKey) => ({ kty: 'RSA', n: url(key.modulus), e: url(key.exponent) }) as const;

/** Encrypts to an RSA key. */
export class RsaRecipient implements Recipient {
  readonly #key: RsaPublicKey;

  constructor(key: RsaPublicKey) {
    this.#key = key;
  }

  async wrapFileKey(fileKey: Uint8Array): Promise<Stanza[]> {
    const key = await crypto.subtle.importKey('jwk', publicJwk(this.#key), imported, false, ['encrypt']);
    return [new Stanza([type, tagOf(this.#key)], new Uint8Array(await crypto.subtle.encrypt(oaep, key, fileKey)))];
  }
}

/** Decrypts with an RSA key. */
export class RsaIdentity implements Identity {
  readonly #key: RsaPrivateKey;

  constructor(key: RsaPrivateKey) {
    this.#key = key;
  }

  /** Null when no stanza is for this key; throws when one is and does not open. */
  async unwrapFileKey(stanzas: Stanza[]): Promise<Uint8Array | null> {
    const tag = tagOf(this.#key.publicKey);
    const stanza = stanzas.find(({ args }) => args[0] === type && args[1] === tag);
    if (!stanza) return null;
    if (stanza.args.length !== 2) throw new Error('bad stanza');
    const key = await crypto.subtle.importKey('jwk', privateJwk(this.#key), imported, false, ['decrypt']);
    const fileKey = new Uint8Array(await crypto.subtle.decrypt(oaep, key, stanza.body));
    if (fileKey.length !== fileKeyLength) throw new Error('bad file key');
    return fileKey;
  }
}

function privateJwk({ publicKey, exponent, primes: [p, q], inverse }: RsaPrivateKey) {
  const crt = { dp: url(exponent % (p - 1n)), dq: url(exponent % (q - 1n)), qi: url(inverse) };
  return { ...publicJwk(publicKey), d: url(exponent), p: url(p), q: url(q), ...crt };
}
