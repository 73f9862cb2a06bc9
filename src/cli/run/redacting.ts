import type { Readable } from 'node:stream';
import { utf8 } from '../../core/bytes.ts';
import { type LeftOut, patternsOf, type Secret } from '../../core/redact/patterns.ts';
import { Redactor } from '../../core/redact/redactor.ts';
import { Search } from '../../core/redact/search.ts';
import { visible } from '../../core/tree/path.ts';
import type { Io } from '../io.ts';

/** What stands for a value where lines must keep their length. */
const mask = '********';
/** Milliseconds that bytes wait which may be the beginning of a value. So few of them are a prompt, more likely than not. */
const short = { bytes: 3, wait: 50 };
const long = 1000;

/** The values that are looked for in the output of a program. */
export class Redaction {
  readonly #search: Search;
  readonly #labelOf: (name: string) => Uint8Array;
  readonly #leftOut: readonly LeftOut[];

  /** @param masked eight stars in place of the name of a value. */
  constructor(secrets: readonly Secret[], masked: boolean) {
    const { patterns, leftOut } = patternsOf(secrets);
    this.#search = new Search(patterns);
    this.#leftOut = leftOut;
    this.#labelOf = masked ? () => utf8(mask) : (name) => utf8(`‹lockstep:${visible(name)}›`);
  }

  /** Says which values will be seen when the program prints them. */
  tellLeftOut({ writeStderr }: Io): void {
    const named = (why: LeftOut['why']) =>
      this.#leftOut
        .filter((one) => one.why === why)
        .map(({ name }) => visible(name))
        .join(', ');
    const reasons = [
      named('short') && `shorter than 4 characters: ${named('short')}`,
      named('common') && `common words or numbers: ${named('common')}`,
    ].filter(Boolean);
    if (reasons.length > 0) writeStderr(`lockstep: Not hidden if the program prints them, ${reasons.join('; ')}.\n`);
  }

  /** Copies a stream to `write`, without the values. Ends with the stream. Rejects with what `write` rejects with. */
  async copy(from: Readable, write: (bytes: Uint8Array) => Promise<void>): Promise<void> {
    const redactor = new Redactor(this.#search, this.#labelOf);
    let last = Promise.resolve();
    let timer: NodeJS.Timeout | undefined;
    const put = (bytes: Uint8Array) => {
      if (bytes.length > 0) last = last.then(() => write(bytes));
      return last;
    };
    try {
      for await (const chunk of from) {
        clearTimeout(timer);
        await put(redactor.push(chunk));
        if (redactor.held === 0) continue;
        const wait = redactor.held <= short.bytes ? short.wait : long;
        timer = setTimeout(() => put(redactor.flush()).catch(() => from.destroy()), wait);
      }
      await put(redactor.flush());
    } finally {
      clearTimeout(timer);
    }
  }
}
