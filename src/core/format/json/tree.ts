import { createScanner, type JSONScanner } from 'jsonc-parser';
import type { Word } from '../../errors.ts';
import type { Scalar } from '../../tree/value.ts';
import type { Entry, ListNode, MapNode, Node, ScalarNode } from '../document.ts';
import { parseInt64 } from '../number.ts';
import { errorAt, maxDepth, maxNodes } from '../place.ts';

// SyntaxKind of jsonc-parser, which declares it as an ambient const enum: those cannot be imported by value.
const kind = { openBrace: 1, closeBrace: 2, openBracket: 3, closeBracket: 4, comma: 5, colon: 6 } as const;
const literal = { null: 7, true: 8, false: 9, string: 10, number: 11 } as const;
const end = 17;

/** A strict JSON text whose top level is an object, to a tree. Duplicate keys are kept, as in sops (stores/json/store.go). */
export function parseJson(text: string): MapNode {
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  if (/^[ \t\r\n]*$/.test(text.slice(start))) throw errorAt('EMPTY_FILE', text, 0);
  const reader = new Reader(text, start);
  if (reader.token !== kind.openBrace) {
    reader.value(0); // so that broken text is called broken
    throw errorAt('NOT_A_MAP', text, start);
  }
  const root = reader.map(0);
  reader.finish();
  return root;
}

class Reader {
  readonly text: string;
  private readonly scanner: JSONScanner;
  token = 0;
  private nodes = 0;

  constructor(text: string, start: number) {
    this.text = text;
    this.scanner = createScanner(text, false);
    this.scanner.setPosition(start);
    this.next();
  }

  private get start(): number {
    return this.scanner.getTokenOffset();
  }

  private get end(): number {
    return this.scanner.getTokenOffset() + this.scanner.getTokenLength();
  }

  error(what?: Word<'SYNTAX'>) {
    return errorAt('SYNTAX', this.text, this.start, what);
  }

  /** On to the next token that means something. Comments are left standing: no production takes one. */
  private next(): void {
    do this.token = this.scanner.scan();
    while (this.token === 14 || this.token === 15); // line break, white space
    if (this.scanner.getTokenError() !== 0) throw this.error();
  }

  /** Nothing may follow; sops reads on to nothing there and would lose it. */
  finish(): void {
    if (this.token !== end) throw this.error('trailing');
  }

  private take(token: number): void {
    if (this.token !== token) throw this.error();
    this.next();
  }

  value(depth: number): Node {
    if (depth > maxDepth) throw this.error('depth');
    if (++this.nodes > maxNodes) throw errorAt('TOO_LARGE', this.text, this.start, 'nodes');
    if (this.token === kind.openBrace) return this.map(depth);
    if (this.token === kind.openBracket) return this.list(depth);
    return this.leaf();
  }

  map(depth: number): MapNode {
    const start = this.start;
    const members: Entry[] = [];
    this.next();
    if (this.token !== kind.closeBrace) members.push(this.entry(depth));
    while (this.token === kind.comma) {
      this.next();
      members.push(this.entry(depth));
    }
    const span = { start, end: this.end };
    this.take(kind.closeBrace);
    return { kind: 'map', span, members, flow: true };
  }

  private entry(depth: number): Entry {
    if (this.token !== literal.string) throw this.error();
    const key = wellFormed(this.scanner.getTokenValue());
    const keySpan = { start: this.start, end: this.end };
    this.next();
    this.take(kind.colon);
    const value = this.value(depth + 1);
    return { kind: 'entry', key, keySpan, span: { start: keySpan.start, end: value.span.end }, value };
  }

  private list(depth: number): ListNode {
    const start = this.start;
    const items: Node[] = [];
    this.next();
    if (this.token !== kind.closeBracket) items.push(this.value(depth + 1));
    while (this.token === kind.comma) {
      this.next();
      items.push(this.value(depth + 1));
    }
    const span = { start, end: this.end };
    this.take(kind.closeBracket);
    return { kind: 'list', span, items, flow: true };
  }

  private leaf(): ScalarNode {
    const span = { start: this.start, end: this.end };
    const scalar = this.scalar();
    this.next();
    return { kind: 'scalar', span, scalar, style: scalar.type === 'str' ? 'double' : 'plain', flow: true };
  }

  private scalar(): Scalar {
    switch (this.token) {
      case literal.string:
        return { type: 'str', value: wellFormed(this.scanner.getTokenValue()) };
      case literal.number:
        return this.number(this.text.slice(this.start, this.end));
      case literal.true:
      case literal.false:
        return { type: 'bool', value: this.token === literal.true };
      case literal.null:
        return { type: 'null' };
      default:
        throw this.error();
    }
  }

  /** A token that fits int64 is an int (`-0` too), every other one a float (SOPS stores/json/store.go since 3.13.2). */
  private number(token: string): Scalar {
    const int = /[.eE]/.test(token) ? undefined : parseInt64(token);
    if (int !== undefined) return { type: 'int', value: int };
    const value = Number(token);
    if (!Number.isFinite(value)) throw errorAt('UNSUPPORTED_VALUE', this.text, this.start, 'float-range');
    return { type: 'float', value };
  }
}

/** Half a surrogate pair reads as U+FFFD, as Go's encoding/json has it. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\uFFFD');
}
