import { wrapKey } from '../age/wrap.ts';
import { LockstepError } from '../errors.ts';
import { applyEdits, type Entry, type MapNode, type Node, type ScalarNode, type TextEdit } from '../format/document.ts';
import { getFormat } from '../format/which.ts';
import type { Clock } from '../ports.ts';
import { type Path, samePath } from '../tree/path.ts';
import { type Scalar, scalar as scalarValue, text } from '../tree/value.ts';
import { DataKey } from './datakey.ts';
import { macAad, timestamp } from './mac.ts';
import { field, leaf as leafAt, maps as mapsAt } from './metadata.ts';
import { Memo, macDigest, type Opened } from './open.ts';
import { findEntry, type Leaf, readSealed, type Sealed } from './sealed.ts';
import { type Plain, parseEnvelope } from './value.ts';

declare const sealedBrand: unique symbol;
declare const plainBrand: unique symbol;
/** The text of an encrypted file. Only this module and seal.ts make one, after checking that it opens. */
export type SealedText = string & { readonly [sealedBrand]: true };
/** The text of a file decrypted on purpose: the only other text that may be written to a disk. */
export type PlainText = string & { readonly [plainBrand]: true };

/** A change of an encrypted file: edits of its text, ciphertext only, and the whole text after them. */
export interface Change {
  readonly edits: readonly TextEdit[];
  readonly text: SealedText;
}

/**
 * Put a value in a leaf's place. Only that leaf, `mac` and `lastmodified` change; nothing changes when it holds that value
 * already. Throws NO_SUCH_ENTRY, EDIT_LOCKED, BAD_VALUE.
 */
export async function setValue(opened: Opened, id: string, value: Scalar, clock: Clock): Promise<Change> {
  const leaf = editable(opened, id);
  const { doc, format } = opened.sealed;
  if (same(opened.value(id), value)) return { edits: [], text: doc.text as SealedText };
  const stored = await sealScalar(opened.dataKey, leaf, value);
  const edits = getFormat(format).writeScalar(doc, leaf.node, stored);
  const digest = await macDigest(opened.sealed, (other) => (other === leaf ? value : opened.value(other.id)));
  return finish(opened, edits, digest, clock);
}

/**
 * Add an entry to the map at `parent` (`[]` is the top level). Throws ENTRY_EXISTS, BAD_NAME, BAD_VALUE, EDIT_LOCKED,
 * NO_SUCH_ENTRY (no such map), and NOT_SELECTED when the file's selector would leave the entry in clear text.
 */
export async function addEntry(
  opened: Opened,
  document: number,
  parent: Path,
  key: string,
  value: Scalar,
  clock: Clock,
): Promise<Change> {
  requireIntact(opened);
  const { doc, format } = opened.sealed;
  const map = mapAt(doc.documents[document], parent);
  const aad = `${[...parent, key].filter((part) => typeof part === 'string').join(':')}:`;
  const fresh = new Memo();
  const stored = await sealAt(opened.dataKey, aad, value, fresh);
  const edits = getFormat(format).addEntry(doc, map, key, scalarValue(stored));
  return restructure(opened, edits, fresh, 1, clock, (after) => {
    const added = after.leaves.find((leaf) => leaf.document === document && samePath(leaf.path, [...parent, key]));
    if (!added) throw new LockstepError('BAD_NAME', { path: [...parent, key] });
    if (!added.selected) throw new LockstepError('NOT_SELECTED', { path: added.path });
  });
}

/**
 * Give an entry another key; what it holds is encrypted anew, because the key path seals it. Throws NO_SUCH_ENTRY,
 * EDIT_LOCKED, BAD_NAME, ENTRY_EXISTS, and NOT_SELECTED when the new name would leave it in clear text.
 */
export async function renameEntry(opened: Opened, id: string, key: string, clock: Clock): Promise<Change> {
  const leaf = editable(opened, id);
  const { doc, format } = opened.sealed;
  const { map, entry } = entryAt(doc.documents[leaf.document], leaf);
  const edits = [...getFormat(format).renameEntry(doc, map, entry, key)];
  const path = [...leaf.path.slice(0, -1), key];
  const aad = `${path.filter((part) => typeof part === 'string').join(':')}:`;
  const fresh = new Memo();
  const value = opened.value(id);
  if (leaf.encrypted && value) {
    edits.push(...getFormat(format).writeScalar(doc, leaf.node, await sealAt(opened.dataKey, aad, value, fresh)));
  }
  return restructure(opened, edits, fresh, 0, clock, (after) => {
    const renamed = after.leaves.find((other) => other.document === leaf.document && samePath(other.path, path));
    if (renamed?.selected !== leaf.selected) throw new LockstepError('NOT_SELECTED', { path });
  });
}

/** Remove an entry or a list item. Throws NO_SUCH_ENTRY, EDIT_LOCKED. */
export async function removeEntry(opened: Opened, id: string, clock: Clock): Promise<Change> {
  const leaf = editable(opened, id);
  const { doc, format } = opened.sealed;
  const writer = getFormat(format);
  if (leaf.around.list) {
    return restructure(opened, writer.removeItem(doc, leaf.around.list, leaf.node), new Memo(), -1, clock);
  }
  const { map, entry } = entryAt(doc.documents[leaf.document], leaf);
  return restructure(opened, writer.removeEntry(doc, map, entry), new Memo(), -1, clock);
}

/**
 * A new data key for the same recipients: every ciphertext changes, no value does. Throws EDIT_LOCKED, FOREIGN_MASTER_KEY
 * (a master key that is not age and cannot be wrapped here), BAD_RECIPIENT.
 */
export async function rotate(opened: Opened, clock: Clock): Promise<Change> {
  requireIntact(opened);
  const { sealed } = opened;
  if (sealed.metadata.foreign[0])
    throw new LockstepError('FOREIGN_MASTER_KEY', { what: sealed.metadata.foreign[0].kind });
  const key = await DataKey.generate();
  try {
    const edits = [
      ...(await resealLeaves(opened, key)),
      ...(await resealComments(opened, key)),
      ...(await rewrap(sealed, key)),
    ];
    const digest = await macDigest(sealed, (leaf) => opened.value(leaf.id));
    return await finish(opened, edits, digest, clock, key);
  } finally {
    key.dispose();
  }
}

/** The plain file: every value and comment in clear text, the metadata gone. Throws EDIT_LOCKED, BAD_VALUE. */
export async function unseal(
  opened: Opened,
): Promise<{ readonly edits: readonly TextEdit[]; readonly text: PlainText }> {
  requireIntact(opened);
  const { doc, leaves, comments } = opened.sealed;
  const writer = getFormat(opened.sealed.format);
  const edits: TextEdit[] = [];
  for (const leaf of leaves) {
    const value = opened.value(leaf.id);
    if (leaf.encrypted && value) edits.push(...writer.writeScalar(doc, leaf.node, value));
  }
  for (const comment of comments) {
    const plain = await openComment(opened.dataKey, comment.aad, commentText(comment.node));
    if (plain === undefined) continue;
    const { list } = comment.around;
    if (comment.node.kind === 'comment') edits.push(...writer.writeComment(doc, comment.node, plain));
    else if (list) edits.push(...writer.itemToComment(doc, list, comment.node, plain));
  }
  edits.push(...writer.removeMetadata(doc));
  return { edits, text: applyEdits(doc.text, edits) as PlainText };
}

/** The maps that can take a new entry, document by document, outermost first. */
export function maps(sealed: Sealed): { document: number; path: Path }[] {
  const found: { document: number; path: Path }[] = [];
  const visit = (node: Node, document: number, path: Path): void => {
    if (node.kind === 'map') {
      found.push({ document, path });
      for (const member of node.members)
        if (member.kind === 'entry') visit(member.value, document, [...path, member.key]);
    } else if (node.kind === 'list') {
      node.items
        .filter((item) => item.kind !== 'comment')
        .forEach((item, i) => {
          visit(item, document, [...path, i]);
        });
    }
  };
  sealed.doc.documents.forEach((root, i) => {
    visit(root, i, []);
  });
  return found;
}

function requireIntact(opened: Opened): void {
  if (!opened.verdict.ok) throw new LockstepError('EDIT_LOCKED', { what: opened.verdict.code });
}

function editable(opened: Opened, id: string): Leaf {
  requireIntact(opened);
  const leaf = findEntry(opened.sealed, id);
  if (!leaf) throw new LockstepError('NO_SUCH_ENTRY');
  // The text under an alias belongs to its anchor's place as well: an edit would change both.
  if (leaf.around.alias) throw new LockstepError('UNSUPPORTED_VALUE', { path: leaf.path, what: 'alias' });
  return leaf;
}

function same(a: Scalar | undefined, b: Scalar): boolean {
  if (!a || a.type !== b.type) return false;
  if (a.type === 'null' || b.type === 'null') return true;
  return a.value === b.value || (Number.isNaN(a.value) && Number.isNaN(b.value));
}

/** What is written for a value: its envelope in encrypted position, itself elsewhere. */
function sealScalar(key: DataKey, leaf: Leaf, value: Scalar): Promise<Scalar> | Scalar {
  return leaf.selected ? sealAt(key, leaf.aad, value, new Memo()) : value;
}

async function sealAt(key: DataKey, aad: string, value: Scalar, memo: Memo): Promise<Scalar> {
  if (value.type === 'null') return value;
  const enc = await key.seal(value, aad);
  memo.set(aad, enc, value);
  return text(enc);
}

/**
 * A change that adds, removes or renames: apply it, read the result back, and let the MAC cover what is really there.
 * Every ciphertext of the result must be one whose value is known, or the change is refused: a slip in a writer
 * can then never cost a value.
 */
async function restructure(
  opened: Opened,
  edits: readonly TextEdit[],
  fresh: Memo,
  growth: number,
  clock: Clock,
  check?: (after: Sealed) => void,
): Promise<Change> {
  const { sealed } = opened;
  const after = readSealed(applyEdits(sealed.doc.text, edits), sealed.format);
  check?.(after);
  if (after.leaves.length !== sealed.leaves.length + growth)
    throw new LockstepError('UNSUPPORTED_VALUE', { what: 'structure' });
  const digest = await macDigest(after, (leaf) => knownValue(leaf, opened.memo, fresh));
  return finish(opened, edits, digest, clock);
}

function knownValue(leaf: Leaf, ...memos: readonly Memo[]): Scalar {
  const { scalar } = leaf.node;
  if (!leaf.encrypted || scalar.type !== 'str' || typeof scalar.value !== 'string') return scalar;
  for (const memo of memos) {
    const value = memo.get(leaf.aad, scalar.value);
    if (value && value.type !== 'comment') return value;
  }
  throw new LockstepError('UNSUPPORTED_VALUE', { path: leaf.path, what: 'structure' });
}

/** Add the new `lastmodified` and `mac` to the edits, in every document's copy of the metadata. */
async function finish(
  opened: Opened,
  edits: readonly TextEdit[],
  digest: string,
  clock: Clock,
  key: DataKey = opened.dataKey,
): Promise<Change> {
  const { doc, format } = opened.sealed;
  const lastModified = timestamp(clock.now());
  const mac = await key.seal({ type: 'str', value: digest }, macAad(lastModified));
  const all = [...edits];
  for (const block of doc.metadata) {
    if (!block) continue;
    for (const [name, value] of [
      ['lastmodified', lastModified],
      ['mac', mac],
    ] as const) {
      const node = leafAt(field(block.root, name));
      if (!node) throw new LockstepError('BAD_METADATA', { what: name });
      all.push(...getFormat(format).writeScalar(doc, node, text(value)));
    }
  }
  return { edits: all, text: applyEdits(doc.text, all) as SealedText };
}

async function resealLeaves(opened: Opened, key: DataKey): Promise<TextEdit[]> {
  const { doc, format, leaves } = opened.sealed;
  const edits = await Promise.all(
    leaves.map(async (leaf) => {
      const value = opened.value(leaf.id);
      if (!leaf.encrypted || !value || value.type === 'null') return [];
      return getFormat(format).writeScalar(doc, leaf.node, text(await key.seal(value, leaf.aad)));
    }),
  );
  return edits.flat();
}

async function resealComments(opened: Opened, key: DataKey): Promise<TextEdit[]> {
  const { doc, format, comments } = opened.sealed;
  const writer = getFormat(format);
  const edits: TextEdit[] = [];
  for (const comment of comments) {
    const plain = await openComment(opened.dataKey, comment.aad, commentText(comment.node));
    if (plain === undefined) continue;
    const enc = await key.seal({ type: 'comment', value: plain }, comment.aad);
    if (comment.node.kind === 'comment') edits.push(...writer.writeComment(doc, comment.node, enc));
    else edits.push(...writer.writeScalar(doc, comment.node, text(enc)));
  }
  return edits;
}

function commentText(node: { readonly kind: 'comment'; readonly text: string } | ScalarNode): string {
  if (node.kind === 'comment') return node.text;
  return node.scalar.type === 'str' && typeof node.scalar.value === 'string' ? node.scalar.value : '';
}

/**
 * A comment's plain text, or undefined when it is not encrypted or does not open. A comment is never vital to SOPS: one
 * that does not open stays as it is. Other implementations may attribute it to an enclosing map, so those are tried too.
 */
async function openComment(key: DataKey, aad: string, enc: string): Promise<string | undefined> {
  if (!parseEnvelope(enc.trim())) return undefined;
  const parts = aad.split(':').slice(0, -1);
  for (let n = parts.length; n >= 0; n--) {
    const value = await key
      .open(enc.trim(), n === 0 ? ':' : `${parts.slice(0, n).join(':')}:`)
      .catch((): Plain | undefined => undefined);
    if (value?.type === 'comment' && typeof value.value === 'string') return value.value;
  }
  return undefined;
}

async function rewrap(sealed: Sealed, key: DataKey): Promise<TextEdit[]> {
  const { doc, format } = sealed;
  const edits: TextEdit[] = [];
  const wraps = await Promise.all(sealed.metadata.recipients.map(({ recipient }) => wrapKey(key.raw, recipient)));
  for (const block of doc.metadata) {
    if (!block) continue;
    const groups = field(block.root, 'age') ? [block.root] : mapsAt(field(block.root, 'key_groups'), 'key_groups');
    const keys = groups.flatMap((group) => mapsAt(field(group, 'age'), 'age'));
    keys.forEach((entry, i) => {
      const node = leafAt(field(entry, 'enc'));
      const enc = wraps[i];
      if (!node || enc === undefined) throw new LockstepError('BAD_METADATA', { what: 'enc' });
      edits.push(...getFormat(format).writeScalar(doc, node, text(enc)));
    });
  }
  return edits;
}

function mapAt(root: Node | undefined, path: Path): MapNode {
  const node = path.reduce<Node | undefined>((at, part) => child(at, part), root);
  if (node?.kind !== 'map') throw new LockstepError('NO_SUCH_ENTRY', { path });
  return node;
}

function child(node: Node | undefined, part: string | number): Node | undefined {
  if (node?.kind === 'map') {
    for (const member of node.members) if (member.kind === 'entry' && member.key === part) return member.value;
  }
  if (node?.kind === 'list' && typeof part === 'number')
    return node.items.filter((item) => item.kind !== 'comment')[part];
  return undefined;
}

/** The entry whose own value a leaf is, and its map. */
function entryAt(root: MapNode | undefined, leaf: Leaf): { map: MapNode; entry: Entry } {
  const found = root && findEntryOf(root, leaf.node);
  if (!found) throw new LockstepError('NO_SUCH_ENTRY', { path: leaf.path });
  return found;
}

function findEntryOf(node: Node, target: ScalarNode): { map: MapNode; entry: Entry } | undefined {
  if (node.kind === 'map') {
    for (const member of node.members) {
      if (member.kind !== 'entry') continue;
      if (member.value === target) return { map: node, entry: member };
      const found = findEntryOf(member.value, target);
      if (found) return found;
    }
  }
  if (node.kind === 'list') {
    for (const item of node.items) {
      const found = item.kind === 'comment' ? undefined : findEntryOf(item, target);
      if (found) return found;
    }
  }
  return undefined;
}
