import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { scryptAsync } from '@noble/hashes/scrypt.js';
import { type Identity, type Recipient, Stanza } from 'age-encryption';
import { fromBase64, joined, randomBytes, utf8, wipe } from '../bytes.ts';
import { unpadded } from './sshkey.ts';

// The `scrypt` recipient type of age (C2SP age). The package's own works on the thread of its caller, which stands still for a
// second or more; this one does not.
const type = 'scrypt';
const label = 'age-encryption.org/v1/scrypt';
const saltLength = 16;
const fileKeyLength = 16;

/** 32 bytes of scrypt with r = 8 and p = 1. @param logN log2 of its cost */
export type Scrypt = (passphrase: Uint8Array, salt: Uint8Array, logN: number) => Promise<Uint8Array>;

let derive: Scrypt = (passphrase, salt, logN) => scryptAsync(passphrase, salt, { N: 2 ** logN, r: 8, p: 1, dkLen: 32 });

/** Lets the platform do it in another thread; called once at start. */
export function useScrypt(faster: Scrypt): void {
  derive = faster;
}

async function wrapping(passphrase: string, salt: Uint8Array, logN: number) {
  const bytes = utf8(passphrase);
  const key = await derive(bytes, joined(utf8(label), salt), logN).finally(() => wipe(bytes));
  return { cipher: chacha20poly1305(key, new Uint8Array(12)), end: () => wipe(key) };
}

/** Encrypts under a pass phrase. */
export class ScryptRecipient implements Recipient {
  readonly #passphrase: string;
  readonly #logN: number;

  constructor(passphrase: string, logN: number) {
    this.#passphrase = passphrase;
    this.#logN = logN;
  }

  async wrapFileKey(fileKey: Uint8Array): Promise<Stanza[]> {
    const salt = randomBytes(saltLength);
    const { cipher, end } = await wrapping(this.#passphrase, salt, this.#logN);
    const body = cipher.encrypt(fileKey);
    end();
    return [new Stanza([type, unpadded(salt), String(this.#logN)], body)];
  }
}

/** Decrypts with a pass phrase. The caller has judged the cost that the stanza asks for. */
export class ScryptIdentity implements Identity {
  readonly #passphrase: string;

  constructor(passphrase: string) {
    this.#passphrase = passphrase;
  }

  /** Null when the pass phrase does not fit; throws when the stanza is none. */
  async unwrapFileKey([stanza]: Stanza[]): Promise<Uint8Array | null> {
    const [kind, text = '', logN = ''] = stanza?.args ?? [];
    const salt = fromBase64(`${text}==`);
    const fits = kind === type && /^[1-9]\d?$/.test(logN) && salt?.length === saltLength && unpadded(salt) === text;
    if (!stanza || !fits || stanza.args.length !== 3 || stanza.body.length !== fileKeyLength + 16)
      throw new Error('bad stanza');
    const { cipher, end } = await wrapping(this.#passphrase, salt, Number(logN));
    try {
      return cipher.decrypt(stanza.body);
    } catch {
      return null;
    } finally {
      end();
    }
  }
}
