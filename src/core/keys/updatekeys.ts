import { checkRecipient } from '../age/recipient.ts';
import { bareRecipient } from '../age/sshkey.ts';
import { LockstepError } from '../errors.ts';
import { type Clock, systemClock } from '../ports.ts';
import type { Rule } from '../rules/rules.ts';
import { proveKeys } from '../seal/prove.ts';
import type { Change } from '../seal/sign.ts';
import { type KeyName, type MasterKey, sameKey } from '../sops/masterkey.ts';
import type { Metadata } from '../sops/metadata.ts';
import type { Sealed } from '../sops/sealed.ts';
import type { DataKey } from './datakey.ts';
import { requireOwnKey } from './proof.ts';
import { checkThreshold, requiredGroups } from './shamir.ts';
import { withKeys } from './withkeys.ts';
import { wrapForGroups, wrapperFor } from './wrap.ts';

/**
 * Who can read a file, changed without touching a value: the data key stays, and so do every ciphertext, `mac` and
 * `lastmodified` (as sops does in `updatekeys` and `groups`). Somebody who is removed here may have kept the data key:
 * `rotate` is what shuts them out of later values.
 *
 * sops wraps the data key for everybody anew. Here, in a file of one group, existing recipients keep their wrapped key, so that a
 * diff shows who came and went. With several groups each change needs new parts, for everybody, as in sops.
 */

/** One group before and after, by position. */
interface GroupDiff {
  readonly kept: readonly KeyName[];
  readonly added: readonly KeyName[];
  readonly removed: readonly KeyName[];
}

/** A change of keys as it was asked for, made out without any key: what a person is asked about. */
export interface KeyPlan {
  readonly groups: readonly (readonly KeyName[])[];
  readonly diff: readonly GroupDiff[];
  /** `shamir_threshold`, 0 when absent. */
  readonly threshold: { readonly before: number; readonly after: number };
  /** Something changes. The order of keys does not count. */
  readonly changed: boolean;
}

export interface KeyChange extends Change {
  readonly plan: KeyPlan;
}

/** age recipients as keys. Throws BAD_RECIPIENT. */
export function ageNames(recipients: readonly string[]): KeyName[] {
  return recipients.map((recipient) => ({ kind: 'age', name: checkRecipient(recipient) }));
}

/**
 * What would change if a file had these groups. Duplicate keys in a group count once.
 * @param threshold groups that shall be needed, 0 for all. Throws KEY_GROUPS: an empty group, a threshold that cannot be met.
 */
export function planKeys(metadata: Metadata, groups: readonly (readonly KeyName[])[], threshold: number): KeyPlan {
  const wanted = groups.map(unique);
  if (wanted.length === 0) throw new LockstepError('NO_RECIPIENTS');
  if (wanted.some((keys) => keys.length === 0))
    throw new LockstepError(wanted.length === 1 ? 'NO_RECIPIENTS' : 'KEY_GROUPS', { what: 'empty' });
  checkThreshold(wanted.length, threshold);
  const after = wanted.length > 1 ? requiredGroups(wanted.length, threshold) : threshold;
  const diff = diffOf(metadata.groups, wanted);
  const changed =
    after !== metadata.shamirThreshold ||
    wanted.length !== metadata.groups.length ||
    diff.some(({ added, removed }) => added.length > 0 || removed.length > 0);
  return { groups: wanted, diff, threshold: { before: metadata.shamirThreshold, after }, changed };
}

/**
 * The threshold that a file keeps when it gets this many groups, as in sops's `updatekeys`: never more than there are
 * groups. What a creation rule says about it counts for new files only. 0, or a threshold too low for several groups,
 * means all.
 */
export function keptThreshold(metadata: Metadata, groups: number): number {
  const kept = Math.min(metadata.shamirThreshold, groups);
  return groups > 1 && kept < 2 ? 0 : kept;
}

/**
 * What would change if a file had the readers of its creation rule. The rule's threshold counts if it has one; `sops updatekeys`
 * keeps the file's. Throws as `planKeys`.
 */
export function planForRule(
  metadata: Metadata,
  { groups, shamirThreshold }: Pick<Rule, 'groups' | 'shamirThreshold'>,
): KeyPlan {
  const threshold = (groups.length > 1 && shamirThreshold) || keptThreshold(metadata, groups.length);
  return planKeys(metadata, groups, threshold);
}

/**
 * Give a file these key groups. Unchanged: no edits. Throws as `planKeys`, MISLABELLED_KEY, BAD_RECIPIENT,
 * FOREIGN_MASTER_KEY for a key that is not in the file yet or needs a new part, and cannot be had here, what `OtherKeys.wrap`
 * throws, and BAD_DATA_KEY when the key opens nothing of the file.
 * @param dataKey of this file; stays the caller's.
 */
export async function updateKeys(
  sealed: Sealed,
  dataKey: DataKey,
  groups: readonly (readonly KeyName[])[],
  threshold: number,
  clock: Clock = systemClock,
): Promise<KeyChange> {
  const plan = planKeys(sealed.metadata, groups, threshold);
  if (!plan.changed) return { edits: [], text: proveKeys(sealed, sealed), plan };
  dataKey.requireOwnLabels();
  await requireOwnKey(sealed, dataKey);
  const keys = await wrapped(sealed.metadata, dataKey, plan);
  const { edits, text, sealed: read } = withKeys(sealed, keys, plan.threshold.after, clock);
  return { edits, text, read, plan };
}

/** More age recipients for one group. @param group 0-based. Throws as `updateKeys`, and KEY_GROUPS (`missing`). */
export async function addRecipients(
  sealed: Sealed,
  dataKey: DataKey,
  recipients: readonly string[],
  group = 0,
  clock: Clock = systemClock,
): Promise<KeyChange> {
  requireGroup(sealed, group);
  const groups = sealed.metadata.groups.map((keys, i) => (i === group ? [...keys, ...ageNames(recipients)] : keys));
  return updateKeys(sealed, dataKey, groups, sealed.metadata.shamirThreshold, clock);
}

/** Without these keys, by name, in any group. Throws as `updateKeys`: a group must keep a key. */
export async function removeRecipients(
  sealed: Sealed,
  dataKey: DataKey,
  names: readonly string[],
  clock: Clock = systemClock,
): Promise<KeyChange> {
  const gone = names.map(bareRecipient);
  const groups = sealed.metadata.groups.map((keys) => keys.filter((key) => !gone.includes(key.name)));
  return updateKeys(sealed, dataKey, groups, sealed.metadata.shamirThreshold, clock);
}

/** One more group, at the end (`sops groups add`). @param threshold undefined keeps the file's. Throws as `updateKeys`. */
export async function addGroup(
  sealed: Sealed,
  dataKey: DataKey,
  group: readonly KeyName[],
  threshold?: number,
  clock: Clock = systemClock,
): Promise<KeyChange> {
  const groups = [...sealed.metadata.groups, group];
  return updateKeys(sealed, dataKey, groups, threshold || keptThreshold(sealed.metadata, groups.length), clock);
}

/**
 * Without one group (`sops groups delete`). A threshold that could not be met any more has to be given anew.
 * @param group 0-based. Throws as `updateKeys`, and KEY_GROUPS (`missing`).
 */
export async function deleteGroup(
  sealed: Sealed,
  dataKey: DataKey,
  group: number,
  threshold?: number,
  clock: Clock = systemClock,
): Promise<KeyChange> {
  requireGroup(sealed, group);
  const groups = sealed.metadata.groups.filter((_, i) => i !== group);
  const after = threshold || sealed.metadata.shamirThreshold;
  if (after > groups.length) throw new LockstepError('KEY_GROUPS', { what: 'threshold' });
  return updateKeys(sealed, dataKey, groups, after, clock);
}

function requireGroup({ metadata }: Sealed, group: number): void {
  if (!metadata.groups[group]) throw new LockstepError('KEY_GROUPS', { what: 'missing' });
}

function unique(keys: readonly KeyName[]): KeyName[] {
  return keys.filter((key, i) => keys.findIndex((other) => sameKey(key, other)) === i);
}

function diffOf(before: Metadata['groups'], after: readonly (readonly KeyName[])[]): GroupDiff[] {
  return Array.from({ length: Math.max(before.length, after.length) }, (_, i): GroupDiff => {
    const [old, now] = [unique(before[i] ?? []), after[i] ?? []];
    const isIn = (keys: readonly KeyName[]) => (key: KeyName) => keys.some((other) => sameKey(key, other));
    return {
      kept: now.filter(isIn(old)),
      added: now.filter((key) => !isIn(old)(key)),
      removed: old.filter((key) => !isIn(now)(key)).map(({ kind, name }) => ({ kind, name })),
    };
  });
}

/**
 * For whom `updateKeys` wraps the data key by this plan, group by group: whom a person has to have seen named. In a file of one
 * group only those who come.
 */
export function newWraps(metadata: Metadata, { groups, diff }: KeyPlan): readonly (readonly KeyName[])[] {
  return groups.length === 1 && metadata.groups.length === 1 ? diff.map(({ added }) => added) : groups;
}

async function wrapped(metadata: Metadata, dataKey: DataKey, plan: KeyPlan): Promise<MasterKey[][]> {
  const [only, second] = plan.groups;
  if (only && !second && metadata.groups.length === 1) return [await inOneGroup(metadata, dataKey, only)];
  const encs = await wrapForGroups(dataKey.raw, plan.groups, plan.threshold.after);
  return plan.groups.map((keys, i) => keys.map((key, n) => ({ ...nameOf(key), enc: encs[i]?.[n] as string })));
}

/** Those who stay keep their entries, in the file's order; new ones come behind. */
async function inOneGroup(metadata: Metadata, dataKey: DataKey, wanted: readonly KeyName[]): Promise<MasterKey[]> {
  const old = metadata.groups[0] ?? [];
  const stay = old.filter((key) => wanted.some((other) => sameKey(key, other)));
  const come = wanted.filter((key) => !old.some((other) => sameKey(key, other)));
  const added = come.map(wrapperFor).map(async ({ key, wrap }) => ({ ...nameOf(key), enc: await wrap(dataKey.raw) }));
  return [...stay, ...(await Promise.all(added))];
}

/** A key without what a file holds for it. */
const nameOf = ({ kind, name, kms }: KeyName): KeyName => ({ kind, name, ...(kms && { kms }) });
