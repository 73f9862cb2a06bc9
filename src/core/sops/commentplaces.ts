import { applyEdits, type Node, type SourceDocument } from '../format/document.ts';
import { nodeAt } from '../format/place.ts';
import { getFormat } from '../format/which.ts';
import { isMargin, lineStart } from '../format/yaml/line.ts';
import { blockColumn } from '../format/yaml/place.ts';
import { ownComments } from '../seal/prove.ts';
import { type Collected, collect, type SealedComment } from './sealed.ts';
import type { Selector } from './selection.ts';

/**
 * A plain file as SOPS reads it, and with its metadata. The last comments of a YAML document can belong to one map when
 * nothing follows them and to a deeper one when the metadata does. Where they are to be encrypted by the first and not by
 * the second, they go to the column of the map that they belong to, as SOPS prints them.
 * @param frame puts the metadata to a plain text and reads the result.
 */
export function settleComments(
  plain: Collected,
  selector: Selector,
  frame: (doc: SourceDocument) => Collected,
): readonly [plain: Collected, framed: Collected] {
  const framed = frame(plain.doc);
  const after = ownComments(framed.comments);
  const strayed = ownComments(plain.comments).filter((one, i) => one.selected && after[i]?.selected === false);
  if (plain.doc.format !== 'yaml' || strayed.length === 0) return [plain, framed];
  const edits = strayed.flatMap((comment) => moved(plain.doc, comment));
  const doc = getFormat('yaml').parse(applyEdits(plain.doc.text, edits));
  return [collect(doc, selector), frame(doc)];
}

function moved(doc: SourceDocument, { node, document, path }: SealedComment) {
  const start = lineStart(doc.text, node.span.start);
  const owner = nodeAt<Node>(doc.documents[document], path);
  if ((owner?.kind !== 'map' && owner?.kind !== 'list') || !isMargin(doc.text.slice(start, node.span.start))) return [];
  const from = doc.text.startsWith('\uFEFF', start) ? start + 1 : start;
  return [{ start: from, end: node.span.start, text: ' '.repeat(blockColumn(doc, owner, 0)) }];
}
