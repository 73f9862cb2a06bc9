import { LockstepError } from '../errors.ts';
import { applyEdits, type TextEdit } from '../format/document.ts';
import { bytesOfText, holdsHalf } from '../format/encoding.ts';
import { getFormat } from '../format/which.ts';
import { commentText, openComment } from './comments.ts';
import type { Metadata } from './metadata.ts';
import { macDigest, type Opened } from './open.ts';
import { collect } from './sealed.ts';
import { type PlainBytes, type PlainText, requireIntact } from './sign.ts';
import { valueBytes } from './value.ts';

/**
 * The bytes of the plain file, of any format. The caller owns them. Throws EDIT_LOCKED, BAD_VALUE, UNSUPPORTED_VALUE.
 */
export async function unsealBytes(opened: Opened): Promise<PlainBytes> {
  if (opened.sealed.format !== 'binary') return bytesOfText((await unseal(opened)).text) as Uint8Array as PlainBytes;
  requireIntact(opened);
  const leaf = opened.sealed.leaves[0];
  const value = leaf && opened.value(leaf.id);
  if (value?.type !== 'str') throw new LockstepError('UNSUPPORTED_VALUE', { what: 'binary' });
  return valueBytes(value) as PlainBytes;
}

/**
 * The plain file as text: every value and comment in clear text, the metadata gone. Throws EDIT_LOCKED, BAD_VALUE,
 * UNSUPPORTED_VALUE, and UNSUPPORTED_FORMAT for a binary file, which is bytes.
 */
export async function unseal(
  opened: Opened,
): Promise<{ readonly edits: readonly TextEdit[]; readonly text: PlainText }> {
  requireIntact(opened);
  const { doc, format, leaves, comments } = opened.sealed;
  if (format === 'binary') throw new LockstepError('UNSUPPORTED_FORMAT', { what: format });
  const writer = getFormat(opened.sealed.format);
  const edits: TextEdit[] = [];
  for (const leaf of leaves) {
    const value = opened.value(leaf.id);
    if (leaf.encrypted && value) edits.push(...writer.writeScalar(doc, leaf.node, value));
  }
  for (const comment of comments) {
    const plain = await openComment(opened.dataKey, comment.aad, commentText(comment.node));
    // A comment is never vital: where the format cannot hold its bytes, it stays as it is.
    if (plain === undefined || (holdsHalf(plain) && format !== 'dotenv' && format !== 'ini')) continue;
    const { list } = comment.around;
    if (comment.node.kind === 'comment') edits.push(...writer.writeComment(doc, comment.node, plain));
    else if (list) edits.push(...writer.itemToComment(doc, list, comment.node, plain));
  }
  edits.push(...writer.removeMetadata(doc));
  const text = applyEdits(doc.text, edits);
  await requireSame(opened, text);
  return { edits, text: text as PlainText };
}

/** The encrypted file is about to be replaced: the plain one must hold the same values in the same places. */
async function requireSame(opened: Opened, text: string): Promise<void> {
  const { format, leaves, metadata } = opened.sealed;
  const after = collect(getFormat(format).parse(text), metadata.selector).leaves;
  const all = { macOnlyEncrypted: false } as Metadata;
  const same =
    after.length === leaves.length &&
    after.every((leaf, i) => leaf.id === leaves[i]?.id) &&
    (await macDigest({ leaves, metadata: all }, (leaf) => opened.value(leaf.id))) ===
      (await macDigest({ leaves: after, metadata: all }, (leaf) => leaf.node.scalar));
  if (!same) throw new LockstepError('UNSUPPORTED_VALUE', { what: 'structure' });
}
