import { LockstepError } from '../../errors.ts';
import type { Value } from '../../tree/value.ts';
import type { SourceDocument, TextEdit } from '../document.ts';
import { checkValue, entriesOf } from '../place.ts';
import { removeFromFlow } from './edit.ts';
import { isBehindBreak, isMargin, isWhite, lineEnd, lineStart, nextLine } from './line.ts';
import { columnOf, entryStart, getMarks } from './place.ts';
import { entryText, flowText } from './print.ts';
import { openBlockAtEnd } from './write.ts';

/** The `sops` block: last in every document (SOPS stores/metadata.go), indented by 4 where nothing else is asked for. */

const indent = 4;

/** See `Format.addMetadata`. */
export function addMetadata(doc: SourceDocument, metadata: Value, unit = indent): TextEdit[] {
  checkValue(metadata);
  if (doc.metadata.some((block) => block)) throw new LockstepError('ALREADY_ENCRYPTED');
  return doc.documents.flatMap((_, i) => addTo(doc, i, metadata, unit));
}

function addTo(doc: SourceDocument, index: number, metadata: Value, unit: number): TextEdit[] {
  const { text, eol } = doc;
  const map = doc.documents[index];
  const mark = getMarks(doc).documents[index];
  if (!map || !mark) throw new LockstepError('EMPTY_FILE');
  const entries = entriesOf(map);
  if (map.flow && entries.length > 0) {
    const end = entries.at(-1)?.span.end ?? map.span.end - 1;
    return [{ start: end, end, text: `, sops: ${flowText(metadata)}` }];
  }
  const column = entries[0] ? columnOf(text, entryStart(text, entries[0])) : 0;
  const block = ' '.repeat(column) + entryText('sops', metadata, column, { eol, unit, listIndent: unit }) + eol;
  // An empty map that is written out gives way; the rest of its line stays.
  const isWritten = entries.length === 0 && map.span.end > map.span.start;
  if (isWritten) {
    const alone = isMargin(text.slice(lineStart(text, map.span.start), map.span.start));
    const rest = isWhite(text.slice(map.span.end, lineEnd(text, map.span.end))) && map.span.end < text.length;
    const end = rest ? nextLine(text, map.span.end) : map.span.end;
    if (rest || map.span.end === text.length) return [{ start: map.span.start, end, text: (alone ? '' : eol) + block }];
    // A comment behind it gets the line, or it would come to stand inside of the metadata.
    const gap = text.slice(map.span.end).search(/[^ \t]/);
    return [{ start: map.span.start, end: map.span.end + Math.max(gap, 0), text: '' }, atEnd(doc, index, block)];
  }
  // Behind a block scalar that the text's end cuts short, a line break would change its value: go before that entry.
  const last = index === doc.documents.length - 1 && openBlockAtEnd(doc) ? entries.at(-1) : undefined;
  if (last) {
    const at = lineStart(text, last.span.start);
    return [{ start: at, end: at, text: block }];
  }
  return [atEnd(doc, index, block)];
}

/** Behind all that a document holds. */
function atEnd(doc: SourceDocument, index: number, block: string): TextEdit {
  const end = getMarks(doc).documents[index]?.end ?? doc.text.length;
  const lead = end > 0 && !isBehindBreak(doc.text, end) ? doc.eol : '';
  return { start: end, end, text: lead + block };
}

/** See `Format.removeMetadata`. */
export function removeMetadata(doc: SourceDocument): TextEdit[] {
  return doc.documents.flatMap((_, i) => removeFrom(doc, i));
}

function removeFrom(doc: SourceDocument, index: number): TextEdit[] {
  const { text } = doc;
  const [map, block, mark] = [doc.documents[index], doc.metadata[index], getMarks(doc).documents[index]];
  if (!map || !block) return [];
  if (map.flow) return removeFromFlow(doc, map, block.span, '');
  const start = lineStart(text, block.span.start);
  const from = text.charAt(start) === '\uFEFF' ? start + 1 : start;
  const rest = entriesOf(map).length > 0 || mark?.marked;
  return [{ start: from, end: nextLine(text, block.span.end), text: rest ? '' : `{}${doc.eol}` }];
}
