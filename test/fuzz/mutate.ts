import type { Chance } from './chance.ts';

const limit = 1 << 16;

/** One input: a sample with a few things done to it, or a heap of words. */
export function mutated(chance: Chance, samples: readonly Uint8Array[], words: readonly string[]): Uint8Array {
  let bytes = chance.below(10) === 0 ? heap(chance, words) : chance.of(samples);
  for (let n = chance.below(8); n > 0; n--) bytes = chance.of(changes)(bytes, chance, samples, words);
  return bytes.subarray(0, limit);
}

function heap(chance: Chance, words: readonly string[]): Uint8Array {
  return Buffer.from(Array.from({ length: chance.below(40) }, () => chance.of(words)).join(''));
}

type Change = (
  bytes: Uint8Array,
  chance: Chance,
  samples: readonly Uint8Array[],
  words: readonly string[],
) => Uint8Array;

const splice = (bytes: Uint8Array, from: number, to: number, put: Uint8Array) =>
  Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(to)]);

/** A stretch of at most `most` bytes. */
function stretch(bytes: Uint8Array, chance: Chance, most = 64): [number, number] {
  const from = chance.below(bytes.length + 1);
  return [from, Math.min(bytes.length, from + chance.below(most))];
}

/** Mostly a few, now and then thousands: what is linear must stay so. */
const times = (chance: Chance) => (chance.below(12) === 0 ? chance.below(5000) : chance.below(4)) + 1;

const repeated = (bytes: Uint8Array, n: number) => {
  const most = Math.max(1, Math.floor(limit / Math.max(bytes.length, 1)));
  return Buffer.concat(Array.from({ length: Math.min(n, most) }, () => bytes));
};

const changes: readonly Change[] = [
  (bytes, chance) => {
    const out = Buffer.from(bytes);
    if (out.length > 0) out[chance.below(out.length)] = chance.below(256);
    return out;
  },
  (bytes, chance) => splice(bytes, ...stretch(bytes, chance), Buffer.alloc(0)),
  (bytes, chance, _, words) => {
    const at = chance.below(bytes.length + 1);
    return splice(bytes, at, at, repeated(Buffer.from(chance.of(words)), times(chance)));
  },
  (bytes, chance, _, words) => splice(bytes, ...stretch(bytes, chance), Buffer.from(chance.of(words))),
  (bytes, chance) => {
    const [from, to] = stretch(bytes, chance, 200);
    return splice(bytes, to, to, repeated(bytes.subarray(from, to), times(chance)));
  },
  (bytes, chance) => {
    const [from, to] = stretch(bytes, chance, 200);
    const at = chance.below(bytes.length + 1);
    return splice(bytes, at, at, bytes.subarray(from, to));
  },
  (bytes, chance, samples) => {
    const other = chance.of(samples);
    return splice(bytes, chance.below(bytes.length + 1), bytes.length, other.subarray(chance.below(other.length + 1)));
  },
  (bytes, chance) => bytes.subarray(0, chance.below(bytes.length + 1)),
  // Another line order.
  (bytes, chance) => {
    const lines = Buffer.from(bytes).toString('latin1').split('\n');
    const [a, b] = [chance.below(lines.length), chance.below(lines.length)];
    [lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? ''];
    return Buffer.from(lines.join('\n'), 'latin1');
  },
];
