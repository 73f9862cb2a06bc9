import type { FormatId, SourceDocument } from '../format/document.ts';
import { fingerprint, nodeValue } from '../format/nodevalue.ts';
import type { Opened } from '../open/open.ts';
import { comparable } from '../open/unseal.ts';
import type { Path } from '../tree/path.ts';
import type { Value } from '../tree/value.ts';
import { losingKeys } from './keys.ts';

export type Effect = 'same' | 'changed' | 'added' | 'removed';
export type Side = 'mine' | 'theirs';

/**
 * What two sides did to one entry since their common base. An entry is a value, a list as a whole, an empty map, or a place
 * where one side has a map and another has none; it names no value.
 */
export interface MergeEntry {
  readonly document: number;
  readonly path: Path;
  readonly mine: Effect;
  readonly theirs: Effect;
  /** `conflict`: both changed it, and not to the same. */
  readonly state: 'same' | 'mineOnly' | 'theirsOnly' | 'bothSame' | 'conflict';
  /** A named encryption key of the side that is not taken is lost. */
  readonly isKey?: boolean;
}

/** Values of the three sides at one place; undefined where there is none. */
interface Sides {
  readonly base: Value | undefined;
  readonly mine: Value | undefined;
  readonly theirs: Value | undefined;
}

export interface HowToMerge {
  /** Undefined where each side made the file. */
  readonly base: Opened | undefined;
  readonly mine: Opened;
  /** One for each entry of `mergeThree` whose state is `conflict`, in that order. */
  readonly sides: readonly Side[];
  /** Comments, order and layout of both, where their lines can be brought together; without it they are those of their version. */
  readonly lines?: boolean;
  /** As in `mergeThree`. */
  readonly keys?: Side;
}

export interface Merge {
  /** In the order of the file: theirs, with what only others have behind. */
  readonly entries: readonly MergeEntry[];
  /** My side changed comments, which a merge takes over only above entries that it added. */
  readonly commentsChanged: boolean;
}

/**
 * Compare three versions of one file, each opened: the last common one, mine and theirs. Their data keys need not be the same.
 * Throws EDIT_LOCKED for a version whose MAC does not hold, and what `unseal` throws.
 * @param base undefined where each side made the file.
 * @param keys the side that loses no named encryption key to the other without a conflict.
 */
export async function mergeThree(base: Opened | undefined, mine: Opened, theirs: Opened, keys?: Side): Promise<Merge> {
  const [b, m, t] = [base && (await comparable(base)), await comparable(mine), await comparable(theirs)];
  const comments = [b, m].map((plain) =>
    plain?.comments.map(({ node }) => (node.kind === 'comment' ? node.text : '')).join('\n'),
  );
  const found = compared(b?.doc ?? nothing, m.doc, t.doc);
  const all = keys ? withKeysKept(found, t.doc.format, keys) : found;
  return { entries: all.map(({ entry }) => entry), commentsChanged: comments[0] !== comments[1] };
}

type Documents = Pick<SourceDocument, 'documents'>;

/** The base of two files that were made apart. */
export const nothing: Documents = { documents: [] };

/** An entry with its values. */
export interface Compared {
  readonly entry: MergeEntry;
  readonly sides: Sides;
}

/** Every entry with its values, document by document. */
export function compared(...docs: readonly [base: Documents, mine: Documents, theirs: Documents]): Compared[] {
  const [base, mine, theirs] = docs.map((doc) => doc.documents.map(nodeValue)) as [Value[], Value[], Value[]];
  const found: Compared[] = [];
  const visit = (document: number, path: Path, sides: Sides): void => {
    const keys = commonKeys(sides);
    if (!keys) found.push({ entry: judged(document, path, sides), sides });
    else for (const key of keys) visit(document, [...path, key], childrenOf(sides, key));
  };
  const count = Math.max(base.length, mine.length, theirs.length);
  for (let i = 0; i < count; i++) visit(i, [], { base: base[i], mine: mine[i], theirs: theirs[i] });
  return found;
}

/** The same, where an entry is a conflict, too, by which a side would lose a named encryption key to the other, which alone changed it. */
export function withKeysKept(all: readonly Compared[], format: FormatId, keeping: Side): readonly Compared[] {
  const losing = losingKeys(all, format, keeping);
  return all.map((one) =>
    losing.has(one) ? { ...one, entry: { ...one.entry, state: 'conflict', isKey: true } } : one,
  );
}

/** The keys of all sides, where every side that is there is a map without duplicates; undefined where that is one entry. */
function commonKeys({ base, mine, theirs }: Sides): Set<string> | undefined {
  const keys = new Set<string>();
  for (const side of [theirs, mine, base]) {
    if (side === undefined) continue;
    if (side.kind !== 'map' || indexOf(side).size < side.members.length) return undefined;
    for (const { key } of side.members) keys.add(key);
  }
  return keys.size > 0 ? keys : undefined;
}

const indexes = new WeakMap<Value, Map<string, Value>>();

function childrenOf({ base, mine, theirs }: Sides, key: string): Sides {
  const child = (side: Value | undefined) => side && indexOf(side).get(key);
  return { base: child(base), mine: child(mine), theirs: child(theirs) };
}

function indexOf(value: Value): Map<string, Value> {
  const known = indexes.get(value);
  if (known) return known;
  const index = new Map(value.kind === 'map' ? value.members.map((member) => [member.key, member.value]) : []);
  indexes.set(value, index);
  return index;
}

function judged(document: number, path: Path, { base, mine, theirs }: Sides): MergeEntry {
  const [b, m, t] = [base, mine, theirs].map((side) => side && fingerprint(side));
  const entry = { document, path, mine: effect(b, m), theirs: effect(b, t) };
  if (entry.mine === 'same') return { ...entry, state: entry.theirs === 'same' ? 'same' : 'theirsOnly' };
  if (entry.theirs === 'same') return { ...entry, state: 'mineOnly' };
  return { ...entry, state: m === t ? 'bothSame' : 'conflict' };
}

function effect(before: string | undefined, after: string | undefined): Effect {
  if (before === after) return 'same';
  if (before === undefined) return 'added';
  return after === undefined ? 'removed' : 'changed';
}

/** Which of the versions have an entry that is not the same in all of them. */
export function presence({
  mine,
  theirs,
}: Pick<MergeEntry, 'mine' | 'theirs'>): Readonly<Record<'base' | Side, boolean>> {
  const base = mine !== 'added' && theirs !== 'added';
  const has = (effect: Effect) => (effect === 'same' ? base : effect !== 'removed');
  return { base, mine: has(mine), theirs: has(theirs) };
}
