import { LockstepError } from '../errors.ts';
import type { ListNode, MapNode, SourceDocument, Span, TextEdit } from '../format/document.ts';
import { printedAt } from '../format/json/json.ts';
import { entriesOf, itemsOf, lineStart } from '../format/place.ts';
import { getFormat } from '../format/which.ts';
import type { Value } from '../tree/value.ts';
import type { Located } from './locate.ts';
import type { Piece, Structure } from './structure.ts';

/** JSON: members and items between commas; no comments. */
export const jsonStructure: Structure = { block: () => undefined, remove, insert, replace };

function remove(doc: SourceDocument, { parent, entry, node, path }: Located): TextEdit[] {
  if (parent?.kind === 'list') return getFormat('json').removeItem(doc, parent, node);
  if (!entry || !parent) throw new LockstepError('NO_SUCH_ENTRY', { path });
  return getFormat('json').removeEntry(doc, parent, entry);
}

function insert(doc: SourceDocument, into: MapNode | ListNode, index: number, piece: Piece): TextEdit[] {
  if (into.kind === 'list') return insertItem(doc, into, index, piece);
  if (piece.key === undefined) throw new LockstepError('BAD_NAME', { what: 'json' });
  const appended = getFormat('json').addEntry(doc, into, piece.key, piece.value);
  const [edit] = appended;
  const before = entriesOf(into)[index];
  if (!before || !edit) return appended;
  return [insertBefore(edit.text, before.span)];
}

/** `,` and white space and a member, to be put behind another, turned round. */
function insertBefore(text: string, before: Span): TextEdit {
  const gap = /^,(\s*)/.exec(text)?.[1] ?? '';
  return { start: before.start, end: before.start, text: `${text.slice(1 + gap.length)},${gap}` };
}

function insertItem(doc: SourceDocument, list: ListNode, index: number, { value }: Piece): TextEdit[] {
  const items = itemsOf(list);
  const last = items.at(-1);
  if (!last) return [{ ...list.span, text: printedAt(doc, list.span.start, { kind: 'list', items: [value] }) }];
  const start = lineStart(doc.text, last.span.start);
  const head = doc.text.slice(start, last.span.start);
  const gap = start > 0 && head.trim() === '' ? doc.eol + head : ' ';
  const text = `,${gap}${printedAt(doc, last.span.start, value)}`;
  const before = items[index];
  return [before ? insertBefore(text, before.span) : { start: last.span.end, end: last.span.end, text }];
}

function replace(doc: SourceDocument, { node }: Located, value: Value): TextEdit[] {
  return [{ ...node.span, text: printedAt(doc, node.span.start, value) }];
}
