import { base64, joined, randomBytes } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import { checkLength, fromStandard } from './bytes.ts';
import { openGcm, sealGcm } from './ciphers.ts';

// `anvil.secrets.encrypt_with_key` (anvil-runtime, secrets.clj): 12 bytes of IV | ciphertext | tag, by AES-128-GCM. No mark.
const ivLength = 12;

/** The 16 bytes of an encryption key as Anvil writes it; of a longer one it uses the first. Throws BAD_TOKEN_KEY `anvil`. */
function anvilKey(text: string): Uint8Array {
  try {
    const bytes = fromStandard(text.trim());
    if (bytes.length >= 16) return bytes.subarray(0, 16);
  } catch {}
  throw new LockstepError('BAD_TOKEN_KEY', { what: 'anvil' });
}

/**
 * The plain bytes of what `encrypt_with_key` made. Throws BAD_TOKEN, BAD_TOKEN_KEY.
 * @param key in base64; of 32 bytes also all of it, as Lockstep's own keys of 256 bits are
 */
export async function openAnvil(value: string, key: string): Promise<Uint8Array> {
  const bytes = anvilKey(key);
  try {
    return await openPayload(value, bytes);
  } catch (error) {
    const all = fromStandard(key.trim());
    if (!(error instanceof LockstepError) || error.code !== 'BAD_TOKEN_KEY' || all.length !== 32) throw error;
    return openPayload(value, all);
  }
}

/** What `decrypt_with_key` reads. Throws BAD_TOKEN_KEY `anvil`. */
export async function sealAnvil(plain: Uint8Array, key: string): Promise<string> {
  return sealPayload(plain, anvilKey(key));
}

/** The plain bytes under a key of 16 or 32 bytes. Throws BAD_TOKEN, BAD_TOKEN_KEY. */
export async function openPayload(value: string, key: Uint8Array): Promise<Uint8Array> {
  const bytes = fromStandard(value.trim());
  checkLength(bytes, ivLength + 16);
  return openGcm(key, bytes.subarray(0, ivLength), bytes.subarray(ivLength));
}

/** The payload under a key of 16 or 32 bytes. */
export async function sealPayload(plain: Uint8Array, key: Uint8Array): Promise<string> {
  const iv = randomBytes(ivLength);
  return base64(joined(iv, await sealGcm(key, iv, plain)));
}
