import type { CommentNode } from '../document.ts';
import type { CommentPart } from './read.ts';

const known = new WeakMap<CommentNode, readonly CommentPart[]>();

/** INI makes one comment of several lines, and of one behind the value as well: where all of it stands. */
export function rememberParts(comment: CommentNode, parts: readonly CommentPart[]): void {
  known.set(comment, parts);
}

/** The stretches of a comment, in file order. */
export function partsOf(comment: CommentNode): readonly CommentPart[] {
  return known.get(comment) ?? [{ ...comment.span, inline: comment.inline }];
}
