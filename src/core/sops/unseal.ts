import { applyEdits, type TextEdit } from '../format/document.ts';
import { getFormat } from '../format/which.ts';
import { commentText, openComment } from './comments.ts';
import type { Opened } from './open.ts';
import { type PlainText, requireIntact } from './sign.ts';

/** The plain file: every value and comment in clear text, the metadata gone. Throws EDIT_LOCKED, BAD_VALUE. */
export async function unseal(
  opened: Opened,
): Promise<{ readonly edits: readonly TextEdit[]; readonly text: PlainText }> {
  requireIntact(opened);
  const { doc, leaves, comments } = opened.sealed;
  const writer = getFormat(opened.sealed.format);
  const edits: TextEdit[] = [];
  for (const leaf of leaves) {
    const value = opened.value(leaf.id);
    if (leaf.encrypted && value) edits.push(...writer.writeScalar(doc, leaf.node, value));
  }
  for (const comment of comments) {
    const plain = await openComment(opened.dataKey, comment.aad, commentText(comment.node));
    if (plain === undefined) continue;
    const { list } = comment.around;
    if (comment.node.kind === 'comment') edits.push(...writer.writeComment(doc, comment.node, plain));
    else if (list) edits.push(...writer.itemToComment(doc, list, comment.node, plain));
  }
  edits.push(...writer.removeMetadata(doc));
  return { edits, text: applyEdits(doc.text, edits) as PlainText };
}
