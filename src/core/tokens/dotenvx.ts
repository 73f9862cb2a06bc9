import { secp256k1 } from '@noble/curves/secp256k1.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { base64, joined, joinedAll, randomBytes, upperHex, wipe } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import { checkLength, fromHex, fromStandard, unopened } from './bytes.ts';
import { openGcm, sealGcm } from './ciphers.ts';

// dotenvx, by the defaults of eciesjs: a public key of secp256k1, 65 bytes | nonce, 16 | tag, 16 | ciphertext of AES-256-GCM.
const prefix = 'encrypted:';
const [point, nonceLength, tagLength] = [65, 16, 16];

/** Whether a value of a `.env` is an encrypted one of dotenvx. */
export const isDotenvx = (text: string): boolean => text.startsWith(prefix);

/** Whether a text is the public key of somebody, as `DOTENV_PUBLIC_KEY` has it. */
export function isDotenvxKey(text: string): boolean {
  const key = fromHex(text);
  return key?.length === 33 && secp256k1.utils.isValidPublicKey(key, true);
}

/** The keys of `DOTENV_PRIVATE_KEY…`, of which there may be several with commas between them. Throws BAD_TOKEN_KEY `dotenvx`. */
function privateKeys(text: string): Uint8Array[] {
  return text.split(',').map((one) => {
    const key = fromHex(one.trim());
    if (!key || !secp256k1.utils.isValidSecretKey(key)) throw new LockstepError('BAD_TOKEN_KEY', { what: 'dotenvx' });
    return key;
  });
}

/** The public key of the first private one, as `DOTENV_PUBLIC_KEY` has it. Throws BAD_TOKEN_KEY `dotenvx`. */
export function dotenvxPublicKey(secret: string): string {
  const keys = privateKeys(secret);
  const [first] = keys;
  const found = first && upperHex(secp256k1.getPublicKey(first, true)).toLowerCase();
  keys.forEach(wipe);
  return found ?? '';
}

/** The ephemeral key comes first in what the key is made of, and all of the shared point behind it. */
function aesKey(ephemeral: Uint8Array, privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array {
  const shared = secp256k1.getSharedSecret(privateKey, publicKey, false);
  return hkdf(sha256, joined(ephemeral, shared), undefined, undefined, 32);
}

/**
 * The plain bytes of an encrypted value. Throws BAD_TOKEN; BAD_TOKEN_KEY, when none of the keys opens it.
 * @param secret the private key, 64 signs of hexadecimal; several with commas between them
 */
export async function openDotenvx(value: string, secret: string): Promise<Uint8Array> {
  const word = value.trim();
  if (!isDotenvx(word)) throw new LockstepError('BAD_TOKEN');
  const bytes = fromStandard(word.slice(prefix.length));
  checkLength(bytes, point + nonceLength + tagLength);
  const ephemeral = bytes.subarray(0, point);
  if (!secp256k1.utils.isValidPublicKey(ephemeral, false)) throw new LockstepError('BAD_TOKEN', { what: 'altered' });
  const nonce = bytes.subarray(point, point + nonceLength);
  const behind = bytes.subarray(point + nonceLength);
  const sealed = joined(behind.subarray(tagLength), behind.subarray(0, tagLength));
  const keys = privateKeys(secret);
  try {
    for (const key of keys) {
      const plain = await openGcm(aesKey(ephemeral, key, ephemeral), nonce, sealed).catch(() => undefined);
      if (plain) return plain;
    }
  } finally {
    keys.forEach(wipe);
  }
  throw unopened();
}

/** An encrypted value. Throws BAD_TOKEN_KEY `dotenvx-public`. @param publicKey as `DOTENV_PUBLIC_KEY` has it */
export async function sealDotenvx(plain: Uint8Array, publicKey: string): Promise<string> {
  const to = fromHex(publicKey.trim());
  if (!to || !secp256k1.utils.isValidPublicKey(to))
    throw new LockstepError('BAD_TOKEN_KEY', { what: 'dotenvx-public' });
  const secret = ephemeralKey();
  const ephemeral = secp256k1.getPublicKey(secret, false);
  const nonce = randomBytes(nonceLength);
  const sealed = await sealGcm(aesKey(ephemeral, secret, to), nonce, plain);
  wipe(secret);
  const parts = [ephemeral, nonce, sealed.subarray(-tagLength), sealed.subarray(0, -tagLength)];
  return prefix + base64(joinedAll(parts));
}

/** Nearly all 32 bytes are a key. */
function ephemeralKey(): Uint8Array {
  for (;;) {
    const key = randomBytes(32);
    if (secp256k1.utils.isValidSecretKey(key)) return key;
  }
}
