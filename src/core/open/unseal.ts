import { linesOf } from '../dotenvx/file.ts';
import { LockstepError } from '../errors.ts';
import { applyEdits, type SourceDocument, type TextEdit } from '../format/document.ts';
import { holdsHalf } from '../format/encoding.ts';
import { getFormat } from '../format/which.ts';
import {
  binaryBytes,
  type PlainBytes,
  type PlainText,
  plainBytes,
  provePlain,
  requireIntact,
  type Said,
} from '../seal/prove.ts';
import { type Collected, collect, type SealedComment } from '../sops/sealed.ts';
import { commentText, openComment } from './comments.ts';
import type { Opened } from './open.ts';
import { heldIn } from './same.ts';

/**
 * The bytes of the plain file, of any format. The caller owns them. Throws EDIT_LOCKED, BAD_VALUE, UNSUPPORTED_VALUE.
 */
export async function unsealBytes(opened: Opened): Promise<PlainBytes> {
  return opened.sealed.format === 'binary' ? binaryBytes(opened) : plainBytes((await plainDocument(opened)).text);
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
  const { edits, doc, text } = await plainDocument(opened);
  const plain = collect(doc, opened.sealed.metadata.selector);
  // A text that looks like an encrypted comment would be taken for one.
  if (plain.leaves.length !== opened.sealed.leaves.length)
    throw new LockstepError('UNSUPPORTED_VALUE', { what: 'structure' });
  return { edits, text, plain };
}

/**
 * What two versions of a file are compared by, and brought together in: its plain entries. Those of dotenvx are its lines as they are, as each
 * value is encrypted by itself. Throws as `unseal`.
 */
export async function comparable(opened: Opened): Promise<Collected> {
  return opened.sealed.dotenvx ? linesOf(opened.sealed.doc.text) : (await unseal(opened)).plain;
}

/** The plain file, which has been read back and compared, and the edits that make it. */
async function plainDocument(opened: Opened): Promise<{ edits: TextEdit[]; doc: SourceDocument; text: PlainText }> {
  requireIntact(opened);
  const { doc, format, leaves, comments } = opened.sealed;
  if (format === 'binary') throw new LockstepError('UNSUPPORTED_FORMAT', { what: format });
  if (opened.sealed.dotenvx) throw new LockstepError('UNSUPPORTED_FORMAT', { what: 'other' });
  const writer = getFormat(opened.sealed.format);
  const edits: TextEdit[] = [];
  const said: Said[] = [];
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
  return { edits, doc: plain, text: provePlain(opened, plain, said) };
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
