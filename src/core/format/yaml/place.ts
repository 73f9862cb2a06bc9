import type { Entry, ListNode, MapNode, Node, SourceDocument } from '../document.ts';
import { entriesOf } from '../place.ts';
import { linePattern, lineStart, nextLine } from './line.ts';
import type { Layout } from './print.ts';

/** Where a document's content starts (behind `---`) and ends (at the next `---`, `...` or the end). */
interface Extent {
  readonly start: number;
  readonly end: number;
  readonly marked: boolean;
}

/** What the tree of the contract does not hold but writing needs. */
export class Marks {
  /** The `-` before each item and the `:` before each value of a block. */
  readonly signs: ReadonlyMap<Node, number>;
  readonly documents: readonly Extent[];
  /** By where a node starts; worked out when it is first asked for, like `layout`. */
  places: ReadonlyMap<number, Place> | undefined;
  layout: Layout | undefined;

  constructor(signs: ReadonlyMap<Node, number>, documents: readonly Extent[]) {
    this.signs = signs;
    this.documents = documents;
  }
}

/** Where a node hangs. */
interface Place {
  /** Column of the map's keys or the list's dashes that the node belongs to; -1 for a document's root. */
  readonly column: number;
  readonly role: 'root' | 'value' | 'item';
  /** Inside a flow collection. */
  readonly flow: boolean;
}

/** The marks of a document; it must come from `parse`. */
export function getMarks(doc: SourceDocument): Marks {
  if (!(doc.marks instanceof Marks)) throw new TypeError('not a parsed YAML document');
  return doc.marks;
}

/** Column of an offset, in UTF-16 units. */
export function columnOf(text: string, offset: number): number {
  const start = lineStart(text, offset);
  return offset - start - (start === 0 && text.startsWith('\uFEFF') ? 1 : 0);
}

/** Where an entry starts: at its key, or at the `?` before it. */
export function entryStart(text: string, entry: Entry): number {
  const { start } = entry.span;
  const mark = /(?<=^|[ \t\uFEFF])\?[ \t]+$/.exec(text.slice(lineStart(text, start), start));
  return start - (mark?.[0].length ?? 0);
}

/** Column of a block map's keys or a block list's dashes. */
export function blockColumn(doc: SourceDocument, node: MapNode | ListNode, orElse: number): number {
  if (node.kind === 'map') {
    const first = entriesOf(node)[0];
    return first ? columnOf(doc.text, entryStart(doc.text, first)) : orElse;
  }
  const first = node.items.find((item) => item.kind !== 'comment');
  return first ? columnOf(doc.text, dashOf(doc, first)) : orElse;
}

/** Where the `-` of a list item stands. */
export function dashOf(doc: SourceDocument, item: Node): number {
  return getMarks(doc).signs.get(item) ?? doc.text.lastIndexOf('-', item.span.start);
}

/** Where a node hangs; a node that is not in the tree counts as a value in the top-level map. */
export function placeOf(doc: SourceDocument, node: Node): Place {
  const marks = getMarks(doc);
  marks.places ??= allPlaces(doc);
  return marks.places.get(node.span.start) ?? { column: 0, role: 'value', flow: false };
}

function allPlaces(doc: SourceDocument): Map<number, Place> {
  const places = new Map<number, Place>();
  const visit = (node: Node, place: Place): void => {
    places.set(node.span.start, place);
    if (node.kind !== 'map' && node.kind !== 'list') return;
    const flow = place.flow || node.flow;
    const column = flow ? place.column : blockColumn(doc, node, place.column);
    if (node.kind === 'map') for (const entry of entriesOf(node)) visit(entry.value, { column, role: 'value', flow });
    else for (const item of node.items) if (item.kind !== 'comment') visit(item, { column, role: 'item', flow });
  };
  for (const root of doc.documents) visit(root, { column: -1, role: 'root', flow: false });
  doc.metadata.forEach((block, i) => {
    const flow = doc.documents[i]?.flow === true;
    if (block) visit(block.root, { column: columnOf(doc.text, block.span.start), role: 'value', flow });
  });
  return places;
}

/** How the file is set out: indentation as its first nested map and list have it. */
export function layoutOf(doc: SourceDocument): Layout {
  const marks = getMarks(doc);
  marks.layout ??= learnLayout(doc);
  return marks.layout;
}

function learnLayout(doc: SourceDocument): Layout {
  const found: { unit?: number; list?: number } = {};
  for (const root of doc.documents) if (!root.flow) learn(doc, root, found, 0);
  const unit = found.unit ?? (found.list || 2);
  return { eol: doc.eol, unit, listIndent: found.list ?? unit };
}

function learn(doc: SourceDocument, map: MapNode, found: { unit?: number; list?: number }, depth: number): void {
  for (const entry of entriesOf(map)) {
    const { value } = entry;
    if ((value.kind !== 'map' && value.kind !== 'list') || value.flow || depth > 20) continue;
    const step = blockColumn(doc, value, 0) - columnOf(doc.text, entryStart(doc.text, entry));
    if (value.kind === 'map' && step > 0) found.unit ??= step;
    if (value.kind === 'list' && step >= 0) found.list ??= step;
    if (found.unit !== undefined && found.list !== undefined) return;
    if (value.kind === 'map') learn(doc, value, found, depth + 1);
  }
}

const commentLine = linePattern('(?:[ \\t]*%B)*([ \\t]*)#[^%b]*(?:%B|$)', 'y');

/**
 * Past the comment lines below `offset`'s line that stand further right than `column`: they belong to what stands
 * there. Returns the start of a line.
 */
export function pastInnerComments(text: string, offset: number, column: number): number {
  const inner = new RegExp(commentLine);
  let at = nextLine(text, offset);
  for (;;) {
    inner.lastIndex = at;
    const found = inner.exec(text);
    if (!found || (found[1] ?? '').length <= column) return at;
    at += found[0].length;
  }
}
