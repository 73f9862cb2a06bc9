import { useX25519Files } from '../core/age/x25519.ts';
import { type Base64, fromBase64ByCharacters, useBase64 } from '../core/bytes.ts';
import { useAead } from '../core/sops/aead.ts';
import { useSha512 } from '../core/sops/mac.ts';
import { nodeAead, nodeSha512 } from './aead.ts';
import { nodeX25519Files } from './agefile.ts';

/** Exported for the test that holds it to what `core` does by itself. */
export const nodeBase64: Base64 = {
  encode: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64'),
  decode(text) {
    const bytes = Buffer.from(text, 'base64');
    // Node passes over what it does not know. Text that does not come back is refused, or has odd bits at its end.
    return bytes.toString('base64') === text ? new Uint8Array(bytes) : fromBase64ByCharacters(text);
  },
};

/** Lets core use Node's own cryptography and base64; once, at start, before any key exists. */
export function useNative(): void {
  useAead(nodeAead);
  useBase64(nodeBase64);
  useSha512(nodeSha512);
  useX25519Files(nodeX25519Files);
}
