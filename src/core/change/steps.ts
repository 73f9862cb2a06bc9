import { LockstepError } from '../errors.ts';
import type { ListNode, MapNode, SourceDocument, TextEdit } from '../format/document.ts';
import { nodeValue } from '../format/nodevalue.ts';
import { checkFree, childrenOf, commentsOf, entriesOf } from '../format/place.ts';
import { getFormat } from '../format/which.ts';
import { heldIn } from '../open/same.ts';
import type { Leaf } from '../sops/sealed.ts';
import type { Path } from '../tree/path.ts';
import { samePath } from '../tree/path.ts';
import { type Scalar, scalar, type Value } from '../tree/value.ts';
import { removal } from './comments.ts';
import type { Draft } from './draft.ts';
import type { NamedValue, Target } from './intent.ts';
import { idOfPath, type Located, locate, type NodeId, pathOfId, requireOwn } from './locate.ts';
import type { Piece } from './structure.ts';
import { structureOf } from './structures.ts';
import { changedAt, insertedAt, type Member, removedAt, renamedAt, withScalars } from './values.ts';

/**
 * Steps of a change of the plain tree. Each throws NO_SUCH_ENTRY, NOT_SELECTED, and UNSUPPORTED_VALUE with `what`: `alias` for
 * what has an anchor or stands below an alias, `structure` where the text cannot be changed so.
 */

/** Other values and comments in the place of those that are there: nothing moves, so all of them at once. */
export function rewrite(
  draft: Draft,
  values: ReadonlyMap<NodeId, Scalar>,
  comments: ReadonlyMap<number, string | undefined>,
): void {
  const { doc, collected } = draft;
  const writer = getFormat(doc.format);
  const edits: TextEdit[] = [];
  const scalars = new Map<number, Scalar>();
  for (const [i, leaf] of collected.leaves.entries()) {
    const value = values.get(leaf.id);
    if (!value) continue;
    const held = heldIn(doc.format, value);
    edits.push(...writer.writeScalar(doc, leaf.node, held));
    scalars.set(i, held);
  }
  if (commentsOf(doc).some(({ span }) => edits.some(({ start, end }) => start <= span.start && span.end <= end)))
    draft.release();
  const says: string[] = [];
  for (const [n, text] of comments) {
    const node = collected.comments[n]?.node;
    if (node?.kind !== 'comment') throw new LockstepError('NO_SUCH_ENTRY');
    edits.push(...(text === undefined ? [removal(doc, node)] : writer.writeComment(doc, node, text)));
    if (text !== undefined) for (const line of text.split('\n')) says.push(line);
    draft.release();
  }
  draft.step(edits, (roots) => withScalars(roots, scalars), says);
}

/** Throws BAD_NAME, ENTRY_EXISTS as well. */
export function rename(draft: Draft, id: NodeId, key: string): void {
  const { doc } = draft;
  const place = locate(doc, id);
  const { parent, entry, path } = place;
  if (parent?.kind !== 'map' || !entry) throw new LockstepError('NO_SUCH_ENTRY', { path });
  requireOwn(doc, place);
  draft.stepIn(place, getFormat(doc.format).renameEntry(doc, parent, entry, key), (root) =>
    renamedAt(root, place, key),
  );
}

/**
 * From the last to the first, so that what is still to be removed keeps its place. Throws NOT_SELECTED where a comment that
 * stays would choose anew whether what stays is encrypted.
 */
export function remove(draft: Draft, ids: readonly NodeId[], keepComments: boolean): void {
  draft.release();
  const stay = withoutThese(draft.collected.leaves, ids);
  const places = ids.map((id) => ({ id, at: locate(draft.doc, id).node.span.start }));
  for (const { id } of places.sort((a, b) => b.at - a.at)) {
    const gone = places.some((other) => other.id !== id && isWithin(pathOfId(other.id), pathOfId(id)));
    if (!gone) removeOne(draft, locate(draft.doc, id), !keepComments);
  }
  for (const [i, leaf] of draft.collected.leaves.entries())
    if (stay[i] && stay[i].selected !== leaf.selected) throw new LockstepError('NOT_SELECTED', { path: leaf.path });
}

function withoutThese(leaves: readonly Leaf[], ids: readonly NodeId[]): Leaf[] {
  const gone = new Set(ids);
  return leaves.filter(
    ({ id, document, path }) =>
      !gone.has(id) && !path.some((_, n) => n > 0 && gone.has(idOfPath(document, path.slice(0, n)))),
  );
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
  draft.stepIn(place, structureOf(draft.doc.format).remove(draft.doc, place, whole), (root) => removedAt(root, place));
}

/** A copy of an entry or group right below it, under another key. Throws BAD_NAME, ENTRY_EXISTS as well. */
export function duplicate(draft: Draft, id: NodeId, key: string): void {
  const place = locate(draft.doc, id);
  requireOwn(draft.doc, place);
  const { parent, entry, document, path, node, index } = place;
  if (parent?.kind !== 'map' || !entry) throw new LockstepError('NO_SUCH_ENTRY', { path });
  checkFree(parent, key);
  const piece: Piece = { key, value: nodeValue(node), behind: true };
  putPiece(draft, { document, path: path.slice(0, -1) }, parent, index + 1, piece);
}

/** Throws ENTRY_EXISTS as well, and BAD_NAME, BAD_VALUE where an entry would go into a list or an item into a map. */
export function move(draft: Draft, id: NodeId, target: Target): void {
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
  const index = before.index - (before.parent === from.parent && before.index > from.index ? 1 : 0);
  if (before.parent === from.parent && moveWithin(draft, from, before.parent, index, piece)) return;
  removeOne(draft, from);
  const path = pathAfter(into, from);
  const group = groupAt(draft.doc, { document: into.document, path });
  requireKind(group, piece);
  putPiece(draft, { document: into.document, path }, group, index, piece);
}

/** Both halves of a move at once, where neither touches the other's lines. False where that does not do. */
function moveWithin(draft: Draft, from: Located, group: MapNode | ListNode, index: number, piece: Piece): boolean {
  if (group.flow || group.kind !== 'map' || from.index === childrenOf(group).length - 1) return false;
  const structure = structureOf(draft.doc.format);
  const rest: MapNode = { ...group, members: group.members.filter((member) => member !== from.entry) };
  const removed = structure.remove(draft.doc, from, true);
  const put = structure.insert(draft.doc, rest, index, piece);
  const apart = put.every((one) => removed.every(({ start, end }) => one.end < start || end < one.start));
  if (!apart) return false;
  const parent = from.path.slice(0, -1);
  draft.stepIn(from, [...removed, ...put], (root) => insertedAt(removedAt(root, from), parent, index, [piece]));
  return true;
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
  const parent = groupAt(doc, pathOfId(group));
  if (before === undefined) return { parent, index: childrenOf(parent).length };
  const sibling = locate(doc, before);
  if (sibling.parent !== parent) throw new LockstepError('NO_SUCH_ENTRY', { path: sibling.path });
  return { parent, index: sibling.index };
}

function groupAt(doc: SourceDocument, { document, path }: DocumentPath): MapNode | ListNode {
  const place = locate(doc, idOfPath(document, path));
  if (place.node.kind === 'alias') throw new LockstepError('UNSUPPORTED_VALUE', { path, what: 'alias' });
  if (place.node.kind === 'scalar') throw new LockstepError('NO_SUCH_ENTRY', { path });
  return place.node;
}

/** Throws ENTRY_EXISTS, BAD_NAME, BAD_VALUE as well, and NOT_SELECTED unless `allowPlain`. */
export function add(draft: Draft, target: Target, members: readonly Member[], allowPlain: boolean): void {
  const place = pathOfId(target.group);
  const { parent, index } = placeBefore(draft.doc, target);
  const keys = new Set<string>();
  for (const member of members) {
    requireKind(parent, member);
    if (member.key === undefined || parent.kind !== 'map') continue;
    checkFree(parent, member.key);
    if (keys.has(member.key)) throw new LockstepError('ENTRY_EXISTS', { path: [...place.path, member.key] });
    keys.add(member.key);
  }
  put(draft, place, parent, index, members);
  if (!allowPlain) requireSelected(draft, place, new Set(members.map(({ key }, i) => key ?? index + i)));
}

/** What is at these parts of a place may only be clear text where that is wanted. */
function requireSelected(draft: Draft, { document, path }: DocumentPath, parts: ReadonlySet<string | number>): void {
  for (const leaf of draft.collected.leaves) {
    const part = leaf.path[path.length];
    if (leaf.selected || leaf.document !== document || part === undefined || !parts.has(part)) continue;
    if (samePath(leaf.path.slice(0, path.length), path)) throw new LockstepError('NOT_SELECTED', { path: leaf.path });
  }
}

/**
 * Give the top level of the first document these entries: values of names that are there are replaced, the others come at
 * the end. Throws ENTRY_EXISTS for a name that is a group; NOT_SELECTED for one that stands in clear text, or would.
 */
export function putEntries(draft: Draft, entries: readonly NamedValue[]): void {
  draft.release();
  const root = draft.doc.documents[0];
  if (!root) throw new LockstepError('EMPTY_FILE');
  const there = new Map(entriesOf(root).map(({ key, value }) => [key, value]));
  const fresh = new Map<string, Value>();
  const values = new Map<NodeId, Scalar>();
  for (const { name, value } of entries) {
    const old = there.get(name);
    if (!old) fresh.set(name, scalar(value));
    else if (old.kind !== 'scalar') throw new LockstepError('ENTRY_EXISTS', { path: [name] });
    else values.set(idOfPath(0, [name]), value);
  }
  if (values.size > 0) rewrite(draft, values, new Map());
  const top = groupAt(draft.doc, { document: 0, path: [] });
  put(
    draft,
    { document: 0, path: [] },
    top,
    childrenOf(top).length,
    [...fresh].map(([key, value]) => ({ key, value })),
  );
  requireSelected(draft, { document: 0, path: [] }, new Set(entries.map(({ name }) => name)));
}

/** A whole value in an entry's or item's place. Comments in it go. Throws BAD_VALUE as well. */
export function replace(draft: Draft, place: Located, value: Value): void {
  requireOwn(draft.doc, place);
  const { path, parent } = place;
  if (!parent) throw new LockstepError('NO_SUCH_ENTRY', { path });
  draft.stepIn(place, structureOf(draft.doc.format).replace(draft.doc, place, value), (root) =>
    changedAt(root, path, () => value),
  );
}

/** Put members into a group that is there; one by one where it is empty, because the first makes it a block. */
export function put(
  draft: Draft,
  place: DocumentPath,
  group: MapNode | ListNode,
  index: number,
  members: readonly Piece[],
): void {
  const [first, ...rest] = members;
  if (!first) return;
  if (childrenOf(group).length === 0) {
    putPiece(draft, place, group, 0, first);
    return put(draft, place, groupAt(draft.doc, place), 1, rest);
  }
  const structure = structureOf(draft.doc.format);
  const { doc } = draft;
  const edits = members.flatMap((member) => structure.insert(doc, group, index, member));
  draft.stepIn(place, withoutTwins(edits), (root) => insertedAt(root, place.path, index, members));
}

/** Each piece that is put behind a block at the text's end wants that block closed. */
function withoutTwins<T extends { start: number; end: number }>(edits: readonly T[]): T[] {
  const seen = new Set<number>();
  return edits.filter(({ start, end }) => end === start || (!seen.has(start) && seen.add(start)));
}

function putPiece(draft: Draft, place: DocumentPath, group: MapNode | ListNode, index: number, piece: Piece): void {
  const edits = structureOf(draft.doc.format).insert(draft.doc, group, index, piece);
  draft.stepIn(place, edits, (root) => insertedAt(root, place.path, index, [piece]));
}
