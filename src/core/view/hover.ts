import type { Leaf } from '../sops/sealed.ts';
import { showPath, visible } from '../tree/path.ts';
import type { Scalar } from '../tree/value.ts';
import { type LineBucket, lineBucket } from './shown.ts';

export interface HoverFacts {
  /** The key path, control characters visible; not yet escaped for Markdown. */
  readonly path: string;
  readonly type: Leaf['type'];
  /** Only of a value with several lines. */
  readonly lines: Exclude<LineBucket, '1'> | undefined;
}

/** What a hover says about an entry. The value goes in, at most a bucket comes out. */
export function hoverFacts(leaf: Leaf, value: Scalar | undefined): HoverFacts {
  const bucket = value ? lineBucket(value) : '1';
  return { path: showPath(leaf.path), type: leaf.type, lines: bucket === '1' ? undefined : bucket };
}

/** A recipient short enough for one line: `age1abcdef…wxyz`. A name that is no age key is cut, nothing invisible in it. */
export function shortRecipient(text: string): string {
  const recipient = visible(text);
  if (recipient.length <= 20) return recipient;
  return `${recipient.slice(0, 11)}…${recipient.slice(-4)}`;
}
