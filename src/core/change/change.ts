import { LockstepError } from '../errors.ts';
import { applyEdits, type Span, type TextEdit } from '../format/document.ts';
import { getFormat } from '../format/which.ts';
import type { DataKey } from '../keys/datakey.ts';
import { resealMoved } from '../open/comments.ts';
import { Memo, macDigest, type Opened } from '../open/open.ts';
import type { Clock } from '../ports.ts';
import { heldBy } from '../seal/held.ts';
import { type ExpectedLeaf, intactText, prove, proveSwaps, requireIntact } from '../seal/prove.ts';
import { type Change, signed } from '../seal/sign.ts';
import { entryAt, mapAt } from '../sops/find.ts';
import { requireNoHiddenMark } from '../sops/mark.ts';
import { findEntry, type Leaf, readSealed, type Sealed } from '../sops/sealed.ts';
import { keyOf } from '../sops/value.ts';
import { aadOf } from '../sops/walk.ts';
import { type Path, samePath } from '../tree/path.ts';
import { type Scalar, scalar as scalarValue, text } from '../tree/value.ts';

/**
 * Put a value in a leaf's place. Only that leaf, `mac` and `lastmodified` change; nothing changes when it holds that value
 * already. Throws NO_SUCH_ENTRY, EDIT_LOCKED, BAD_VALUE, UNSUPPORTED_VALUE.
 */
export async function setValue(opened: Opened, id: string, value: Scalar, clock: Clock): Promise<Change> {
  const leaf = editable(opened, id);
  const { doc, format } = opened.sealed;
  if (keyOf(opened.value(id)) === keyOf(value)) return { edits: [], text: intactText(opened) };
  const fresh = new Memo();
  const stored = leaf.selected ? await sealAt(opened.dataKey, leaf.aad, value, fresh) : value;
  const edits = getFormat(format).writeScalar(doc, leaf.node, stored);
  // One ciphertext in the place of another: the entries are the ones that they were.
  if (proveSwaps(doc, edits) !== undefined) {
    const digest = await macDigest(opened.sealed, (other) => (other === leaf ? value : opened.value(other.id)));
    const all = await signed(opened, edits, digest, clock);
    const text = proveSwaps(doc, all);
    if (text !== undefined) return { edits: all, text };
  }
  const index = opened.sealed.leaves.indexOf(leaf);
  return restructure(opened, edits, fresh, clock, (held) =>
    held.with(index, { ...(held[index] as ExpectedLeaf), value }),
  );
}

/**
 * Add an entry to the map at `parent` (`[]` is the top level). As the two below it refuses a file whose first name has a
 * mark that the text does not show (`requireNoHiddenMark`). Throws ENTRY_EXISTS, BAD_NAME, BAD_VALUE, EDIT_LOCKED,
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
  requireNoHiddenMark(opened.sealed);
  const { doc, format } = opened.sealed;
  const map = mapAt(doc.documents[document], parent);
  const aad = aadOf([...parent, key]);
  const fresh = new Memo();
  const stored = await sealAt(opened.dataKey, aad, value, fresh);
  const edits = getFormat(format).addEntry(doc, map, key, scalarValue(stored));
  return restructure(opened, edits, fresh, clock, (held, after) => {
    const path = [...parent, key];
    const index = after.leaves.findIndex((leaf) => leaf.document === document && samePath(leaf.path, path));
    if (index === -1) throw new LockstepError('BAD_NAME', { path });
    if (!after.leaves[index]?.selected) throw new LockstepError('NOT_SELECTED', { path });
    return held.toSpliced(index, 0, { document, path, selected: true, value });
  });
}

/**
 * Give an entry another key; what it holds is encrypted anew, because the key path seals it. Throws NO_SUCH_ENTRY,
 * EDIT_LOCKED, BAD_NAME, ENTRY_EXISTS, and NOT_SELECTED when the new name would leave it in clear text.
 */
export async function renameEntry(opened: Opened, id: string, key: string, clock: Clock): Promise<Change> {
  const leaf = editable(opened, id);
  requireNoHiddenMark(opened.sealed);
  const { doc, format } = opened.sealed;
  const { map, entry } = entryAt(doc.documents[leaf.document], leaf);
  const edits = [...getFormat(format).renameEntry(doc, map, entry, key)];
  const path = [...leaf.path.slice(0, -1), key];
  const aad = aadOf(path);
  const fresh = new Memo();
  const value = opened.value(id);
  if (leaf.encrypted && value) {
    edits.push(...getFormat(format).writeScalar(doc, leaf.node, await sealAt(opened.dataKey, aad, value, fresh)));
  }
  const index = opened.sealed.leaves.indexOf(leaf);
  return restructure(opened, edits, fresh, clock, (held, after) => {
    const renamed = after.leaves.find((other) => other.document === leaf.document && samePath(other.path, path));
    if (renamed?.selected !== leaf.selected) throw new LockstepError('NOT_SELECTED', { path });
    return held.with(index, { ...(held[index] as ExpectedLeaf), path });
  });
}

/** Remove an entry or a list item. Throws NO_SUCH_ENTRY, EDIT_LOCKED. */
export async function removeEntry(opened: Opened, id: string, clock: Clock): Promise<Change> {
  const leaf = editable(opened, id);
  requireNoHiddenMark(opened.sealed);
  const { doc, format } = opened.sealed;
  const writer = getFormat(format);
  const index = opened.sealed.leaves.indexOf(leaf);
  const without = (held: readonly ExpectedLeaf[]) => held.toSpliced(index, 1).map((other) => pulledUp(other, leaf));
  if (leaf.around.list) {
    return restructure(opened, writer.removeItem(doc, leaf.around.list, leaf.node), new Memo(), clock, without);
  }
  const { map, entry } = entryAt(doc.documents[leaf.document], leaf);
  return restructure(opened, writer.removeEntry(doc, map, entry), new Memo(), clock, without);
}

/** Where a leaf stands once an item is out of its list. */
function pulledUp(leaf: ExpectedLeaf, gone: Leaf): ExpectedLeaf {
  const at = gone.path.length - 1;
  const [last, part] = [gone.path[at], leaf.path[at]];
  const shifts = leaf.document === gone.document && typeof last === 'number' && typeof part === 'number' && part > last;
  if (!shifts || !samePath(leaf.path.slice(0, at), gone.path.slice(0, at))) return leaf;
  return { ...leaf, path: leaf.path.with(at, part - 1) };
}

function editable(opened: Opened, id: string): Leaf {
  requireIntact(opened);
  const leaf = findEntry(opened.sealed, id);
  if (!leaf) throw new LockstepError('NO_SUCH_ENTRY');
  // The text under an alias belongs to its anchor's place as well: an edit would change both.
  if (leaf.around.alias) throw new LockstepError('UNSUPPORTED_VALUE', { path: leaf.path, what: 'alias' });
  return leaf;
}

async function sealAt(key: DataKey, aad: string, value: Scalar, memo: Memo): Promise<Scalar> {
  if (value.type === 'null') return value;
  const enc = await key.seal(value, aad);
  memo.set(aad, enc, value);
  return text(enc);
}

/**
 * A change that adds, removes or renames, or writes more than a ciphertext: apply it, read the result back, let the MAC cover
 * what is really there, and prove that it is what was meant.
 * @param expect what the leaves have to be, from what they were; it may throw a refusal with a better name.
 */
async function restructure(
  opened: Opened,
  edits: readonly TextEdit[],
  fresh: Memo,
  clock: Clock,
  expect: (held: readonly ExpectedLeaf[], after: Sealed) => readonly ExpectedLeaf[],
): Promise<Change> {
  const { sealed } = opened;
  const after = readSealed(applyEdits(sealed.doc.text, edits), sealed.format);
  const held = await heldBy(opened);
  const expected = expect(held.leaves, after);
  const digest = await macDigest(after, (leaf) => knownValue(leaf, opened.memo, fresh));
  const all = await signed(opened, [...edits, ...(await resealMoved(opened, after))], digest, clock);
  const leaves = expected.map((leaf, i) =>
    hidesNothing(leaf.value) ? { ...leaf, selected: after.leaves[i]?.selected ?? leaf.selected } : leaf,
  );
  const comments = held.comments.filter(({ comment }) => !edits.some((edit) => covers(edit, comment.node.span)));
  const result = readSealed(applyEdits(sealed.doc.text, all), sealed.format);
  return { edits: all, text: await prove(result, opened.dataKey, { leaves, comments }, opened) };
}

const hidesNothing = (value: Scalar | undefined) =>
  value?.type === 'null' || (value?.type === 'str' && value.value === '');

const covers = (outer: Span, inner: Span) => outer.start <= inner.start && inner.end <= outer.end;

/**
 * Comments can choose what is encrypted, and one of them may stand before another entry now: no value may become one in
 * clear text, and no ciphertext a text, by that.
 */
function knownValue(leaf: Leaf, ...memos: readonly Memo[]): Scalar {
  const { scalar } = leaf.node;
  const isText = scalar.type === 'str' && typeof scalar.value === 'string';
  const sealed = isText && leaf.selected && leaf.encrypted;
  if (!sealed) {
    const known = isText && memos.some((memo) => memo.get(leaf.aad, String(scalar.value)));
    if (leaf.selected ? !hidesNothing(scalar) : known) throw new LockstepError('NOT_SELECTED', { path: leaf.path });
    return scalar;
  }
  for (const memo of memos) {
    const value = memo.get(leaf.aad, scalar.value);
    if (value && value.type !== 'comment') return value;
  }
  throw new LockstepError('UNSUPPORTED_VALUE', { path: leaf.path, what: 'structure' });
}
