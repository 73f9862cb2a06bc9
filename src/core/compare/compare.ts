import { type KeyName, sameKey } from '../sops/masterkey.ts';
import type { Metadata } from '../sops/metadata.ts';
import { selectorText } from '../sops/selection.ts';
import type { Path } from '../tree/path.ts';
import type { Entry, Side } from './side.ts';
import { type Pair, pairsOf } from './tree.ts';

/**
 * What became of one entry. `value`: another value. `kind`: it was a text and is a number, or the like. `moved`: to another group, or to another
 * place in its own. `renamed`: in its group. `comment`: what is said about it. `encrypted`, `cleared`: it was in clear text, or is now.
 * `resealed`: encrypted anew, with the same value. `ciphertext`: it has another ciphertext, and nobody here can tell whether it has another value.
 */
export type Change =
  | 'added'
  | 'removed'
  | 'value'
  | 'kind'
  | 'moved'
  | 'renamed'
  | 'comment'
  | 'encrypted'
  | 'cleared'
  | 'resealed'
  | 'ciphertext';

/** One entry in both versions. No value is in it. */
export interface Row {
  /** Where it is, or was. */
  readonly document: number;
  readonly path: Path;
  /** Where it was, if that was elsewhere. */
  readonly from: Path | undefined;
  /** None: it is as it was. */
  readonly changes: readonly Change[];
  readonly before: Entry | undefined;
  readonly after: Entry | undefined;
}

/** What became of a file besides its entries. */
interface FileChanges {
  /** It came or went as a whole. */
  readonly presence: 'added' | 'removed' | undefined;
  /** Whether it was encrypted, or is not any more. */
  readonly sealed: 'encrypted' | 'cleared' | undefined;
  /** Who can read it and could not, and who could and cannot. */
  readonly readers: { readonly added: readonly KeyName[]; readonly removed: readonly KeyName[] };
  /** The key groups, or how many of them it takes. */
  readonly groups: boolean;
  /** Which entries are encrypted is said otherwise. */
  readonly selector: boolean;
  readonly dataKey: boolean;
  /** Comments behind the last entry. */
  readonly comments: boolean;
}

export interface Comparison {
  readonly file: FileChanges;
  /** Every entry of either version, those that are as they were too. */
  readonly rows: readonly Row[];
  /** One side could not be opened: where both are encrypted, ciphertext was compared. */
  readonly byCiphertext: boolean;
}

/** Two versions of a file, entry by entry; a side that is undefined has no such file. Both were made with the same `Fingerprints`. */
export function compareSides(before: Side | undefined, after: Side | undefined): Comparison {
  const pairs = together(pairsOf(before?.entries ?? [], after?.entries ?? []));
  return {
    file: fileChanges(before, after),
    rows: pairs.map(rowOf),
    byCiphertext: [before, after].some((side) => side?.how === 'sealed'),
  };
}

/** Whether anything is not as it was. */
export function isChanged({ file, rows }: Comparison): boolean {
  const { readers, groups, selector, dataKey, comments, presence, sealed } = file;
  const about = readers.added.length + readers.removed.length > 0 || groups || selector || dataKey || comments;
  return about || presence !== undefined || sealed !== undefined || rows.some(({ changes }) => changes.length > 0);
}

interface Found extends Pair {
  readonly elsewhere: boolean;
}

/** Two entries hardly have such a value by chance. */
const isTelling = ({ kind, mark }: Entry): boolean => kind !== 'null' && kind !== 'bool' && mark !== undefined;

/** What went at one place and came with the same value at another is one entry, if no other has that value; under the same name in the first place. */
function together(pairs: readonly Pair[]): Found[] {
  const gone = pairs.flatMap(({ before, after }) => (before && !after && isTelling(before) ? [before] : []));
  const came = pairs.flatMap(({ before, after }) => (after && !before && isTelling(after) ? [after] : []));
  const from = new Map<Entry, Entry>();
  const taken = new Set<Entry>();
  for (const signOf of [({ mark, path }: Entry) => `${mark} ${path.at(-1)}`, ({ mark }: Entry) => `${mark}`]) {
    const [old, now] = [once(gone, signOf), once(came, signOf)];
    for (const [sign, after] of now) {
      const before = old.get(sign);
      if (!after || !before || from.has(after) || taken.has(before)) continue;
      from.set(after, before);
      taken.add(before);
    }
  }
  return pairs.flatMap((pair): Found[] => {
    if (pair.before && !pair.after && taken.has(pair.before)) return [];
    const before = pair.before ?? (pair.after && from.get(pair.after));
    return [{ ...pair, before, elsewhere: before !== pair.before }];
  });
}

/** The entries by a sign of theirs; undefined for one that several have. */
function once(entries: readonly Entry[], signOf: (entry: Entry) => string): ReadonlyMap<string, Entry | undefined> {
  const by = new Map<string, Entry | undefined>();
  for (const one of entries) by.set(signOf(one), by.has(signOf(one)) ? undefined : one);
  return by;
}

function rowOf({ before, after, moved, elsewhere }: Found): Row {
  const at = (after ?? before) as Entry;
  const { document, path } = at;
  const base = { document, path, before, after };
  if (!before || !after) return { ...base, from: undefined, changes: [before ? 'removed' : 'added'] };
  const changes: Change[] = elsewhere ? [wayOf(before, after)] : moved ? ['moved'] : [];
  // A ciphertext is bound to its path.
  const content = contentChanges(before, after).filter((change) => !elsewhere || change !== 'resealed');
  return { ...base, from: elsewhere ? before.path : undefined, changes: [...changes, ...content] };
}

function wayOf(before: Entry, after: Entry): Change {
  const group = ({ document, path }: Entry) => JSON.stringify([document, ...path.slice(0, -1)]);
  return group(before) === group(after) ? 'renamed' : 'moved';
}

function contentChanges(before: Entry, after: Entry): Change[] {
  const changes: Change[] = [];
  if (before.sealed !== after.sealed) changes.push(after.sealed ? 'encrypted' : 'cleared');
  const known = before.mark !== undefined && after.mark !== undefined;
  if (known && before.mark !== after.mark) changes.push('value');
  else if (known && before.kind !== after.kind) changes.push('kind');
  else if (before.cipher !== after.cipher && before.sealed && after.sealed)
    changes.push(known ? 'resealed' : 'ciphertext');
  else if (!known && before.sealed !== after.sealed) changes.push('ciphertext');
  if (before.comments !== after.comments) changes.push('comment');
  return changes;
}

function fileChanges(before: Side | undefined, after: Side | undefined): FileChanges {
  const [old, now] = [before?.metadata, after?.metadata];
  const sealed = before && after && Boolean(old) !== Boolean(now) ? (now ? 'encrypted' : 'cleared') : undefined;
  const of = <T>(compare: (old: Metadata, now: Metadata) => T, otherwise: T) =>
    old && now ? compare(old, now) : otherwise;
  return {
    presence: before && after ? undefined : before ? 'removed' : after ? 'added' : undefined,
    sealed,
    readers: of(readersOf, { added: [], removed: [] }),
    groups: of((a, b) => groupsOf(a) !== groupsOf(b), false),
    selector: of((a, b) => selectorOf(a) !== selectorOf(b), false),
    dataKey: Boolean(before?.dataKey && after?.dataKey && before.dataKey !== after.dataKey),
    comments: Boolean(before && after && before.comments !== after.comments),
  };
}

function readersOf(before: Metadata, after: Metadata): FileChanges['readers'] {
  const lacking = (from: Metadata, of: Metadata) => {
    const others = of.groups.flat();
    const found = from.groups.flat().filter((key) => !others.some((one) => sameKey(one, key)));
    return [...new Map(found.map(({ kind, name }) => [`${kind} ${name}`, { kind, name }])).values()];
  };
  return { added: lacking(after, before), removed: lacking(before, after) };
}

/** Of one group, a threshold is of no use. */
function groupsOf({ groups, shamirThreshold }: Metadata): string {
  if (groups.length < 2) return String(groups.length);
  return JSON.stringify([
    shamirThreshold,
    groups.map((group) => group.map(({ kind, name }) => `${kind} ${name}`).sort()),
  ]);
}

const selectorOf = ({ selector, macOnlyEncrypted }: Metadata): string =>
  `${selector.kind} ${selectorText(selector)} ${macOnlyEncrypted}`;
