import { requiredGroups } from '../keys/shamir.ts';
import { type KeyName, sameKey } from '../sops/masterkey.ts';
import type { Metadata } from '../sops/metadata.ts';
import { selectorText } from '../sops/selection.ts';

export type Owner = 'ours' | 'theirs';

/** Which version the merged file goes on from, and who can read it. */
export interface KeysPlan {
  /** Its text, selector and data key stay. */
  readonly target: Owner;
  readonly groups: readonly (readonly KeyName[])[];
  readonly threshold: number;
  /** Neither data key will do: who is to be shut out knows one of them, or the selector comes from the other side. */
  readonly renew: boolean;
  /** Those who come to read what theirs has, because ours has them. */
  readonly joining: readonly KeyName[];
}

/** What a person has to decide about who can read the file, or what is encrypted. */
export type KeysConflict =
  /** More people could read the file than ours says, or (`wraps`) the data key would be encrypted for people of one side anew. */
  | { readonly kind: 'readers'; readonly added: readonly KeyName[] }
  /** Both sides changed key groups or how many are needed, and not to the same. */
  | { readonly kind: 'groups' }
  /** Nobody would be left who can read the file. */
  | { readonly kind: 'nobody' }
  /** Both sides changed what is encrypted, and not to the same. */
  | { readonly kind: 'selector' };

interface Sides<T> {
  readonly base: T | undefined;
  readonly ours: T;
  readonly theirs: T;
}

/** Whether a side has another data key than another side. Between sides that were made apart every key is another. */
export interface DataKeys {
  readonly oursIsNew: boolean;
  readonly theirsIsNew: boolean;
  readonly same: boolean;
}

/**
 * Three versions of who can read a file and what is encrypted, as one. What one side changed counts. A wider set of readers than
 * ours has is a conflict unless `agreed`: nothing seals the list of a version, so whoever can write to a branch can put a name
 * there.
 */
export function planMerge(metadata: Sides<Metadata>, keys: DataKeys, agreed: boolean): KeysPlan | KeysConflict {
  const from = selectorFrom(metadata);
  if (from === 'conflict') return { kind: 'selector' };
  const wanted = groupsOf(metadata);
  if ('kind' in wanted) return wanted;
  if (wanted.groups.some((group) => group.length === 0)) return { kind: 'nobody' };
  const { target, renew } = targetOf(metadata, keys, from, wanted);
  const { ours, theirs } = metadata;
  const allowed = renew || target === 'theirs' || !metadata.base ? [ours, theirs] : [ours];
  const added = allowed.flatMap((one) => beyond(wanted, one) ?? wanted.groups.flat());
  if (added.length > 0 && !agreed) return { kind: 'readers', added: unique(added) };
  return { target, renew, ...wanted, joining: unique(beyond(wanted, theirs) ?? wanted.groups.flat()) };
}

interface Wanted {
  readonly groups: readonly (readonly KeyName[])[];
  readonly threshold: number;
}

const what = ({ selector, macOnlyEncrypted }: Metadata) =>
  JSON.stringify([selector.kind, selectorText(selector), macOnlyEncrypted]);

/** The side whose selector counts; undefined where both have the same. */
function selectorFrom({ base, ours, theirs }: Sides<Metadata>): Owner | 'conflict' | undefined {
  const [b, o, t] = [base && what(base), what(ours), what(theirs)];
  if (o === t) return undefined;
  if (o === b) return 'theirs';
  return t === b ? 'ours' : 'conflict';
}

/** A new data key of one side was made to shut somebody out, or may have been: the old one does not come back. */
function targetOf(
  { ours, theirs }: Sides<Metadata>,
  { oursIsNew, theirsIsNew, same }: DataKeys,
  from: Owner | undefined,
  wanted: Wanted,
): Pick<KeysPlan, 'target' | 'renew'> {
  if (same)
    return { target: from ?? (isSame(wanted, theirs) && !isSame(wanted, ours) ? 'theirs' : 'ours'), renew: false };
  const newer = oursIsNew === theirsIsNew ? undefined : oursIsNew ? 'ours' : 'theirs';
  const target = from ?? newer ?? 'ours';
  const knows = target === 'ours' ? ours : theirs;
  const isKnown = newer === undefined && (beyond({ groups: knows.groups, threshold: 0 }, wanted) ?? [0]).length > 0;
  return { target, renew: isKnown || (newer !== undefined && newer !== target) };
}

function groupsOf({ base, ours, theirs }: Sides<Metadata>): Wanted | KeysConflict {
  const wanted = ({ groups, shamirThreshold }: Metadata): Wanted => ({
    groups: groups.map(unique),
    threshold: shamirThreshold,
  });
  const [o, t] = [wanted(ours), wanted(theirs)];
  const b = base && wanted(base);
  if (isSame(o, ours) && isSame(o, theirs)) return o;
  if (b && isSame(b, ours)) return t;
  if (b && isSame(b, theirs)) return o;
  const thresholds = [b?.threshold, o.threshold, t.threshold];
  const threshold = thresholds[1] === thresholds[0] ? t.threshold : o.threshold;
  const counts = new Set([o.groups.length, t.groups.length, b?.groups.length ?? o.groups.length]);
  const both = o.threshold !== t.threshold && o.threshold !== b?.threshold && t.threshold !== b?.threshold;
  if (counts.size > 1 || both) return { kind: 'groups' };
  return { threshold, groups: o.groups.map((group, i) => merged(b?.groups[i] ?? [], group, t.groups[i] ?? [])) };
}

/** As sets: who stays on both sides, and who comes on one. */
function merged(base: readonly KeyName[], ours: readonly KeyName[], theirs: readonly KeyName[]): KeyName[] {
  const stay = ours.filter((key) => has(theirs, key) || !has(base, key));
  return unique([...stay, ...theirs.filter((key) => !has(base, key))]);
}

/**
 * Who can read by these groups and not by those of a version. Undefined where that cannot be said by names: other groups, or fewer
 * of them needed.
 */
function beyond(wanted: Wanted, version: Wanted | Metadata): readonly KeyName[] | undefined {
  if (wanted.groups.length !== version.groups.length) return isSame(wanted, version) ? [] : undefined;
  if (needed(wanted) < needed(version)) return undefined;
  return wanted.groups.flatMap((group, i) => group.filter((key) => !has(version.groups[i] ?? [], key)));
}

function needed(of: Wanted | Metadata): number {
  const threshold = 'threshold' in of ? of.threshold : of.shamirThreshold;
  return of.groups.length > 1 ? requiredGroups(of.groups.length, threshold) : 1;
}

function isSame(a: Wanted, b: Wanted | Metadata): boolean {
  const threshold = 'threshold' in b ? b.threshold : b.shamirThreshold;
  return (
    a.threshold === threshold &&
    a.groups.length === b.groups.length &&
    a.groups.every((group, i) => {
      const other = unique(b.groups[i] ?? []);
      return group.length === other.length && group.every((key) => has(other, key));
    })
  );
}

const has = (keys: readonly KeyName[], key: KeyName) => keys.some((other) => sameKey(other, key));

function unique(keys: readonly KeyName[]): KeyName[] {
  return keys.filter((key, i) => keys.findIndex((other) => sameKey(key, other)) === i);
}
