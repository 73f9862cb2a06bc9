import { change } from '../change/change.ts';
import { lostKeys } from '../enckeys/keys.ts';
import { mayHoldKeys } from '../enckeys/names.ts';
import { LockstepError } from '../errors.ts';
import { commentsOf } from '../format/place.ts';
import { rotate } from '../keys/rotate.ts';
import { planKeys, updateKeys } from '../keys/updatekeys.ts';
import { type Opened, openWith } from '../open/open.ts';
import { unseal } from '../open/unseal.ts';
import type { Clock } from '../ports.ts';
import { intactText, requireIntact, type SealedText } from '../seal/prove.ts';
import type { KeyName } from '../sops/masterkey.ts';
import { readSealed } from '../sops/sealed.ts';
import { keyOf, valueBytes } from '../sops/value.ts';
import type { Path } from '../tree/path.ts';
import { copyOf } from './opening.ts';
import { type DataKeys, type KeysConflict, type KeysPlan, type Owner, planMerge } from './readers.ts';
import { type Effect, type HowToMerge, type MergeEntry, mergeThree, type Side } from './three.ts';
import { newValues } from './values.ts';

/** Three versions of one encrypted file, opened; `base` is undefined where each side made the file. They stay the caller's. */
interface Versions {
  readonly base: Opened | undefined;
  readonly ours: Opened;
  readonly theirs: Opened;
}

/** What a person decided already. */
export interface Decisions {
  /** Which side an entry is taken from, where both changed it; the first that answers counts. */
  readonly side?: (path: Path, document: number) => Owner | undefined;
  /** More people may read the file than ours says. */
  readonly readers?: boolean;
}

/** What two sides did that cannot both be. It names places, names and kinds, never a value. */
export type Conflict =
  | KeysConflict
  /** In the merged text the entry is as ours has it. A binary file is one entry, with the empty path. */
  | {
      readonly kind: 'entry';
      readonly document: number;
      readonly path: Path;
      readonly ours: Effect;
      readonly theirs: Effect;
      /** A named encryption key of the side that is not taken is lost. Ours may have it as it was. */
      readonly isKey: boolean;
    }
  /** Comments of one side could not come along; the values did. */
  | { readonly kind: 'comments' };

export interface Merged {
  /** Proved like every other change. With conflicts about entries or comments all else is merged; with others it is ours as it stands. */
  readonly text: SealedText;
  readonly conflicts: readonly Conflict[];
  /** Entries whose side was decided, in the order of the file. */
  readonly decided: number;
  /** Named encryption keys that a side has and the merged file has not, by what was decided; none before all those were decided. */
  readonly lost: readonly string[];
  /** Those who come to read what theirs has, because ours has them. */
  readonly joining: readonly KeyName[];
  /** Who can read it, or its data key, is not as in the version that it goes on from. */
  readonly keysChanged: boolean;
}

/**
 * Two versions as one file, entry by entry. Ciphertext stays byte for byte where one of them has it under the data key of the
 * result. Throws EDIT_LOCKED for a version whose MAC does not hold, what `change`, `updateKeys` and `rotate` throw, and
 * UNSUPPORTED_FORMAT (`other`) for versions of different formats.
 */
export async function mergeVersions(versions: Versions, clock: Clock, decisions: Decisions = {}): Promise<Merged> {
  const { base, ours, theirs } = versions;
  for (const version of [base, ours, theirs]) if (version) requireIntact(version);
  const { format } = ours.sealed;
  if ([base, theirs].some((one) => one && one.sealed.format !== format))
    throw new LockstepError('UNSUPPORTED_FORMAT', { what: 'other' });
  const plan = planMerge(
    { base: base?.sealed.metadata, ours: ours.sealed.metadata, theirs: theirs.sealed.metadata },
    dataKeysOf(versions),
    decisions.readers ?? false,
  );
  if ('kind' in plan)
    return { text: intactText(ours), conflicts: [plan], decided: 0, lost: [], joining: [], keysChanged: false };
  const { text, conflicts, decided, lost } = await mergeEntries(versions, plan.target, clock, decisions);
  const target = versions[plan.target];
  const { groups, threshold, renew, joining } = plan;
  const final = await withReaders(text, target, { groups, threshold, renew }, clock);
  return { text: final, conflicts, decided, lost, joining, keysChanged: final !== text };
}

function dataKeysOf({ base, ours, theirs }: Versions): DataKeys {
  const isNew = ({ dataKey }: Opened) => base === undefined || !dataKey.equals(base.dataKey);
  return { oursIsNew: isNew(ours), theirsIsNew: isNew(theirs), same: ours.dataKey.equals(theirs.dataKey) };
}

type Entries = Pick<Merged, 'text' | 'conflicts' | 'decided' | 'lost'>;

async function mergeEntries(versions: Versions, owner: Owner, clock: Clock, decisions: Decisions): Promise<Entries> {
  const target = versions[owner];
  const other = versions[owner === 'ours' ? 'theirs' : 'ours'];
  const { base } = versions;
  if (target.sealed.format === 'binary') return mergeBinary(versions, owner, clock, decisions);
  // The one whose changes come along is `mine` there.
  const keys: Side = owner === 'ours' ? 'theirs' : 'mine';
  const how: HowToMerge = { base, mine: other, sides: [], lines: true, keys };
  if (newValues(target, how)) {
    const { text } = await change(target, { kind: 'merge', ...how }, clock);
    return { text, conflicts: [], decided: 0, lost: [] };
  }
  const all = (await mergeThree(base, other, target, keys)).entries.filter(({ state }) => state === 'conflict');
  const chosen = all.map(({ path, document }) => decisions.side?.(path, document));
  const sides = chosen.map((one): Side => ((one ?? 'ours') === owner ? 'theirs' : 'mine'));
  const { text } = await change(target, { kind: 'merge', ...how, sides }, clock);
  const conflicts = all.flatMap((entry, i): Conflict[] => (chosen[i] ? [] : [conflictOf(entry, owner)]));
  const isOpen = all.some(({ isKey }, i) => isKey && !chosen[i]);
  let lost: readonly string[] = [];
  const after = await openWith(readSealed(text, target.sealed.format), await copyOf(target.dataKey), target);
  try {
    if (!isOpen) lost = [...new Set([versions.ours, versions.theirs].flatMap((side) => lostIn(after, side)))];
    if (!(await hasComments(after, base, other, target))) conflicts.push({ kind: 'comments' });
  } finally {
    after.dispose();
  }
  return { text, conflicts, decided: all.length - conflicts.filter(({ kind }) => kind === 'entry').length, lost };
}

const lostIn = (after: Opened, side: Opened) =>
  mayHoldKeys(side.sealed.doc.text)
    ? lostKeys(side, after.sealed.leaves, ({ id }) => after.value(id)).map(({ name }) => name)
    : [];

function conflictOf({ document, path, mine, theirs, isKey = false }: MergeEntry, owner: Owner): Conflict {
  const [ours, others] = owner === 'ours' ? [theirs, mine] : [mine, theirs];
  return { kind: 'entry', document, path, ours, theirs: others, isKey };
}

/** A binary file is one value. */
async function mergeBinary(versions: Versions, owner: Owner, clock: Clock, { side }: Decisions): Promise<Entries> {
  const [b, o, t] = [versions.base, versions.ours, versions.theirs].map((one) => keyOf(one?.valueAt(0)));
  const isConflict = o !== t && o !== b && t !== b;
  const chosen = isConflict ? side?.([], 0) : undefined;
  const from: Owner = chosen ?? (o === b ? 'theirs' : 'ours');
  const value = versions[from].valueAt(0);
  const bytes = value?.type === 'str' ? valueBytes(value) : new Uint8Array();
  const { text } = await change(versions[owner], { kind: 'bytes', bytes }, clock);
  const effect = versions.base ? 'changed' : 'added';
  const conflicts: Conflict[] =
    isConflict && !chosen ? [{ kind: 'entry', document: 0, path: [], ours: effect, theirs: effect, isKey: false }] : [];
  return { text, conflicts, decided: chosen ? 1 : 0, lost: [] };
}

/** What each side did to the lines of comments is done: lines that stand more than once are counted. */
async function hasComments(after: Opened, base: Opened | undefined, other: Opened, target: Opened): Promise<boolean> {
  const [r, b, o, t] = await Promise.all([after, base, other, target].map(linesSaid));
  if (!r || !b || !o || !t) return false;
  for (const line of new Set([...r.keys(), ...b.keys(), ...o.keys(), ...t.keys()])) {
    const [now, before, one, two] = [r, b, o, t].map((all) => all.get(line) ?? 0);
    const wanted = one === before ? [two] : two === before ? [one] : [one, two];
    if (!wanted.includes(now)) return false;
  }
  return true;
}

async function linesSaid(opened: Opened | undefined): Promise<Map<string, number>> {
  const said = new Map<string, number>();
  if (!opened) return said;
  for (const { text } of commentsOf((await unseal(opened)).plain.doc))
    for (const line of text.split('\n')) {
      const bare = line.replace(/^[#; \t]+/, '').trim();
      said.set(bare, (said.get(bare) ?? 0) + 1);
    }
  return said;
}

/** The merged text for whom it is meant. */
async function withReaders(
  text: SealedText,
  target: Opened,
  { groups, threshold, renew }: Pick<KeysPlan, 'groups' | 'threshold' | 'renew'>,
  clock: Clock,
): Promise<SealedText> {
  const { format, metadata } = target.sealed;
  if (!renew && !planKeys(metadata, groups, threshold).changed) return text;
  const changed = await updateKeys(readSealed(text, format), target.dataKey, groups, threshold, clock);
  if (!renew) return changed.text;
  const opened = await openWith(readSealed(changed.text, format), await copyOf(target.dataKey), target);
  try {
    return (await rotate(opened, clock)).text;
  } finally {
    opened.dispose();
  }
}
