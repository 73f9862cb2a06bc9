import { sha256 } from '@noble/hashes/sha2.js';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { publicLine, readPublicLine } from '../age/sshkey.ts';
import { utf8 } from '../bytes.ts';

/** 66 bits: nobody finds another key with the same words. */
const count = 6;

/**
 * Words that stand for a public key, of the 2048 English ones of BIP 39: two people compare them by voice, each from a screen of
 * their own. An SSH key has the same words with any comment. Throws BAD_RECIPIENT for one that is no key.
 */
export function fingerprintWords(recipient: string): string[] {
  const key = recipient.startsWith('ssh-') ? publicLine(readPublicLine(recipient)) : recipient.trim().toLowerCase();
  const digest = sha256(utf8(`lockstep fingerprint words 1\n${key}`));
  let bits = 0n;
  for (const byte of digest.subarray(0, 9)) bits = (bits << 8n) | BigInt(byte);
  // 72 bits, of which the first 66 count.
  return Array.from(
    { length: count },
    (_, i) => wordlist[Number((bits >> BigInt(72 - 11 * (i + 1))) & 2047n)] as string,
  );
}
