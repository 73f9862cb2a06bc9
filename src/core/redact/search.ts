import type { Pattern } from './patterns.ts';

/** A part of the bytes that was found, and whose value it is. */
export interface Found {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/** A pattern, and where in it some three bytes stand. */
interface Candidate extends Pattern {
  readonly offset: number;
}

/** So many bytes are looked at together. */
const block = 3;
/** Larger steps than this gain nothing. */
const widest = 32;
/** The size of the table, in bits: so that few of its places are taken by 50 values, and it stays in the processor. */
const bits = 18;

/**
 * Looks for many patterns at once. It looks at three bytes in each few: a pattern is longer than the step from one look to the next, so one of
 * these looks is at a place near its beginning. A table says whether the three bytes are near the beginning of any; seldom are they.
 */
export class Search {
  /** The longest pattern, in bytes; 0 without any. */
  readonly longest: number;
  /** From one look to the next. */
  readonly #step: number;
  /** Whether any pattern has three bytes of this number in its first step. */
  readonly #known = new Uint8Array(1 << bits);
  /** Those that do. */
  readonly #candidates = new Map<number, Candidate[]>();
  /** The patterns that begin with a pair of bytes. */
  readonly #beginning = new Map<number, Pattern[]>();
  /** Whether there are any, and whether any begins with a byte. */
  readonly #begins = { pair: new Uint8Array(65536), byte: new Uint8Array(256) };

  /** @param patterns each of four bytes or more. */
  constructor(patterns: readonly Pattern[]) {
    const lengths = patterns.map(({ bytes }) => bytes.length);
    if (lengths.some((length) => length <= block)) throw new RangeError('a pattern is too short');
    this.longest = Math.max(0, ...lengths);
    this.#step = Math.min(widest, ...lengths) - block + 1;
    for (const pattern of patterns) {
      const first = pairAt(pattern.bytes, 0);
      add(this.#beginning, first, pattern);
      this.#begins.pair[first] = 1;
      this.#begins.byte[first >> 8] = 1;
      for (let offset = 0; offset < this.#step; offset++) {
        const number = numberOf(blockAt(pattern.bytes, offset));
        this.#known[number] = 1;
        add(this.#candidates, number, { ...pattern, offset });
      }
    }
  }

  /** Every place of every pattern; they may overlap, and are in no order. */
  find(bytes: Uint8Array): Found[] {
    const found: Found[] = [];
    if (this.longest === 0) return found;
    // Everything goes through this loop: what it needs is at hand, and it takes four steps at once.
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const known = this.#known;
    const step = this.#step;
    const last = bytes.length - block;
    // Four bytes are read for each look, of which the first one is dropped.
    let at = 0;
    for (; at < last - 3 * step; at += 4 * step) {
      const one = known[numberOf(view.getInt32(at))] as number;
      const two = known[numberOf(view.getInt32(at + step))] as number;
      const three = known[numberOf(view.getInt32(at + 2 * step))] as number;
      const four = known[numberOf(view.getInt32(at + 3 * step))] as number;
      if ((one | two | three | four) !== 0) for (let i = 0; i < 4; i++) this.#check(bytes, view, at + i * step, found);
    }
    for (; at < last; at += step) this.#check(bytes, view, at, found);
    return found;
  }

  #check(bytes: Uint8Array, view: DataView, at: number, found: Found[]): void {
    const number = numberOf(view.getInt32(at));
    if (this.#known[number] === 0) return;
    for (const { bytes: wanted, offset, name } of this.#candidates.get(number) ?? []) {
      const start = at + 1 - offset;
      if (standsAt(bytes, start, wanted)) found.push({ start, end: start + wanted.length, name });
    }
  }

  /** Where the bytes that may be the beginning of a pattern start, because more of them may come. */
  heldFrom(bytes: Uint8Array): number {
    const last = bytes.length - 1;
    const { pair, byte } = this.#begins;
    for (let at = Math.max(0, bytes.length - this.longest + 1); at < last; at++)
      if (pair[pairAt(bytes, at)] !== 0 && this.#mayGoOn(bytes, at)) return at;
    return last >= 0 && byte[bytes[last] as number] !== 0 ? last : bytes.length;
  }

  #mayGoOn(bytes: Uint8Array, at: number): boolean {
    const candidates = this.#beginning.get(pairAt(bytes, at)) ?? [];
    return candidates.some((one) => one.bytes.length > bytes.length - at && endsWith(bytes, at, one.bytes));
  }
}

const pairAt = (bytes: Uint8Array, at: number) => ((bytes[at] as number) << 8) | (bytes[at + 1] as number);

const blockAt = (bytes: Uint8Array, at: number) => (pairAt(bytes, at) << 8) | (bytes[at + 2] as number);

/** The lower three bytes, mixed (the multiplier is that of Knuth, from the golden ratio). */
const numberOf = (four: number) => Math.imul(four << 8, 0x9e3779b1) >>> (32 - bits);

function standsAt(bytes: Uint8Array, start: number, wanted: Uint8Array): boolean {
  if (start < 0 || start + wanted.length > bytes.length) return false;
  for (let i = 0; i < wanted.length; i++) if (bytes[start + i] !== wanted[i]) return false;
  return true;
}

/** Whether all that stands from here is the beginning of a pattern. From behind: in a run of one letter the end tells sooner. */
function endsWith(bytes: Uint8Array, start: number, wanted: Uint8Array): boolean {
  for (let at = bytes.length - 1; at >= start; at--) if (bytes[at] !== wanted[at - start]) return false;
  return true;
}

function add<T>(groups: Map<number, T[]>, key: number, one: T): void {
  const group = groups.get(key);
  if (group) group.push(one);
  else groups.set(key, [one]);
}
