import { change } from '../../../core/change/change.ts';
import type { Target } from '../../../core/change/intent.ts';
import { idOfPath, type NodeId } from '../../../core/change/locate.ts';
import { LockstepError } from '../../../core/errors.ts';
import type { Path } from '../../../core/tree/path.ts';
import { scalar, type Value } from '../../../core/tree/value.ts';
import type { RowId } from '../../../protocol/messages.ts';
import type { Done, Place, Requests, Results } from '../../../protocol/requests.ts';
import type { RowTarget } from '../rows.ts';
import type { Asked } from './answers.ts';
import { editable, labels, scalarIn } from './changing.ts';

type Node = Exclude<RowTarget, { kind: 'comment' }>;

/** The entry or group behind a row, with the id by which core knows it. Throws NO_SUCH_ENTRY, also for a comment line. */
export function nodeOf({ page, revision }: Asked, row: RowId): Node & { readonly id: NodeId } {
  const target = page.sheet.target(row, revision);
  if (target.kind === 'comment') throw new LockstepError('NO_SUCH_ENTRY');
  return { ...target, id: row };
}

/** Without a group, a place is at the top level of the document that its neighbour is in. */
function targetOf(asked: Asked, { group, before }: Place): { target: Target; document: number; path: Path } {
  const sibling = before === undefined ? undefined : nodeOf(asked, before);
  const into = group === undefined ? { document: sibling?.document ?? 0, path: [] as Path } : nodeOf(asked, group);
  const { document, path } = into;
  return {
    target: { group: idOfPath(document, path), ...(sibling ? { before: sibling.id } : {}) },
    document,
    path,
  };
}

/** The revision after a change, and the row to go to. */
export function done({ page }: Asked, focus?: RowId): Done {
  const { revision, table } = page.sheet;
  return focus !== undefined && table.targets.has(focus) ? { revision, focus } : { revision };
}

export async function add({ place, name, text, as }: Requests['add'], asked: Asked): Promise<Results['add']> {
  return addOne(asked, place, name, scalar(scalarIn(text, as, asked.page.sheet.format)));
}

export async function addGroup({ place, name, list }: Requests['addGroup'], asked: Asked): Promise<Done> {
  return addOne(asked, place, name, list ? { kind: 'list', items: [] } : { kind: 'map', members: [] });
}

async function addOne(asked: Asked, place: Place, name: string, value: Value): Promise<Done> {
  let focus = '';
  await editable(asked).change(labels.add(), (opened) => {
    const { target, document, path } = targetOf(asked, place);
    const list = isList(asked, place);
    focus = idOfPath(document, [...path, list ? itemIndex(asked, place) : name]);
    const members = [{ key: list ? undefined : name, value }];
    return change(opened, { kind: 'add', to: target, members }, asked.services.clock);
  });
  return done(asked, focus);
}

function isList(asked: Asked, { group }: Place): boolean {
  const node = group === undefined ? undefined : nodeOf(asked, group);
  return node?.kind === 'group' && node.node.kind === 'list';
}

/** Where a new item of a list will be. */
function itemIndex(asked: Asked, { group = '', before }: Place): number {
  if (before !== undefined) return Number(nodeOf(asked, before).path.at(-1));
  const { path, document } = nodeOf(asked, group);
  const items = [...asked.page.sheet.table.targets.values()].filter(
    (one) =>
      one.kind !== 'comment' &&
      one.document === document &&
      one.path.length === path.length + 1 &&
      path.every((part, i) => one.path[i] === part),
  );
  return items.length;
}

export async function rename({ row, name }: Requests['rename'], asked: Asked): Promise<Done> {
  let focus = row;
  await editable(asked).change(labels.rename(), (opened) => {
    const { id, document, path } = nodeOf(asked, row);
    focus = idOfPath(document, [...path.slice(0, -1), name]);
    return change(opened, { kind: 'rename', id, key: name }, asked.services.clock);
  });
  return done(asked, focus);
}

/** Several rows are one step. */
export async function remove({ rows }: Requests['remove'], asked: Asked): Promise<Done> {
  await editable(asked).change(labels.remove(), (opened) => {
    const ids = rows.map((row) => nodeOf(asked, row).id);
    return change(opened, { kind: 'remove', ids }, asked.services.clock);
  });
  return done(asked);
}

export async function duplicate({ row, name }: Requests['duplicate'], asked: Asked): Promise<Done> {
  let focus = row;
  await editable(asked).change(labels.duplicate(), (opened) => {
    const { id, document, path } = nodeOf(asked, row);
    focus = idOfPath(document, [...path.slice(0, -1), name]);
    return change(opened, { kind: 'duplicate', id, key: name }, asked.services.clock);
  });
  return done(asked, focus);
}

export async function move({ row, place }: Requests['move'], asked: Asked): Promise<Done> {
  let focus = row;
  await editable(asked).change(labels.move(), (opened) => {
    const from = nodeOf(asked, row);
    const { target, document, path } = targetOf(asked, place);
    const key = from.path.at(-1);
    if (typeof key === 'string') focus = idOfPath(document, [...path, key]);
    return change(opened, { kind: 'move', id: from.id, to: target }, asked.services.clock);
  });
  return done(asked, focus);
}
