import { LockstepError } from '../errors.ts';
import type { CommentNode } from '../format/document.ts';
import type { Opened } from './open.ts';
import type { Leaf, SealedComment } from './sealed.ts';
import { keyOf } from './value.ts';

/**
 * Throws NOT_SELECTED, with its path, where an entry that was encrypted would stand in clear text: at its old place,
 * because of a comment, or under another name or at another place.
 * @param gone the encrypted leaves of the old text whose value the new one has not at their key path.
 */
export function requireHidden(opened: Opened, leaves: readonly Leaf[], gone: readonly Leaf[]): void {
  const before = new Map(opened.sealed.leaves.map((leaf) => [leaf.id, leaf]));
  const secrets = new Set(gone.map((leaf) => keyOf(opened.value(leaf.id))));
  for (const leaf of leaves) {
    if (leaf.selected || isEmpty(leaf)) continue;
    const old = before.get(leaf.id);
    const key = keyOf(leaf.node.scalar);
    if (old && !old.selected && keyOf(opened.value(old.id)) === key) continue;
    if (old?.encrypted || secrets.has(key)) throw new LockstepError('NOT_SELECTED', { path: leaf.path });
  }
}

function isEmpty({ node: { scalar } }: Leaf): boolean {
  return scalar.type === 'null' || (scalar.type === 'str' && scalar.value.length === 0);
}

/** The same for comments; the path is that of what holds the comment. */
export function requireHiddenComments(
  gone: ReadonlySet<string>,
  fresh: readonly (SealedComment & { readonly node: CommentNode })[],
): void {
  for (const { node, selected, path } of fresh) {
    if (!selected && gone.has(node.text)) throw new LockstepError('NOT_SELECTED', { path, what: 'comment' });
  }
}
