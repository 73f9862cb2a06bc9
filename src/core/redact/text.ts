import { utf8 } from '../bytes.ts';
import { leftOutOf, patternsOf, type Secret } from './patterns.ts';
import { Redactor } from './redactor.ts';
import { Search } from './search.ts';

/** From here on a beginning or an end of a value beside a mark of omission counts as a part of it. */
const shortestPart = 4;
const omitted = /…|\.\.\./g;
/** Debuggers cut a text once; what has more marks than this prints dots. */
const mostMarks = 200;
/** Characters of a part that are looked at. */
const longestPart = 1000;

/** Replaces values in texts that are whole, such as those of a debugger, where a long value is shown cut. */
export class TextRedactor {
  readonly #search: Search;
  /** Those that are looked for, in the spellings that a debugger shows. */
  readonly #values: readonly Secret[];

  constructor(secrets: readonly Secret[]) {
    const out = new Set(leftOutOf(secrets).map(({ name }) => name));
    this.#search = new Search(patternsOf(secrets));
    this.#values = secrets
      .filter(({ name, value }) => !out.has(name) && value.length > shortestPart)
      .flatMap(({ name, value }) => [...new Set(shownAs(value))].map((one) => ({ name, value: one })));
  }

  /** The text, with `‹lockstep:NAME›` in place of each value; the same text where there is none. */
  redact(text: string): string {
    if (text.length < shortestPart) return text;
    const shown = this.#withoutParts(text);
    const bytes = utf8(shown);
    const redactor = new Redactor(this.#search, (name) => utf8(label(name)));
    const out = [redactor.push(bytes), redactor.flush()];
    if (out[0] === bytes) return shown;
    return out.map((part) => new TextDecoder().decode(part)).join('');
  }

  #withoutParts(text: string): string {
    let out = '';
    let from = 0;
    let marks = 0;
    for (const { 0: mark, index } of text.matchAll(omitted)) {
      if (++marks > mostMarks) break;
      // Two marks in a row have nothing between them.
      if (index < from) continue;
      const before = text.slice(from, index);
      const start = this.#longest(before, (value, n) => before.endsWith(value.slice(0, n)));
      const after = text.slice(index + mark.length, index + mark.length + longestPart);
      const end = this.#longest(after, (value, n) => after.startsWith(value.slice(-n)));
      out += start ? before.slice(0, before.length - start.length) + label(start.name) : before;
      out += mark + (end ? label(end.name) : '');
      from = index + mark.length + (end?.length ?? 0);
    }
    return out + text.slice(from);
  }

  /** The longest part of a value that stands in a text, by `stands`. */
  #longest(text: string, stands: (value: string, length: number) => boolean) {
    let best: { name: string; length: number } | undefined;
    for (const { name, value } of this.#values) {
      let length = Math.min(value.length, text.length, longestPart);
      while (length >= Math.max(shortestPart, (best?.length ?? 0) + 1) && !stands(value, length)) length--;
      if (length >= Math.max(shortestPart, (best?.length ?? 0) + 1)) best = { name, length };
    }
    return best;
  }
}

/** As it is, and as debuggers write it between either kind of quotes. */
function shownAs(value: string): string[] {
  const escaped = JSON.stringify(value).slice(1, -1);
  return [value, escaped, escaped.replaceAll('\\"', '"')];
}

const label = (name: string) => `‹lockstep:${name}›`;
