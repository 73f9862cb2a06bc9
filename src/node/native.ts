import { createCipheriv, createDecipheriv, createHash, createHmac, createSecretKey, scrypt } from 'node:crypto';
import type { Scrypt } from '../core/age/scrypt.ts';
import type { AeadMaker } from '../core/keys/aead.ts';
import type { Native } from '../core/platform/native.ts';
import { nodeX25519Files } from './agefile.ts';

/**
 * AES-256-GCM by Node's OpenSSL binding. It is the same cipher as WebCrypto's, without a promise and a thread hop for each
 * of a file's many short values: five times as fast for 10,000 entries.
 */
const aead: AeadMaker = (raw) => {
  const key = createSecretKey(raw);
  return {
    seal(iv, aad, data) {
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      cipher.setAAD(aad);
      const sealed = cipher.update(data);
      cipher.final();
      return { data: sealed, tag: cipher.getAuthTag() };
    },
    open(iv, aad, { data, tag }) {
      const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 });
      decipher.setAAD(aad);
      decipher.setAuthTag(tag);
      const plain = decipher.update(data);
      // Throws unless the tag fits; nothing of `plain` is used before.
      decipher.final();
      return plain;
    },
  };
};

/** In libuv's threads: a pass phrase takes a second of work, in which an editor must not stand still. */
const nodeScrypt: Scrypt = (passphrase, salt, logN) =>
  new Promise((resolve, reject) => {
    const cost = { N: 2 ** logN, r: 8, p: 1 };
    // Node's own limit is 32 MB. What is needed is 128 bytes for each N and r, and a little more.
    const maxmem = 128 * cost.r * (cost.N + 8);
    scrypt(passphrase, salt, 32, { ...cost, maxmem }, (error, key) => (error ? reject(error) : resolve(key)));
  });

/** Node's own cryptography, for `useNative`. A new process has its hashes at hand; WebCrypto's it would have to load. */
export const nodeNative: Native = {
  aead,
  sha512: (bytes) => createHash('sha512').update(bytes).digest(),
  hashes: {
    sha256: (bytes) => createHash('sha256').update(bytes).digest(),
    hmac: (key, bytes) => createHmac('sha256', key).update(bytes).digest(),
  },
  x25519Files: nodeX25519Files,
  scrypt: nodeScrypt,
  workTime() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
};
