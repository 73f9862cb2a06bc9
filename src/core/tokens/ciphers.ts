import { utf8, wipe } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import { unopened } from './bytes.ts';

// All of it is the platform's, and none of it on the thread of the caller.

/** PBKDF2 with SHA-256. The key made is the caller's to wipe. Throws BAD_TOKEN_KEY `empty`. */
export async function stretched(passphrase: string, salt: Uint8Array, iterations: number, length: number) {
  if (passphrase === '') throw new LockstepError('BAD_TOKEN_KEY', { what: 'empty' });
  const bytes = utf8(passphrase);
  const key = await crypto.subtle.importKey('raw', bytes, 'PBKDF2', false, ['deriveBits']).finally(() => wipe(bytes));
  return new Uint8Array(
    await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, key, length * 8),
  );
}

const gcm = (iv: Uint8Array): AesGcm => ({ name: 'AES-GCM', iv, tagLength: 128 });

/** AES-GCM without further data: the ciphertext and behind it the tag. */
export async function sealGcm(key: Uint8Array, iv: Uint8Array, plain: Uint8Array): Promise<Uint8Array> {
  const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']);
  return new Uint8Array(await crypto.subtle.encrypt(gcm(iv), aes, plain));
}

/** The plain bytes. Throws BAD_TOKEN_KEY when the tag does not fit. */
export async function openGcm(key: Uint8Array, iv: Uint8Array, sealed: Uint8Array): Promise<Uint8Array> {
  const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
  try {
    return new Uint8Array(await crypto.subtle.decrypt(gcm(iv), aes, sealed));
  } catch {
    throw unopened();
  }
}

const hmac = { name: 'HMAC', hash: 'SHA-256' } as const;

/** HMAC with SHA-256. */
export async function signed(key: Uint8Array, data: Uint8Array): Promise<Uint8Array> {
  const signing = await crypto.subtle.importKey('raw', key, hmac, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', signing, data));
}

/** Throws BAD_TOKEN_KEY when the HMAC is another one. */
export async function checkSigned(key: Uint8Array, data: Uint8Array, signature: Uint8Array): Promise<void> {
  const verifying = await crypto.subtle.importKey('raw', key, hmac, false, ['verify']);
  if (!(await crypto.subtle.verify('HMAC', verifying, signature, data))) throw unopened();
}
