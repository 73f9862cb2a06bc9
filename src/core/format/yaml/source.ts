import type { Word } from '../../errors.ts';
import type { Span } from '../document.ts';
import { errorAt, maxNodes } from '../place.ts';
import type { Lines } from './comment.ts';
import { noLines } from './node.ts';
import { Scanner } from './scan.ts';
import type { Token } from './token.ts';

export interface Comments {
  readonly head: Lines;
  readonly line: Lines;
  readonly foot: Lines;
}

export const noComments: Comments = { head: noLines, line: noLines, foot: noLines };

/** Tokens, and the comments that were met on the way to each. */
export class TokenSource {
  protected readonly scanner: Scanner;
  protected readonly text: string;
  /** Every comment met, for those that go-yaml loses on the way. */
  readonly seen: Span[] = [];
  /** Comments that it does not even look at. */
  get passedOver(): readonly Span[] {
    return this.scanner.passedOver;
  }

  protected head: (Span | null)[] = [];
  private line: (Span | null)[] = [];
  private foot: (Span | null)[] = [];
  /** Comments above a dash, for the map or list behind it. */
  protected stem: Lines | undefined;
  /** The end of the tokens taken. */
  protected lastEnd = 0;
  private nodes = 0;

  constructor(text: string) {
    this.text = text;
    this.scanner = new Scanner(text);
  }

  /** The next token; comments that belong before it are collected. */
  protected peek(): Token {
    const token = this.scanner.peek();
    const { comments } = this.scanner;
    for (;;) {
      const comment = comments[this.scanner.commentsTaken];
      if (!comment || token.start.index < comment.token) return token;
      // No heads on ends: they wait for the token behind.
      if (comment.head.length > 0 && token.type === 'block-end') return token;
      this.collect(comment.head, this.head);
      this.collect(comment.line, this.line);
      this.collect(comment.foot, this.foot);
      this.scanner.commentsTaken++;
    }
  }

  private collect(lines: Lines, into: (Span | null)[]): void {
    for (const span of lines) {
      into.push(span);
      if (!span) continue;
      this.count(span.start);
      this.seen.push(span);
    }
  }

  protected skip(token: Token): void {
    this.lastEnd = Math.max(this.lastEnd, token.end);
    this.scanner.next();
  }

  /** Hand the collected comments to a node. */
  protected take(): Comments {
    this.stem = undefined;
    const { head, line, foot } = this;
    if (head.length + line.length + foot.length === 0) return noComments;
    this.head = [];
    this.line = [];
    this.foot = [];
    return { head, line, foot };
  }

  protected count(offset: number): void {
    if (++this.nodes > maxNodes) throw errorAt('TOO_LARGE', this.text, offset, 'nodes');
  }

  protected fail(token: Token, what?: Word<'SYNTAX'>): never {
    throw errorAt('SYNTAX', this.text, token.start.index, what);
  }
}
