import { wordlist } from '@scure/bip39/wordlists/english.js';
import { base64, randomBytes, upperHex } from '../bytes.ts';
import { LockstepError } from '../errors.ts';

/** The characters of a generated value: none that fonts confuse (`l` `I` `1`, `O` `0`), no sign that starts a comment. */
export const alphabets = {
  lower: 'abcdefghijkmnopqrstuvwxyz',
  upper: 'ABCDEFGHJKLMNPQRSTUVWXYZ',
  digits: '23456789',
  symbols: '!%*+,-.:=?@^_~',
} as const;
export type Alphabet = keyof typeof alphabets;

export type GenerateOptions =
  | { readonly kind: 'characters'; readonly length: number; readonly alphabets: readonly Alphabet[] }
  | { readonly kind: 'key'; readonly bits: 128 | 256; readonly encoding?: 'base64' | 'hex' }
  | { readonly kind: 'uuid' }
  | { readonly kind: 'words'; readonly count: number; readonly separator: string };

/** `bits`: the base-2 logarithm of how many values could have come out, all as likely as this one. */
interface Generated {
  readonly text: string;
  readonly bits: number;
}

const longest = 1024;

/**
 * A value by chance. Characters: 1 to 1024 of the alphabets named; words: 1 to 1024 of the 2048 English ones of BIP 39;
 * UUID: version 4, RFC 9562. Throws BAD_VALUE for numbers out of range and no alphabet.
 */
export function generate(options: GenerateOptions): Generated {
  switch (options.kind) {
    case 'characters':
      return drawn(
        options.length,
        [...new Set(options.alphabets)].flatMap((name) => [...alphabets[name]]),
        '',
      );
    case 'key':
      return key(options.bits, options.encoding ?? 'base64');
    case 'uuid':
      return { text: uuid(randomBytes(16)), bits: 122 };
    case 'words':
      return drawn(options.count, wordlist, options.separator);
  }
}

function drawn(count: number, from: readonly string[], separator: string): Generated {
  const text = picks(count, from.length).map((i) => from[i]);
  return { text: text.join(separator), bits: count * Math.log2(from.length) };
}

function key(bits: number, encoding: 'base64' | 'hex'): Generated {
  if (bits !== 128 && bits !== 256) throw new LockstepError('BAD_VALUE', { what: 'bits' });
  const bytes = randomBytes(bits / 8);
  return { text: encoding === 'hex' ? hex(bytes) : base64(bytes), bits };
}

function uuid(bytes: Uint8Array): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

const hex = (bytes: Uint8Array) => upperHex(bytes).toLowerCase();

/** So many numbers from 0 to below `size`, each as likely as the others. */
function picks(count: number, size: number): number[] {
  if (size === 0) throw new LockstepError('BAD_VALUE', { what: 'alphabets' });
  if (!Number.isInteger(count) || count < 1 || count > longest)
    throw new LockstepError('BAD_VALUE', { what: 'length' });
  // What is above the last whole multiple of `size` is drawn again, or small numbers would come more often.
  const limit = 0x10000 - (0x10000 % size);
  const found: number[] = [];
  while (found.length < count) {
    const bytes = randomBytes(2 * (count - found.length));
    for (let i = 0; i < bytes.length; i += 2) {
      const number = ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
      if (number < limit) found.push(number % size);
    }
  }
  return found;
}
