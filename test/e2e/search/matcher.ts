import { type Form, formsOf } from './forms.ts';

/** A part of a canary that stands in bytes. */
export interface Match {
  readonly form: Form;
  readonly length: number;
}

const gram = 4;
const bits = 22;

/**
 * Looks for parts of many forms at once. Every part that counts is at least `least` bytes long, so it holds four bytes at a
 * place that is a multiple of `step`: only these places are looked at.
 */
export class Matcher {
  readonly #step: number;
  readonly #forms: readonly Form[];
  /** A bit for the hash of each four bytes of a form; and where those stand, as form and offset. */
  readonly #seen = new Uint32Array(1 << (bits - 5));
  readonly #places = new Map<number, number[]>();

  /** Throws for a canary that is too short to mean anything. */
  constructor(canaries: readonly string[]) {
    // What every age key begins with is no part of the secret.
    this.#forms = canaries.flatMap((canary) =>
      formsOf(canary.replace(/^AGE-SECRET-KEY-(?:PQ-)?1/, '')).map((form) => ({ ...form, canary })),
    );
    const shortest = Math.min(...this.#forms.map((form) => form.least));
    if (this.#forms.length === 0 || shortest < gram) throw new Error('too short a canary, or none');
    this.#step = shortest - gram + 1;
    for (const [at, { bytes }] of this.#forms.entries()) {
      for (let offset = 0; offset + gram <= bytes.length; offset++) this.#enter(bytes, at, offset);
    }
  }

  #enter(bytes: Buffer, form: number, offset: number): void {
    const key = bytes.readInt32LE(offset);
    const slot = Math.imul(key, 0x9e3779b1) >>> (32 - bits);
    this.#seen[slot >>> 5]! |= 1 << (slot & 31);
    const places = this.#places.get(key);
    if (places) places.push(form * 65536 + offset);
    else this.#places.set(key, [form * 65536 + offset]);
  }

  /** The longest part of each canary. */
  search(bytes: Uint8Array): Map<string, Match> {
    const found = new Map<string, Match>();
    const seen = this.#seen;
    const end = bytes.length - gram;
    for (let at = 0; at <= end; at += this.#step) {
      const key = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
      const slot = Math.imul(key, 0x9e3779b1) >>> (32 - bits);
      if ((seen[slot >>> 5]! & (1 << (slot & 31))) === 0) continue;
      for (const place of this.#places.get(key) ?? []) this.#verify(bytes, at, place, found);
    }
    return found;
  }

  #verify(bytes: Uint8Array, at: number, place: number, found: Map<string, Match>): void {
    const form = this.#forms[Math.floor(place / 65536)]!;
    const offset = place % 65536;
    let before = 0;
    while (before < offset && before < at && bytes[at - before - 1] === form.bytes[offset - before - 1]) before++;
    let after = 0;
    while (offset + after < form.bytes.length && bytes[at + after] === form.bytes[offset + after]) after++;
    const length = before + after;
    const other = found.get(form.canary);
    if (length >= form.least && !(other && length / form.least <= other.length / other.form.least)) {
      found.set(form.canary, { form, length });
    }
  }
}
