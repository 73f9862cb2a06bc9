import { bareText } from '../change/quotes.ts';
import type { FormatId } from '../format/document.ts';
import { fingerprint } from '../format/nodevalue.ts';
import { samePath } from '../tree/path.ts';
import type { Value } from '../tree/value.ts';
import { scalar, text as textScalar } from '../tree/value.ts';
import type { Found } from './found.ts';
import { nameIn, shapedFor } from './shape.ts';

/** What a person wants where another value is in an entry's place. */
export type Decision = 'keep' | 'replace' | { readonly rename: string };

/** What becomes of an entry. */
export type Fate =
  | 'new'
  | 'same' // that value is there
  | 'clash' // another value is there, of the file or of an entry before it: somebody has to decide
  | 'blocked' // a group is in the place of the value, or a value in that of its group: it can be renamed or left out
  | 'replaced' // takes the place of the other value
  | 'kept' // is left out, as somebody decided; or an entry behind it has taken its place
  | 'none'; // has no value, or none that the file can hold

/** An entry on its way. */
export interface Planned {
  /** Its number in the plan; decisions go by it. */
  readonly id: number;
  readonly found: Found;
  /** Where it goes. */
  readonly path: readonly string[];
  readonly fate: Fate;
  /** The clash is with an entry of the same source. */
  readonly within?: boolean;
  /** It gets another name than it has. */
  readonly renamed?: boolean;
  /** Plaintext. */
  readonly value: Value | undefined;
}

/** A place that is taken: a value, or a group of places. */
type Slot = Group | { readonly value: Value; readonly owner: number | undefined };
type Group = Map<string, Slot>;

/**
 * What becomes of each entry in a file, with the decisions made so far. Nothing is written, and what is asked again with one more
 * decision says what that changes.
 * @param there what the file holds, its first document; an empty map for a file that is to be made
 */
export function planImport(
  found: readonly Found[],
  there: Value,
  format: FormatId,
  decisions: ReadonlyMap<number, Decision> = new Map(),
): Planned[] {
  const taken = groupOf(there);
  const planned: Planned[] = [];
  for (const entry of found) {
    const shaped = shapedFor(entry, format);
    if (shaped.length === 0)
      planned.push({ id: planned.length, found: entry, path: entry.path, fate: 'none', value: undefined });
    for (const { path, value } of shaped) {
      const decision = named(decisions.get(planned.length), format);
      planned.push(placed(planned, taken, entry, path, value, decision));
    }
  }
  return planned;
}

/** Who gives a name need not know what names a file can hold. */
function named(decision: Decision | undefined, format: FormatId): Decision | undefined {
  return typeof decision === 'object' ? { rename: nameIn(decision.rename, format) } : decision;
}

function placed(
  planned: Planned[],
  taken: Group,
  found: Found,
  path: readonly string[],
  value: Value | undefined,
  decision: Decision | undefined,
): Planned {
  const id = planned.length;
  if (!value) return { id, found, path, fate: 'none', value };
  const first = look(taken, path, value);
  const renames = typeof decision === 'object' && (first.fate === 'clash' || first.fate === 'blocked');
  const at = renames ? path.with(first.depth, decision.rename) : path;
  const { fate, within } = renames ? look(taken, at, value) : first;
  const base = {
    id,
    found,
    path: at,
    value,
    ...(renames && { renamed: true }),
    ...(within !== undefined && { within: true }),
  };
  if (fate === 'new') {
    put(taken, at, value, id);
    return { ...base, fate };
  }
  if (fate === 'same' || renames) return { ...base, fate };
  if (decision === 'keep') return { ...base, fate: 'kept' };
  if (decision !== 'replace' || fate === 'blocked') return { ...base, fate };
  // Of two entries of one source the later one is written.
  const before = within === undefined ? undefined : planned[within]?.fate;
  for (const one of within === undefined ? [] : planned)
    if (one.fate !== 'none' && samePath(one.path, at)) planned[one.id] = { ...one, fate: 'kept' };
  put(taken, at, value, id);
  return { ...base, fate: before === 'new' ? 'new' : 'replaced' };
}

/** What is at a path; `depth` is the part of it that clashes, `within` the entry of the same source that is there. */
function look(
  taken: Group,
  path: readonly string[],
  value: Value,
): {
  readonly fate: 'new' | 'same' | 'clash' | 'blocked';
  readonly depth: number;
  readonly within?: number | undefined;
} {
  let group = taken;
  for (const [depth, key] of path.entries()) {
    const slot = group.get(key);
    if (!slot) return { fate: 'new', depth };
    const isLast = depth === path.length - 1;
    if (slot instanceof Map) {
      if (isLast) return { fate: value.kind === 'map' ? 'same' : 'blocked', depth };
      group = slot;
      continue;
    }
    if (!isLast) return { fate: 'blocked', depth, within: slot.owner };
    return { fate: alike(slot.value, value) ? 'same' : 'clash', depth, within: slot.owner };
  }
  return { fate: 'blocked', depth: 0 };
}

/** The same value; in a `.env` the quotes around it are none of it. */
function alike(a: Value, b: Value): boolean {
  return fingerprint(bare(a)) === fingerprint(bare(b));
}

const bare = (value: Value): Value => {
  const found = value.kind === 'scalar' ? bareText(value.scalar) : undefined;
  return found === undefined ? value : scalar(textScalar(found));
};

function put(group: Group, [key = '', ...rest]: readonly string[], value: Value, owner: number): void {
  if (rest.length === 0) {
    group.set(key, value.kind === 'map' ? groupOf(value) : { value, owner });
    return;
  }
  const slot = group.get(key);
  const inner: Group = slot instanceof Map ? slot : new Map();
  group.set(key, inner);
  put(inner, rest, value, owner);
}

function groupOf(value: Value): Group {
  const members = value.kind === 'map' ? value.members : [];
  return new Map(
    members.map(({ key, value: inner }): [string, Slot] => [
      key,
      inner.kind === 'map' ? groupOf(inner) : { value: inner, owner: undefined },
    ]),
  );
}
