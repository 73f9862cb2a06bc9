import type { Step } from '../change/intent.ts';
import { keysOf } from '../enckeys/keys.ts';
import { mayHoldKeys } from '../enckeys/names.ts';
import type { Opened } from '../open/open.ts';
import { requireIntact } from '../seal/prove.ts';
import type { Leaf } from '../sops/sealed.ts';
import { keyOf } from '../sops/value.ts';
import type { HowToMerge } from './three.ts';

/**
 * What my side changed, as new values for entries of their version: then nothing has to be decrypted as a whole, or parsed again.
 * Undefined where it did more than that, where both changed an entry, and with `keys` where a side changed a named encryption key. Throws EDIT_LOCKED.
 */
export function newValues(theirs: Opened, { base, mine, keys }: HowToMerge): readonly Step[] | undefined {
  if (!base) return undefined;
  for (const version of [base, mine]) requireIntact(version);
  if (keys && mayHoldKeys(base.sealed.doc.text) && !(sameKeys(base, mine) && sameKeys(base, theirs))) return undefined;
  if (!sameAround(base, mine) || theirs.sealed.leaves.some(isRepeated)) return undefined;
  const { leaves } = base.sealed;
  const changed = new Map<string, number>();
  for (const [i, leaf] of leaves.entries()) {
    if (keyOf(base.valueAt(i)) === keyOf(mine.valueAt(i))) continue;
    // A list is one entry.
    if (!leaf.selected || leaf.around.alias || leaf.path.some((part) => typeof part === 'number')) return undefined;
    changed.set(leaf.id, i);
  }
  const steps: Step[] = [];
  for (const [n, leaf] of theirs.sealed.leaves.entries()) {
    const i = changed.get(leaf.id);
    if (i === undefined) continue;
    changed.delete(leaf.id);
    const [before, wanted, now] = [base.valueAt(i), mine.valueAt(i), theirs.valueAt(n)];
    if (keyOf(now) === keyOf(wanted)) continue;
    if (!wanted || !leaf.selected || keyOf(now) !== keyOf(before)) return undefined;
    steps.push({ kind: 'set', id: leaf.id, value: wanted });
  }
  return changed.size === 0 ? steps : undefined;
}

const sameKeys = (...both: readonly [Opened, Opened]) => {
  const [one, other] = both.map((opened) => JSON.stringify(keysOf(opened).map(({ id, key }) => [id, key])));
  return one === other;
};

const isRepeated = ({ occurrence, around }: Leaf) => occurrence > 0 || around.alias !== undefined;

/** Whether two versions have the same entries, and the same text around what is encrypted, but for the metadata. */
function sameAround(a: Opened, b: Opened): boolean {
  const [before, after] = [a.sealed.leaves, b.sealed.leaves];
  const same =
    before.length === after.length &&
    before.every((leaf, i) => leaf.id === after[i]?.id && leaf.selected === after[i].selected && !isRepeated(leaf));
  const text = same ? around(a) : undefined;
  return text !== undefined && text === around(b);
}

/** Undefined where metadata stands between entries. */
function around({ sealed: { doc, leaves, comments } }: Opened): string | undefined {
  const blocks = doc.metadata.flatMap((block) => block?.span ?? []);
  const isInside = ({ node }: { readonly node: Pick<Leaf['node'], 'span'> }) =>
    blocks.some(({ start, end }) => start <= node.span.start && node.span.start < end);
  if (leaves.some(isInside) || comments.some(isInside)) return undefined;
  const cut = [...leaves.filter(({ selected }) => selected).map(({ node }) => node.span), ...blocks];
  cut.sort((one, other) => one.start - other.start);
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of cut) {
    parts.push(doc.text.slice(at, start));
    at = end;
  }
  parts.push(doc.text.slice(at));
  return parts.join('\0');
}
