import type { Span } from '../document.ts';
import { type CommentContext, type Pending, scanComments, scanLineComment } from './comment.ts';
import { isBreak } from './line.ts';
import { scanAnchor, scanDirective, scanTag } from './props.ts';
import { Cursor, isBlank, isBlankZ, type Mark } from './read.ts';
import { scanBlockContent, scanBlockHeader, scanPlain, scanQuoted } from './text.ts';
import type { Token, TokenType } from './token.ts';

/**
 * Text to tokens, by the rules of libyaml as go-yaml carries them (scannerc.go): what SOPS reads is what we read.
 * Tokens are made as late as go-yaml makes them, since that decides which comment meets which token.
 */

interface SimpleKey {
  possible: boolean;
  readonly required: boolean;
  readonly number: number;
  readonly mark: Mark;
}

/** go-yaml's own limit, in characters. */
const simpleKeyLength = 1024;
/** go-yaml stops at 10,000. */
const maxNesting = 1000;

export class Scanner {
  readonly at: Cursor;
  /** Comments that no token has taken yet are those from `commentsTaken` on. */
  readonly comments: Pending[] = [];
  commentsTaken = 0;
  /** Comments that go-yaml reads past. */
  readonly passedOver: Span[] = [];
  private tokens: Token[] = [];
  private head = 0;
  private parsed = 0;
  private indent = -1;
  private readonly indents: number[] = [];
  private flowLevel = 0;
  private keyAllowed = true;
  private keys: SimpleKey[] = [];
  private readonly keyOfToken = new Map<number, SimpleKey>();
  private ended = false;

  constructor(text: string) {
    this.at = new Cursor(text);
    this.keys.push({ possible: false, required: false, number: 0, mark: this.at.mark() });
    this.add('stream-start', this.at.mark());
  }

  /** The next token; two more are always known, so that comments below it are too. */
  peek(): Token {
    while (this.needMore()) this.fetch();
    const token = this.tokens[this.head];
    if (!token) throw this.at.error();
    return token;
  }

  /** Take the token that `peek` showed. */
  next(): void {
    this.head++;
    this.parsed++;
    if (this.head < 1024) return;
    this.tokens = this.tokens.slice(this.head - 2); // rules look back at two tokens
    this.head = 2;
  }

  private needMore(): boolean {
    if (this.ended) return false;
    if (this.head >= this.tokens.length - 2) return true;
    const key = this.keyOfToken.get(this.parsed);
    return key !== undefined && this.isValid(key);
  }

  private add(type: TokenType, start: Mark, end = start.index, value = ''): void {
    this.tokens.push({ type, start, end, value });
  }

  /** Put a token before the one of this number. */
  private insert(number: number, type: TokenType, start: Mark): void {
    this.tokens.splice(number - this.parsed + this.head, 0, { type, start, end: start.index, value: '' });
  }

  private fetch(): void {
    const { at } = this;
    const scan = at.mark();
    this.skipToToken(scan);
    this.unroll(at.column, scan.index);
    const c = at.peek();
    if (c === 0) return this.fetchEnd();
    if (at.column === 0 && c === 0x25) return this.fetchDirective();
    if (at.atDocumentMark()) return this.fetchDocumentMark();
    const last = this.tokens[this.tokens.length - 1];
    const joins = this.flowLevel === 0 ? c === 0x3a : c === 0x2c;
    const commentToken = joins && last ? last.start.index : at.pos;
    this.fetchToken(c);
    // A comment behind a `-` belongs to what follows.
    if (this.tokens[this.tokens.length - 1]?.type !== 'block-entry') this.addLineComment(commentToken);
  }

  private addLineComment(token: number): void {
    const comment = scanLineComment(this.at, token);
    if (comment) this.comments.push(comment);
  }

  /** Past white space and comments. */
  private skipToToken(scan: Mark): void {
    const { at } = this;
    for (;;) {
      while (at.peek() === 0x20 || (at.peek() === 0x09 && (this.flowLevel > 0 || !this.keyAllowed))) at.skip();
      this.raiseEntryComment();
      if (at.peek() === 0x23) this.addComments(scan);
      if (!isBreak(at.peek())) return;
      at.skipBreak();
      if (this.flowLevel === 0) this.keyAllowed = true;
    }
  }

  private addComments(scan: Mark): void {
    for (const comment of scanComments(this.at, scan, this.commentContext())) this.comments.push(comment);
  }

  private commentContext(): CommentContext {
    const { tokens } = this;
    let last = tokens[tokens.length - 1];
    if (last?.type === ',' && tokens.length > 1) last = tokens[tokens.length - 2];
    const lastToken = last?.start.index ?? 0;
    return { indent: this.indent, flow: this.flowLevel > 0, lastToken, lastIsValue: last?.type === 'value' };
  }

  /** `- # comment` before the first item of a list heads that item. */
  private raiseEntryComment(): void {
    const { at, tokens } = this;
    const comment = this.comments[this.comments.length - 1];
    if (!comment || tokens.length < 2 || this.comments.length === this.commentsTaken) return;
    if (tokens[tokens.length - 1]?.type !== 'block-entry') return;
    if (tokens[tokens.length - 2]?.type !== 'block-sequence-start') return;
    if (comment.line.length === 0 || isBreak(at.peek())) return;
    comment.head = comment.line;
    comment.line = [];
    if (comment.start.line === at.line - 1) comment.token = at.pos;
  }

  /** End the blocks that are deeper than `column`; each ends before comments that stand at its own column. */
  private unroll(column: number, scan: number): void {
    if (this.flowLevel > 0) return;
    let mark: Mark = { index: scan - 1, line: this.at.line, column: this.at.column };
    while (this.indent > column) {
      let stop = mark.index;
      for (let i = this.comments.length - 1; i >= this.commentsTaken; i--) {
        const comment = this.comments[i];
        if (!comment || comment.end < stop) break;
        if (comment.start.column === this.indent + 1) mark = comment.start;
        stop = comment.scan;
      }
      this.add('block-end', mark);
      this.indent = this.indents.pop() ?? -1;
    }
  }

  /** Begin a block at `column` if that is deeper than the current one. */
  private roll(column: number, number: number | undefined, type: TokenType, mark: Mark): void {
    if (this.flowLevel > 0 || this.indent >= column) return;
    this.indents.push(this.indent);
    this.indent = column;
    if (this.indents.length > maxNesting) throw this.at.error('depth');
    if (number === undefined) this.add(type, mark);
    else this.insert(number, type, mark);
  }

  /** Begin a block here, where a sign can stand that begins one. */
  private begin(type: TokenType, what: 'list' | 'key' | 'value'): void {
    if (this.flowLevel > 0) return;
    if (!this.keyAllowed) throw this.at.error(what);
    this.roll(this.at.column, undefined, type, this.at.mark());
  }

  private isValid(key: SimpleKey): boolean {
    if (!key.possible) return false;
    if (key.mark.line === this.at.line && key.mark.index + simpleKeyLength >= this.at.pos) return true;
    if (key.required) throw this.at.error('key', key.mark.index);
    key.possible = false;
    return false;
  }

  private saveKey(): void {
    if (!this.keyAllowed) return;
    const required = this.flowLevel === 0 && this.indent === this.at.column;
    const number = this.parsed + (this.tokens.length - this.head);
    const key = { possible: true, required, number, mark: this.at.mark() };
    this.dropKey();
    this.keys[this.keys.length - 1] = key;
    this.keyOfToken.set(number, key);
  }

  private dropKey(): void {
    const key = this.keys[this.keys.length - 1];
    if (!key?.possible) return;
    if (key.required) throw this.at.error('key', key.mark.index);
    key.possible = false;
    this.keyOfToken.delete(key.number);
  }

  private fetchToken(c: number): void {
    const { at } = this;
    const flow = this.flowLevel > 0;
    const nextIsBlank = isBlankZ(at.peek(1));
    if (c === 0x5b || c === 0x7b) return this.fetchOpen(c === 0x5b ? '[' : '{');
    if (c === 0x5d || c === 0x7d) return this.fetchClose(c === 0x5d ? ']' : '}');
    if (c === 0x2c) return this.fetchComma();
    if (c === 0x2d && nextIsBlank) return this.fetchEntry();
    if (c === 0x3f && (flow || nextIsBlank)) return this.fetchKey();
    if (c === 0x3a && (flow || nextIsBlank)) return this.fetchValue();
    if (c === 0x2a || c === 0x26) return this.fetchInline(() => scanAnchor(at, c === 0x2a ? 'alias' : 'anchor'));
    if (c === 0x21) return this.fetchInline(() => scanTag(at));
    if ((c === 0x7c || c === 0x3e) && !flow) return this.fetchBlockScalar();
    if (c === 0x27 || c === 0x22) return this.fetchInline(() => scanQuoted(at, c === 0x27));
    if (!startsPlain(c, flow, nextIsBlank, isBlank(at.peek(1)))) throw at.error('character');
    this.saveKey();
    this.keyAllowed = false;
    const { token, broken } = scanPlain(at, this.indent, flow);
    this.tokens.push(token);
    if (broken) this.keyAllowed = true;
  }

  /** A token that can be a key on one line, or begin one. */
  private fetchInline(scan: () => Token): void {
    this.saveKey();
    this.keyAllowed = false;
    this.tokens.push(scan());
  }

  private addSign(type: TokenType, length = 1): void {
    const start = this.at.mark();
    this.at.skip(length);
    this.add(type, start, this.at.pos);
  }

  private fetchEnd(): void {
    this.unrollAll();
    this.add('stream-end', this.at.mark());
    this.ended = true;
  }

  private unrollAll(): void {
    this.unroll(-1, this.at.pos);
    this.dropKey();
    this.keyAllowed = false;
  }

  private fetchDirective(): void {
    this.unrollAll();
    const { token, comment } = scanDirective(this.at);
    this.tokens.push(token);
    if (comment) this.passedOver.push(comment);
  }

  private fetchDocumentMark(): void {
    this.unrollAll();
    this.addSign(this.at.peek() === 0x2d ? 'document-start' : 'document-end', 3);
  }

  private fetchOpen(type: '[' | '{'): void {
    this.saveKey();
    this.keys.push({ possible: false, required: false, number: -1, mark: this.at.mark() });
    if (++this.flowLevel > maxNesting) throw this.at.error('depth');
    this.keyAllowed = true;
    this.addSign(type);
  }

  private fetchClose(type: ']' | '}'): void {
    this.dropKey();
    if (this.flowLevel > 0) {
      this.flowLevel--;
      this.keys.pop();
    }
    this.keyAllowed = false;
    this.addSign(type);
  }

  private fetchComma(): void {
    this.dropKey();
    this.keyAllowed = true;
    this.addSign(',');
  }

  private fetchEntry(): void {
    this.begin('block-sequence-start', 'list');
    this.dropKey();
    this.keyAllowed = true;
    this.addSign('block-entry');
  }

  private fetchKey(): void {
    this.begin('block-mapping-start', 'key');
    this.dropKey();
    this.keyAllowed = this.flowLevel === 0;
    this.addSign('key');
  }

  private fetchValue(): void {
    const key = this.keys[this.keys.length - 1];
    if (key && this.isValid(key)) {
      this.insert(key.number, 'key', key.mark);
      this.roll(key.mark.column, key.number, 'block-mapping-start', key.mark);
      key.possible = false;
      this.keyOfToken.delete(key.number);
      this.keyAllowed = false;
    } else {
      this.begin('block-mapping-start', 'value');
      this.keyAllowed = this.flowLevel === 0;
    }
    this.addSign('value');
  }

  private fetchBlockScalar(): void {
    this.dropKey();
    this.keyAllowed = true;
    const header = scanBlockHeader(this.at);
    if (this.at.peek() === 0x23) this.addLineComment(header.start.index);
    this.tokens.push(scanBlockContent(this.at, header, this.indent));
  }
}

/** Whether a plain scalar may start with `c`. */
function startsPlain(c: number, flow: boolean, nextIsBlankZ: boolean, nextIsBlank: boolean): boolean {
  if (c === 0x2d) return !nextIsBlank;
  if (c === 0x3f || c === 0x3a) return !flow && !nextIsBlankZ;
  // , [ ] { } # & * ! | > ' " % @ ` and white space
  return !isBlankZ(c) && !',[]{}#&*!|>\'"%@`'.includes(String.fromCharCode(c));
}
