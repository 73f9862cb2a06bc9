import type { Scalar } from './value.ts';

/** A plain file as an ordered tree without places, comments among its members as SOPS has them (sops.go `TreeBranch`). */

export interface PlainComment {
  readonly kind: 'comment';
  /** The text after the comment sign; bytes that are no UTF-8 as halves of surrogate pairs, see format/encoding.ts. */
  readonly text: string;
  /** It was at the end of a line that holds something else. It comes before that in the tree. */
  readonly inline: boolean;
}

export interface PlainEntry {
  readonly kind: 'entry';
  readonly key: string;
  readonly value: PlainNode;
}

export interface PlainMap {
  readonly kind: 'map';
  /** Duplicates are possible in JSON, dotenv, and for sections of INI. */
  readonly members: readonly (PlainEntry | PlainComment)[];
}

export interface PlainList {
  readonly kind: 'list';
  readonly items: readonly (PlainNode | PlainComment)[];
}

interface PlainScalar {
  readonly kind: 'scalar';
  readonly scalar: Scalar;
}

export type PlainNode = PlainMap | PlainList | PlainScalar;
