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
  readonly additionalData: Uint8Array;
  readonly tagLength: 128;
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
      algorithm: 'AES-GCM',
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
    encrypt(how: AesGcm | RsaOaep, key: CryptoKey, data: Uint8Array): Promise<ArrayBuffer>;
    decrypt(how: AesGcm | RsaOaep, key: CryptoKey, data: Uint8Array): Promise<ArrayBuffer>;
  };
};
