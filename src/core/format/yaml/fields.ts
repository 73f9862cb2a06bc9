import { LockstepError } from '../../errors.ts';
import type { Value } from '../../tree/value.ts';
import type { Entry, ListNode, MapNode, MetadataFields, SourceDocument, Span, TextEdit } from '../document.ts';
import { bracketEdits } from '../json/brackets.ts';
import { changedRuns, fieldParts, itemParts, type Part } from '../metafields.ts';
import { entriesOf, itemsOf } from '../place.ts';
import { closeLastBlock } from './edit.ts';
import { isBehindBreak, lineStart } from './line.ts';
import { blockColumn, columnOf, dashOf, pastInnerComments, placeOf } from './place.ts';
import { blockText, entryText, flowText, keyText, type Layout } from './print.ts';

/** Fields of the `sops` block, put where they stand. */

/** See `Format.writeMetadata`. */
export function writeMetadata(doc: SourceDocument, index: number, fields: MetadataFields): TextEdit[] {
  const block = doc.metadata[index];
  if (!block) throw new LockstepError('NO_METADATA');
  const { root } = block;
  if (root.flow || placeOf(doc, root).flow) return inFlow(doc, root, fields);
  const layout = layoutOf(doc, block.span, root);
  const column = blockColumn(doc, root, columnOf(doc.text, block.span.start) + layout.unit);
  const edits: TextEdit[] = [];
  const parts = fieldParts(
    root,
    fields,
    (key, value) => entryText(key, value, column, layout),
    (entry, value) => changeList(doc, entry, value, layout, edits),
  );
  // Where the last list of the text got another end, that has a line break.
  const closed = edits.some(({ end }) => end === doc.text.length);
  return [...edits, ...lineEdits(doc, entriesOf(root), parts, column, (entry) => entry.span.start, closed)];
}

/** The indentation of this block, as far as it shows. */
function layoutOf(doc: SourceDocument, span: Span, root: MapNode): Layout {
  const first = entriesOf(root)[0];
  const step = first ? columnOf(doc.text, first.span.start) - columnOf(doc.text, span.start) : 0;
  const unit = step > 0 ? step : 4;
  const list = entriesOf(root).find(({ value }) => value.kind === 'list' && !value.flow && value.items.length > 0);
  const listIndent = list ? blockColumn(doc, list.value as ListNode, 0) - columnOf(doc.text, list.span.start) : unit;
  return { eol: doc.eol, unit, listIndent: Math.max(listIndent, 0) };
}

/** Whether a list could be changed inside its entry, because some of its items stay. */
function changeList(doc: SourceDocument, entry: Entry, value: Value, layout: Layout, edits: TextEdit[]): boolean {
  const list = entry.value;
  if (list.kind !== 'list' || value.kind !== 'list') return false;
  const items = itemsOf(list);
  if (list.flow) return changeFlowList(doc, list, value, edits);
  const column = blockColumn(doc, list, 0);
  const parts = itemParts(items, value, (item) => {
    const { inline, below } = blockText(item, column, layout, true);
    return `-${inline && ' '}${inline}${below}`;
  });
  if (!parts) return false;
  edits.push(...lineEdits(doc, items, parts, column, (item) => dashOf(doc, item)));
  return true;
}

function changeFlowList(
  doc: SourceDocument,
  list: ListNode,
  value: Extract<Value, { kind: 'list' }>,
  edits: TextEdit[],
): boolean {
  const items = itemsOf(list);
  const parts = itemParts(items, value, flowText);
  if (!parts) return false;
  edits.push(...bracketEdits(doc.text, insideOf(doc.text, list.span, '['), items, parts, ' '));
  return true;
}

function inFlow(doc: SourceDocument, root: MapNode, fields: MetadataFields): TextEdit[] {
  const edits: TextEdit[] = [];
  const parts = fieldParts(
    root,
    fields,
    (key, value) => `${keyText(key, 'plain', true)}: ${flowText(value)}`,
    ({ value: list }, value) =>
      list.kind === 'list' && value.kind === 'list' && changeFlowList(doc, list, value, edits),
  );
  return [...edits, ...bracketEdits(doc.text, insideOf(doc.text, root.span, '{'), entriesOf(root), parts, ' ')];
}

/** Between the brackets; a tag or an anchor may stand before them. */
function insideOf(text: string, span: Span, open: string): Span {
  const at = text.indexOf(open, span.start);
  if (at === -1 || at >= span.end) throw new LockstepError('UNSUPPORTED_VALUE', { what: 'structure' });
  return { start: at + 1, end: span.end - 1 };
}

/** Edits of whole lines, for members that stand below one another at `column`. */
function lineEdits<T extends { readonly span: Span }>(
  doc: SourceDocument,
  old: readonly T[],
  parts: readonly Part<T>[],
  column: number,
  startOf: (member: T) => number,
  closed = false,
): TextEdit[] {
  const { text, eol } = doc;
  const above = (member: T) => ownLine(text, startOf(member));
  const below = (member: T) => pastInnerComments(text, member.span.end, column);
  return changedRuns(old, parts).flatMap(({ from, to, texts }): TextEdit[] => {
    const [before, first, last] = [old[from - 1], old[from], old[to - 1]];
    const start = to > from || !before ? above(first as T) : below(before);
    const end = to > from ? below(last as T) : start;
    const lines = texts.map((one) => `${' '.repeat(column)}${one}${eol}`).join('');
    if (!lines || isBehindBreak(text, start) || closed) return [{ start, end, text: lines }];
    return [...closeLastBlock(doc), { start, end, text: eol + lines }];
  });
}

/** Where the line of `offset` starts; refused when something else stands before it there. */
function ownLine(text: string, offset: number): number {
  const start = lineStart(text, offset);
  if (/[^ ]/.test(text.slice(start, offset))) throw new LockstepError('UNSUPPORTED_VALUE', { what: 'structure' });
  return start;
}
