import { joined } from '../bytes.ts';

/** AES-256-GCM for one data key, done by the platform. Nonces may have any length; tags have 16 bytes. */
export interface Aead {
  /** Ciphertext and tag. */
  seal(iv: Uint8Array, aad: Uint8Array, data: Uint8Array): Promise<SealedBytes> | SealedBytes;
  /** The plain bytes. Throws (anything) when the tag does not fit. */
  open(iv: Uint8Array, aad: Uint8Array, sealed: SealedBytes): Promise<Uint8Array> | Uint8Array;
}

interface SealedBytes {
  readonly data: Uint8Array;
  readonly tag: Uint8Array;
}

const tagLength = 16;

/** Makes the cipher of a raw 32-byte key, which it must not keep a reference to. */
export type AeadMaker = (raw: Uint8Array) => Promise<Aead> | Aead;

/** WebCrypto: in every browser and in Node. */
const webCrypto: AeadMaker = async (raw) => {
  const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
  const how = (iv: Uint8Array, additionalData: Uint8Array): AesGcm => ({
    name: 'AES-GCM',
    iv,
    additionalData,
    tagLength: 128,
  });
  return {
    async seal(iv, aad, data) {
      const out = new Uint8Array(await crypto.subtle.encrypt(how(iv, aad), key, data));
      return { data: out.subarray(0, -tagLength), tag: out.subarray(-tagLength) };
    },
    async open(iv, aad, { data, tag }) {
      return new Uint8Array(await crypto.subtle.decrypt(how(iv, aad), key, joined(data, tag)));
    },
  };
};

let maker: AeadMaker = webCrypto;

/** Let the platform's own binding do the work where it is faster; called once at start, before any key exists. */
export function useAead(faster: AeadMaker): void {
  maker = faster;
}

/** The cipher of a raw key. */
export function aeadOf(raw: Uint8Array): Promise<Aead> | Aead {
  return maker(raw);
}
