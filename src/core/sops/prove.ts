import { LockstepError } from '../errors.ts';
import { requireReadable } from '../format/encoding.ts';
import { isEnvelopeOnly } from '../format/signs.ts';
import { type Path, samePath } from '../tree/path.ts';
import type { Scalar } from '../tree/value.ts';
import { requireAccounted } from './accounted.ts';
import { commentText, openComment } from './comments.ts';
import type { DataKey } from './datakey.ts';
import { type Opened, openWith } from './open.ts';
import type { Leaf, Sealed, SealedComment } from './sealed.ts';
import { plainComment } from './unseal.ts';
import { keyOf } from './value.ts';

/** What an encrypted text has to hold. */
export interface Expected {
  /** In file order. */
  readonly leaves: readonly ExpectedLeaf[];
  /** In file order. */
  readonly comments: readonly ExpectedComment[];
}

export interface ExpectedLeaf extends Pick<Leaf, 'document' | 'path' | 'selected'> {
  readonly value: Scalar | undefined;
}

export interface ExpectedComment {
  /** What it says, in clear text. */
  readonly text: string;
  /** It may stand in clear text though it is in encrypted position: somebody put it there, as SOPS lets them. */
  readonly clear: boolean;
}

/**
 * The one proof that stands before every encrypted text that leaves core, whatever made it: the text is read back from
 * nothing and opened with the data key under the same limits as any file, its MAC holds, it has these values and comments
 * at these places and no others, and every character of it is accounted for (`requireAccounted`). A slip in a parser or
 * writer becomes a refusal, never a lost value and never one in clear text.
 * @param sealed read from the text that is to leave. @param known an earlier version of the file, whose ciphertext is not
 *   decrypted again. Throws UNSUPPORTED_VALUE, TOO_LARGE, BAD_DATA_KEY when the key is disposed of.
 */
export async function prove(sealed: Sealed, key: DataKey, expected: Expected, known?: Opened): Promise<void> {
  requireReadable(sealed.doc.text);
  key.requireAlive();
  const opened = await openWith(sealed, key, known);
  if (!opened.verdict.ok) {
    key.requireAlive();
    throw unlike(opened.verdict.failures[0]?.leaf?.path);
  }
  requireLeaves(opened, expected.leaves);
  await requireComments(sealed, key, expected.comments);
  requireAccounted(sealed);
}

function unlike(path?: Path): LockstepError {
  return new LockstepError('UNSUPPORTED_VALUE', path ? { path, what: 'structure' } : { what: 'structure' });
}

function requireLeaves(opened: Opened, expected: readonly ExpectedLeaf[]): void {
  const { leaves } = opened.sealed;
  if (leaves.length !== expected.length) throw unlike();
  for (const [i, leaf] of leaves.entries()) {
    const wanted = expected[i] as ExpectedLeaf;
    const same =
      leaf.document === wanted.document &&
      leaf.selected === wanted.selected &&
      samePath(leaf.path, wanted.path) &&
      sameValue(opened.valueAt(i), wanted.value);
    if (!same) throw unlike(leaf.path);
  }
}

/** Most are texts, which need no other form to be compared. */
function sameValue(a: Scalar | undefined, b: Scalar | undefined): boolean {
  if (a?.type === 'str' && b?.type === 'str' && typeof a.value === 'string') return a.value === b.value;
  return keyOf(a) === keyOf(b);
}

async function requireComments(sealed: Sealed, key: DataKey, expected: readonly ExpectedComment[]): Promise<void> {
  const found = ownComments(sealed.comments);
  if (found.length !== expected.length) throw new LockstepError('UNSUPPORTED_VALUE', { what: 'comments' });
  for (const [i, comment] of found.entries()) {
    const { text, clear } = expected[i] as ExpectedComment;
    const written = commentText(comment.node);
    const sealedText = isEnvelopeOnly(written.trim()) ? await openComment(key, comment.aad, written) : undefined;
    const mayStand = clear || !comment.selected || text === '';
    if (sealedText !== text && !(mayStand && written === text))
      throw new LockstepError('UNSUPPORTED_VALUE', { path: comment.path, what: 'comments' });
  }
}

/** Comments in the order in which they stand in the file, without those that an alias repeats. */
export function ownComments(comments: readonly SealedComment[]): SealedComment[] {
  return comments
    .filter(({ around }) => !around.alias)
    .sort((a, b) => a.node.span.start - b.node.span.start || a.node.span.end - b.node.span.end);
}

/** What an opened file holds, so that a change of it can say what it expects. */
export async function heldBy(opened: Opened): Promise<{ leaves: ExpectedLeaf[]; comments: HeldComment[] }> {
  const { leaves, comments } = opened.sealed;
  return {
    leaves: leaves.map(({ document, path, selected }, i) => ({ document, path, selected, value: opened.valueAt(i) })),
    comments: await Promise.all(
      ownComments(comments).map(async (comment) => {
        const plain = await plainComment(opened, comment);
        return { comment, text: plain ?? commentText(comment.node), clear: plain === undefined };
      }),
    ),
  };
}

export interface HeldComment extends ExpectedComment {
  readonly comment: SealedComment;
}
