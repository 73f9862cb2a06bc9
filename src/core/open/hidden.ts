import { LockstepError } from '../errors.ts';
import type { CommentNode } from '../format/document.ts';
import type { Collected, Leaf, SealedComment } from '../sops/sealed.ts';
import { keyOf } from '../sops/value.ts';
import { commentText } from './comments.ts';
import type { Opened } from './open.ts';
import { plainComment } from './unseal.ts';

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

/**
 * Throws NOT_SELECTED where something that is encrypted in `mine` stands in clear text in `merged`, and not because `theirs`
 * has it so: the two may have other selectors.
 */
export async function requireStillHidden(mine: Opened, theirs: Opened, merged: Collected): Promise<void> {
  const hidden = new Set(mine.sealed.leaves.flatMap(({ encrypted, id }) => (encrypted ? id : [])));
  const shown = new Map(theirs.sealed.leaves.flatMap((leaf) => (leaf.selected ? [] : [[leaf.id, leaf]])));
  for (const leaf of merged.leaves) {
    if (leaf.selected || isEmpty(leaf) || !hidden.has(leaf.id)) continue;
    const old = shown.get(leaf.id);
    if (!old || keyOf(old.node.scalar) !== keyOf(leaf.node.scalar))
      throw new LockstepError('NOT_SELECTED', { path: leaf.path });
  }
  const secret = new Set<string>();
  for (const comment of mine.sealed.comments) secret.add((await plainComment(mine, comment)) ?? '');
  for (const { node } of [...mine.sealed.comments, ...theirs.sealed.comments]) secret.delete(commentText(node));
  for (const { node, selected, path } of merged.comments) {
    if (!selected && node.kind === 'comment' && secret.has(node.text))
      throw new LockstepError('NOT_SELECTED', { path, what: 'comment' });
  }
}
