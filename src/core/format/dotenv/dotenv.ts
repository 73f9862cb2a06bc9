import { severalLinesError } from '../../env/lines.ts';
import { LockstepError } from '../../errors.ts';
import type { Scalar, Value } from '../../tree/value.ts';
import type { CommentNode, Entry, Format, MapNode, MetadataFields, SourceDocument, TextEdit } from '../document.ts';
import { holdsHalf, textOfBytes, textOrBytes } from '../encoding.ts';
import { type FlatLine, flatten, flattenedEdits, metadataPrefix, unflatten, withoutLists } from '../flatten.ts';
import { checkFree, checkUnicode, entriesOf, eolOf, errorAt, maxNodes, nextLine } from '../place.ts';

/**
 * Dotenv, as SOPS stores/dotenv/store.go reads it: `KEY=value` lines of which nothing is trimmed, unquoted or expanded,
 * and `#` comments in column 0.
 *
 * One difference: sops leaves the CR of a CRLF line in the value. In a file whose line ends are CRLF we take it for
 * part of the line end, or each value would end in an invisible character. What is encrypted then has no CR, so
 * sops reads our values; `addMetadata` turns the line ends into LF so that it reads the rest as well.
 */
export const dotenv: Format = {
  ...withoutLists('dotenv'),
  id: 'dotenv',
  parse,
  writeScalar: (doc, node, scalar) => [{ ...node.span, text: valueText(doc, scalar, node.span.end) }],
  writeComment: (doc, comment, text) => [{ ...comment.span, text: commentText(doc, text, comment) }],
  addEntry,
  renameEntry,
  removeEntry: (doc, _map, entry) => [removeLine(doc, entry.span.start)],
  addMetadata,
  removeMetadata,
  writeMetadata,
};

function parse(text: string, eol = lineEndOf(text)): SourceDocument {
  const data: (Entry | CommentNode)[] = [];
  const metadata: Entry[] = [];
  for (let start = 0; start < text.length; start = nextLine(text, start)) {
    const end = contentEnd(text, start, eol);
    if (end === start) continue;
    if (data.length + metadata.length >= maxNodes) throw errorAt('TOO_LARGE', text, start, 'nodes');
    const line = text[start] === '#' ? comment(text, start, end) : entry(text, start, end);
    if (line.kind === 'entry' && line.key.startsWith(metadataPrefix)) metadata.push(line);
    else data.push(line);
  }
  const root: MapNode = { kind: 'map', span: { start: 0, end: text.length }, members: data, flow: false };
  return { format: 'dotenv', text, documents: [root], metadata: [unflatten(text, metadata)], eol };
}

/** The metadata's lines, where there are some, tell: sops writes LF there, and CR before the others is a part of values. */
function lineEndOf(text: string): SourceDocument['eol'] {
  const at = text.startsWith(metadataPrefix) ? 0 : text.indexOf(`\n${metadataPrefix}`) + 1;
  return eolOf(text.slice(at));
}

/** Where the line that starts at `start` ends. */
function contentEnd(text: string, start: number, eol: string): number {
  const lf = text.indexOf('\n', start);
  const end = lf === -1 ? text.length : lf;
  return eol === '\r\n' && end > start && text[end - 1] === '\r' ? end - 1 : end;
}

function comment(text: string, start: number, end: number): CommentNode {
  return { kind: 'comment', span: { start, end }, text: text.slice(start + 1, end), inline: false };
}

function entry(text: string, start: number, end: number): Entry {
  const sign = text.indexOf('=', start);
  if (sign === -1 || sign >= end) {
    const error = errorAt('SYNTAX', text, start, 'equals-sign');
    throw severalLinesError(text, error.place.line) ?? error;
  }
  const key = text.slice(start, sign);
  // A name is a part of the AAD, and there has to be text; a value may be any bytes.
  if (holdsHalf(key)) throw errorAt('NOT_UTF8', text, start, 'name');
  const scalar: Scalar = { type: 'str', value: textOrBytes(text.slice(sign + 1, end).replaceAll('\\n', '\n')) };
  const span = { start: sign + 1, end };
  return {
    kind: 'entry',
    key,
    keySpan: { start, end: sign },
    span: { start, end },
    value: { kind: 'scalar', span, scalar, style: 'plain', flow: false },
  };
}

/** A value as it stands behind `=`; the line it goes to ends at `end`. */
function valueText(doc: SourceDocument, scalar: Scalar, end: number): string {
  if (scalar.type !== 'str') throw new LockstepError('BAD_VALUE', { what: 'dotenv' });
  if (typeof scalar.value === 'string') checkUnicode(scalar.value, 'BAD_VALUE');
  const text = typeof scalar.value === 'string' ? scalar.value : textOfBytes(scalar.value);
  // The two characters `\n` read as a line break and cannot be escaped.
  if (text.includes('\\n')) throw new LockstepError('BAD_VALUE', { what: 'backslash-n' });
  if (text.endsWith('\r')) checkFinalCr(doc, end);
  return text.replaceAll('\n', '\\n');
}

/** A final CR is a part of the value only where line ends are LF, and metadata or the text's first line end tell so. */
function checkFinalCr(doc: SourceDocument, end: number): void {
  if (doc.eol === '\n' && doc.metadata[0]) return;
  const first = doc.text.indexOf('\n');
  if (doc.eol === '\r\n' || first === -1 || first >= end)
    throw new LockstepError('BAD_VALUE', { what: 'carriage-return' });
}

function commentText(doc: SourceDocument, text: string, comment: CommentNode): string {
  if (text.includes('\n')) throw new LockstepError('BAD_VALUE', { what: 'line-break' });
  if (text.endsWith('\r')) checkFinalCr(doc, comment.span.end);
  return `#${text}`;
}

function checkName(key: string): void {
  checkUnicode(key, 'BAD_NAME');
  if (/[=\r\n]|^#/.test(key)) throw new LockstepError('BAD_NAME', { what: 'dotenv' });
  if (key.startsWith(metadataPrefix)) throw new LockstepError('BAD_NAME', { what: 'sops' });
}

function addEntry(doc: SourceDocument, map: MapNode, key: string, value: Value): TextEdit[] {
  checkName(key);
  checkFree(map, key);
  if (value.kind !== 'scalar') throw new LockstepError('BAD_VALUE', { what: 'dotenv' });
  const { text, eol } = doc;
  const last = entriesOf(map).at(-1);
  const metadata = metadataLines(doc)[0];
  let at = last ? nextLine(text, last.span.end) : (metadata?.start ?? text.length);
  if (last && metadata && metadata.start < last.span.start) at = metadata.start;
  const line = `${key}=${valueText(doc, value.scalar, at === 0 ? text.length : at)}${eol}`;
  const lead = at > 0 && text[at - 1] !== '\n' ? eol : '';
  return [{ start: at, end: at, text: lead + line }];
}

function renameEntry(_doc: SourceDocument, map: MapNode, entry: Entry, key: string): TextEdit[] {
  checkName(key);
  checkFree(map, key, entry);
  return [{ ...entry.keySpan, text: key }];
}

function removeLine(doc: SourceDocument, start: number): TextEdit {
  return { start, end: nextLine(doc.text, start), text: '' };
}

/** The lines of the metadata, in file order. */
function metadataLines({ text }: SourceDocument): FlatLine[] {
  const lines: FlatLine[] = [];
  for (let [start, end] = [0, 0]; start < text.length; start = end) {
    end = nextLine(text, start);
    const line = text.slice(start, end);
    if (!line.startsWith(metadataPrefix) || !line.includes('=')) continue;
    lines.push({ name: line.slice(metadataPrefix.length, line.indexOf('=')), start, end });
  }
  return lines;
}

function addMetadata(doc: SourceDocument, metadata: Value): TextEdit[] {
  if (doc.metadata[0]) throw new LockstepError('ALREADY_ENCRYPTED');
  const { text } = doc;
  const lines = flatten(metadata).map(([key, scalar]) => `${key}=${metadataText(scalar)}\n`);
  const lead = text === '' || text.endsWith('\n') ? '' : '\n';
  return [...dropCr(doc), { start: text.length, end: text.length, text: lead + lines.join('') }];
}

/** A sops that met CRLF would take each CR for a part of the value: no date, no version and no MAC would hold. */
function dropCr(doc: SourceDocument): TextEdit[] {
  if (doc.eol !== '\r\n') return [];
  const edits: TextEdit[] = [];
  for (let at = doc.text.indexOf('\r\n'); at !== -1; at = doc.text.indexOf('\r\n', at + 2)) {
    edits.push({ start: at, end: at + 1, text: '' });
  }
  return edits;
}

const metadataText = (scalar: Scalar) => (scalar.type === 'null' ? '' : String(scalar.value).replaceAll('\n', '\\n'));

function removeMetadata(doc: SourceDocument): TextEdit[] {
  return doc.metadata[0] ? metadataLines(doc).map(({ start }) => removeLine(doc, start)) : [];
}

function writeMetadata(doc: SourceDocument, _index: number, fields: MetadataFields): TextEdit[] {
  const { text, eol } = doc;
  return flattenedEdits(text, metadataLines(doc), fields, (name, scalar) => {
    return `${metadataPrefix}${name}=${metadataText(scalar)}${eol}`;
  });
}
