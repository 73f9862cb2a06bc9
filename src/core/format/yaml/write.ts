import { LockstepError } from '../../errors.ts';
import type { Scalar, Value } from '../../tree/value.ts';
import type { CommentNode, ListNode, Node, ScalarNode, SourceDocument, Span, TextEdit } from '../document.ts';
import { checkUnicode, checkValue, entriesOf, itemsOf } from '../place.ts';
import { isBehindBreak, isBreak, isWhite, lineEnd, linePattern, nextLine } from './line.ts';
import { columnOf, dashOf, getMarks, layoutOf, pastInnerComments, placeOf } from './place.ts';
import { blockText, childColumn, flowText, literalBlock, type Printed, scalarText } from './print.ts';

/** Values in the place of values. */

/** See `Format.writeScalar`. */
export function writeScalar(doc: SourceDocument, node: ScalarNode, scalar: Scalar): TextEdit[] {
  if (isMissing(node) && scalar.type === 'null') return [];
  const block = multiline(doc, node, scalar);
  if (block) return replace(doc, node, block);
  return replace(doc, node, { inline: scalarText(scalar, plainBut(node), node.flow), below: '' });
}

/** The style to keep: quotes stay, a block scalar that becomes one line goes without. */
function plainBut(node: ScalarNode): 'plain' | 'single' | 'double' {
  return node.style === 'single' || node.style === 'double' ? node.style : 'plain';
}

function isMissing(node: ScalarNode): boolean {
  return node.span.start === node.span.end;
}

/** A string of several lines as a literal block, where it can be one and had no quotes. */
function multiline(doc: SourceDocument, node: ScalarNode, scalar: Scalar): Printed | undefined {
  if (scalar.type !== 'str' || typeof scalar.value !== 'string' || node.flow || plainBut(node) !== 'plain')
    return undefined;
  if (!scalar.value.includes('\n')) return undefined;
  checkUnicode(scalar.value, 'BAD_VALUE');
  const place = placeOf(doc, node);
  const { unit, eol } = layoutOf(doc);
  const column = oldIndent(doc, node) ?? childColumn(Math.max(place.column, 0), unit);
  if (column <= place.column || commentsBelow(doc, node, column - 1)) return undefined;
  if (whiteLinesBelow(doc, node, column) || keepsSeparator(doc.text, restOf(doc.text, node).rest)) return undefined;
  return literalBlock(scalar.value, place.column, column, eol);
}

/** Whether the line of `offset` ends in LS or PS: at the end of a block scalar those are no line break but themselves. */
function keepsSeparator(text: string, offset: number): boolean {
  return /[\u2028\u2029]/.test(text.charAt(lineEnd(text, offset)));
}

/** Whether comment lines further right than `column` stand below: a block scalar would take them in. */
function commentsBelow(doc: SourceDocument, node: Node, column: number): boolean {
  return pastInnerComments(doc.text, node.span.end, column) !== nextLine(doc.text, node.span.end);
}

const whiteLines = linePattern('(?:[ \\t]*%B)*[ \\t]*(?![^%b])', 'y');
const lineBreak = linePattern('%B');

/** Whether lines of white space stand below that reach past `column`: a block scalar would take them in as well. */
function whiteLinesBelow({ text }: SourceDocument, node: ScalarNode, column: number): boolean {
  const lines = new RegExp(whiteLines);
  lines.lastIndex = nextLine(text, restOf(text, node).rest);
  const below = lines.exec(text)?.[0] ?? '';
  return below.split(lineBreak).some((line) => line.length > column || line.includes('\t'));
}

const indented = linePattern('^(?:[ \\t]*%B)*( +)');

/** The indentation of a block scalar's lines, to be kept. */
function oldIndent(doc: SourceDocument, node: ScalarNode): number | undefined {
  if (node.style !== 'literal' && node.style !== 'folded') return undefined;
  const header = blockHeader(doc.text, node.span);
  if (/\d/.test(doc.text.slice(header.start, header.end))) return undefined;
  const found = indented.exec(doc.text.slice(nextLine(doc.text, header.end), node.span.end));
  return found?.[1]?.length;
}

/** The `|` or `>` of a block scalar with its indicators; tags and anchors may stand before it. */
function blockHeader(text: string, span: Span): Span {
  const start = contentStart(text, span.start);
  let end = start + 1;
  while (/[-+0-9]/.test(text.charAt(end))) end++;
  return { start, end };
}

/** The header of a block scalar that the end of the text cuts short: behind it no line break is part of the value. */
export function openBlockAtEnd(doc: SourceDocument): Span | undefined {
  if (isBehindBreak(doc.text, doc.text.length)) return undefined;
  const { length } = doc.text;
  const header = lastBlock(doc, doc.documents.at(-1), length) ?? lastBlock(doc, doc.metadata.at(-1)?.root, length);
  return header && !doc.text.slice(header.start, header.end).includes('-') ? header : undefined;
}

/** Whether a node ends in a block scalar that takes blank lines behind it in. */
export function keepsBlankLines(doc: SourceDocument, node: Node): boolean {
  const header = lastBlock(doc, node);
  return header !== undefined && doc.text.slice(header.start, header.end).includes('+');
}

/** The header of the block scalar that a node ends in (at `end`, if given). */
function lastBlock(doc: SourceDocument, from: Node | undefined, end?: number): Span | undefined {
  let node = from;
  while (node?.kind === 'map' || node?.kind === 'list') {
    node = node.kind === 'map' ? entriesOf(node).at(-1)?.value : node.items.findLast((item) => item.kind !== 'comment');
  }
  if (node?.kind !== 'scalar' || (end !== undefined && node.span.end !== end)) return undefined;
  return node.style === 'literal' || node.style === 'folded' ? blockHeader(doc.text, node.span) : undefined;
}

const beforeContent = linePattern('[!&][^ \\t%b]*|[ \\t%b]+|#[^%b]*', 'y');

/** Past tags, anchors, and the comments and line ends among them. */
function contentStart(text: string, from: number): number {
  const skip = new RegExp(beforeContent);
  let at = from;
  for (;;) {
    skip.lastIndex = at;
    const found = skip.exec(text)?.[0];
    if (!found) return at;
    at += found.length;
  }
}

/** Edits that put a printed value where a node stands. A comment at the end of the line stays there. */
function replace(doc: SourceDocument, node: Node, printed: Printed): TextEdit[] {
  const { text } = doc;
  const { isBlock, head, line, rest } = restOf(text, node);
  const inline = lead(text, node) + printed.inline;
  const below = printed.below + (needsLineEnd(printed) && rest === text.length ? doc.eol : '');
  if (!below && !isBlock) return [{ ...head, text: inline }];
  if (isWhite(text.slice(head.end, line))) return [{ start: head.start, end: rest, text: inline + below }];
  return [
    { ...head, text: inline },
    { start: line, end: rest, text: below },
  ];
}

/** A node's first part, the end of the line that it stands on, and the end of what gives way to another value. */
function restOf(text: string, node: Node) {
  const isBlock = node.kind === 'scalar' && (node.style === 'literal' || node.style === 'folded');
  const head = isBlock ? { start: node.span.start, end: blockHeader(text, node.span).end } : node.span;
  const line = lineEnd(text, head.end);
  return { isBlock, head, line, rest: isBlock ? Math.max(lastContent(text, node.span.end), line) : line };
}

/** Blank lines at the end of a `|+` stay, as formatting; a tab is no blank there, it would be taken for indentation. */
function lastContent(text: string, end: number): number {
  let at = end;
  while (at > 0 && (text[at - 1] === ' ' || isBreak(text.charCodeAt(at - 1)))) at--;
  return at;
}

/** A literal block that ends in a line break must not end the file without one. */
function needsLineEnd(printed: Printed): boolean {
  return /^\|\d?$/.test(printed.inline);
}

/** What has to stand before a value that was not written at all. */
function lead(text: string, node: Node): string {
  if (node.span.end > node.span.start) return '';
  const before = text.charAt(node.span.start - 1);
  if (before === ':' || before === '-' || before === '?') return ' ';
  if (node.kind === 'scalar' && node.flow) return ': ';
  throw new LockstepError('BAD_VALUE', { offset: node.span.start, what: 'complex-key' });
}

/** Put a whole value in the place of another. What it does to comments inside is for the caller to see. */
export function writeValue(doc: SourceDocument, node: Node, value: Value): TextEdit[] {
  if (node.kind === 'scalar' && value.kind === 'scalar') return writeScalar(doc, node, value.scalar);
  if (node.kind === 'scalar' || node.kind === 'alias' || node.flow || placeOf(doc, node).flow)
    return writeAlias(doc, node, value);
  checkValue(value);
  const { column, role } = placeOf(doc, node);
  const { inline, below } = blockText(value, Math.max(column, 0), layoutOf(doc), role === 'item');
  const sign = getMarks(doc).signs.get(node) ?? node.span.start;
  if (role === 'item') return [{ ...node.span, text: inline + below }];
  const behind = (inline && ' ') + inline;
  const line = lineEnd(doc.text, sign);
  // A comment behind the key stays there.
  if (line < node.span.start && !isWhite(doc.text.slice(sign + 1, line)))
    return [
      { start: sign + 1, end: sign + 1, text: behind },
      { start: line, end: node.span.end, text: below },
    ];
  return [{ start: sign + 1, end: node.span.end, text: behind + below }];
}

/** See `Format.writeAlias`. */
export function writeAlias(doc: SourceDocument, alias: Node, value: Value): TextEdit[] {
  checkValue(value);
  const place = placeOf(doc, alias);
  if (place.flow) return [{ ...alias.span, text: flowText(value) }];
  // A block scalar at the end of the copy would take comments in that stand behind or below it.
  const remark = !isWhite(doc.text.slice(alias.span.end, lineEnd(doc.text, alias.span.end)));
  const separated = keepsSeparator(doc.text, alias.span.end);
  const layout = { ...layoutOf(doc), noBlocks: remark || separated || commentsBelow(doc, alias, place.column) };
  const printed = blockText(value, Math.max(place.column, 0), layout, place.role === 'item');
  const [first, ...rest] = replace(doc, alias, printed);
  // `key: *a` before a nested map: no space is left behind the colon.
  const spare = printed.inline === '' && doc.text[alias.span.start - 1] === ' ';
  return first ? [{ ...first, start: first.start - (spare ? 1 : 0) }, ...rest] : rest;
}

/** See `Format.writeComment`. */
export function writeComment(_doc: SourceDocument, comment: CommentNode, text: string): TextEdit[] {
  return [{ ...comment.span, text: commentText(text) }];
}

function commentText(text: string): string {
  checkUnicode(text, 'BAD_VALUE');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
  if (/[\0-\x08\n-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]/.test(text))
    throw new LockstepError('BAD_VALUE', { what: 'line-break' });
  return `#${text}`;
}

/** See `Format.itemToComment`. */
export function itemToComment(doc: SourceDocument, list: ListNode, item: ScalarNode, text: string): TextEdit[] {
  const comment = commentText(text);
  if (list.flow) return [flowComment(doc, item, comment)];
  const dash = dashOf(doc, item);
  return [{ start: dash, end: item.span.end, text: emptyList(doc, list, item) + comment }];
}

/** A list of nothing but comments would read as null: the first of them leaves `[]` behind. */
function emptyList(doc: SourceDocument, list: ListNode, item: ScalarNode): string {
  const items = itemsOf(list);
  if (items[0] !== item || !items.every(isSealedComment)) return '';
  const { role, column } = placeOf(doc, list);
  // A dash may stand below its key's first letter, a value may not.
  return role === 'value' && columnOf(doc.text, dashOf(doc, item)) <= column ? '  [] ' : '[] ';
}

function isSealedComment(node: Node): boolean {
  if (node.kind !== 'scalar' || node.scalar.type !== 'str') return false;
  return typeof node.scalar.value === 'string' && node.scalar.value.endsWith(',type:comment]');
}

const itemEnd = linePattern('^[ \\t]*(?:,[ \\t]*)?%B?');

function flowComment(doc: SourceDocument, item: ScalarNode, comment: string): TextEdit {
  const after = itemEnd.exec(doc.text.slice(item.span.end))?.[0] ?? '';
  const column = columnOf(doc.text, item.span.start);
  return {
    start: item.span.start,
    end: item.span.end + after.length,
    text: comment + doc.eol + ' '.repeat(isBehindBreak(after, after.length) ? 0 : column),
  };
}
