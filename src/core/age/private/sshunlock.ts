import { poly1305 } from '@noble/ciphers/_poly1305.js';
import { cbc, ctr, gcm } from '@noble/ciphers/aes.js';
import { chacha20 } from '@noble/ciphers/chacha.js';
import { md5 } from '@noble/hashes/legacy.js';
import { pbkdf } from 'bcrypt-pbkdf';
import { equal, joined, utf8, wipe } from '../../bytes.ts';
import { LockstepError } from '../../errors.ts';
import { WireReader } from '../wire.ts';
import { looksDecrypted, type OpensshFile, opensshType, plainOpenssh, readOpenssh } from './openssh.ts';
import { type Pem, readPem } from './pem.ts';
import { PrivateKey } from './privatekey.ts';

/** As Go's SSH library: ssh-keygen's own is 16 or 24, and a file must not be able to keep us busy for hours. */
const maxRounds = 2048;

interface Cipher {
  readonly keyLength: number;
  readonly ivLength: number;
  /** Throws, anything, when the tag or the padding does not fit. */
  open(key: Uint8Array, iv: Uint8Array, data: Uint8Array, tag: Uint8Array): Uint8Array;
}

const aesCtr = (bits: number): Cipher => ({
  keyLength: bits / 8,
  ivLength: 16,
  open: (key, iv, data) => ctr(key, iv).decrypt(data),
});
const aesCbc = (bits: number): Cipher => ({
  keyLength: bits / 8,
  ivLength: 16,
  open: (key, iv, data) => cbc(key, iv, { disablePadding: true }).decrypt(data),
});
const aesGcm = (bits: number): Cipher => ({
  keyLength: bits / 8,
  ivLength: 12,
  open: (key, iv, data, tag) => gcm(key, iv).decrypt(joined(data, tag)),
});
/** OpenSSH's own arrangement (PROTOCOL.chacha20poly1305), of which a file uses the first of the two keys. */
const chachaPoly: Cipher = {
  keyLength: 64,
  ivLength: 0,
  open(key, _iv, data, tag) {
    const main = key.subarray(0, 32);
    const nonce = new Uint8Array(12);
    const tagKey = chacha20(main, nonce, new Uint8Array(32));
    if (!equal(poly1305(data, tagKey), tag)) throw new Error('bad tag');
    return chacha20(main, nonce, data, undefined, 1);
  },
};

/** The ciphers of `ssh-keygen -Z`, less the outdated 3des-cbc. */
const ciphers: Readonly<Record<string, Cipher>> = {
  'aes128-ctr': aesCtr(128),
  'aes192-ctr': aesCtr(192),
  'aes256-ctr': aesCtr(256),
  'aes128-cbc': aesCbc(128),
  'aes192-cbc': aesCbc(192),
  'aes256-cbc': aesCbc(256),
  'aes128-gcm@openssh.com': aesGcm(128),
  'aes256-gcm@openssh.com': aesGcm(256),
  'chacha20-poly1305@openssh.com': chachaPoly,
};

/**
 * The key in a private key file under a pass phrase, or in one without. Throws BAD_PASSPHRASE, and BAD_IDENTITY with `what` as
 * `readPrivatePem` or: `ssh-cipher`, `ssh-kdf` (unknown ways of
 * protection), `ssh-rounds` (a key derivation that would take minutes).
 */
export async function unlockPrivateFile(text: string, passphrase: string): Promise<PrivateKey> {
  const pem = readPem(text);
  if (!pem) throw new LockstepError('BAD_IDENTITY');
  if (pem.headers.size > 0) return unlockOldPem(pem, utf8(passphrase));
  if (pem.type !== opensshType) return PrivateKey.of(text);
  const file = readOpenssh(pem.bytes);
  return file.cipher === 'none' ? PrivateKey.of(text) : unlockOpenssh(file, utf8(passphrase));
}

function unlockOpenssh(file: OpensshFile, passphrase: Uint8Array): PrivateKey {
  const secret = decrypted(file, passphrase);
  try {
    if (!looksDecrypted(secret)) throw new LockstepError('BAD_PASSPHRASE');
    // A file that says one public key and holds another is refused here.
    return PrivateKey.ofBlock(opensshType, plainOpenssh(file.publicKey, secret));
  } finally {
    wipe(secret);
  }
}

function decrypted(file: OpensshFile, passphrase: Uint8Array): Uint8Array {
  const cipher = Object.hasOwn(ciphers, file.cipher) ? ciphers[file.cipher] : undefined;
  if (!cipher) throw new LockstepError('BAD_IDENTITY', { what: 'ssh-cipher' });
  const keys = derived(file, passphrase, cipher.keyLength + cipher.ivLength);
  try {
    const iv = keys.subarray(cipher.keyLength);
    return cipher.open(keys.subarray(0, cipher.keyLength), iv, file.secret, file.rest);
  } catch {
    throw new LockstepError('BAD_PASSPHRASE');
  } finally {
    wipe(keys);
  }
}

function derived(file: OpensshFile, passphrase: Uint8Array, length: number): Uint8Array {
  if (file.kdf !== 'bcrypt') throw new LockstepError('BAD_IDENTITY', { what: 'ssh-kdf' });
  const options = new WireReader(file.kdfOptions, 'BAD_IDENTITY');
  const salt = options.bytes();
  const rounds = options.number();
  if (rounds === 0 || salt.length === 0 || salt.length > 1024) throw new LockstepError('BAD_IDENTITY');
  if (rounds > maxRounds) throw new LockstepError('BAD_IDENTITY', { what: 'ssh-rounds' });
  const out = new Uint8Array(length);
  const status = pbkdf(passphrase, passphrase.length, salt, salt.length, out, length, rounds);
  wipe(passphrase);
  if (status !== 0) throw new LockstepError('BAD_PASSPHRASE');
  return out;
}

/** OpenSSL's old form, `Proc-Type: 4,ENCRYPTED` (RFC 1421), as `ssh-keygen -m PEM` still writes it: AES-CBC under MD5. */
function unlockOldPem(pem: Pem, passphrase: Uint8Array): PrivateKey {
  const [, bits, hex] = /^AES-(128|192|256)-CBC,([0-9A-Fa-f]{32})$/.exec(pem.headers.get('DEK-Info') ?? '') ?? [];
  if (bits === undefined || hex === undefined) throw new LockstepError('BAD_IDENTITY', { what: 'ssh-cipher' });
  const iv = Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
  const key = oldKey(passphrase, iv.subarray(0, 8), Number(bits) / 8);
  let plain: Uint8Array | undefined;
  try {
    plain = cbc(key, iv).decrypt(pem.bytes);
    return PrivateKey.ofBlock(pem.type, plain);
  } catch {
    if (plain) wipe(plain);
    throw new LockstepError('BAD_PASSPHRASE');
  } finally {
    wipe(passphrase);
    wipe(key);
  }
}

/** OpenSSL's `EVP_BytesToKey` with MD5, one round. */
function oldKey(passphrase: Uint8Array, salt: Uint8Array, length: number): Uint8Array {
  let key = new Uint8Array();
  let last = new Uint8Array();
  while (key.length < length) {
    last = Uint8Array.from(md5(joined(last, joined(passphrase, salt))));
    key = joined(key, last);
  }
  return key.subarray(0, length);
}
