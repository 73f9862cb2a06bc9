import { LockstepError } from '../errors.ts';
import type { Entry, ListNode, MapNode, SourceDocument, TextEdit } from '../format/document.ts';
import { entriesOf, lineStart, nextLine } from '../format/place.ts';
import { getFormat } from '../format/which.ts';
import type { Value } from '../tree/value.ts';
import type { Located } from './locate.ts';
import { linesAbove } from './ownlines.ts';
import type { Block, Piece, Structure } from './structure.ts';

/** Dotenv and INI: each entry has lines of its own, with the comment lines right above it. */
export const linesStructure: Structure = { block, remove, insert, replace };

function block(doc: SourceDocument, { entry, node }: Located): Block | undefined {
  // A section moves by its values.
  if (!entry || node.kind !== 'scalar') return undefined;
  const { start } = linesAbove(doc, entry.span.start, 0);
  const lines = doc.text.slice(start, nextLine(doc.text, entry.span.end));
  return { lines: lines.endsWith('\n') ? lines : lines + doc.eol, column: 0 };
}

function remove(doc: SourceDocument, { parent, entry, path }: Located, whole: boolean): TextEdit[] {
  if (!entry || parent?.kind !== 'map') throw new LockstepError('NO_SUCH_ENTRY', { path });
  const edits = getFormat(doc.format).removeEntry(doc, parent, entry);
  const above = linesAbove(doc, entry.span.start, 0);
  // In INI a comment belongs to its key in the format as well.
  if (doc.format === 'ini' || !whole || above.end === above.start) return edits;
  return [{ ...above, text: '' }, ...edits];
}

function insert(doc: SourceDocument, into: MapNode | ListNode, index: number, piece: Piece): TextEdit[] {
  if (into.kind !== 'map' || piece.key === undefined) throw new LockstepError('BAD_VALUE', { what: doc.format });
  const edits = getFormat(doc.format).addEntry(doc, into, piece.key, piece.value);
  const before: Entry | undefined = entriesOf(into)[index];
  if (!before && !piece.block) return edits;
  const [appended, ...rest] = edits;
  if (!appended || rest.length > 0) throw new LockstepError('UNSUPPORTED_VALUE', { what: 'structure' });
  const line = piece.block?.lines ?? appended.text.replace(/^[\r\n]+/, '');
  if (!before) return [{ ...appended, text: leadOf(doc, appended.start) + line }];
  const above = piece.behind ? entriesOf(into)[index - 1] : undefined;
  const at = above ? nextLine(doc.text, above.span.end) : linesAbove(doc, before.span.start, 0).start;
  return [{ start: at, end: at, text: line.endsWith('\n') ? line : line + doc.eol }];
}

function leadOf(doc: SourceDocument, at: number): string {
  return at > 0 && lineStart(doc.text, at) !== at ? doc.eol : '';
}

function replace(doc: SourceDocument, { node }: Located, value: Value): TextEdit[] {
  if (value.kind !== 'scalar' || node.kind !== 'scalar') throw new LockstepError('BAD_VALUE', { what: doc.format });
  return getFormat(doc.format).writeScalar(doc, node, value.scalar);
}
