import type { Native } from '../core/platform/native.ts';
import { nodeAead, nodeHashes, nodeSha512 } from './aead.ts';
import { nodeX25519Files } from './agefile.ts';
import { processorTime } from './worktime.ts';

/** Node's own cryptography, for `useNative`. */
export const nodeNative: Native = {
  aead: nodeAead,
  sha512: nodeSha512,
  hashes: nodeHashes,
  x25519Files: nodeX25519Files,
  workTime: processorTime,
};
