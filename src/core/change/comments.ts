import { LockstepError } from '../errors.ts';
import type { CommentNode, SourceDocument, Span, TextEdit } from '../format/document.ts';
import { linesOf } from '../format/linerules.ts';
import { childrenOf, commentsOf } from '../format/place.ts';
import { isMargin, whiteBefore } from '../format/yaml/line.ts';
import { dashOf } from '../format/yaml/place.ts';
import type { Draft } from './draft.ts';
import type { Located } from './locate.ts';
import { linesAbove } from './ownlines.ts';

/** The comments of an entry, a group or an item: its own lines above, and what stands at the end of its line. */
interface OwnComments {
  /** From the start of the first line to the start of its own line; empty if there are none. */
  readonly above: Span;
  readonly end: CommentNode | undefined;
}

/** See `OwnComments`. Throws UNSUPPORTED_VALUE where what stands before it on its line has comments of its own. */
export function ownComments(doc: SourceDocument, place: Located): OwnComments {
  const start = startOf(doc, place);
  if (!isMargin(doc.text.slice(linesOf(doc).lineStart(doc.text, start), start)))
    throw new LockstepError('UNSUPPORTED_VALUE', { path: place.path, what: 'comments' });
  return { above: linesAbove(doc, start, endAbove(doc, place)), end: endComment(doc, place) };
}

function startOf(doc: SourceDocument, { entry, node, parent, path }: Located): number {
  if (doc.format === 'json' || !parent) throw new LockstepError('BAD_VALUE', { path, what: doc.format });
  if (!entry && parent.flow) throw new LockstepError('UNSUPPORTED_VALUE', { path, what: 'comments' });
  return entry ? entry.span.start : dashOf(doc, node);
}

/** Where what stands above ends: no comment of its own can stand before that. */
function endAbove(doc: SourceDocument, { parent, index }: Located): number {
  const above = parent && childrenOf(parent)[index - 1];
  const { text } = doc;
  return above ? linesOf(doc).nextLine(text, above.span.end) : text.startsWith('\uFEFF') ? 1 : 0;
}

function endComment(doc: SourceDocument, { entry, node }: Located): CommentNode | undefined {
  const { text } = doc;
  const nested = (node.kind === 'map' || node.kind === 'list') && !node.flow;
  if (nested && !entry) return undefined;
  const block = nested || (node.kind === 'scalar' && (node.style === 'literal' || node.style === 'folded'));
  const { lineStart } = linesOf(doc);
  const at = lineStart(text, block && entry ? entry.keySpan.end : Math.max(node.span.start, node.span.end - 1));
  return commentsOf(doc).find(({ inline, span }) => inline && lineStart(text, span.start) === at);
}

/**
 * Give an entry, a group or an item this comment: lines without comment sign, none for the empty text. It stands above; one
 * line goes to the end of the line where the only comment so far is. What it was before goes. Throws BAD_VALUE (a format without
 * comments, control characters), UNSUPPORTED_VALUE.
 */
export function setComment(draft: Draft, place: Located, text: string): void {
  draft.release();
  const { doc } = draft;
  const { above, end } = ownComments(doc, place);
  const lines = text === '' ? [] : text.split(/\r?\n/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
  if (lines.some((line) => /[\0-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]/.test(line)))
    throw new LockstepError('BAD_VALUE', { path: place.path, what: 'line-break' });
  const behind = end !== undefined && above.start === above.end && lines.length <= 1;
  const edits: TextEdit[] = [];
  if (end)
    edits.push(behind && lines[0] !== undefined ? { ...end.span, text: written(doc, lines[0]) } : removal(doc, end));
  if (!behind) edits.push({ ...above, text: lines.map((line) => commentLine(doc, place, line)).join('') });
  draft.step(edits, undefined, lines);
}

/** A comment line above a place, with its line end. */
export function commentLine(doc: SourceDocument, place: Located, line: string): string {
  const start = startOf(doc, place);
  const indent = doc.text.slice(linesOf(doc).lineStart(doc.text, start), start).replace('\uFEFF', '');
  return indent + written(doc, line) + doc.eol;
}

/** One blank behind the sign, unless there are some. */
function written(doc: SourceDocument, line: string): string {
  const sign = doc.format === 'ini' ? ';' : '#';
  return sign + (line === '' || line.startsWith(' ') ? '' : ' ') + line;
}

/** Take a comment out: one at the end of a line with the blanks before it, one of its own with its line. */
export function removal(doc: SourceDocument, { span, inline }: CommentNode): TextEdit {
  const { text } = doc;
  if (inline) return { start: whiteBefore(text, span.start), end: span.end, text: '' };
  const { lineStart, lineEnd, nextLine } = linesOf(doc);
  return {
    start: lineStart(text, span.start),
    end: nextLine(text, Math.max(span.start, lineEnd(text, span.start))),
    text: '',
  };
}
