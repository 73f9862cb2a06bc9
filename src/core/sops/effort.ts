import { LockstepError } from '../errors.ts';
import type { Span } from '../format/document.ts';
import type { Pattern } from './regex.ts';

/** Instructions of a pattern times characters of a text: ten million are a second of work at worst, and mostly far less. */
const one = 10_000_000;
/** So much is done before a clock is looked at. */
const free = 5_000_000;
/** Milliseconds for all texts together, and for each of their characters: fifty times what people's patterns take. */
const base = 1_000;
const each = 0.0005;

/**
 * What may be spent on patterns. They come with a file, and so do the texts that they are held against. How long RE2 takes
 * depends on both by a factor of a thousand, which nothing tells beforehand: one text is bounded by the product of both
 * sizes, all together by time.
 */
export class Effort {
  readonly #now: () => number;
  #work = 0;
  #characters = 0;
  #spent = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Where the first match is. Throws TOO_LARGE when that would take, or has taken, too long. */
  find(pattern: Pattern, text: string): Span | undefined {
    const work = pattern.size * (text.length + 1);
    if (work > one) throw tooLarge();
    this.#work += work;
    this.#characters += text.length;
    if (this.#work <= free) return pattern.find(text);
    const start = this.#now();
    const found = pattern.find(text);
    this.#spent += this.#now() - start;
    if (this.#spent > base + each * this.#characters) throw tooLarge();
    return found;
  }
}

const tooLarge = () => new LockstepError('TOO_LARGE', { what: 'pattern' });
