import { base64, joined, joinedAll, randomBytes, utf8, wipe } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import { hashOf } from '../hash.ts';
import { checkLength, fromBase64Url, toUrl } from './bytes.ts';
import { openGcm, sealGcm, stretched } from './ciphers.ts';
import { openFernet, sealFernet } from './fernet.ts';

// flet.security of Flet (sdk/python/packages/flet/src/flet/security/__init__.py).
const saltLength = 16;
/** Since 0.27.5, and before. Nothing in a value tells which. */
const iterations = [600_000, 100_000] as const;

/** Whether a text begins as what `encrypt` of Flet makes: 16 bytes of salt, and in them nothing else than `gAAAA`. */
export const isFlet = (text: string): boolean => /^[\w-]{22}dBQUFB/.test(text);

/**
 * The plain bytes of what `encrypt` of any version of Flet made. Throws BAD_TOKEN; BAD_TOKEN_KEY when the pass phrase does not open it.
 */
export async function openFlet(value: string, passphrase: string): Promise<Uint8Array> {
  const bytes = fromBase64Url(value.trim());
  checkLength(bytes, saltLength + 5);
  const token = new TextDecoder('latin1').decode(bytes.subarray(saltLength));
  if (!token.startsWith('gAAAA')) throw new LockstepError('BAD_TOKEN');
  return withEither(bytes.subarray(0, saltLength), passphrase, (key) => openFernet(token, key));
}

/** What `encrypt` of Flet since 0.27.5 makes. Throws BAD_TOKEN_KEY `empty`. */
export async function sealFlet(plain: Uint8Array, passphrase: string, now: Date): Promise<string> {
  const salt = randomBytes(saltLength);
  const key = await stretched(passphrase, salt, iterations[0], 32);
  const token = await sealFernet(plain, key, now).finally(() => wipe(key));
  return toUrl(base64(joined(salt, utf8(token))));
}

// `encrypt_aes_gcm_256`: 16 bytes of salt | 32 of nonce | ciphertext | tag. No mark tells it from noise.
const nonceLength = 32;

/** The key is half of a hash in hexadecimal of a key in base64. */
const gcmKey = (key: Uint8Array) => utf8(hashOf(toUrl(base64(key))).slice(0, 32));

/** The plain bytes of what `encrypt_aes_gcm_256` of any version of Flet made. Throws as `openFlet`. */
export async function openFletGcm(value: string, passphrase: string): Promise<Uint8Array> {
  const bytes = fromBase64Url(value.trim());
  checkLength(bytes, saltLength + nonceLength + 16);
  const [salt, nonce] = [bytes.subarray(0, saltLength), bytes.subarray(saltLength, saltLength + nonceLength)];
  return withEither(salt, passphrase, (key) => openGcm(gcmKey(key), nonce, bytes.subarray(saltLength + nonceLength)));
}

/** What `encrypt_aes_gcm_256` of Flet since 0.27.5 makes. Throws as `sealFlet`. */
export async function sealFletGcm(plain: Uint8Array, passphrase: string): Promise<string> {
  const [salt, nonce] = [randomBytes(saltLength), randomBytes(nonceLength)];
  const key = await stretched(passphrase, salt, iterations[0], 32);
  const sealed = await sealGcm(gcmKey(key), nonce, plain).finally(() => wipe(key));
  return toUrl(base64(joinedAll([salt, nonce, sealed])));
}

async function withEither(salt: Uint8Array, passphrase: string, open: (key: Uint8Array) => Promise<Uint8Array>) {
  const [now, before] = iterations;
  try {
    return await withKey(salt, passphrase, now, open);
  } catch (error) {
    if (!(error instanceof LockstepError) || error.code !== 'BAD_TOKEN_KEY' || error.place.what) throw error;
    return withKey(salt, passphrase, before, open);
  }
}

async function withKey(
  salt: Uint8Array,
  passphrase: string,
  rounds: number,
  open: (key: Uint8Array) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const key = await stretched(passphrase, salt, rounds, 32);
  return open(key).finally(() => wipe(key));
}
