import type { ScalarStyle } from '../document.ts';
import { isBreak } from './line.ts';
import { type Cursor, isBlank, isBlankZ, isBreakZ, type Mark } from './read.ts';
import type { Token } from './token.ts';

/** Scalar tokens: from the text to the string they stand for, as libyaml reads YAML 1.1. */

function token(start: Mark, end: number, value: string, style: ScalarStyle): Token {
  return { type: 'scalar', start, end, value, style };
}

/** Line breaks and white space between two words of a scalar that may be folded. */
class Gap {
  private spaces = '';
  private first = '';
  private more = '';
  broken = false;

  /** Eats white space and line breaks. A tab before column `indent` of a line is an error (plain scalars). */
  read(at: Cursor, indent: number): void {
    for (let c = at.peek(); isBlank(c) || isBreak(c); c = at.peek()) {
      if (isBreak(c)) this.addBreak(at.skipBreak());
      else {
        if (this.broken && c === 0x09 && at.column < indent) throw at.error('tab-indent');
        if (!this.broken) this.spaces += c === 0x09 ? '\t' : ' ';
        at.skip();
      }
    }
  }

  private addBreak(text: string): void {
    if (this.broken) this.more += text;
    else this.first = text;
    this.broken = true;
  }

  /** What the gap stands for: its spaces, or its line breaks folded. */
  take(): string {
    const folded = this.first === '\n' && !this.more ? ' ' : (this.first === '\n' ? '' : this.first) + this.more;
    const out = this.broken ? folded : this.spaces;
    this.spaces = this.first = this.more = '';
    this.broken = false;
    return out;
  }

  /** A line break that was escaped: it and the spaces around it count for nothing. */
  escapeBreak(at: Cursor): void {
    at.skip();
    at.skipBreak();
    this.broken = true;
  }

  /** The same behind an escaped line break: that one alone folds to nothing. */
  takeEscaped(): string {
    const out = this.first + this.more;
    this.spaces = this.first = this.more = '';
    this.broken = false;
    return out;
  }
}

/** A plain scalar. `broken` tells that its end was looked for on a later line. */
export function scanPlain(at: Cursor, parentIndent: number, flow: boolean): { token: Token; broken: boolean } {
  const start = at.mark();
  const gap = new Gap();
  const indent = parentIndent + 1;
  let value = '';
  let end = at.pos;
  while (!at.atDocumentMark() && at.peek() !== 0x23) {
    const from = at.pos;
    const to = plainEnd(at.text, from, flow);
    if (to > from) {
      value += gap.take() + at.text.slice(from, to);
      at.jump(to);
      end = to;
    }
    const c = at.peek();
    if (!isBlank(c) && !isBreak(c)) break;
    gap.read(at, indent);
    if (!flow && at.column < indent) break;
  }
  return { token: token(start, end, value, 'plain'), broken: gap.broken };
}

/** The end of the run of characters that starts at `from` and can be part of a plain scalar. */
function plainEnd(text: string, from: number, flow: boolean): number {
  for (let i = from; ; i++) {
    const c = text.charCodeAt(i) | 0;
    if (c > 0x7d ? isBreak(c) : c <= 0x20 ? isBlankZ(c) : false) return i;
    if (c === 0x3a && isBlankZ(text.charCodeAt(i + 1) | 0)) return i;
    if (flow && (c === 0x2c || c === 0x3f || c === 0x5b || c === 0x5d || c === 0x7b || c === 0x7d)) return i;
  }
}

const escapes: Record<string, string> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};
const hexLength: Record<string, number> = { x: 2, u: 4, U: 8 };

/** A single- or double-quoted scalar. */
export function scanQuoted(at: Cursor, single: boolean): Token {
  const start = at.mark();
  const quote = single ? 0x27 : 0x22;
  const gap = new Gap();
  const parts: string[] = [];
  at.skip();
  for (;;) {
    if (at.peek() === 0 || at.atDocumentMark()) throw at.error('quote', start.index);
    const escaped = readWords(at, quote, parts, gap);
    if (at.peek() === quote) break;
    gap.read(at, 0);
    parts.push(escaped ? gap.takeEscaped() : gap.take());
  }
  at.skip();
  return token(start, at.pos, parts.join(''), single ? 'single' : 'double');
}

/** Text up to white space, the closing quote or an escaped line break; true after the last of these. */
function readWords(at: Cursor, quote: number, parts: string[], gap: Gap): boolean {
  for (;;) {
    const from = at.pos;
    const to = wordEnd(at.text, from, quote);
    if (to > from) {
      parts.push(at.text.slice(from, to));
      at.jump(to);
    }
    const c = at.peek();
    if (c === 0x27 && quote === 0x27 && at.peek(1) === 0x27) {
      parts.push("'");
      at.skip(2);
    } else if (c === 0x5c && quote === 0x22) {
      if (isBreak(at.peek(1))) {
        gap.escapeBreak(at);
        return true;
      }
      parts.push(readEscape(at));
    } else return false;
  }
}

function wordEnd(text: string, from: number, quote: number): number {
  for (let i = from; ; i++) {
    const c = text.charCodeAt(i) | 0;
    if (c === quote || (c === 0x5c && quote === 0x22)) return i;
    if (c > 0x7d ? isBreak(c) : c <= 0x20 ? isBlankZ(c) : false) return i;
  }
}

function readEscape(at: Cursor): string {
  const c = at.text.charAt(at.pos + 1);
  const length = hexLength[c];
  if (length === undefined) {
    const plain = Object.hasOwn(escapes, c) ? escapes[c] : undefined;
    if (plain === undefined) throw at.error('escape');
    at.skip(2);
    return plain;
  }
  const digits = at.text.slice(at.pos + 2, at.pos + 2 + length);
  const code = /^[0-9a-fA-F]+$/.test(digits) && digits.length === length ? Number.parseInt(digits, 16) : -1;
  if (code < 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw at.error('escape');
  at.skip(2 + length);
  return String.fromCodePoint(code);
}

/** The header of a block scalar behind its `|` or `>`, up to a comment or the end of the line. */
interface BlockHeader {
  readonly start: Mark;
  readonly literal: boolean;
  readonly chomp: '' | '+' | '-';
  /** 0 where the text shows it. */
  readonly increment: number;
}

export function scanBlockHeader(at: Cursor): BlockHeader {
  const start = at.mark();
  const literal = at.peek() === 0x7c;
  at.skip();
  let chomp: '' | '+' | '-' = '';
  let increment = 0;
  for (let i = 0; i < 2; i++) {
    const c = at.peek();
    if (!chomp && (c === 0x2b || c === 0x2d)) chomp = c === 0x2b ? '+' : '-';
    else if (!increment && c >= 0x30 && c <= 0x39) {
      if (c === 0x30) throw at.error('indent-indicator');
      increment = c - 0x30;
    } else break;
    at.skip();
  }
  while (isBlank(at.peek())) at.skip();
  return { start, literal, chomp, increment };
}

/** The content of a block scalar; `at` stands at the end of the header's line. */
export function scanBlockContent(at: Cursor, header: BlockHeader, parentIndent: number): Token {
  if (!isBreakZ(at.peek())) throw at.error('block-header');
  let end = at.pos;
  if (isBreak(at.peek())) at.skipBreak();
  const lines = new BlockLines(at, header.increment ? Math.max(parentIndent, 0) + header.increment : 0, parentIndent);
  const parts: string[] = [];
  let leading = '';
  let wasBlank = false;
  let breaks = lines.breaks();
  while (at.column === lines.indent && at.peek() !== 0) {
    const blank = isBlank(at.peek());
    const fold = !header.literal && leading === '\n' && !wasBlank && !blank;
    parts.push(fold ? (breaks ? '' : ' ') : leading, breaks);
    wasBlank = blank;
    const from = at.pos;
    let to = from;
    while (!isBreakZ(at.text.charCodeAt(to) | 0)) to++;
    parts.push(at.text.slice(from, to));
    at.jump(to);
    end = to;
    leading = isBreak(at.peek()) ? at.skipBreak() : '';
    breaks = lines.breaks();
  }
  if (header.chomp !== '-') parts.push(leading);
  if (header.chomp === '+') {
    parts.push(breaks);
    if (breaks) end = Math.max(end, lines.end);
  }
  return token(header.start, end, parts.join(''), header.literal ? 'literal' : 'folded');
}

/** Indentation and empty lines inside a block scalar. */
class BlockLines {
  private readonly at: Cursor;
  private readonly parentIndent: number;
  indent: number;
  /** Before the break of the last empty line. */
  end = 0;

  constructor(at: Cursor, indent: number, parentIndent: number) {
    this.at = at;
    this.indent = indent;
    this.parentIndent = parentIndent;
  }

  /** Past empty lines and the indentation of the next line; returns their breaks. Learns the indentation if need be. */
  breaks(): string {
    const { at } = this;
    let out = '';
    let widest = 0;
    for (;;) {
      while ((this.indent === 0 || at.column < this.indent) && at.peek() === 0x20) at.skip();
      widest = Math.max(widest, at.column);
      if ((this.indent === 0 || at.column < this.indent) && at.peek() === 0x09) throw at.error('tab-indent');
      if (!isBreak(at.peek())) break;
      this.end = at.pos;
      out += at.skipBreak();
    }
    if (this.indent === 0) this.indent = Math.max(widest, this.parentIndent + 1, 1);
    return out;
  }
}
