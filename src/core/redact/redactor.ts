import { joinedAll } from '../bytes.ts';
import type { Found, Search } from './search.ts';
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
  /** Where it is put together with what comes next: the same bytes each time, which takes a tenth of the time. */
  #room: Uint8Array = none;
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

  /** Takes a chunk; what can go out. That may be a part of the chunk, and stays as it is until the next call. */
  push(chunk: Uint8Array): Uint8Array {
    const dressed = hasSequences(chunk) || hasSequences(this.#held);
    const bytes = this.#held.length === 0 ? chunk : this.#behindHeld(chunk);
    const { found, heldFrom } = this.#look(bytes, dressed);
    return this.#put(bytes, found, heldFrom);
  }

  /** What was held back: nothing more comes, or it has waited long enough. */
  flush(): Uint8Array {
    const bytes = this.#held;
    return this.#put(bytes, this.#look(bytes, hasSequences(bytes)).found, bytes.length);
  }

  #behindHeld(chunk: Uint8Array): Uint8Array {
    const length = this.#held.length + chunk.length;
    if (this.#room.length < length) this.#room = new Uint8Array(length + this.#search.longest);
    this.#room.set(this.#held);
    this.#room.set(chunk, this.#held.length);
    return this.#room.subarray(0, length);
  }

  /** Looks at the bytes as they are, and as a terminal shows them where they have sequences for one. */
  #look(bytes: Uint8Array, dressed: boolean): { found: Found[]; heldFrom: number } {
    const found = this.#search.find(bytes);
    const heldFrom = this.#search.heldFrom(bytes);
    if (!dressed) return { found, heldFrom };
    const shown = withoutSequences(bytes);
    const placeOf = (at: number) => shown.places[at] ?? bytes.length;
    const more = this.#search
      .find(shown.bytes)
      .map(({ start, end, name }) => ({ start: placeOf(start), end: placeOf(end - 1) + 1, name }));
    return { found: [...found, ...more], heldFrom: Math.min(heldFrom, placeOf(this.#search.heldFrom(shown.bytes))) };
  }

  #put(bytes: Uint8Array, found: readonly Found[], heldFrom: number): Uint8Array {
    if (found.length === 0 && this.#covered === 0) {
      this.#held = heldFrom === bytes.length ? none : bytes.slice(heldFrom);
      return bytes.subarray(0, heldFrom);
    }
    const out: Uint8Array[] = [];
    const spans = united(this.#covered > 0 ? [{ start: 0, end: this.#covered, name: '' }, ...found] : found);
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
  for (const place of sorted) {
    const last = out.at(-1);
    if (last && place.start < last.end) out[out.length - 1] = { ...last, end: Math.max(last.end, place.end) };
    else out.push(place);
  }
  return out;
}
