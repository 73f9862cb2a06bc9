import type { Span } from '../document.ts';
import { isBreak } from './line.ts';
import { type Cursor, isBlank, isBreakZ, type Mark } from './read.ts';

/**
 * Which token a comment goes with. The rules are go-yaml's (scannerc.go), quirks and all: the map or list that a
 * comment comes to lie in is part of what SOPS authenticates, so a tidier rule would make comments unreadable.
 */

/** Comment lines that go together; `null` is a blank line behind or between them. */
export type Lines = readonly (Span | null)[];

/** Comments that wait for the token at or behind `token`. */
export interface Pending {
  token: number;
  readonly start: Mark;
  /** Where the search that found them had begun, and where their own search ended. */
  readonly scan: number;
  readonly end: number;
  head: Lines;
  line: Lines;
  readonly foot: Lines;
}

/** What the scanner knows where comments are looked for. */
export interface CommentContext {
  readonly indent: number;
  readonly flow: boolean;
  /** Start of the last token (before a `,` the one before it), and whether that is the `:` of an entry. */
  readonly lastToken: number;
  readonly lastIsValue: boolean;
}

/** go-yaml looks no further than this for a comment. */
const lookAhead = 512;

/** A comment behind a token, on its line. */
export function scanLineComment(at: Cursor, token: number): Pending | undefined {
  if (at.newlines > 0) return undefined;
  let ahead = 0;
  while (ahead < lookAhead && isBlank(at.peek(ahead))) ahead++;
  if (ahead === lookAhead || at.peek(ahead) !== 0x23) return undefined;
  at.skip(ahead);
  const start = at.mark();
  const line = [commentTo(at)];
  return { token, start, scan: 0, end: 0, head: [], line, foot: [] };
}

/** The rest of the line, which is a comment. */
function commentTo(at: Cursor): Span {
  const start = at.pos;
  let end = start;
  while (!isBreakZ(at.text.charCodeAt(end) | 0)) end++;
  at.jump(end);
  return { start, end };
}

/** Comment lines before the next token: each run becomes a head of what follows or a foot of what came before. */
export function scanComments(at: Cursor, scan: Mark, context: CommentContext): Pending[] {
  return new CommentRun(at, scan, context).read();
}

class CommentRun {
  private readonly at: Cursor;
  private readonly context: CommentContext;
  private readonly out: Pending[] = [];
  private readonly indent: number;
  private readonly footLine: number;
  private scan: number;
  private token: number;
  private start: Mark = { index: 0, line: 0, column: 0 };
  private lines: (Span | null)[] = [];
  private line: number;
  private column: number;
  private recentEmpty = false;
  private firstEmpty: boolean;

  constructor(at: Cursor, scan: Mark, context: CommentContext) {
    this.at = at;
    this.context = context;
    this.indent = Math.max(context.indent, 0);
    this.scan = scan.index;
    this.token = context.lastToken;
    this.line = at.line;
    this.column = at.column;
    this.firstEmpty = at.newlines <= 1;
    // A comment that starts on this line may be a foot of what came before.
    const below = at.newlines === 0 && at.column > 1 ? 2 : 1;
    this.footLine = scan.line > 0 ? at.line - at.newlines + below : -1;
  }

  read(): Pending[] {
    const { at } = this;
    let ahead = 0;
    for (; ahead < lookAhead; ahead++) {
      this.column++;
      const c = at.peek(ahead);
      if (isBlank(c)) continue;
      const closes = this.context.flow && (c === 0x5d || c === 0x7d);
      if (closes || isBreakZ(c)) {
        this.endLine(ahead, closes, c === 0);
        if (!isBreak(c)) break;
        this.nextLine();
        continue;
      }
      this.splitDedented(ahead);
      if (c !== 0x23) break;
      this.addLine(ahead);
      ahead = 0;
    }
    if (this.lines.length > 0) this.push(this.start.index, ahead - 1, 'head');
    return this.out;
  }

  /** A blank line, the end of the text, or a bracket that closes: what is collected may be a foot. */
  private endLine(ahead: number, closes: boolean, atEnd: boolean): void {
    if (!closes && this.recentEmpty) return;
    const dedented = this.start.column - 1 < this.indent;
    const touches = this.start.line === this.footLine && !this.context.lastIsValue;
    if (closes || (this.firstEmpty && (touches || dedented))) {
      if (this.lines.length > 0) this.pushFoot(dedented ? this.start.index : this.token, ahead);
    } else if (this.lines.length > 0 && !atEnd) this.lines.push(null);
  }

  private nextLine(): void {
    this.firstEmpty = false;
    this.recentEmpty = true;
    this.column = 0;
    this.line++;
  }

  /** A line further left than both the content and the comment above it starts something else. */
  private splitDedented(ahead: number): void {
    if (this.lines.length === 0 || this.column - 1 >= this.indent || this.column === this.start.column) return;
    this.pushFoot(this.token, ahead);
  }

  private addLine(ahead: number): void {
    const { at } = this;
    if (this.lines.length === 0) this.start = { index: at.pos + ahead, line: this.line, column: this.column };
    this.recentEmpty = false;
    for (const target = at.pos + ahead; at.pos < target; ) {
      if (isBreak(at.peek())) at.skipBreak();
      else at.skip();
    }
    this.lines.push(commentTo(at));
    this.column = 0;
    this.line = at.line;
  }

  private pushFoot(token: number, ahead: number): void {
    this.push(token, ahead, 'foot');
    this.scan = this.token = this.at.pos + ahead;
    this.lines = [];
  }

  private push(token: number, ahead: number, role: 'head' | 'foot'): void {
    const { start, scan, lines } = this;
    const none: Lines = [];
    this.out.push({ token, start, scan, end: this.at.pos + ahead, head: none, line: none, foot: none, [role]: lines });
  }
}
