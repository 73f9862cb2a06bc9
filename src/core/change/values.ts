import { LockstepError } from '../errors.ts';
import type { Path } from '../tree/path.ts';
import { type Scalar, scalar, type Value } from '../tree/value.ts';

/** Changes of plain trees: what a change of a text has to come to. All return a new tree and throw NO_SUCH_ENTRY. */

/** One entry or item, `key` being undefined for an item. */
export interface Member {
  readonly key: string | undefined;
  readonly value: Value;
}

/** The members of a map or list in order; undefined for a scalar. */
export function membersOf(value: Value): readonly Member[] | undefined {
  if (value.kind === 'map') return value.members;
  return value.kind === 'list' ? value.items.map((item) => ({ key: undefined, value: item })) : undefined;
}

/** Which member a part of a path names, -1 if none does. */
function indexOf(value: Value, part: string | number): number {
  if (value.kind === 'map') return value.members.findIndex((member) => member.key === part);
  return value.kind === 'list' && typeof part === 'number' && part < value.items.length ? part : -1;
}

/** With the value at a path replaced by what `change` makes of it. */
export function changedAt(root: Value, path: Path, change: (old: Value) => Value): Value {
  const [part, ...rest] = path;
  if (part === undefined) return change(root);
  const members = membersOf(root);
  const index = indexOf(root, part);
  const old = members?.[index];
  if (!members || !old) throw new LockstepError('NO_SUCH_ENTRY', { path });
  return built(root, members.with(index, { ...old, value: changedAt(old.value, rest, change) }));
}

/** Which of a group's members, where keys may stand twice. */
interface At {
  readonly path: Path;
  readonly index: number;
}

/** Without the entry or item at a place. */
export function removedAt(root: Value, at: At): Value {
  return splicedAt(root, at, () => []);
}

/** With the entry at a place under another key. */
export function renamedAt(root: Value, at: At, key: string): Value {
  return splicedAt(root, at, (old) => [{ ...old, key }]);
}

/** With other scalars, by their place among all scalars of the documents. */
export function withScalars(roots: readonly Value[], scalars: ReadonlyMap<number, Scalar>): Value[] {
  let n = 0;
  const visit = (value: Value): Value => {
    if (value.kind === 'map')
      return { kind: 'map', members: value.members.map((one) => ({ key: one.key, value: visit(one.value) })) };
    if (value.kind === 'list') return { kind: 'list', items: value.items.map(visit) };
    const other = scalars.get(n++);
    return other ? scalar(other) : value;
  };
  return roots.map(visit);
}

/** With members put into the map or list at `parent`, before the one at `index`. */
export function insertedAt(root: Value, parent: Path, index: number, more: readonly Member[]): Value {
  return changedAt(root, parent, (old) => {
    const members = membersOf(old);
    if (!members) throw new LockstepError('NO_SUCH_ENTRY', { path: parent });
    return built(old, members.toSpliced(index, 0, ...more));
  });
}

function splicedAt(root: Value, { path, index }: At, make: (old: Member) => Member[]): Value {
  return changedAt(root, path.slice(0, -1), (parent) => {
    const members = membersOf(parent);
    const old = members?.[index];
    if (!members || !old) throw new LockstepError('NO_SUCH_ENTRY', { path });
    return built(parent, members.toSpliced(index, 1, ...make(old)));
  });
}

function built(like: Value, members: readonly Member[]): Value {
  if (like.kind === 'map')
    return { kind: 'map', members: members.map(({ key, value }) => ({ key: key ?? '', value })) };
  return { kind: 'list', items: members.map(({ value }) => value) };
}
