import type { Word } from '../../errors.ts';
import { errorAt } from '../place.ts';
import { isBreak, linePattern } from './line.ts';

/** A place in a text. Lines and columns count from 0. */
export interface Mark {
  readonly index: number;
  readonly line: number;
  readonly column: number;
}

export function isBlank(c: number): boolean {
  return c === 0x20 || c === 0x09;
}

/** A line break or the end of the text. */
export function isBreakZ(c: number): boolean {
  return isBreak(c) || c === 0;
}

/** White space, a line break or the end of the text. */
export function isBlankZ(c: number): boolean {
  return c === 0x20 || c === 0x09 || isBreakZ(c);
}

// What go-yaml's reader refuses anywhere in a file (readerc.go).
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const forbidden = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]|\p{Cs}/u;

const laterMark = linePattern('(?:[%b]|^\\uFEFF)\\uFEFF');

/** A text and how far it is read. */
export class Cursor {
  readonly text: string;
  pos = 0;
  line = 0;
  column = 0;
  /** Line breaks since the last character that was not white space. */
  newlines = 0;

  constructor(text: string) {
    this.text = text;
    const bad = forbidden.exec(text);
    if (bad) throw errorAt('SYNTAX', text, bad.index, 'control-character');
    // go-yaml takes it for a part of a name there, or for nothing, and then may lose the first letter of other lines.
    const mark = laterMark.exec(text);
    if (mark) throw errorAt('SYNTAX', text, mark.index + mark[0].length - 1, 'byte-order-mark');
    // A mark at the very start is no character of the first line.
    if (text.startsWith('\uFEFF')) this.pos = 1;
  }

  /** The character `ahead` of here; 0 past the end, which no text holds. */
  peek(ahead = 0): number {
    return this.text.charCodeAt(this.pos + ahead) | 0;
  }

  mark(): Mark {
    return { index: this.pos, line: this.line, column: this.column };
  }

  /** Past `count` characters of a line. */
  skip(count = 1): void {
    for (let i = 0; i < count; i++) if (!isBlank(this.peek(i))) this.newlines = 0;
    this.pos += count;
    this.column += count;
  }

  /** Past one line break; returns what it reads as. */
  skipBreak(): string {
    const c = this.peek();
    this.pos += c === 0x0d && this.peek(1) === 0x0a ? 2 : 1;
    this.column = 0;
    this.line++;
    this.newlines++;
    return c === 0x2028 || c === 0x2029 ? String.fromCharCode(c) : '\n';
  }

  /** Up to `end`, which stands on this line behind a character that is not white space. */
  jump(end: number): void {
    this.column += end - this.pos;
    this.pos = end;
    this.newlines = 0;
  }

  error(what?: Word<'SYNTAX'>, at = this.pos) {
    return errorAt('SYNTAX', this.text, at, what);
  }

  /** Whether `---` or `...` stands here, at the start of a line. */
  atDocumentMark(): boolean {
    if (this.column !== 0) return false;
    const c = this.peek();
    return (c === 0x2d || c === 0x2e) && this.peek(1) === c && this.peek(2) === c && isBlankZ(this.peek(3));
  }
}
