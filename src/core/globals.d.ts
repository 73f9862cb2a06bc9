// The few globals that Node 20 and every browser worker share and that core may use.
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes: Uint8Array): string;
}
declare class ReadableStream<T> {
  constructor(source: { start(controller: { enqueue(part: T): void; close(): void }): void });
  getReader(): {
    read(): Promise<{ readonly done: false; readonly value: T } | { readonly done: true; readonly value?: undefined }>;
  };
}
declare const performance: { now(): number };
declare function atob(base64: string): string;
declare function btoa(binary: string): string;

/** An AES key that the platform holds. */
interface CryptoKey {
  readonly extractable: boolean;
}
interface AesGcm {
  readonly name: 'AES-GCM';
  readonly iv: Uint8Array;
  readonly additionalData?: Uint8Array;
  readonly tagLength: 128;
}
/** With PKCS#7 padding. */
interface AesCbc {
  readonly name: 'AES-CBC';
  readonly iv: Uint8Array;
}
interface AesCtr {
  readonly name: 'AES-CTR';
  readonly counter: Uint8Array;
  readonly length: 128;
}
interface Pbkdf2 {
  readonly name: 'PBKDF2';
  readonly hash: 'SHA-256';
  readonly salt: Uint8Array;
  readonly iterations: number;
}
interface Hmac {
  readonly name: 'HMAC';
  readonly hash: 'SHA-256';
}
interface RsaOaep {
  readonly name: 'RSA-OAEP';
  readonly label: Uint8Array;
}
/** An RSA key's numbers in base64url (RFC 7518, section 6.3). */
interface RsaJwk {
  readonly kty: 'RSA';
  readonly n: string;
  readonly e: string;
}
declare const crypto: {
  getRandomValues<T extends Uint8Array>(into: T): T;
  readonly subtle: {
    importKey(
      form: 'raw',
      key: Uint8Array,
      algorithm: 'AES-GCM' | 'AES-CBC' | 'AES-CTR' | 'PBKDF2' | Hmac,
      extractable: false,
      uses: string[],
    ): Promise<CryptoKey>;
    importKey(
      form: 'jwk',
      key: RsaJwk,
      algorithm: { readonly name: 'RSA-OAEP'; readonly hash: 'SHA-256' },
      extractable: false,
      uses: string[],
    ): Promise<CryptoKey>;
    digest(algorithm: 'SHA-512', data: Uint8Array): Promise<ArrayBuffer>;
    encrypt(how: AesGcm | AesCbc | RsaOaep, key: CryptoKey, data: Uint8Array): Promise<ArrayBuffer>;
    decrypt(how: AesGcm | AesCbc | AesCtr | RsaOaep, key: CryptoKey, data: Uint8Array): Promise<ArrayBuffer>;
    /** Compares in constant time. */
    verify(algorithm: 'HMAC', key: CryptoKey, signature: Uint8Array, data: Uint8Array): Promise<boolean>;
    sign(algorithm: 'HMAC', key: CryptoKey, data: Uint8Array): Promise<ArrayBuffer>;
    deriveBits(how: Pbkdf2, key: CryptoKey, bits: number): Promise<ArrayBuffer>;
  };
};
