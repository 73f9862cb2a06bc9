import { LockstepError } from '../errors.ts';
import { applyEdits, type SourceDocument, type TextEdit } from '../format/document.ts';
import { bytesOfText, holdsHalf } from '../format/encoding.ts';
import { commentsOf } from '../format/place.ts';
import { getFormat } from '../format/which.ts';
import { type PlainBytes, type PlainText, requireIntact } from '../seal/sign.ts';
import { type Collected, collect, type SealedComment } from '../sops/sealed.ts';
import { valueBytes } from '../sops/value.ts';
import { commentText, openComment } from './comments.ts';
import type { Opened } from './open.ts';
import { heldIn, requireSame } from './same.ts';

/**
 * The bytes of the plain file, of any format. The caller owns them. Throws EDIT_LOCKED, BAD_VALUE, UNSUPPORTED_VALUE.
 */
export async function unsealBytes(opened: Opened): Promise<PlainBytes> {
  if (opened.sealed.format !== 'binary')
    return bytesOfText((await plainDocument(opened)).doc.text) as Uint8Array as PlainBytes;
  requireIntact(opened);
  const leaf = opened.sealed.leaves[0];
  const value = leaf && opened.value(leaf.id);
  if (value?.type !== 'str') throw new LockstepError('UNSUPPORTED_VALUE', { what: 'binary' });
  return valueBytes(value) as PlainBytes;
}

/** An encrypted file and the edits of its text that make the plain one. */
export interface Unsealed {
  readonly edits: readonly TextEdit[];
  readonly text: PlainText;
  /** The plain file, parsed. */
  readonly plain: Collected;
}

/**
 * The plain file as text: every value and comment in clear text, the metadata gone. Throws EDIT_LOCKED, BAD_VALUE,
 * UNSUPPORTED_VALUE, and UNSUPPORTED_FORMAT for a binary file, which is bytes.
 */
export async function unseal(opened: Opened): Promise<Unsealed> {
  const { edits, doc } = await plainDocument(opened);
  const plain = collect(doc, opened.sealed.metadata.selector);
  // A text that looks like an encrypted comment would be taken for one.
  if (plain.leaves.length !== opened.sealed.leaves.length)
    throw new LockstepError('UNSUPPORTED_VALUE', { what: 'structure' });
  return { edits, text: doc.text as PlainText, plain };
}

/** The plain file, which has been read back and compared, and the edits that make it. */
async function plainDocument(opened: Opened): Promise<{ edits: TextEdit[]; doc: SourceDocument }> {
  requireIntact(opened);
  const { doc, format, leaves, comments } = opened.sealed;
  if (format === 'binary') throw new LockstepError('UNSUPPORTED_FORMAT', { what: format });
  const writer = getFormat(opened.sealed.format);
  const edits: TextEdit[] = [];
  const said: { readonly at: number; readonly text: string }[] = [];
  for (const [i, leaf] of leaves.entries()) {
    const value = opened.valueAt(i);
    if (leaf.encrypted && value) edits.push(...writer.writeScalar(doc, leaf.node, heldIn(format, value)));
  }
  for (const comment of comments) {
    const plain = await plainComment(opened, comment);
    if (!comment.around.alias) said.push({ at: comment.node.span.start, text: plain ?? commentText(comment.node) });
    if (plain === undefined) continue;
    const { list } = comment.around;
    if (comment.node.kind === 'comment') edits.push(...writer.writeComment(doc, comment.node, plain));
    else if (list) edits.push(...writer.itemToComment(doc, list, comment.node, plain));
  }
  edits.push(...writer.removeMetadata(doc));
  // What is written in the place of the encrypted file must hold the same values.
  const plain = writer.parse(applyEdits(doc.text, edits), doc.eol);
  requireSame(opened, plain);
  requireSaid(plain, said);
  return { edits, doc: plain };
}

/** And the same comments in the same order; those of INI may be joined to others, and lose the white space at their ends. */
function requireSaid(plain: SourceDocument, said: readonly { readonly at: number; readonly text: string }[]): void {
  const found = commentsOf(plain).map(({ span, text }) => ({ at: span.start, text }));
  const shown = (all: readonly { readonly at: number; readonly text: string }[]) => {
    const texts = all.toSorted((a, b) => a.at - b.at).map(({ text }) => text);
    return JSON.stringify(plain.format === 'ini' ? texts.join('\n').replace(/[#;\s\u0085]/g, '') : texts);
  };
  if (shown(found) !== shown(said)) throw new LockstepError('UNSUPPORTED_VALUE', { what: 'comments' });
}

/**
 * The text of a comment in the plain file; undefined for one that stays as it is, because it is not encrypted or does not
 * open, or because the format cannot hold its bytes: a comment is never vital.
 */
export async function plainComment(
  { sealed, dataKey }: Opened,
  { node, aad }: SealedComment,
): Promise<string | undefined> {
  const plain = await openComment(dataKey, aad, commentText(node));
  const anyBytes = sealed.format === 'dotenv' || sealed.format === 'ini';
  return plain !== undefined && holdsHalf(plain) && !anyBytes ? undefined : plain;
}
