import { useX25519Files } from '../core/age/x25519.ts';
import { useBase64 } from '../core/bytes.ts';
import { useAead } from '../core/sops/aead.ts';
import { useSha512 } from '../core/sops/mac.ts';
import { nodeAead, nodeSha512 } from './aead.ts';
import { nodeX25519Files } from './agefile.ts';

const base64 = {
  encode: (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64'),
  decode: (text: string) => new Uint8Array(Buffer.from(text, 'base64')),
};

/** Lets core use Node's own cryptography and base64; once, at start, before any key exists. */
export function useNative(): void {
  useAead(nodeAead);
  useBase64(base64);
  useSha512(nodeSha512);
  useX25519Files(nodeX25519Files);
}
