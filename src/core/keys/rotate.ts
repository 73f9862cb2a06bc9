import { bareRecipient } from '../age/sshkey.ts';
import { commonEnds } from '../diff/ends.ts';
import { LockstepError } from '../errors.ts';
import { applyEdits, type TextEdit } from '../format/document.ts';
import { getFormat } from '../format/which.ts';
import { commentText, openComment, writeCiphertext } from '../open/comments.ts';
import { macDigest, type Opened } from '../open/open.ts';
import type { Clock } from '../ports.ts';
import { heldBy } from '../seal/held.ts';
import { prove, requireIntact } from '../seal/prove.ts';
import { type Change, signed } from '../seal/sign.ts';
import { storedOrder } from '../sops/kinds.ts';
import { requireNoHiddenMark } from '../sops/mark.ts';
import { type KeyName, type MasterKey, sameKey } from '../sops/masterkey.ts';
import { field, keyGroups, leaf as leafAt, type Metadata, maps as mapsAt } from '../sops/metadata.ts';
import { readSealed, type Sealed } from '../sops/sealed.ts';
import { text } from '../tree/value.ts';
import { DataKey, inBatches } from './datakey.ts';
import { ageNames, type KeyPlan, planKeys } from './updatekeys.ts';
import { withKeys } from './withkeys.ts';
import { wrapForGroups, wrappersFor } from './wrap.ts';

export interface RotateOptions {
  /** age recipients to be added to the first group. */
  readonly addAge?: readonly string[];
  /** Keys of any kind to be added there. */
  readonly add?: readonly KeyName[];
  /** Names of keys, of any kind, to be removed from every group; one that the file does not have is passed over. */
  readonly rmAge?: readonly string[];
}

/**
 * A new data key: every ciphertext changes, no value does. It is wrapped for the same keys, or for those that `options`
 * leave (added first, then removed, as in sops). Throws EDIT_LOCKED, MISLABELLED_KEY, FOREIGN_MASTER_KEY (a master key that
 * cannot be had here), what `OtherKeys.wrap` throws, BAD_RECIPIENT, NO_RECIPIENTS or KEY_GROUPS when a group would be empty, and BAD_DATA_KEY when
 * `opened` is disposed of meanwhile.
 */
export async function rotate(opened: Opened, clock: Clock, options: RotateOptions = {}): Promise<Change> {
  requireIntact(opened);
  opened.dataKey.requireOwnLabels();
  const { metadata } = opened.sealed;
  const groups = groupsAfter(metadata.groups, options);
  const plan = planKeys(metadata, groups, metadata.shamirThreshold);
  wrappersFor(plan.groups);
  if (!plan.changed) return resealed(opened, opened.sealed, clock);
  requireNoHiddenMark(opened.sealed);
  // The keys first, with nothing under the new ones yet; then all of that text is sealed anew.
  const keys = groups.map((group) => group.map((key): MasterKey => ({ enc: 'none yet', ...key })));
  const { sealed } = withKeys(opened.sealed, keys, plan.threshold.after, clock);
  const after = await resealed(opened, sealed, clock);
  return { ...after, edits: [oneEdit(opened.sealed.doc.text, after.text)] };
}

/** For whom `rotate` will wrap the new data key. Throws BAD_RECIPIENT, NO_RECIPIENTS, KEY_GROUPS. */
export function planRotation(metadata: Metadata, options: RotateOptions = {}): KeyPlan {
  return planKeys(metadata, groupsAfter(metadata.groups, options), metadata.shamirThreshold);
}

function groupsAfter(groups: readonly (readonly MasterKey[])[], options: RotateOptions): (KeyName | MasterKey)[][] {
  const gone = new Set((options.rmAge ?? []).map(bareRecipient));
  const added = [...ageNames(options.addAge ?? []), ...(options.add ?? [])];
  return groups.map((keys, i) => {
    const more = i === 0 ? added.filter((key) => !keys.some((other) => sameKey(key, other))) : [];
    return [...keys, ...more].filter((key) => !gone.has(bareRecipient(key.name)));
  });
}

/** What differs, from the first to the last place: after a rotation that is nearly all. */
function oneEdit(before: string, after: string): TextEdit {
  const { head, tail } = commonEnds(before, after);
  return { start: head, end: before.length - tail, text: after.slice(head, after.length - tail) };
}

/** The values of `opened` under a new data key, in a text that has the same entries. */
async function resealed(opened: Opened, sealed: Sealed, clock: Clock): Promise<Change> {
  const key = await DataKey.generate();
  try {
    const edits = [
      ...(await resealLeaves(opened, sealed, key)),
      ...(await resealComments(opened, sealed, key)),
      ...(await rewrap(sealed, key)),
    ];
    const digest = await macDigest(sealed, (leaf) => opened.value(leaf.id));
    // Locked meanwhile: the values and comments that were asked for after that were missing.
    opened.dataKey.requireAlive();
    const all = await signed({ sealed, dataKey: key }, edits, digest, clock);
    const after = readSealed(applyEdits(sealed.doc.text, all), sealed.format);
    return { edits: all, text: await prove(after, key, await heldBy(opened)), read: after };
  } finally {
    key.dispose();
  }
}

async function resealLeaves(opened: Opened, { doc, format, leaves }: Sealed, key: DataKey): Promise<TextEdit[]> {
  const edits: TextEdit[] = [];
  const writer = getFormat(format);
  const sealed = await inBatches(leaves, (leaf) => {
    const value = leaf.encrypted ? opened.value(leaf.id) : undefined;
    return value && value.type !== 'null' ? key.sealSoon(value, leaf.aad) : undefined;
  });
  for (const [i, leaf] of leaves.entries()) {
    const enc = sealed[i];
    if (enc !== undefined) edits.push(...writer.writeScalar(doc, leaf.node, text(enc)));
  }
  return edits;
}

async function resealComments(opened: Opened, { doc, comments }: Sealed, key: DataKey): Promise<TextEdit[]> {
  const edits: TextEdit[] = [];
  for (const comment of comments) {
    const plain = await openComment(opened.dataKey, comment.aad, commentText(comment.node));
    if (plain === undefined) continue;
    const enc = await key.seal({ type: 'comment', value: plain }, comment.aad);
    edits.push(...writeCiphertext(doc, comment.node, enc));
  }
  return edits;
}

async function rewrap({ doc, format, metadata }: Sealed, key: DataKey): Promise<TextEdit[]> {
  const wraps = await wrapForGroups(key.raw, metadata.groups, metadata.shamirThreshold);
  const edits: TextEdit[] = [];
  for (const block of doc.metadata) {
    const groups = block ? keyGroups(block.root) : [];
    // A copy that would keep a wrap of the old data key could be opened by nobody.
    if (block && groups.length !== wraps.length) throw new LockstepError('BAD_METADATA', { field: 'key_groups' });
    for (const [i, group] of groups.entries()) {
      const keys = storedOrder.flatMap((kind) => mapsAt(field(group, kind), kind));
      if (keys.length !== wraps[i]?.length) throw new LockstepError('BAD_METADATA', { field: 'key_groups' });
      for (const [n, entry] of keys.entries()) {
        const node = leafAt(field(entry, 'enc'));
        const enc = wraps[i]?.[n];
        if (!node || enc === undefined) throw new LockstepError('BAD_METADATA', { field: 'enc' });
        edits.push(...getFormat(format).writeScalar(doc, node, text(enc)));
      }
    }
  }
  return edits;
}
