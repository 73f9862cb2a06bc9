import { LockstepError } from '../errors.ts';
import type { CommentNode, Node, Span } from '../format/document.ts';
import { partsOf } from '../format/place.ts';
import { isSealedToken, isSigns } from '../format/signs.ts';
import type { Leaf, Sealed, SealedComment } from '../sops/sealed.ts';

/**
 * Every character of an encrypted text is accounted for: it belongs to a ciphertext, to a name, to a value or comment that
 * stands in clear text by the selector, to the metadata, or it is a sign of the format. Anything else would be a part of
 * something that was to be encrypted. Whether names, values and comments are the right ones is for `prove` to say.
 * Throws UNSUPPORTED_VALUE (`clear-text`).
 */
export function requireAccounted(sealed: Pick<Sealed, 'doc' | 'leaves' | 'comments'>): void {
  const { doc } = sealed;
  const { text, format } = doc;
  const comments = commentSpans(sealed.comments);
  const cuts = new Cuts(comments);
  for (const leaf of sealed.leaves) {
    const { span } = leaf.node;
    // What is under an alias stands at its anchor's place.
    if (leaf.around.alias) continue;
    const token = cuts.without(text, span);
    if (leaf.selected && !isSealedToken(format, token)) throw unaccounted(leaf);
  }
  const covered = [
    ...comments,
    ...sealed.leaves.map(({ node }) => node.span),
    ...itemComments(sealed.comments),
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

function isComment(node: SealedComment['node']): node is CommentNode {
  return node.kind === 'comment';
}

function commentSpans(comments: readonly SealedComment[]): Span[] {
  return comments.flatMap(({ node }) => (isComment(node) ? partsOf(node) : [])).sort((a, b) => a.start - b.start);
}

/** Comments that stand as items of a list. */
function itemComments(comments: readonly SealedComment[]): Span[] {
  return comments.flatMap(({ node }) => (isComment(node) ? [] : [node.span]));
}

/** Names; aliases and the nodes that are not walked twice. */
function keySpans(node: Node): Span[] {
  const spans: Span[] = [];
  const visit = (at: Node): void => {
    if (at.kind === 'alias') spans.push(at.span);
    else if (at.kind === 'list') for (const item of at.items) item.kind !== 'comment' && visit(item);
    else if (at.kind === 'map')
      for (const member of at.members) {
        if (member.kind === 'comment') continue;
        spans.push(member.keySpan);
        visit(member.value);
      }
  };
  visit(node);
  return spans;
}

/** Comments inside tokens, such as one behind the sign of a block scalar. They are looked at by themselves. */
class Cuts {
  readonly #comments: readonly Span[];

  constructor(comments: readonly Span[]) {
    this.#comments = comments;
  }

  without(text: string, { start, end }: Span): string {
    let at = start;
    let out = '';
    for (let i = this.#first(start); i < this.#comments.length; i++) {
      const comment = this.#comments[i] as Span;
      if (comment.end > end) break;
      out += text.slice(at, comment.start);
      at = comment.end;
    }
    return out + text.slice(at, end);
  }

  /** Of the comments the first that starts at `offset` or behind it. */
  #first(offset: number): number {
    let [low, high] = [0, this.#comments.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#comments[middle]?.start ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
