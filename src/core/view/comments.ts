import type { Span } from '../format/document.ts';
import type { Sealed, SealedComment } from '../sops/sealed.ts';
import { envelopes } from './envelopes.ts';
import type { Lines } from './lines.ts';
import { touches } from './mask.ts';
import { isSecret } from './rows.ts';

/** An encrypted comment in a text. */
export interface SecretComment {
  /** Names it within one text. No entry has such an id. */
  readonly id: string;
  readonly comment: SealedComment;
  /** The ciphertext, which a mask covers. */
  readonly span: Span;
}

/** The encrypted comments of a file, in file order. */
export function secretComments({ comments, doc }: Sealed): SecretComment[] {
  return comments.flatMap((comment, i) => {
    if (!isSecret(comment)) return [];
    const { start, end } = comment.node.span;
    const [token] = envelopes(doc.text.slice(start, end));
    return token ? [{ id: `comment ${i}`, comment, span: { start: start + token.start, end: start + token.end } }] : [];
  });
}

/**
 * The encrypted comment that a cursor is on: the one that it touches, else the only one on its line. @param entryThere an
 * entry is on that line
 */
export function commentAt(
  comments: readonly SecretComment[],
  lines: Lines,
  offset: number,
  entryThere: boolean,
): SecretComment | undefined {
  const touched = comments.find(({ span }) => touches(span, offset, offset));
  if (touched || entryThere) return touched;
  const there = comments.filter(({ span }) => lines.lineAt(span.start) === lines.lineAt(offset));
  return there.length === 1 ? there[0] : undefined;
}

/** A comment and those on the lines right above and below it, if each has its line for itself: what was written as one. */
export function commentBlock(comments: readonly SecretComment[], one: SecretComment, lines: Lines): SecretComment[] {
  const lineOf = ({ span }: SecretComment) => lines.lineAt(span.start);
  const isAlone = (other: SecretComment) => {
    const line = lineOf(other);
    return /^[\s#;]*$/.test(lines.text(line).slice(0, other.span.start - lines.start(line)));
  };
  const byLine = new Map(comments.filter(isAlone).map((other) => [lineOf(other), other]));
  let first = lineOf(one);
  if (byLine.get(first) !== one) return [one];
  while (byLine.has(first - 1)) first--;
  const block: SecretComment[] = [];
  for (let next = byLine.get(first); next; next = byLine.get(++first)) block.push(next);
  return block;
}
