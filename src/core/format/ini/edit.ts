import { LockstepError } from '../../errors.ts';
import type { Scalar, Value } from '../../tree/value.ts';
import type {
  CommentNode,
  CommentPart,
  Entry,
  MapNode,
  MetadataFields,
  ScalarNode,
  SourceDocument,
  Span,
  TextEdit,
} from '../document.ts';
import { type FlatLine, flatten, flattenedEdits } from '../flatten.ts';
import { checkFree, entriesOf, lineEnd, lineStart, nextLine, partsOf } from '../place.ts';
import { metadataSection, readIni } from './read.ts';
import { commentLines, keyLines, keyText, leadOf, quoteOf, sectionText, valueText } from './text.ts';

/** Edits of an INI text; see `Format`. */

export function writeScalar(doc: SourceDocument, { span }: ScalarNode, scalar: Scalar): TextEdit[] {
  const { text } = doc;
  const value = insideMetadata(doc, span) ? metadataScalar(scalar) : scalar;
  const written = valueText(value, quoteOf(text.slice(span.start, span.end)));
  if (span.end > span.start || written === '') return [{ ...span, text: written }];
  // The first value between a delimiter and what follows it.
  const lead = /[ \t][=:]$/.test(text.slice(Math.max(0, span.start - 2), span.start)) ? ' ' : '';
  const tail = /[#;]/.test(text.charAt(span.end)) ? ' ' : '';
  return [{ ...span, text: lead + written + tail }];
}

function insideMetadata(doc: SourceDocument, { start }: Span): boolean {
  const block = doc.metadata[0];
  return block !== undefined && start >= block.span.start && start <= block.span.end;
}

/** Line breaks are the two characters `\n` there. */
function metadataScalar(scalar: Scalar): Scalar {
  if (scalar.type === 'null') return { type: 'str', value: '' };
  const text = String(scalar.value);
  if (text.includes('\\n')) throw new LockstepError('BAD_VALUE', { what: 'backslash-n' });
  return { type: 'str', value: text.replaceAll('\n', '\\n') };
}

/**
 * All of a comment goes to the place of its first line. Behind a header or a value stays only what cannot be taken for a
 * part of it.
 */
export function writeComment(doc: SourceDocument, comment: CommentNode, text: string): TextEdit[] {
  const [first, ...rest] = partsOf(comment) as [CommentPart, ...CommentPart[]];
  const gone = rest.map((part) => removePart(doc, part));
  const lines = commentLines(text, leadOf(doc.text.slice(first.start, first.end)), doc.eol);
  if (!first.inline || canStandBehind(doc, first, lines))
    return [{ start: first.start, end: first.end, text: lines }, ...gone];
  // On the line above the header or key; a value may have several lines.
  const at = lineStart(doc.text, first.anchor ?? first.start);
  return [{ start: at, end: at, text: lines + doc.eol }, removePart(doc, first), ...gone];
}

function canStandBehind(doc: SourceDocument, { start }: CommentPart, lines: string): boolean {
  const line = doc.text.slice(lineStart(doc.text, start), start).trimStart();
  return !/[\n`\\]|"""/.test(lines) && !(line.startsWith('[') && lines.includes(']'));
}

/** A line with its line end; behind a value, with the blanks before it. */
function removePart({ text }: SourceDocument, { start, end, inline }: CommentPart): TextEdit {
  if (!inline) return { start: lineStart(text, start), end: nextLine(text, end), text: '' };
  let from = start;
  while (/[ \t]/.test(text.charAt(from - 1))) from--;
  return { start: from, end, text: '' };
}

export function addEntry(doc: SourceDocument, map: MapNode, key: string, value: Value): TextEdit[] {
  if (map === doc.documents[0]) return addSection(doc, map, key, value);
  if (value.kind !== 'scalar') throw new LockstepError('BAD_VALUE', { what: 'ini' });
  checkFree(map, key);
  const { text, eol } = doc;
  const last = entriesOf(map).at(-1);
  const above = last && { keySpan: last.keySpan, valueSpan: last.value.span };
  const line = keyText(key) + delimiter(text, above, key) + valueText(value.scalar);
  const at = last ? nextLine(text, last.span.end) : firstLine(doc, map);
  const lead = at > 0 && text[at - 1] !== '\n' && text[at - 1] !== '\ufeff' ? eol : '';
  return [{ start: at, end: at, text: lead + line + eol }];
}

/** Behind the header; what stands before the first header has none. */
function firstLine({ text }: SourceDocument, { span }: MapNode): number {
  return span.end > span.start ? nextLine(text, span.end) : span.start;
}

/** As another entry has it, in the same column if there is room. */
function delimiter(text: string, like: { keySpan: Span; valueSpan: Span } | undefined, key: string): string {
  if (!like) return ' = ';
  const { keySpan, valueSpan } = like;
  const found = /^([ \t]*)([=:])([ \t]*)$/.exec(text.slice(keySpan.end, valueSpan.start));
  if (!found) return ' = ';
  const [, before = '', sign = '=', after = ''] = found;
  const width = keySpan.end - keySpan.start + before.length - keyText(key).length;
  return (before === '' ? '' : ' '.repeat(Math.max(1, width))) + sign + (before === '' ? after : after || ' ');
}

function addSection(doc: SourceDocument, root: MapNode, name: string, value: Value): TextEdit[] {
  if (value.kind !== 'map') throw new LockstepError('BAD_VALUE', { what: 'ini-section' });
  checkFree(root, name);
  const { text, eol } = doc;
  const keys = value.members.map((member): [string, string] => {
    if (member.value.kind !== 'scalar') throw new LockstepError('BAD_VALUE', { what: 'ini' });
    return [member.key, valueText(member.value.scalar)];
  });
  const section = `[${sectionText(name)}]${eol}${keyLines(keys, eol)}`;
  const metadata = doc.metadata[0];
  if (metadata) {
    const at = lineStart(text, metadata.span.start);
    return [{ start: at, end: at, text: section + eol }];
  }
  return [{ start: text.length, end: text.length, text: gapBefore(doc) + section }];
}

/** What parts a new last section from the text above: one blank line. */
function gapBefore({ text, eol }: SourceDocument): string {
  if (text === '' || text === '\ufeff') return '';
  return text.endsWith('\n') ? eol : eol + eol;
}

export function renameEntry(doc: SourceDocument, map: MapNode, entry: Entry, key: string): TextEdit[] {
  checkFree(map, key, entry);
  if (map !== doc.documents[0]) return [{ ...entry.keySpan, text: keyText(key) }];
  // What stands before the first header has no name that could change.
  if (entry.keySpan.end === entry.keySpan.start) throw new LockstepError('BAD_NAME', { what: 'ini-default' });
  return [{ ...entry.keySpan, text: sectionText(key) }];
}

/** A key or a section with its comment: that belongs to it, and the next key would get it otherwise. */
export function removeEntry(doc: SourceDocument, map: MapNode, entry: Entry): TextEdit[] {
  const own = map === doc.documents[0] ? entry.value : map;
  const comments = own.kind === 'map' ? own.members.filter((member) => member.kind === 'comment') : [];
  const isKey = own === map;
  const gone = isKey ? comments.filter((comment) => belongsTo(map, entry, comment)) : comments;
  return withoutLines(doc, [entry.span, ...gone.flatMap((comment) => [...partsOf(comment)])]);
}

function belongsTo(map: MapNode, entry: Entry, comment: CommentNode): boolean {
  const i = map.members.indexOf(entry);
  // A comment behind the last key, below it, is nobody's.
  return i >= 0 && map.members[i + 1] === comment && (comment.inline || comment.span.start <= entry.span.start);
}

/** The lines that these stretches stand on, each line once. */
function withoutLines({ text }: SourceDocument, spans: readonly Span[]): TextEdit[] {
  const lines = spans
    .filter(({ start, end }) => end > start)
    .map(({ start, end }) => ({ start: lineStart(text, start), end: nextLine(text, end), text: '' }))
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const out: TextEdit[] = [];
  for (const line of lines) {
    const last = out.at(-1);
    if (last && line.start < last.end) out[out.length - 1] = { ...last, end: Math.max(last.end, line.end) };
    else out.push(line);
  }
  return out;
}

export function addMetadata(doc: SourceDocument, metadata: Value): TextEdit[] {
  if (doc.metadata[0]) throw new LockstepError('ALREADY_ENCRYPTED');
  const { text, eol } = doc;
  const keys = flatten(metadata, '').map(([name, scalar]): [string, string] => [
    name,
    valueText(metadataScalar(scalar)),
  ]);
  const block = `[${metadataSection}]${eol}${keyLines(keys, eol)}`;
  return [...closedEnd(doc), { start: text.length, end: text.length, text: gapBefore(doc) + block }];
}

/** Three quotes that end the text are a value; with a line below they would open one. */
function closedEnd(doc: SourceDocument): TextEdit[] {
  const sections = doc.documents.flatMap(entriesOf);
  const last = sections.flatMap((section) => entriesOf(section.value as MapNode)).at(-1)?.value;
  if (last?.kind !== 'scalar' || last.span.end < doc.text.length) return [];
  const { start, end } = last.span;
  return doc.text.slice(start, end) === '"""' ? [{ start, end, text: valueText(last.scalar) }] : [];
}

/** The section with the blank line before it. */
export function removeMetadata(doc: SourceDocument): TextEdit[] {
  const { text } = doc;
  const block = doc.metadata[0];
  if (!block) return [];
  let start = lineStart(text, block.span.start);
  const above = start > 0 ? lineStart(text, start - 1) : 0;
  if (start > 0 && lineEnd(text, above) === above) start = above;
  if (text[start] === '\ufeff') start++;
  return [{ start, end: nextLine(text, block.span.end), text: '' }];
}

/** Lines in the column of those that are there; sops would set out all of them anew. */
export function writeMetadata(doc: SourceDocument, _index: number, fields: MetadataFields): TextEdit[] {
  const { text, eol } = doc;
  const keys = readIni(text).find((section) => section.name === metadataSection)?.keys ?? [];
  const lines = keys.map(({ name, keySpan, valueSpan }): FlatLine => {
    return { name, start: lineStart(text, keySpan.start), end: nextLine(text, Math.max(valueSpan.end, keySpan.end)) };
  });
  const like = keys.find((key) => key.valueSpan.end > key.valueSpan.start) ?? keys[0];
  return flattenedEdits(text, lines, fields, (name, scalar) => {
    return `${keyText(name)}${delimiter(text, like, keyText(name))}${valueText(metadataScalar(scalar))}${eol}`;
  });
}
