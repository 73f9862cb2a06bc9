import type { Readable } from 'node:stream';
import { utf8 } from '../../core/bytes.ts';
import { type LeftOut, leftOutOf, patternsOf, type Secret } from '../../core/redact/patterns.ts';
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
  readonly #secrets: readonly Secret[];
  readonly #labelOf: (name: string) => Uint8Array;
  #made: Search | undefined;

  /** @param masked eight stars in place of the name of a value. */
  constructor(secrets: readonly Secret[], masked: boolean) {
    this.#secrets = secrets;
    this.#labelOf = masked ? () => utf8(mask) : (name) => utf8(`‹lockstep:${visible(name)}›`);
  }

  /** Made when the program prints something: it takes as long as all else before the program starts. */
  get #search(): Search {
    this.#made ??= new Search(patternsOf(this.#secrets));
    return this.#made;
  }

  /** Says which values will be seen when the program prints them. */
  tellLeftOut({ writeStderr }: Io): void {
    const leftOut = leftOutOf(this.#secrets);
    const named = (why: LeftOut['why']) =>
      leftOut
        .filter((one) => one.why === why)
        .map(({ name }) => visible(name))
        .join(', ');
    const reasons = [
      named('short') && `shorter than 4 characters: ${named('short')}`,
      named('common') && `common words or numbers: ${named('common')}`,
    ].filter(Boolean);
    if (reasons.length > 0) writeStderr(`lockstep: Not hidden if the program prints them, ${reasons.join('; ')}.\n`);
  }

  /** Copies a stream to `write`, without the values. Ends with the stream. Rejects with what `write` or the stream fails with. */
  copy(from: Readable, write: (bytes: Uint8Array) => Promise<void>): Promise<void> {
    let made: Redactor | undefined;
    let last = Promise.resolve();
    let timer: NodeJS.Timeout | undefined;
    const put = (bytes: Uint8Array) => {
      if (bytes.length > 0) last = last.then(() => write(bytes));
      return last;
    };
    // Not `for await`: setting that up takes longer than to open a file of secrets.
    return new Promise<void>((done, failed) => {
      const take = async (chunk: Uint8Array) => {
        from.pause();
        clearTimeout(timer);
        made ??= new Redactor(this.#search, this.#labelOf);
        const one = made;
        await put(one.push(chunk));
        if (one.held > 0) {
          const wait = one.held <= short.bytes ? short.wait : long;
          timer = setTimeout(() => put(one.flush()).catch(failed), wait);
        }
        from.resume();
      };
      from.on('data', (chunk) => void take(chunk).catch(failed));
      from.once('end', () => (made ? put(made.flush()) : last).then(done, failed));
      from.once('error', failed);
    }).finally(() => clearTimeout(timer));
  }
}
