import { wordlist } from '@scure/bip39/wordlists/english.js';

/** With scrypt, each guess costs a second: below so many bits of chance a night and a few machines are enough. */
export const weakBits = 28;

/**
 * About how many bits of chance are in a pass phrase that a person made up, guessed low: words count as words of a list, runs,
 * rows of keys and repetitions as next to nothing. Only for a hint while somebody types.
 */
export function strengthOf(text: string): number {
  const seen = new Set<string>();
  let bits = 0;
  for (const part of text.match(/\p{L}+|\d+|[^\p{L}\d]+/gu) ?? []) {
    const bare = part.toLowerCase();
    bits += seen.has(bare) ? 1 : bitsOf(part, bare);
    seen.add(bare);
  }
  return bits;
}

function bitsOf(part: string, bare: string): number {
  const kinds = new Set(bare).size;
  if (kinds <= 2 || isRow(bare)) return 2 + kinds;
  if (/^\d+$/.test(bare)) return /^(?:19|20)\d\d$/.test(bare) ? 6 : bare.length * Math.log2(10);
  if (!/^\p{L}+$/u.test(bare)) return kinds * 4;
  const capitals = part.slice(1) === bare.slice(1) ? Number(part !== bare) : bare.length;
  return capitals + (looksLikeWord(bare) ? wordBits(bare) : bare.length * Math.log2(26));
}

/** The words of the list are common ones; others are of a dictionary, or two of them together. */
const wordBits = (bare: string) => (wordlist.includes(bare) ? 11 : 13 + Math.max(0, bare.length - 8));

/** Neighbours on a keyboard, in the alphabet or among the numbers, either way. */
const rows = [
  '0123456789'.repeat(3),
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'azertyuiop',
];
const isRow = (bare: string) => {
  const back = [...bare].reverse().join('');
  return bare.length > 2 && rows.some((row) => row.includes(bare) || row.includes(back));
};

/** What can be said aloud: vowels in between, and no crowd of consonants. */
const looksLikeWord = (bare: string) =>
  bare.length > 2 &&
  /[aeiouy\u00e4\u00f6\u00fc\u00e1\u00e9\u00ed\u00f3\u00fa]/.test(bare) &&
  !/[^aeiouy\u00e4\u00f6\u00fc\u00e1\u00e9\u00ed\u00f3\u00fa]{5}|[aeiouy]{4}/.test(bare);
