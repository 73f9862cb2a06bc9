import { createCipheriv, createDecipheriv, createHash, createHmac, createSecretKey } from 'node:crypto';
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

/** Node's own cryptography, for `useNative`. A new process has its hashes at hand; WebCrypto's it would have to load. */
export const nodeNative: Native = {
  aead,
  sha512: (bytes) => createHash('sha512').update(bytes).digest(),
  hashes: {
    sha256: (bytes) => createHash('sha256').update(bytes).digest(),
    hmac: (key, bytes) => createHmac('sha256', key).update(bytes).digest(),
  },
  x25519Files: nodeX25519Files,
  workTime() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
};
