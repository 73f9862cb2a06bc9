import type { CommentNode, ScalarNode, SourceDocument, TextEdit } from '../format/document.ts';
import { textOfBytes } from '../format/encoding.ts';
import { getFormat } from '../format/which.ts';
import type { DataKey } from '../keys/datakey.ts';
import { type Plain, parseEnvelope } from '../sops/value.ts';
import { text } from '../tree/value.ts';

/** The text of a comment as it stands in the file, encrypted or not. */
export function commentText(node: CommentNode | ScalarNode): string {
  if (node.kind === 'comment') return node.text;
  return node.scalar.type === 'str' && typeof node.scalar.value === 'string' ? node.scalar.value : '';
}

/**
 * A comment's plain text, or undefined when it is not encrypted or does not open. A comment is never vital to SOPS: one
 * that does not open stays as it is. Other implementations may attribute it to an enclosing map, so those are tried too.
 */
export async function openComment(key: DataKey, aad: string, enc: string): Promise<string | undefined> {
  if (!parseEnvelope(enc.trim())) return undefined;
  const parts = aad.split(':').slice(0, -1);
  for (let n = parts.length; n >= 0; n--) {
    const value = await key
      .open(enc.trim(), n === 0 ? ':' : `${parts.slice(0, n).join(':')}:`)
      .catch((): Plain | undefined => undefined);
    if (value?.type === 'comment') return typeof value.value === 'string' ? value.value : textOfBytes(value.value);
  }
  return undefined;
}

/** Put a ciphertext in an encrypted comment's place. */
export function writeCiphertext(doc: SourceDocument, node: CommentNode | ScalarNode, enc: string): TextEdit[] {
  const writer = getFormat(doc.format);
  return node.kind === 'comment' ? writer.writeComment(doc, node, enc) : writer.writeScalar(doc, node, text(enc));
}
