import { LockstepError } from '../errors.ts';
import { applyEdits, type TextEdit } from '../format/document.ts';
import { getFormat } from '../format/which.ts';
import type { Clock } from '../ports.ts';
import { type Path, samePath } from '../tree/path.ts';
import { type Scalar, scalar as scalarValue, text } from '../tree/value.ts';
import { resealMoved } from './comments.ts';
import type { DataKey } from './datakey.ts';
import { entryAt, mapAt } from './find.ts';
import { Memo, macDigest, type Opened } from './open.ts';
import { findEntry, type Leaf, readSealed, type Sealed } from './sealed.ts';
import { type Change, requireIntact, type SealedText, signed } from './sign.ts';
import { keyOf } from './value.ts';
import { aadOf } from './walk.ts';

/**
 * Put a value in a leaf's place. Only that leaf, `mac` and `lastmodified` change; nothing changes when it holds that value
 * already. Throws NO_SUCH_ENTRY, EDIT_LOCKED, BAD_VALUE, UNSUPPORTED_VALUE.
 */
export async function setValue(opened: Opened, id: string, value: Scalar, clock: Clock): Promise<Change> {
  const leaf = editable(opened, id);
  const { doc, format } = opened.sealed;
  if (keyOf(opened.value(id)) === keyOf(value)) return { edits: [], text: doc.text as SealedText };
  const fresh = new Memo();
  const stored = leaf.selected ? await sealAt(opened.dataKey, leaf.aad, value, fresh) : value;
  const edits = getFormat(format).writeScalar(doc, leaf.node, stored);
  const digest = await macDigest(opened.sealed, (other) => (other === leaf ? value : opened.value(other.id)));
  // A ciphertext of one line fits anywhere; what stands in clear text, or has a name for aliases, is looked at again.
  if (!leaf.selected || /[&!]/.test(doc.text.charAt(leaf.node.span.start))) {
    const after = readSealed(applyEdits(doc.text, edits), format);
    const again = await macDigest(after, (other) => knownValue(other, opened.memo, fresh));
    if (again !== digest) throw new LockstepError('UNSUPPORTED_VALUE', { path: leaf.path, what: 'structure' });
  }
  return signed(opened, edits, digest, clock);
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
  const aad = aadOf([...parent, key]);
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
  const aad = aadOf(path);
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
  return signed(opened, [...edits, ...(await resealMoved(opened, after))], digest, clock);
}

/**
 * Comments can choose what is encrypted, and one of them may stand before another entry now: no value may become one in
 * clear text, and no ciphertext a text, by that.
 */
function knownValue(leaf: Leaf, ...memos: readonly Memo[]): Scalar {
  const { scalar } = leaf.node;
  const isText = scalar.type === 'str' && typeof scalar.value === 'string';
  const sealed = isText && leaf.selected && leaf.encrypted;
  if (!sealed) {
    const hidesNothing = scalar.type === 'null' || (isText && scalar.value === '');
    const known = isText && memos.some((memo) => memo.get(leaf.aad, String(scalar.value)));
    if (leaf.selected ? !hidesNothing : known) throw new LockstepError('NOT_SELECTED', { path: leaf.path });
    return scalar;
  }
  for (const memo of memos) {
    const value = memo.get(leaf.aad, scalar.value);
    if (value && value.type !== 'comment') return value;
  }
  throw new LockstepError('UNSUPPORTED_VALUE', { path: leaf.path, what: 'structure' });
}
