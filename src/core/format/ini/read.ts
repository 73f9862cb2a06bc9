import { utf8 } from '../../bytes.ts';
import type { CommentPart, Span } from '../document.ts';
import { errorAt, maxNodes } from '../place.ts';

/**
 * INI as go-ini reads it for SOPS (gopkg.in/ini.v1 parser.go, `AllowNonUniqueSections`, all else by default), with the place
 * of everything.
 */

export interface IniKey {
  readonly name: string;
  /** Quotes included. */
  readonly keySpan: Span;
  readonly value: string;
  /** The value as it is written, quotes included; empty where there is none. */
  readonly valueSpan: Span;
  readonly comment: readonly CommentPart[];
}

export interface IniSection {
  readonly name: string;
  /** The name between the brackets; empty for what stands before the first header. */
  readonly nameSpan: Span;
  /** From `[` to `]`; empty for what stands before the first header. */
  readonly header: Span;
  readonly comment: readonly CommentPart[];
  readonly keys: IniKey[];
  /** A comment behind the last key that no other key or header follows. */
  trailing: readonly CommentPart[];
}

/** What stands before the first header (go-ini's DefaultSection). */
export const defaultSection = 'DEFAULT';
/** The section of the metadata (SOPS stores/metadata.go). */
export const metadataSection = 'sops';

const space = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** Whether Go's `unicode.IsSpace` says so: `trim` of JavaScript draws other lines. */
export function isSpace(char: string): boolean {
  return space.test(char);
}

/** The sections of a text, that before the first header first. Throws SYNTAX, DUPLICATE_KEY, UNSUPPORTED_VALUE, TOO_LARGE. */
export function readIni(text: string): IniSection[] {
  return new Reader(text).read();
}

/** The value that a text on its own reads as, and whether all of it was taken. Undefined where it does not parse. */
export function readAlone(text: string): string | undefined {
  try {
    const section = readIni(`k = ${text}`)[0];
    return section?.keys.length === 1 ? section.keys[0]?.value : undefined;
  } catch {
    return undefined;
  }
}

class Reader {
  readonly #text: string;
  #at: number;
  #nodes = 0;
  #pending: CommentPart[] = [];
  readonly #names = new Set<string>();

  constructor(text: string) {
    this.#text = text;
    this.#at = text.startsWith('\ufeff') ? 1 : 0;
  }

  read(): IniSection[] {
    const top = { start: this.#at, end: this.#at };
    const sections: IniSection[] = [
      { name: defaultSection, nameSpan: top, header: top, comment: [], keys: [], trailing: [] },
    ];
    while (this.#at < this.#text.length) {
      const line = this.#line();
      const start = this.#skip(line.start, line.end);
      if (start === line.end) continue;
      if (++this.#nodes > maxNodes) throw errorAt('TOO_LARGE', this.#text, start, 'nodes');
      const char = this.#text[start];
      const last = sections.at(-1) as IniSection;
      if (char === '#' || char === ';') this.#comment(start, line.end, false);
      else if (char === '[') sections.push(this.#section({ start, end: line.end }, last));
      else last.keys.push(this.#key(start, line.end));
    }
    (sections.at(-1) as IniSection).trailing = this.#taken();
    return sections;
  }

  /** The next line, its line end included. */
  #line(): Span {
    const start = this.#at;
    const lf = this.#text.indexOf('\n', start);
    this.#at = lf === -1 ? this.#text.length : lf + 1;
    return { start, end: this.#at };
  }

  /** Where `sign` stands last in a stretch; -1 if nowhere. The text before it is not looked at: that could be long. */
  #last(sign: string, { start, end }: Span): number {
    const found = this.#text.slice(start, end).lastIndexOf(sign);
    return found === -1 ? -1 : start + found;
  }

  #skip(start: number, end: number): number {
    let at = start;
    while (at < end && isSpace(this.#text.charAt(at))) at++;
    return at;
  }

  #trimmed(start: number, end: number): number {
    let at = end;
    while (at > start && isSpace(this.#text.charAt(at - 1))) at--;
    return at;
  }

  #comment(start: number, end: number, inline: boolean): void {
    this.#pending.push({ start, end: this.#trimmed(start, end), inline });
  }

  /** The comment of what starts at `anchor`. */
  #taken(anchor?: number): CommentPart[] {
    const taken = this.#pending;
    this.#pending = [];
    return anchor === undefined ? taken : taken.map((part) => (part.inline ? { ...part, anchor } : part));
  }

  #section(line: Span, previous: IniSection): IniSection {
    const close = this.#last(']', line);
    if (close === -1) throw errorAt('SYNTAX', this.#text, line.start, 'section');
    const nameSpan = { start: line.start + 1, end: close };
    const name = this.#name(nameSpan.start, this.#text.slice(nameSpan.start, close));
    // The metadata has no comment of its own: one that stands before it ends the section above.
    if (name === metadataSection) previous.trailing = this.#taken();
    this.#behind(close + 1, line.end);
    this.#names.clear();
    const comment = this.#taken(line.start);
    return { name, nameSpan, header: { start: line.start, end: close + 1 }, comment, keys: [], trailing: [] };
  }

  /** A comment, or nothing. go-ini passes over any other text there, and it would be lost or stay readable. */
  #behind(start: number, end: number): void {
    const at = this.#skip(start, end);
    if (at === end) return;
    if (!/[#;]/.test(this.#text.charAt(at))) throw errorAt('SYNTAX', this.#text, at, 'trailing');
    this.#comment(at, end, true);
  }

  #name(at: number, name: string): string {
    if (name === '') throw errorAt('SYNTAX', this.#text, at, 'empty-name');
    // A name is a part of each AAD, and there has to be text.
    if (/\p{Cs}/u.test(name)) throw errorAt('NOT_UTF8', this.#text, at, 'name');
    return name;
  }

  #key(start: number, end: number): IniKey {
    const { name, nameEnd, valueStart } = this.#keyName(start, end);
    this.#name(start, name);
    // go-ini counts such keys and writes them as comments: SOPS cannot read back what it makes of them.
    if (name === '-') throw errorAt('UNSUPPORTED_VALUE', this.#text, start, 'auto-key');
    // SOPS keeps the last one only: the others would be lost without a word.
    if (this.#names.has(name)) throw errorAt('DUPLICATE_KEY', this.#text, start);
    this.#names.add(name);
    const { value, span } = this.#value(valueStart, end);
    return { name, keySpan: { start, end: nameEnd }, value, valueSpan: span, comment: this.#taken(start) };
  }

  #keyName(start: number, end: number): { name: string; nameEnd: number; valueStart: number } {
    const line = this.#text.slice(start, end);
    const quote = keyQuote(line);
    const close = quote ? line.indexOf(quote, quote.length) : 0;
    if (close === -1) throw errorAt('SYNTAX', this.#text, start, 'key-quote');
    const from = close + quote.length;
    const sign = line.slice(from).search(/[=:]/);
    if (sign === -1 || from + sign === 0) throw errorAt('SYNTAX', this.#text, start, 'equals-sign');
    const nameEnd = this.#trimmed(start, start + from + sign);
    const name = quote ? line.slice(quote.length, close) : line.slice(0, sign);
    return { name: trimSpace(name), nameEnd, valueStart: start + from + sign + 1 };
  }

  #value(from: number, end: number): { value: string; span: Span } {
    const start = this.#skip(from, end);
    if (start === end) return { value: '', span: this.#nowhere(from, end) };
    const quote = valueQuote(this.#text, start, end);
    if (quote) return this.#quoted(start, end, quote);
    const last = this.#trimmed(start, end);
    if (this.#text[last - 1] === '\\') return this.#continued(start, last);
    const sign = this.#text.slice(start, last).search(/[#;]/);
    if (sign !== -1) this.#comment(start + sign, last, true);
    const stop = sign === -1 ? last : this.#trimmed(start, start + sign);
    // A comment alone: the place is before the blanks that go with it.
    const span = stop === start ? { start: from, end: from } : { start, end: stop };
    return { value: unquoted(this.#text.slice(start, stop)), span };
  }

  /** The place for a value where there is none: behind the delimiter and the blanks that follow it. */
  #nowhere(from: number, end: number): Span {
    let at = from;
    while (at < end && /[ \t]/.test(this.#text.charAt(at))) at++;
    return { start: at, end: at };
  }

  #quoted(start: number, end: number, quote: string): { value: string; span: Span } {
    const from = start + quote.length;
    let line = { start: from, end };
    for (let first = true; ; first = false) {
      const close = this.#last(quote, line);
      // Behind the quote that ends several lines, a backslash lets the value go on.
      if (close !== -1 && (first || !this.#goesOn(close + quote.length, line.end))) {
        this.#behind(close + quote.length, line.end);
        return { value: this.#text.slice(from, close), span: { start, end: close + quote.length } };
      }
      if (this.#at >= this.#text.length) throw errorAt('SYNTAX', this.#text, start, 'quote');
      line = this.#line();
    }
  }

  #goesOn(start: number, end: number): boolean {
    return trimSpace(this.#text.slice(start, end)).endsWith('\\');
  }

  /** A backslash at the end of a line: the next one, trimmed, goes on with the value. No comment and no quote counts there. */
  #continued(start: number, last: number): { value: string; span: Span } {
    const parts = [this.#text.slice(start, last - 1)];
    let end = last;
    for (let more = true; more && this.#at < this.#text.length; ) {
      const line = this.#line();
      const from = this.#skip(line.start, line.end);
      if (from === line.end) break;
      end = this.#trimmed(from, line.end);
      more = this.#text[end - 1] === '\\';
      parts.push(this.#text.slice(from, more ? end - 1 : end));
    }
    return { value: parts.join(''), span: { start, end } };
  }
}

function keyQuote(line: string): string {
  if (line[0] === '`') return '`';
  if (line[0] !== '"') return '';
  return line.startsWith('"""') && utf8(line.slice(0, 7)).length > 6 ? '"""' : '"';
}

function valueQuote(text: string, start: number, end: number): string {
  if (text[start] === '`') return '`';
  return end - start > 3 && text.startsWith('"""', start) ? '"""' : '';
}

/** Without a pair of quotes around it, if that quote stands nowhere else in it. */
function unquoted(text: string): string {
  const quote = text[0];
  if ((quote !== '"' && quote !== "'") || text.length < 2) return text;
  return text.indexOf(quote, 1) === text.length - 1 ? text.slice(1, -1) : text;
}

/** Go's `strings.TrimSpace`. */
export function trimSpace(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isSpace(text.charAt(start))) start++;
  while (end > start && isSpace(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}
