import { LockstepError } from '../../errors.ts';
import type { Scalar, Value } from '../../tree/value.ts';
import type {
  Entry,
  Format,
  ListNode,
  MapNode,
  MetadataBlock,
  MetadataFields,
  Node,
  SourceDocument,
  Span,
  TextEdit,
} from '../document.ts';
import { fieldParts, itemParts } from '../metafields.ts';
import { floatText } from '../number.ts';
import {
  checkFree,
  checkScalar,
  checkUnicode,
  checkValue,
  entriesOf,
  eolOf,
  errorAt,
  itemsOf,
  lineStart,
} from '../place.ts';
import { bracketEdits } from './brackets.ts';
import { parseJson } from './tree.ts';

/** JSON, as SOPS stores/json/store.go reads it; without comments, so the calls about them have nothing to do. */
export const json: Format = {
  id: 'json',
  parse,
  writeScalar: (_doc, node, scalar) => [{ ...node.span, text: scalarText(scalar) }],
  writeComment: (_doc, comment) => refuse(comment.span.start),
  itemToComment: (_doc, _list, item) => refuse(item.span.start),
  writeAlias: (_doc, alias) => refuse(alias.span.start),
  addEntry,
  renameEntry,
  removeEntry: (doc, map, entry) => removeAt(map, membersWithMetadata(doc, map), entry),
  removeItem: (_doc, list, item) => removeAt(list, list.items, item),
  addMetadata,
  removeMetadata,
  writeMetadata,
};

function refuse(offset: number): never {
  throw new LockstepError('BAD_VALUE', { offset, what: 'json' });
}

function parse(text: string): SourceDocument {
  const whole = parseJson(text);
  const entries = whole.members.filter((member) => member.kind === 'entry');
  const found = entries.filter((entry) => entry.key === 'sops');
  const [sops, second] = found;
  if (second) throw errorAt('DUPLICATE_KEY', text, second.keySpan.start, 'sops');
  if (sops && sops.value.kind !== 'map') throw errorAt('BAD_METADATA', text, sops.value.span.start);
  const root = sops ? { ...whole, members: entries.filter((entry) => entry !== sops) } : whole;
  const block = sops?.value.kind === 'map' ? { span: sops.span, root: sops.value } : undefined;
  return { format: 'json', text, documents: [root], metadata: [block], eol: eolOf(text) };
}

/** A JSON token for a scalar. Dates, infinities and bytes that are not UTF-8 have none. */
function scalarText(scalar: Scalar): string {
  checkScalar(scalar);
  if (scalar.type === 'null') return 'null';
  if (scalar.type === 'int' || scalar.type === 'bool') return String(scalar.value);
  if (scalar.type === 'float' && Number.isFinite(scalar.value)) return floatText(scalar.value);
  if (scalar.type !== 'str' || typeof scalar.value !== 'string') throw new LockstepError('BAD_VALUE', { what: 'json' });
  return stringText(scalar.value, 'BAD_VALUE');
}

function stringText(text: string, code: 'BAD_VALUE' | 'BAD_NAME'): string {
  checkUnicode(text, code);
  // Go escapes these two as well; other readers take them for line ends.
  return JSON.stringify(text).replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);
}

/** How the members of a container are set out. */
interface Layout {
  /** Line end and indentation before a member; empty when all stand on one line. */
  readonly before: string;
  readonly unit: string;
  readonly eol: string;
  /** Between members that share a line. */
  readonly gap: string;
}

function print(value: Value, layout: Layout): string {
  if (value.kind === 'scalar') return scalarText(value.scalar);
  const [open, close] = value.kind === 'map' ? ['{', '}'] : ['[', ']'];
  const inner = layout.before && { ...layout, before: layout.before + layout.unit };
  const parts =
    value.kind === 'map'
      ? value.members.map(
          (member) => `${stringText(member.key, 'BAD_NAME')}:${space(layout)}${print(member.value, inner || layout)}`,
        )
      : value.items.map((item) => print(item, inner || layout));
  if (parts.length === 0) return open + close;
  if (!inner) return open + parts.join(`,${layout.gap}`) + close;
  return open + inner.before + parts.join(`,${inner.before}`) + layout.before + close;
}

/** A value as it would stand at `offset`: on lines of its own where the text has lines. */
export function printedAt(doc: SourceDocument, offset: number, value: Value): string {
  checkValue(value);
  const broken = doc.text.includes('\n', rootStart(doc.text));
  const before = broken ? doc.eol + indentAt(doc.text, offset) : '';
  return print(value, { before, unit: unitOf(doc), eol: doc.eol, gap: ' ' });
}

function space(layout: Layout): string {
  return layout.before ? ' ' : layout.gap;
}

function layoutOf(doc: SourceDocument, map: MapNode | ListNode, members: readonly { readonly span: Span }[]): Layout {
  const { text } = doc;
  const unit = unitOf(doc);
  const first = members[0];
  const gap = /^\{"[^\n]*[:,]["[{\dtfn-]/.test(text.slice(map.span.start, map.span.start + 4096)) ? '' : ' ';
  const broken = first
    ? text.slice(map.span.start, first.span.start).includes('\n')
    : text.includes('\n', rootStart(text));
  if (!broken && !(text.slice(map.span.start, map.span.end).includes('\n') || (!first && isRoot(doc, map)))) {
    return { before: '', unit, eol: doc.eol, gap };
  }
  const outer = indentAt(text, map.span.start);
  const inner = first && broken ? indentAt(text, first.span.start) : outer + unit;
  return { before: doc.eol + inner, unit, eol: doc.eol, gap: ' ' };
}

function rootStart(text: string): number {
  return text.indexOf('{');
}

function isRoot(doc: SourceDocument, map: MapNode | ListNode): boolean {
  return doc.documents[0]?.span.start === map.span.start;
}

/** The white space that starts the line of `offset`. */
function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? '';
}

/** One step of indentation: the first one in the text, a tab (the default of sops) if there is none. */
function unitOf(doc: SourceDocument): string {
  return /\{[ \t]*\r?\n([ \t]+)"/.exec(doc.text)?.[1] ?? '\t';
}

function addEntry(doc: SourceDocument, map: MapNode, key: string, value: Value): TextEdit[] {
  checkFree(map, key);
  if (key === 'sops' && isRoot(doc, map)) throw new LockstepError('BAD_NAME', { what: 'sops' });
  checkValue(value);
  const all = membersWithMetadata(doc, map);
  const metadata = isRoot(doc, map) ? doc.metadata[0] : undefined;
  const layout = layoutOf(doc, map, all);
  const entry = `${stringText(key, 'BAD_NAME')}:${space(layout)}${print(value, layout)}`;
  const last = all.at(-1);
  if (metadata && last?.span.start === metadata.span.start) {
    return [{ start: last.span.start, end: last.span.start, text: `${entry},${layout.before || layout.gap}` }];
  }
  return [append(doc, map, last, entry, layout)];
}

function append(doc: SourceDocument, map: MapNode, last: Entry | undefined, entry: string, layout: Layout): TextEdit {
  if (last) return { start: last.span.end, end: last.span.end, text: `,${layout.before || layout.gap}${entry}` };
  const inside = { start: map.span.start + 1, end: map.span.end - 1 };
  if (!layout.before) return { ...inside, text: entry };
  return { ...inside, text: layout.before + entry + layout.eol + indentAt(doc.text, map.span.start) };
}

/** The entries of a map as they stand in the text: those of the top level with `sops` among them. */
function membersWithMetadata(doc: SourceDocument, map: MapNode): Entry[] {
  const entries = map.members.filter((member) => member.kind === 'entry');
  const metadata = doc.metadata[0];
  if (metadata && isRoot(doc, map)) entries.push(metadataEntry(metadata));
  return entries.sort((a, b) => a.span.start - b.span.start);
}

function metadataEntry(metadata: MetadataBlock): Entry {
  const keySpan = { start: metadata.span.start, end: metadata.span.start };
  return { kind: 'entry', key: 'sops', keySpan, span: metadata.span, value: metadata.root };
}

function renameEntry(doc: SourceDocument, map: MapNode, entry: Entry, key: string): TextEdit[] {
  checkFree(map, key, entry);
  if (key === 'sops' && isRoot(doc, map)) throw new LockstepError('BAD_NAME', { what: 'sops' });
  return [{ ...entry.keySpan, text: stringText(key, 'BAD_NAME') }];
}

function removeAt(parent: Node, all: readonly { readonly span: Span }[], one: Entry | Node): TextEdit[] {
  const at = all.findIndex((member) => member.span.start === one.span.start);
  if (at === -1) throw new LockstepError('NO_SUCH_ENTRY', { offset: one.span.start });
  const [before, after] = [all[at - 1], all[at + 1]];
  if (before) return [{ start: before.span.end, end: one.span.end, text: '' }];
  if (after) return [{ start: one.span.start, end: after.span.start, text: '' }];
  return [{ start: parent.span.start + 1, end: parent.span.end - 1, text: '' }];
}

function addMetadata(doc: SourceDocument, metadata: Value, indent?: number): TextEdit[] {
  const map = doc.documents[0];
  if (!map) throw new LockstepError('EMPTY_FILE');
  if (doc.metadata[0]) throw new LockstepError('ALREADY_ENCRYPTED');
  const all = membersWithMetadata(doc, map);
  const found = layoutOf(doc, map, all);
  const layout = indent === undefined ? found : { ...found, unit: indent === -1 ? '\t' : ' '.repeat(indent) };
  return [append(doc, map, all.at(-1), `"sops":${space(layout)}${print(metadata, layout)}`, layout)];
}

function removeMetadata(doc: SourceDocument): TextEdit[] {
  const [map, metadata] = [doc.documents[0], doc.metadata[0]];
  if (!map || !metadata) return [];
  return removeAt(map, membersWithMetadata(doc, map), metadataEntry(metadata));
}

function writeMetadata(doc: SourceDocument, index: number, fields: MetadataFields): TextEdit[] {
  const root = doc.metadata[index]?.root;
  if (!root) throw new LockstepError('NO_METADATA');
  const old = entriesOf(root);
  const layout = layoutOf(doc, root, old);
  const edits: TextEdit[] = [];
  const parts = fieldParts(
    root,
    fields,
    (key, value) => `${stringText(key, 'BAD_NAME')}:${space(layout)}${print(value, layout)}`,
    ({ value: list }, value) => changeList(doc, list, value, layout.gap, edits),
  );
  return [...edits, ...bracketEdits(doc.text, insideOf(root), old, parts, layout.before || layout.gap)];
}

/** Whether a list could be changed where it stands, because some of its items stay. */
function changeList(doc: SourceDocument, list: Node, value: Value, gap: string, edits: TextEdit[]): boolean {
  if (list.kind !== 'list' || value.kind !== 'list') return false;
  const items = itemsOf(list);
  const own = layoutOf(doc, list, items);
  const layout = own.before ? own : { ...own, gap };
  const parts = itemParts(items, value, (item) => print(item, layout));
  if (!parts) return false;
  edits.push(...bracketEdits(doc.text, insideOf(list), items, parts, layout.before || layout.gap));
  return true;
}

const insideOf = ({ span }: Node): Span => ({ start: span.start + 1, end: span.end - 1 });
