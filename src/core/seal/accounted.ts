import { LockstepError } from '../errors.ts';
import type { Node, Span } from '../format/document.ts';
import { entriesOf, itemsOf, partsOf } from '../format/place.ts';
import { isSealedToken, isSigns } from '../format/signs.ts';
import type { Leaf, Sealed } from '../sops/sealed.ts';

/**
 * Every character of an encrypted text is accounted for: it belongs to a ciphertext, to a name, to a value or comment that
 * stands in clear text by the selector, to the metadata, or it is a sign of the format. Anything else would be a part of
 * something that was to be encrypted. Whether names, values and comments are the right ones is for `prove` to say.
 * Throws UNSUPPORTED_VALUE (`clear-text`).
 */
export function requireAccounted(sealed: Pick<Sealed, 'doc' | 'leaves' | 'comments'>): void {
  const { doc } = sealed;
  const { text, format } = doc;
  const comments = sealed.comments
    .flatMap(({ node }) => (node.kind === 'comment' ? partsOf(node) : []))
    .sort((a, b) => a.start - b.start);
  for (const leaf of sealed.leaves) {
    const { span } = leaf.node;
    // What is under an alias stands at its anchor's place.
    if (leaf.around.alias) continue;
    const token = without(comments, text, span);
    if (leaf.selected && !isSealedToken(format, token)) throw unaccounted(leaf);
  }
  const covered = [
    ...comments,
    ...sealed.leaves.map(({ node }) => node.span),
    // Comments that are items of a list.
    ...sealed.comments.flatMap(({ node }) => (node.kind === 'comment' ? [] : [node.span])),
    ...doc.metadata.flatMap((block) => (block ? [block.span] : [])),
    ...doc.documents.flatMap(keySpans),
  ].sort((a, b) => a.start - b.start);
  let at = 0;
  for (const { start, end } of covered) {
    if (start > at && !isSigns(format, text.slice(at, start))) throw unaccounted();
    at = Math.max(at, end);
  }
  if (!isSigns(format, text.slice(at))) throw unaccounted();
}

function unaccounted(leaf?: Leaf): LockstepError {
  return new LockstepError(
    'UNSUPPORTED_VALUE',
    leaf ? { path: leaf.path, what: 'clear-text' } : { what: 'clear-text' },
  );
}

/** Names; aliases and the nodes that are not walked twice. */
function keySpans(node: Node): Span[] {
  if (node.kind === 'alias') return [node.span];
  if (node.kind === 'list') return itemsOf(node).flatMap(keySpans);
  return node.kind === 'map' ? entriesOf(node).flatMap(({ keySpan, value }) => [keySpan, ...keySpans(value)]) : [];
}

/**
 * A token without the comments inside it, such as one behind the sign of a block scalar. They are looked at by themselves.
 * @param comments in order.
 */
function without(comments: readonly Span[], text: string, { start, end }: Span): string {
  let [low, high] = [0, comments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((comments[middle]?.start ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  let at = start;
  let out = '';
  for (let comment = comments[low]; comment && comment.end <= end; comment = comments[++low]) {
    out += text.slice(at, comment.start);
    at = comment.end;
  }
  return out + text.slice(at, end);
}
