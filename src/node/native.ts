import { useX25519Files } from '../core/age/x25519.ts';
import { useAead } from '../core/keys/aead.ts';
import { useSha512 } from '../core/sops/mac.ts';
import { nodeAead, nodeSha512 } from './aead.ts';
import { nodeX25519Files } from './agefile.ts';

/** Lets core use Node's own cryptography; once, at start, before any key exists. */
export function useNative(): void {
  useAead(nodeAead);
  useSha512(nodeSha512);
  useX25519Files(nodeX25519Files);
}
