import { joined, joinedAll } from '../bytes.ts';
import { type Found, join, type Search } from './search.ts';
import { controlSequences, hasSequences, withoutSequences } from './sequences.ts';

const none = new Uint8Array(0);

/**
 * Replaces values in a stream of bytes, whatever the chunks are. It holds back only what may be the beginning of a value, and never more
 * than the longest pattern.
 */
export class Redactor {
  readonly #search: Search;
  readonly #labelOf: (name: string) => Uint8Array;
  /** What came and did not go out. */
  #held: Uint8Array = none;
  /** How many bytes of it belong to a value whose label is out already. */
  #covered = 0;

  /** @param labelOf what is printed in place of a value of this name. */
  constructor(search: Search, labelOf: (name: string) => Uint8Array) {
    this.#search = search;
    this.#labelOf = labelOf;
  }

  /** How many bytes are held back. */
  get held(): number {
    return this.#held.length;
  }

  /** Takes a chunk, which is not to be changed after that; what can go out. */
  push(chunk: Uint8Array): Uint8Array {
    const bytes = this.#held.length === 0 ? chunk : joined(this.#held, chunk);
    const { found, heldFrom } = this.#look(bytes);
    return this.#put(bytes, found, heldFrom);
  }

  /** What was held back: nothing more comes, or it has waited long enough. */
  flush(): Uint8Array {
    const bytes = this.#held;
    return this.#put(bytes, this.#look(bytes).found, bytes.length);
  }

  /** Looks at the bytes as they are, and as a terminal shows them. */
  #look(bytes: Uint8Array): { found: Found[]; heldFrom: number } {
    const found = this.#search.find(bytes);
    const heldFrom = this.#search.heldFrom(bytes);
    if (!hasSequences(bytes)) return { found, heldFrom };
    const shown = withoutSequences(bytes);
    const placeOf = (at: number) => shown.places[at] ?? bytes.length;
    const more = this.#search
      .find(shown.bytes)
      .map(({ start, end, name }) => ({ start: placeOf(start), end: placeOf(end - 1) + 1, name }));
    return {
      found: united([...found, ...more]),
      heldFrom: Math.min(heldFrom, placeOf(this.#search.heldFrom(shown.bytes))),
    };
  }

  #put(bytes: Uint8Array, found: readonly Found[], heldFrom: number): Uint8Array {
    if (found.length === 0 && this.#covered === 0 && heldFrom === bytes.length) {
      this.#held = none;
      return bytes;
    }
    const out: Uint8Array[] = [];
    const spans = this.#covered > 0 ? united([{ start: 0, end: this.#covered, name: '' }, ...found]) : found;
    let from = 0;
    let covered = heldFrom === 0 ? this.#covered : 0;
    for (const { start, end, name } of spans) {
      if (start >= heldFrom) break;
      const until = Math.min(end, heldFrom);
      out.push(bytes.subarray(from, start));
      if (name !== '') out.push(this.#labelOf(name));
      out.push(...controlSequences(bytes, start, until));
      from = until;
      covered = end - until;
    }
    out.push(bytes.subarray(from, heldFrom));
    this.#held = bytes.slice(heldFrom);
    this.#covered = covered;
    return joinedAll(out);
  }
}

/** Places in order; those that overlap are one, with the name of the first, and without a label if that is out already. */
function united(places: readonly Found[]): Found[] {
  const out: Found[] = [];
  const isOut = ({ name }: Found) => Number(name === '');
  const sorted = [...places].sort((a, b) => a.start - b.start || isOut(b) - isOut(a) || b.end - a.end);
  for (const place of sorted) join(out, { ...place });
  return out;
}
