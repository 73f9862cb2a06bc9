import { LockstepError } from '../errors.ts';
import type { ListNode, MapNode, Node, SourceDocument, Span, TextEdit } from '../format/document.ts';
import { childrenOf, entriesOf, itemsOf } from '../format/place.ts';
import { getFormat } from '../format/which.ts';
import { isBehindBreak, isMargin, linePattern, lineStart, nextLine } from '../format/yaml/line.ts';
import { blockColumn, columnOf, dashOf, layoutOf, pastInnerComments, placeOf } from '../format/yaml/place.ts';
import { blockText, entryText, flowText, keyText } from '../format/yaml/print.ts';
import { writeValue } from '../format/yaml/write.ts';
import type { Value } from '../tree/value.ts';
import type { Located } from './locate.ts';
import { linesAbove } from './ownlines.ts';
import type { Block, Piece, Structure } from './structure.ts';

/** YAML: block maps and lists by whole lines, flow ones by value. */
export const yamlStructure: Structure = { block, remove, insert, replace };

interface Lines extends Span {
  readonly column: number;
}

/** The lines of a member of a block collection, with its own comments; undefined where it does not start its line. */
function linesOf(doc: SourceDocument, parent: MapNode | ListNode, node: Node, start: number): Lines | undefined {
  if (parent.flow || placeOf(doc, parent).flow) return undefined;
  const { text } = doc;
  const line = lineStart(text, start);
  if (!isMargin(text.slice(line, start))) return undefined;
  const column = columnOf(text, start);
  const end = pastInnerComments(text, Math.max(start, node.span.end), column);
  return { start: linesAbove(doc, start, endAbove(doc, parent, start)).start, end, column };
}

/** Where the member above ends. */
function endAbove(doc: SourceDocument, parent: MapNode | ListNode, start: number): number {
  const above = childrenOf(parent).findLast((node) => node.span.end < start && node.span.start < start);
  return above ? nextLine(doc.text, above.span.end) : doc.text.startsWith('\uFEFF') ? 1 : 0;
}

function startOf(doc: SourceDocument, { entry, node }: Located): number {
  if (!entry) return dashOf(doc, node);
  const explicit = doc.text.slice(lineStart(doc.text, entry.span.start), entry.span.start).endsWith('? ');
  return entry.span.start - (explicit ? 2 : 0);
}

function block(doc: SourceDocument, place: Located): Block | undefined {
  const lines = place.parent && linesOf(doc, place.parent, place.node, startOf(doc, place));
  if (!lines) return undefined;
  const text = doc.text.slice(lines.start, lines.end);
  return { lines: isBehindBreak(text, text.length) ? text : text + doc.eol, column: lines.column };
}

function remove(doc: SourceDocument, place: Located, whole: boolean): TextEdit[] {
  const { parent, entry, node, path } = place;
  if (!parent) throw new LockstepError('NO_SUCH_ENTRY', { path });
  const start = startOf(doc, place);
  const lines = linesOf(doc, parent, node, start);
  const own = whole && lines && { start: lines.start, end: lineStart(doc.text, start), text: '' };
  const format = getFormat('yaml');
  const edits =
    parent.kind === 'list' ? format.removeItem(doc, parent, node) : entry && format.removeEntry(doc, parent, entry);
  return [...(own && own.end > own.start ? [own] : []), ...(edits ?? [])];
}

function insert(doc: SourceDocument, into: MapNode | ListNode, index: number, piece: Piece): TextEdit[] {
  const members =
    into.kind === 'map'
      ? entriesOf(into).map((entry) => ({ entry, node: entry.value }))
      : itemsOf(into).map((node) => ({ entry: undefined, node }));
  const before = members[index];
  const flow = into.flow || placeOf(doc, into).flow;
  if (flow || members.length === 0) return insertByValue(doc, into, before?.entry?.span ?? before?.node.span, piece);
  const column = blockColumn(doc, into, 0);
  if (!before)
    return piece.block ? append(doc, members.at(-1)?.node, column, piece.block) : appendValue(doc, into, column, piece);
  const lines = reindented(piece.block ?? printed(doc, piece, column), column);
  const above = members[index - 1]?.node;
  if (piece.behind && above) return append(doc, above, column, piece.block ?? printed(doc, piece, column));
  const start = before.entry ? before.entry.span.start : dashOf(doc, before.node);
  const target = linesOf(doc, into, before.node, start);
  if (target) return [{ start: target.start, end: target.start, text: lines }];
  // The first entry of an item stands behind its dash.
  return [{ start, end: start, text: lines.slice(column) + ' '.repeat(column) }];
}

function appendValue(doc: SourceDocument, into: MapNode | ListNode, column: number, piece: Piece): TextEdit[] {
  if (into.kind === 'map') return getFormat('yaml').addEntry(doc, into, keyOf(piece), piece.value);
  return append(doc, itemsOf(into).at(-1), column, printed(doc, piece, column));
}

function append(doc: SourceDocument, last: Node | undefined, column: number, block: Block): TextEdit[] {
  const at = pastInnerComments(doc.text, last?.span.end ?? 0, column);
  const lead = isBehindBreak(doc.text, at) ? '' : doc.eol;
  return [{ start: at, end: at, text: lead + reindented(block, column) }];
}

function keyOf({ key }: Piece): string {
  if (key === undefined) throw new LockstepError('BAD_NAME', { what: 'item' });
  return key;
}

function printed(doc: SourceDocument, { key, value }: Piece, column: number): Block {
  const layout = layoutOf(doc);
  if (key !== undefined) return { lines: ' '.repeat(column) + entryText(key, value, column, layout) + doc.eol, column };
  const { inline, below } = blockText(value, column, layout, true);
  return { lines: `${' '.repeat(column)}-${inline && ' '}${inline}${below}${doc.eol}`, column };
}

const indentation = linePattern('(?<=^|[%b])( *)(?=[^ %b])', 'g');

/** Every line moved sideways by as much. */
function reindented({ lines, column }: Block, to: number): string {
  if (column === to) return lines;
  return lines.replace(indentation, (spaces) => {
    if (spaces.length < column) throw new LockstepError('UNSUPPORTED_VALUE', { what: 'indentation' });
    return ' '.repeat(spaces.length - column + to);
  });
}

function insertByValue(
  doc: SourceDocument,
  into: MapNode | ListNode,
  before: Span | undefined,
  piece: Piece,
): TextEdit[] {
  const entry =
    into.kind === 'list' ? flowText(piece.value) : `${keyText(keyOf(piece), 'plain', true)}: ${flowText(piece.value)}`;
  if (before) return [{ start: before.start, end: before.start, text: `${entry}, ` }];
  if (into.kind === 'map') return getFormat('yaml').addEntry(doc, into, keyOf(piece), piece.value);
  const last = itemsOf(into).at(-1);
  if (last) return [{ start: last.span.end, end: last.span.end, text: `, ${entry}` }];
  if (!doc.text.slice(into.span.start, into.span.end).endsWith('[]'))
    throw new LockstepError('UNSUPPORTED_VALUE', { what: 'structure' });
  return [{ start: into.span.end - 1, end: into.span.end - 1, text: entry }];
}

function replace(doc: SourceDocument, { node }: Located, value: Value): TextEdit[] {
  return writeValue(doc, node, value);
}
