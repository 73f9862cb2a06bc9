import type { Pattern } from './patterns.ts';

/** A part of the bytes that was found, and whose value it is. */
export interface Found {
  readonly start: number;
  end: number;
  readonly name: string;
}

/** Two bytes are looked at together. */
const block = 2;
const pairs = 65536;

/**
 * Looks for many patterns at once, by the algorithm of Wu and Manber ("A fast algorithm for multi-pattern searching", 1994): a table of pairs
 * of bytes says how far the next possible place is, so most bytes are never looked at.
 */
export class Search {
  /** The longest pattern, in bytes; 0 without any. */
  readonly longest: number;
  /** Of each pattern, as many bytes as the shortest one has are looked for; the rest is compared. */
  readonly #window: number;
  /** For each pair at the end of the window: how far it can be moved. */
  readonly #shift = new Uint8Array(pairs);
  /** The patterns whose window ends with a pair, longest first. */
  readonly #ending: ReadonlyMap<number, readonly Pattern[]>;
  /** The patterns that begin with a pair. */
  readonly #beginning: ReadonlyMap<number, readonly Pattern[]>;
  readonly #firstByte = new Uint8Array(256);

  /** @param patterns each of two bytes or more. */
  constructor(patterns: readonly Pattern[]) {
    const lengths = patterns.map(({ bytes }) => bytes.length);
    this.longest = Math.max(0, ...lengths);
    this.#window = Math.min(255, ...lengths);
    const last = this.#window - block;
    this.#shift.fill(last + 1);
    const longestFirst = [...patterns].sort((a, b) => b.bytes.length - a.bytes.length);
    for (const { bytes } of patterns) {
      this.#firstByte[bytes[0] as number] = 1;
      for (let at = 0; at <= last; at++) {
        const pair = pairAt(bytes, at);
        this.#shift[pair] = Math.min(this.#shift[pair] as number, last - at);
      }
    }
    this.#ending = groupBy(longestFirst, ({ bytes }) => pairAt(bytes, last));
    this.#beginning = groupBy(longestFirst, ({ bytes }) => pairAt(bytes, 0));
  }

  /** Every place of a pattern, in order; places that overlap are one, with the name of the longest pattern that begins it. */
  find(bytes: Uint8Array): Found[] {
    const found: Found[] = [];
    if (this.longest === 0) return found;
    const shifts = this.#shift;
    const end = bytes.length;
    let at = this.#window - 1;
    while (at < end) {
      const pair = ((bytes[at - 1] as number) << 8) | (bytes[at] as number);
      const shift = shifts[pair] as number;
      if (shift > 0) {
        at += shift;
        continue;
      }
      const start = at - this.#window + 1;
      const pattern = this.#ending.get(pair)?.find((one) => standsAt(bytes, start, one.bytes));
      if (pattern) join(found, { start, end: start + pattern.bytes.length, name: pattern.name });
      at++;
    }
    return found;
  }

  /** Where the bytes that may be the beginning of a pattern start, because more of them may come. */
  heldFrom(bytes: Uint8Array): number {
    const end = bytes.length;
    for (let at = Math.max(0, end - this.longest + 1); at < end; at++) {
      if (this.#firstByte[bytes[at] as number] === 0) continue;
      if (at === end - 1) return at;
      const candidates = this.#beginning.get(pairAt(bytes, at));
      if (candidates?.some((one) => one.bytes.length > end - at && standsAt(one.bytes, 0, bytes.subarray(at))))
        return at;
    }
    return end;
  }
}

/** Adds a place, which starts where the last one does or behind that; one that overlaps the last one makes it longer. */
export function join(found: Found[], next: Found): void {
  const last = found.at(-1);
  if (last && next.start < last.end) last.end = Math.max(last.end, next.end);
  else found.push(next);
}

const pairAt = (bytes: Uint8Array, at: number) => ((bytes[at] as number) << 8) | (bytes[at + 1] as number);

function standsAt(bytes: Uint8Array, start: number, wanted: Uint8Array): boolean {
  if (start + wanted.length > bytes.length) return false;
  for (let i = 0; i < wanted.length; i++) if (bytes[start + i] !== wanted[i]) return false;
  return true;
}

function groupBy(patterns: readonly Pattern[], pairOf: (pattern: Pattern) => number): Map<number, Pattern[]> {
  const groups = new Map<number, Pattern[]>();
  for (const pattern of patterns) {
    const pair = pairOf(pattern);
    const group = groups.get(pair);
    if (group) group.push(pattern);
    else groups.set(pair, [pattern]);
  }
  return groups;
}
