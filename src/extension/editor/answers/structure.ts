import * as vscode from 'vscode';
import type { Step, Target } from '../../../core/change/intent.ts';
import { idOfPath, type NodeId } from '../../../core/change/locate.ts';
import { lostKey } from '../../../core/enckeys/keys.ts';
import { LockstepError } from '../../../core/errors.ts';
import { itemsOf } from '../../../core/format/place.ts';
import type { Rename } from '../../../core/policy/follow.ts';
import type { SealedComment } from '../../../core/sops/sealed.ts';
import { isCommentItem } from '../../../core/sops/walk.ts';
import { type Path, samePath } from '../../../core/tree/path.ts';
import { scalarIn } from '../../../core/tree/typed.ts';
import { scalar, type Value } from '../../../core/tree/value.ts';
import type { RowTarget } from '../../../core/view/rows.ts';
import type { RowId } from '../../../protocol/messages.ts';
import type { Done, Place, Requests } from '../../../protocol/requests.ts';
import { mayRemoveKeys } from '../../person/lostkeys.ts';
import { type Asked, done, editable, step } from './asked.ts';

const { t } = vscode.l10n;

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
  const { document, path } =
    group === undefined ? { document: sibling?.document ?? 0, path: [] } : nodeOf(asked, group);
  return {
    target: { group: idOfPath(document, path), ...(sibling ? { before: sibling.id } : {}) },
    document,
    path,
  };
}

export function add({ place, name, text, as }: Requests['add'], asked: Asked): Promise<Done> {
  return addOne(asked, place, name, () => scalar(scalarIn(text, as, asked.page.sheet.format)));
}

export function addGroup({ place, name, list }: Requests['addGroup'], asked: Asked): Promise<Done> {
  return addOne(asked, place, name, () => (list ? { kind: 'list', items: [] } : { kind: 'map', members: [] }));
}

async function addOne(asked: Asked, place: Place, name: string, made: () => Value): Promise<Done> {
  let focus = '';
  const value = made();
  await step(asked, t('Add Secret'), () => {
    const { target, document, path } = targetOf(asked, place);
    const node = place.group === undefined ? undefined : nodeOf(asked, place.group);
    const list = node?.kind === 'group' && node.node.kind === 'list' ? node.node : undefined;
    const index =
      place.before === undefined
        ? list && itemsOf(list).filter((item) => !isCommentItem(item)).length
        : nodeOf(asked, place.before).path.at(-1);
    focus = idOfPath(document, [...path, list ? (index ?? 0) : name]);
    return { kind: 'add', to: target, members: [{ key: list ? undefined : name, value }] };
  });
  return done(asked, focus);
}

export const rename = ({ row, name }: Requests['rename'], asked: Asked) =>
  named('rename', t('Rename Secret'), row, name, asked);

export const duplicate = ({ row, name }: Requests['duplicate'], asked: Asked) =>
  named('duplicate', t('Duplicate Secret'), row, name, asked);

async function named(
  kind: 'rename' | 'duplicate',
  label: string,
  row: RowId,
  name: string,
  asked: Asked,
): Promise<Done> {
  let focus = row;
  let renamed: Rename | undefined;
  await step(asked, label, () => {
    const { id, document, path } = nodeOf(asked, row);
    renamed = { document, from: path, to: [...path.slice(0, -1), name] };
    focus = idOfPath(document, renamed.to);
    return { kind, id, key: name };
  });
  if (kind === 'rename') follow(asked, renamed);
  return done(asked, focus);
}

/** What the policy says of an entry goes along with its name. */
function follow({ services, page }: Asked, rename: Rename | undefined): void {
  if (rename) services.policies.renamed(page.sheet.document.uri, rename);
}

/** The lines behind a row that is a comment of its own; none for another row. */
function commentsOf({ page, revision }: Asked, row: RowId): readonly SealedComment[] {
  const target = page.sheet.target(row, revision);
  return target.kind === 'comment' ? target.comments : [];
}

/** The named encryption keys in these rows, and in the groups among them. */
function lostIn(rows: readonly RowId[], asked: Asked): string[] {
  const opened = asked.page.sheet.opened();
  const gone = rows.filter((row) => commentsOf(asked, row).length === 0).map((row) => nodeOf(asked, row));
  return opened.sealed.leaves.flatMap((leaf) => {
    const goes = gone.some(
      ({ document, path }) => document === leaf.document && samePath(path, leaf.path.slice(0, path.length)),
    );
    return (goes && lostKey(opened, leaf, undefined)) || [];
  });
}

/** Several rows are one step. Null when the person keeps a named encryption key among them. */
export async function remove({ rows }: Requests['remove'], asked: Asked): Promise<Done | null> {
  const { sheet } = asked.page;
  if (sheet.table.rows.some(({ encryptionKey }) => encryptionKey)) {
    const lost = await editable(asked).settled(async () => lostIn(rows, asked));
    if (!(await mayRemoveKeys(asked.services, sheet.document.uri, lost))) return null;
  }
  await step(asked, t('Delete Secrets'), ({ sealed }): readonly Step[] => {
    const comments = rows.flatMap((row) => commentsOf(asked, row)).map((one) => sealed.comments.indexOf(one));
    const ids = rows.filter((row) => commentsOf(asked, row).length === 0).map((row) => nodeOf(asked, row).id);
    const steps = comments.map((comment) => ({ kind: 'reword', comment }) as const);
    return ids.length === 0 ? steps : [...steps, { kind: 'remove', ids }];
  });
  return done(asked);
}

export async function move({ row, place }: Requests['move'], asked: Asked): Promise<Done> {
  let focus = row;
  let renamed: Rename | undefined;
  await step(asked, t('Move Secret'), () => {
    const from = nodeOf(asked, row);
    const { target, document, path } = targetOf(asked, place);
    const key = from.path.at(-1);
    if (typeof key === 'string') focus = idOfPath(document, [...path, key]);
    if (typeof key === 'string' && document === from.document)
      renamed = { document, from: from.path, to: [...path, key] };
    return { kind: 'move', id: from.id, to: target };
  });
  follow(asked, renamed);
  return done(asked, focus);
}
