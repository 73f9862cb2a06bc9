import { PrivateKey } from './privatekey.ts';

/** A private key in a text that is no key file, by its public key. */
interface Stray {
  readonly index: number;
  readonly recipient: string;
}

const word = /AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{50,}/gi;

/** It takes a while to compute the public key of each. */
const most = 1_000;

/** The age keys that stand in a text; of very many the first ones. */
export async function strayKeysIn(text: string): Promise<Stray[]> {
  const found: Stray[] = [];
  let tried = 0;
  for (const { 0: key, index } of text.matchAll(word)) {
    if (++tried > most) break;
    const recipient = await publicOf(key);
    if (recipient !== undefined) found.push({ index, recipient });
  }
  return found;
}

/** Undefined for what only looks like a key. */
async function publicOf(text: string): Promise<string | undefined> {
  try {
    const key = PrivateKey.of(text.toUpperCase());
    return await key.recipient().finally(() => key.wipe());
  } catch {
    return undefined;
  }
}
