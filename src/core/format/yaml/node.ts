import type { ScalarStyle } from '../document.ts';
import type { Lines } from './comment.ts';

/** A node as go-yaml composes it: comments beside it, aliases not followed. */
export class RawNode {
  readonly kind: 'map' | 'list' | 'scalar' | 'alias';
  /** From a tag or anchor before it on. */
  readonly start: number;
  end: number;
  /** Without tag and anchor. */
  readonly contentStart: number;
  /** Short form (`!!str`), empty if none was written. */
  tag = '';
  anchor = '';
  flow = false;
  style: ScalarStyle = 'plain';
  /** Text of a scalar, name of an alias. */
  value = '';
  /** Items of a list; key, value, key, value of a map. */
  readonly content: RawNode[];
  /** Where the `-` or `:` before a part of a block stands. */
  sign = 0;
  head: Lines = noLines;
  line: Lines = noLines;
  foot: Lines = noLines;

  constructor(kind: RawNode['kind'], start: number, contentStart: number, end: number) {
    this.kind = kind;
    this.start = start;
    this.contentStart = contentStart;
    this.end = end;
    this.content = kind === 'map' || kind === 'list' ? [] : noContent;
  }
}

export const noLines: Lines = [];
const noContent: RawNode[] = [];

export interface RawDocument {
  readonly start: number;
  readonly end: number;
  readonly root: RawNode;
  readonly head: Lines;
  readonly foot: Lines;
  /** It starts with `---`. */
  readonly marked: boolean;
}
