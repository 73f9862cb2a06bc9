import { LockstepError } from '../../errors.ts';
import type { Value } from '../../tree/value.ts';
import type { Entry, ListNode, MapNode, Node, SourceDocument, Span, TextEdit } from '../document.ts';
import { checkFree, checkValue, entriesOf, itemsOf } from '../place.ts';
import { isBehindBreak, isMargin, isWhite, lineEnd, linePattern, lineStart, nextLine, whiteBefore } from './line.ts';
import { blockColumn, columnOf, dashOf, entryStart, getMarks, layoutOf, pastInnerComments, placeOf } from './place.ts';
import { childColumn, entryText, flowText, keyText } from './print.ts';
import { keepsBlankLines, openBlockAtEnd } from './write.ts';

/** Entries and items: added, renamed, removed. */

/** Whether `map` is the top level of a document, and of which one. */
function documentOf(doc: SourceDocument, map: MapNode): number {
  return doc.documents.findIndex(
    (root) =>
      root === map ||
      (root.span.start === map.span.start &&
        root.span.end === map.span.end &&
        root.members.length === map.members.length),
  );
}

function checkKey(doc: SourceDocument, map: MapNode, key: string, except?: Entry): void {
  checkFree(map, key, except);
  if (key === 'sops' && documentOf(doc, map) !== -1) throw new LockstepError('BAD_NAME', { what: 'sops' });
}

/** See `Format.addEntry`. A null value may stand as a map without members and with the null's span. */
export function addEntry(doc: SourceDocument, map: MapNode, key: string, value: Value): TextEdit[] {
  checkKey(doc, map, key);
  checkValue(value);
  keyText(key, 'plain', false);
  const last = entriesOf(map).at(-1);
  const place = placeOf(doc, map);
  const braces = doc.text.charAt(contentOf(doc.text, map.span).start) === '{';
  if (place.flow || (braces && (last || hasComment(map)))) return [addToFlow(doc, map, last, key, value, braces)];
  if (last && !map.flow) return addBelow(doc, last.span.end, blockColumn(doc, map, 0), key, value);
  const root = documentOf(doc, map);
  if (root !== -1) return addToEmptyDocument(doc, root, map, key, value);
  return addToEmptyMap(doc, map, key, value);
}

function hasComment(map: MapNode): boolean {
  return map.members.some((member) => member.kind === 'comment');
}

/** An entry on a line below the one that holds `end`; comments there that belong to that line come first. */
function addBelow(doc: SourceDocument, end: number, column: number, key: string, value: Value): TextEdit[] {
  const { text } = doc;
  const next = pastInnerComments(text, end, column);
  const noBlocks = !isBehindBreak(text, next); // such a value would lose its last line break
  const entry = ' '.repeat(column) + entryText(key, value, column, { ...layoutOf(doc), noBlocks });
  if (!noBlocks) return [{ start: next, end: next, text: entry + doc.eol }];
  return [...closeLastBlock(doc), { start: next, end: next, text: doc.eol + entry }];
}

/** A block scalar that the end of the text cuts short must not gain the line break that will follow. */
export function closeLastBlock(doc: SourceDocument): TextEdit[] {
  const header = openBlockAtEnd(doc);
  return header
    ? [
        {
          start: header.start + 1,
          end: header.end,
          text: `${doc.text.slice(header.start + 1, header.end).replace('+', '')}-`,
        },
      ]
    : [];
}

function addToFlow(
  doc: SourceDocument,
  map: MapNode,
  last: Entry | undefined,
  key: string,
  value: Value,
  braces: boolean,
): TextEdit {
  const entry = `${keyText(key, 'plain', true)}: ${flowText(value)}`;
  if (last) {
    // Behind a colon without a value a comma would become part of the key.
    const gap = last.value.span.start === last.value.span.end && doc.text[last.span.end - 1] === ':' ? ' ' : '';
    if (!braces) throw new LockstepError('BAD_VALUE', { offset: map.span.start, what: 'pair' });
    return { start: last.span.end, end: last.span.end, text: `${gap}, ${entry}` };
  }
  if (braces) return { start: map.span.end - 1, end: map.span.end - 1, text: entry };
  const lead = /[:\-?]/.test(doc.text.charAt(map.span.start - 1)) ? ' ' : '';
  return { ...map.span, text: `${lead}{${entry}}` };
}

/** `key:`, `key: {}` or `- {}`: the entry becomes a block below or behind it. */
function addToEmptyMap(doc: SourceDocument, map: MapNode, key: string, value: Value): TextEdit[] {
  const { text } = doc;
  const place = placeOf(doc, map);
  const layout = {
    ...layoutOf(doc),
    noBlocks: pastInnerComments(text, map.span.end, place.column) !== nextLine(text, map.span.end),
  };
  const content = contentOf(text, map.span);
  const behindDash = place.role === 'item' && content.start === map.span.start;
  const column = place.role === 'item' ? place.column + 2 : childColumn(place.column, layout.unit);
  const entry = entryText(key, value, column, layout);
  if (behindDash) return [{ ...content, text: (text.charAt(content.start - 1) === '-' ? ' ' : '') + entry }];
  const child = layout.eol + ' '.repeat(column) + entry;
  const line = lineEnd(text, content.end);
  const start = whiteBefore(text, content.start);
  const sameLine = start >= lineStart(text, content.start);
  if (isWhite(text.slice(content.end, line)))
    return [{ start: sameLine ? start : content.start, end: line, text: child }];
  const remove = content.end > content.start ? [{ ...content, text: '' }] : [];
  return [...remove, { start: line, end: line, text: child }];
}

const properties = linePattern('^(?:[!&][^ \\t%b]*[ \\t]*)*');

/** What a node's tags and anchors leave of its span. */
function contentOf(text: string, span: Span): Span {
  const found = properties.exec(text.slice(span.start, span.end))?.[0] ?? '';
  return { start: span.start + found.length, end: span.end };
}

function addToEmptyDocument(doc: SourceDocument, index: number, map: MapNode, key: string, value: Value): TextEdit[] {
  const { text } = doc;
  const metadata = doc.metadata[index];
  if (metadata) {
    const at = metadata.span.start;
    if (map.flow) return [{ start: at, end: at, text: `${keyText(key, 'plain', true)}: ${flowText(value)}, ` }];
    const column = columnOf(text, at);
    return [{ start: at, end: at, text: entryText(key, value, column, layoutOf(doc)) + doc.eol + ' '.repeat(column) }];
  }
  const entry = entryText(key, value, 0, layoutOf(doc));
  const content = contentOf(text, map.span);
  if (content.end > content.start && content.start === map.span.start) {
    const lead = isMargin(text.slice(lineStart(text, content.start), content.start)) ? '' : doc.eol;
    return [{ ...content, text: lead + entry }];
  }
  const mark = getMarks(doc).documents[index];
  const at = Math.min(nextLine(text, mark?.start ?? 0), mark?.end ?? text.length);
  const lead = at > 0 && !isBehindBreak(text, at) ? doc.eol : '';
  return [{ start: at, end: at, text: lead + entry + doc.eol }];
}

/** See `Format.renameEntry`. */
export function renameEntry(doc: SourceDocument, map: MapNode, entry: Entry, key: string): TextEdit[] {
  checkKey(doc, map, key, entry);
  const quote = doc.text.charAt(entry.keySpan.start);
  const style = quote === '"' ? 'double' : quote === "'" ? 'single' : 'plain';
  const name = keyText(key, style, map.flow);
  // An alias or anchor ends at the next blank, so `*a :` keeps its space; a flow key without value has no colon at all.
  return [{ ...entry.keySpan, text: name }];
}

/** See `Format.removeEntry`. */
export function removeEntry(doc: SourceDocument, map: MapNode, entry: Entry): TextEdit[] {
  const entries = entriesOf(map);
  if (!entries.some((one) => one.span.start === entry.span.start)) throw new LockstepError('NO_SUCH_ENTRY');
  const root = documentOf(doc, map);
  const last = entries.length === 1 && !(root !== -1 && doc.metadata[root]);
  if (map.flow || placeOf(doc, map).flow) return removeFromFlow(doc, map, entry.span, last ? '{}' : '');
  const start = entryStart(doc.text, entry);
  if (last) return removeLast(doc, map, { start, end: entry.span.end }, '{}', root !== -1);
  const before = entries[entries.findIndex((one) => one.span.start === entry.span.start) - 1];
  return [removeLines(doc, { start, end: entry.span.end }, before?.value)];
}

/** See `Format.removeItem`. */
export function removeItem(doc: SourceDocument, list: ListNode, item: Node): TextEdit[] {
  const items = itemsOf(list);
  if (!items.some((one) => one.span.start === item.span.start)) throw new LockstepError('NO_SUCH_ENTRY');
  if (list.flow) return removeFromFlow(doc, list, item.span, items.length === 1 ? '[]' : '');
  const span = { start: dashOf(doc, item), end: item.span.end };
  if (items.length === 1) return removeLast(doc, list, span, '[]', false);
  return [removeLines(doc, span, items[items.findIndex((one) => one.span.start === item.span.start) - 1])];
}

const blankLines = linePattern('^(?:[ \\t]*%B)*');
const whiteAhead = linePattern('^[ \\t%b]*');

/** Whole lines, with the comments inside; behind a dash the rest of the block moves up to it. */
function removeLines(doc: SourceDocument, span: Span, before?: Node): TextEdit {
  const { text } = doc;
  const start = lineStart(text, span.start);
  let end = pastInnerComments(text, span.end, columnOf(text, span.start));
  // Blank lines that come to stand behind a `|+` would become part of it.
  if (before && keepsBlankLines(doc, before)) end += blankLines.exec(text.slice(end))?.[0].length ?? 0;
  if (!isMargin(text.slice(start, span.start))) {
    const gap = whiteAhead.exec(text.slice(end))?.[0].length ?? 0;
    return { start: span.start, end: end + gap, text: '' };
  }
  const from = text.charAt(start) === '\uFEFF' ? start + 1 : start;
  return { start: from, end, text: '' };
}

/** The only entry or item of a block: `{}` or `[]` goes behind the key or dash, or into the line itself. */
function removeLast(
  doc: SourceDocument,
  node: MapNode | ListNode,
  span: Span,
  empty: string,
  root: boolean,
): TextEdit[] {
  const { text } = doc;
  const start = lineStart(text, span.start);
  const behind = !isMargin(text.slice(start, span.start));
  if (root || behind) return [{ start: span.start, end: span.end, text: empty }];
  const at = headEnd(doc, node);
  if (at === undefined) return [{ start: span.start, end: span.end, text: empty }];
  return [{ start: at, end: at, text: ` ${empty}` }, removeLines(doc, span)];
}

/** Where a value would stand on the line of its key or dash. */
function headEnd(doc: SourceDocument, node: MapNode | ListNode): number | undefined {
  const { text } = doc;
  const item = node.kind === 'map' ? undefined : node.items.find((one) => one.kind !== 'comment');
  const first = node.kind === 'map' ? entriesOf(node)[0]?.span.start : item && dashOf(doc, item);
  const content = contentOf(text, { start: node.span.start, end: first ?? node.span.start });
  if (content.start > node.span.start) return whiteBefore(text, content.start);
  const sign = getMarks(doc).signs.get(node);
  return sign === undefined ? undefined : sign + 1;
}

/** Out of `[…]` or `{…}`, with the comma behind it or else before it. */
export function removeFromFlow(doc: SourceDocument, parent: MapNode | ListNode, span: Span, empty: string): TextEdit[] {
  const { text } = doc;
  const open = text.charAt(contentOf(text, parent.span).start);
  if (open !== '{' && open !== '[') return [{ ...span, text: empty || '{}' }];
  const before = lastSibling(parent, span);
  if (before !== undefined && comma.test(text.slice(before, span.start)))
    return [{ start: before, end: span.end, text: '' }];
  const after = commaBehind(text, span.end);
  const sign = after ?? (before === undefined ? undefined : commaBehind(text, before));
  if (sign === undefined) return [{ ...span, text: '' }];
  if (after === undefined || !isWhite(text.slice(span.end, after)))
    return [
      { ...span, text: '' },
      { start: sign, end: sign + 1, text: '' },
    ];
  const gap = /^[ \t]*/.exec(text.slice(after + 1))?.[0].length ?? 0;
  return [{ start: span.start, end: after + 1 + gap, text: '' }];
}

const comma = linePattern('^[ \\t%b]*,[ \\t%b]*$');
const whiteAndComments = linePattern('(?:[ \\t%b]+|(?<=[ \\t%b])#[^%b]*)*', 'y');

/** The comma behind `offset`, comments and white space between. */
function commaBehind(text: string, offset: number): number | undefined {
  const skip = new RegExp(whiteAndComments);
  skip.lastIndex = offset;
  const at = offset + (skip.exec(text)?.[0].length ?? 0);
  return text.charAt(at) === ',' ? at : undefined;
}

function lastSibling(parent: MapNode | ListNode, span: Span): number | undefined {
  const parts = parent.kind === 'map' ? entriesOf(parent) : itemsOf(parent);
  return parts.findLast((part) => part.span.end <= span.start)?.span.end;
}
