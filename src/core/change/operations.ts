import { LockstepError } from '../errors.ts';
import type { ListNode, MapNode, SourceDocument } from '../format/document.ts';
import { nodeValue } from '../format/nodevalue.ts';
import { checkFree, entriesOf } from '../format/place.ts';
import { getFormat } from '../format/which.ts';
import type { Opened } from '../open/open.ts';
import type { Clock } from '../ports.ts';
import type { Change } from '../seal/sign.ts';
import { collect } from '../sops/sealed.ts';
import type { Path } from '../tree/path.ts';
import { samePath } from '../tree/path.ts';
import type { Value } from '../tree/value.ts';
import { changeTree, type Draft } from './draft.ts';
import type { EditOptions } from './edit.ts';
import { idOfPath, itemsOf, type Located, locate, type NodeId, pathOfId, requireOwn } from './locate.ts';
import { type Piece, structureOf } from './structure.ts';
import { changedAt, insertedAt, type Member, removedAt, renamedAt } from './values.ts';

/**
 * Changes of the structure of an opened file. Every one of them throws NO_SUCH_ENTRY, EDIT_LOCKED, NOT_SELECTED (an
 * encrypted entry would stand in clear text; see `EditOptions`), and UNSUPPORTED_VALUE with `what`: `alias` for what has an
 * anchor or stands below an alias, `comments` where a comment would be lost, `structure` where the text cannot be changed
 * so. What is not touched keeps its bytes.
 */

/** Where something goes. */
export interface Target {
  /** The map or list; `[n]` is the top level of document n. */
  readonly group: NodeId;
  /** The sibling that it comes before; undefined: at the end. */
  readonly before?: NodeId;
}

/** Give an entry or a group another key. Throws BAD_NAME, ENTRY_EXISTS as well. */
export function renameNode(
  opened: Opened,
  id: NodeId,
  key: string,
  clock: Clock,
  options?: EditOptions,
): Promise<Change> {
  return changeTree(opened, (draft) => rename(draft, id, key), true, clock, options);
}

/** A step of `renameNode`. */
export function rename(draft: Draft, id: NodeId, key: string): void {
  const { doc } = draft;
  const place = locate(doc, id);
  const { parent, entry, document, path } = place;
  if (parent?.kind !== 'map' || !entry) throw new LockstepError('NO_SUCH_ENTRY', { path });
  requireOwn(doc, place);
  draft.step(getFormat(doc.format).renameEntry(doc, parent, entry, key), document, (root) =>
    renamedAt(root, path, key),
  );
}

/** Remove entries, groups or list items, each with its own comments. */
export function removeNodes(
  opened: Opened,
  ids: readonly NodeId[],
  clock: Clock,
  options?: EditOptions,
): Promise<Change> {
  return changeTree(opened, (draft) => removeAll(draft, ids), false, clock, options);
}

/** From the last to the first, so that what is still to be removed keeps its place. */
function removeAll(draft: Draft, ids: readonly NodeId[]): void {
  const places = ids.map((id) => ({ id, at: locate(draft.doc, id).node.span.start }));
  for (const { id } of places.sort((a, b) => b.at - a.at)) {
    const gone = places.some((other) => other.id !== id && isWithin(pathOfId(other.id), pathOfId(id)));
    if (!gone) removeOne(draft, locate(draft.doc, id));
  }
}

type DocumentPath = Pick<Located, 'document' | 'path'>;

function isWithin(outer: DocumentPath, inner: DocumentPath): boolean {
  const { length } = outer.path;
  return (
    outer.document === inner.document && length < inner.path.length && samePath(outer.path, inner.path.slice(0, length))
  );
}

/** Remove one member, `whole` with its own comments. */
export function removeOne(draft: Draft, place: Located, whole = true): void {
  requireOwn(draft.doc, place);
  const { document, path } = place;
  draft.step(structureOf(draft.doc.format).remove(draft.doc, place, whole), document, (root) => removedAt(root, path));
}

/** A copy of an entry or group right below it, under another key. Throws BAD_NAME, ENTRY_EXISTS as well. */
export function duplicateEntry(
  opened: Opened,
  id: NodeId,
  key: string,
  clock: Clock,
  options?: EditOptions,
): Promise<Change> {
  const copy = (draft: Draft) => {
    const place = locate(draft.doc, id);
    requireOwn(draft.doc, place);
    const { parent, entry, document, path, node, index } = place;
    if (parent?.kind !== 'map' || !entry) throw new LockstepError('NO_SUCH_ENTRY', { path });
    checkFree(parent, key);
    const piece: Piece = { key, value: nodeValue(node), behind: true };
    putPiece(draft, document, path.slice(0, -1), parent, index + 1, piece);
  };
  return changeTree(opened, copy, true, clock, options);
}

/**
 * Move an entry, a group or a list item, with its own comments, to another place of its document or of another one. It keeps
 * its key. Throws ENTRY_EXISTS as well, and BAD_NAME, BAD_VALUE where an entry would go into a list or an item into a map.
 */
export function moveNode(
  opened: Opened,
  id: NodeId,
  target: Target,
  clock: Clock,
  options?: EditOptions,
): Promise<Change> {
  return changeTree(opened, (draft) => move(draft, id, target), true, clock, options);
}

function move(draft: Draft, id: NodeId, target: Target): void {
  const from = locate(draft.doc, id);
  requireOwn(draft.doc, from);
  const into = pathOfId(target.group);
  const inside = isWithin(from, into) || (from.document === into.document && samePath(from.path, into.path));
  if (!from.parent || inside) throw new LockstepError('NO_SUCH_ENTRY', { path: from.path });
  const before = placeBefore(draft.doc, target);
  if (before.parent === from.parent && (before.index === from.index || before.index === from.index + 1)) return;
  if (before.parent !== from.parent && before.parent.kind === 'map' && from.entry)
    checkFree(before.parent, from.entry.key);
  const structure = structureOf(draft.doc.format);
  const piece: Piece = { key: from.entry?.key, value: nodeValue(from.node), block: structure.block(draft.doc, from) };
  removeOne(draft, from);
  const path = pathAfter(into, from);
  const index = before.index - (before.parent === from.parent && before.index > from.index ? 1 : 0);
  const group = groupAt(draft.doc, into.document, path);
  requireKind(group, piece);
  putPiece(draft, into.document, path, group, index, piece);
}

function requireKind(group: MapNode | ListNode, { key }: Member): void {
  if ((group.kind === 'map') !== (key !== undefined)) throw new LockstepError('BAD_VALUE', { what: group.kind });
}

/** A path once the item at `gone` is out of its list. */
function pathAfter({ document, path }: DocumentPath, gone: Located): Path {
  const at = gone.path.length - 1;
  const last = gone.path.at(-1);
  const part = path[at];
  const shifts = document === gone.document && typeof last === 'number' && typeof part === 'number' && part > last;
  return shifts && samePath(path.slice(0, at), gone.path.slice(0, -1)) ? path.with(at, part - 1) : path;
}

function placeBefore(doc: SourceDocument, { group, before }: Target): { parent: MapNode | ListNode; index: number } {
  const { document, path } = pathOfId(group);
  const parent = groupAt(doc, document, path);
  if (before === undefined) return { parent, index: count(parent) };
  const sibling = locate(doc, before);
  if (sibling.parent !== parent) throw new LockstepError('NO_SUCH_ENTRY', { path: sibling.path });
  return { parent, index: sibling.index };
}

function groupAt(doc: SourceDocument, document: number, path: Path): MapNode | ListNode {
  const place = locate(doc, idOfPath(document, path));
  if (place.node.kind === 'alias') throw new LockstepError('UNSUPPORTED_VALUE', { path, what: 'alias' });
  if (place.node.kind === 'scalar') throw new LockstepError('NO_SUCH_ENTRY', { path });
  return place.node;
}

function count(group: MapNode | ListNode): number {
  return group.kind === 'map' ? entriesOf(group).length : itemsOf(group).length;
}

/**
 * Add entries to a map, or items (without keys) to a list, in the order given. A value can be a whole tree, an empty map or
 * an empty list. Throws ENTRY_EXISTS, BAD_NAME, BAD_VALUE as well, and NOT_SELECTED for one that the file's selector would
 * leave in clear text, unless `allowPlain`.
 */
export function addNodes(
  opened: Opened,
  target: Target,
  members: readonly Member[],
  clock: Clock,
  options?: EditOptions,
): Promise<Change> {
  const add = (draft: Draft) => {
    const { document, path } = pathOfId(target.group);
    const { parent, index } = placeBefore(draft.doc, target);
    const keys = new Set<string>();
    for (const member of members) {
      requireKind(parent, member);
      if (member.key === undefined || parent.kind !== 'map') continue;
      checkFree(parent, member.key);
      if (keys.has(member.key)) throw new LockstepError('ENTRY_EXISTS', { path: [...path, member.key] });
      keys.add(member.key);
    }
    put(draft, document, path, parent, index, members);
    if (!options?.allowPlain) requireSelected(opened, draft, document, path, index, members);
  };
  return changeTree(opened, add, true, clock, options);
}

/** What is added may only be clear text where that is wanted. */
function requireSelected(
  { sealed }: Opened,
  { doc }: Draft,
  document: number,
  path: Path,
  index: number,
  members: readonly Member[],
): void {
  const added = new Set(members.map(({ key }, i) => idOfPath(document, [...path, key ?? index + i])));
  for (const leaf of collect(doc, sealed.metadata.selector).leaves) {
    if (leaf.selected || leaf.document !== document || leaf.path.length <= path.length) continue;
    if (added.has(idOfPath(document, leaf.path.slice(0, path.length + 1))))
      throw new LockstepError('NOT_SELECTED', { path: leaf.path });
  }
}

/** A step: a whole value in an entry's or item's place. Comments in it go. Throws BAD_VALUE as well. */
export function replace(draft: Draft, place: Located, value: Value): void {
  requireOwn(draft.doc, place);
  const { document, path, parent } = place;
  if (!parent) throw new LockstepError('NO_SUCH_ENTRY', { path });
  draft.step(structureOf(draft.doc.format).replace(draft.doc, place, value), document, (root) =>
    changedAt(root, path, () => value),
  );
}

/** Put members into a group that is there; one by one where it is empty, because the first makes it a block. */
export function put(
  draft: Draft,
  document: number,
  path: Path,
  group: MapNode | ListNode,
  index: number,
  members: readonly Piece[],
): void {
  const [first, ...rest] = members;
  if (!first) return;
  if (count(group) === 0) {
    putPiece(draft, document, path, group, 0, first);
    return put(draft, document, path, groupAt(draft.doc, document, path), 1, rest);
  }
  const structure = structureOf(draft.doc.format);
  const { doc } = draft;
  const edits = members.flatMap((member) => structure.insert(doc, group, index, member));
  draft.step(withoutTwins(edits), document, (root) => insertedAt(root, path, index, members));
}

/** Each piece that is put behind a block at the text's end wants that block closed. */
function withoutTwins<T extends { start: number; end: number }>(edits: readonly T[]): T[] {
  const seen = new Set<number>();
  return edits.filter(({ start, end }) => end === start || (!seen.has(start) && seen.add(start)));
}

function putPiece(
  draft: Draft,
  document: number,
  path: Path,
  group: MapNode | ListNode,
  index: number,
  piece: Piece,
): void {
  const edits = structureOf(draft.doc.format).insert(draft.doc, group, index, piece);
  draft.step(edits, document, (root) => insertedAt(root, path, index, [piece]));
}
