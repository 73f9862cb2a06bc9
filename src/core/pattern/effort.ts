import { LockstepError } from '../errors.ts';
import type { Span } from '../format/document.ts';
import { workTime } from '../ports.ts';
import type { Pattern } from './regex.ts';

/** Instructions of a pattern times characters of a text: ten million are a second of work at worst, and mostly far less. */
const one = 10_000_000;
/** So much is done between two looks at the clock; the clock starts at the first. */
const slice = 1_000_000;
/** Milliseconds for all texts together, for each of them, and for each character: several times what people's patterns take. */
const base = 1_000;
const eachText = 0.005;
const eachCharacter = 0.0003;

/**
 * What may be spent on patterns. They come with a file, and so do the texts that they are held against. How long RE2 takes
 * depends on both by a factor of a thousand, which nothing predicts: one text is bounded by the product of both
 * sizes, all together by time.
 */
export class Effort {
  readonly #now: () => number;
  #start: number | undefined;
  #sinceLook = 0;
  #texts = 0;
  #characters = 0;

  constructor(now: () => number = workTime) {
    this.#now = now;
  }

  /** Where the first match is. Throws TOO_LARGE when that would take, or has taken, too long. */
  find(pattern: Pattern, text: string): Span | undefined {
    const work = pattern.size * (text.length + 1);
    if (work > one) throw tooLarge();
    this.#sinceLook += work;
    this.#texts++;
    this.#characters += text.length;
    if (this.#sinceLook > slice) this.#look();
    return pattern.find(text);
  }

  #look(): void {
    this.#sinceLook = 0;
    const now = this.#now();
    this.#start ??= now;
    if (now - this.#start > base + eachText * this.#texts + eachCharacter * this.#characters) throw tooLarge();
  }
}

const tooLarge = () => new LockstepError('TOO_LARGE', { what: 'pattern' });
