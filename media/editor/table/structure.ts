import type { Row, RowId } from '../../../src/protocol/messages.ts';
import type { Place } from '../../../src/protocol/requests.ts';
import { attempt, type Context } from '../context.ts';
import { ask } from '../fields/ask.ts';
import { isNamed } from '../model.ts';
import { visibleText } from '../parts/visible.ts';
import { words } from '../words.ts';

const editable = ({ model }: Context, rows: readonly Row[]) =>
  model.state?.readOnly === false &&
  model.structured &&
  rows.length > 0 &&
  rows.every((row) => row.fixed === undefined);

/** Asks once, then deletes the chosen rows as one change that can be undone. */
export async function remove(context: Context, rows: readonly Row[]): Promise<void> {
  const [first] = rows;
  if (!first || !editable(context, rows)) return;
  if (rows.length === 1 && first.encryptionKey) {
    await attempt(context, 'key', { row: first.id, verb: 'remove' });
    return;
  }
  const name = visibleText(first.name || words.comment);
  const text =
    rows.length > 1
      ? words.removeMany(rows.length)
      : first.kind === 'group' && first.children > 0
        ? words.removeGroup(name, first.children)
        : words.removeAsk(name);
  const row = context.model.row(context.model.current) ?? first;
  await ask(context, {
    row: row.id,
    symbol: 'trash',
    text,
    yes: words.remove,
    act: async () => {
      const done = await attempt(context, 'remove', { rows: rows.map(({ id }) => id) });
      if (!done) return;
      context.awaitRow(done);
      context.live.say(words.removed(rows.length));
    },
  });
}

/** Gives the id that the row has in its new place; undefined when it did not move. */
export async function move(context: Context, row: Row, place: Place): Promise<RowId | undefined> {
  if (!isNamed(row) || !editable(context, [row]) || !(await context.desk.clear())) return undefined;
  const done = await attempt(context, 'move', { row: row.id, place });
  if (!done) return undefined;
  context.awaitRow(done);
  context.live.say(words.moved(visibleText(row.name || words.comment)), { quiet: true });
  return done.focus;
}

/** Whether a row can be in a group, or at the top level: an INI file has entries in sections, and sections at the top level only. */
export const fits = ({ model }: Context, { kind }: Row, group: RowId | undefined): boolean =>
  model.state?.format !== 'ini' || (kind === 'group') === (group === undefined);

interface Step {
  readonly from: RowId;
  readonly to: RowId | undefined;
}
let stepping: Promise<Step> | undefined;

/**
 * One step up or down among the rows of its group. A key that is pressed again before the row has moved starts from where
 * that step ends: the row may have another id there.
 */
export async function step(context: Context, { id }: Row, by: -1 | 1): Promise<void> {
  const last = stepping;
  const mine = (async (): Promise<Step> => {
    const before = await last;
    const now = before?.from === id ? before.to : id;
    return { from: id, to: now === undefined ? undefined : await stepFrom(context, now, by) };
  })();
  stepping = mine;
  await mine;
  if (stepping === mine) stepping = undefined;
}

/** Gives the id that the row has afterwards. */
async function stepFrom(context: Context, id: RowId, by: -1 | 1): Promise<RowId | undefined> {
  const { model } = context;
  const row = model.row(id);
  if (!row) return undefined;
  const siblings = model.siblings(id).filter(isNamed);
  const at = siblings.indexOf(row);
  if (siblings[at + by] === undefined) return id;
  const before = by < 0 ? siblings[at - 1] : siblings[at + 2];
  return move(context, row, placeOf(model.parent(id)?.id, before?.id));
}

export const placeOf = (group: RowId | undefined, before?: RowId): Place => ({
  ...(group !== undefined && { group }),
  ...(before !== undefined && { before }),
});

/** Asks before a value is stored as plaintext; encrypting needs no question. */
export async function markPlain(context: Context, row: Row): Promise<void> {
  if (!editable(context, [row])) return;
  const act = async (on: boolean) => {
    const done = await attempt(context, 'markPlain', { row: row.id, on });
    if (done) context.awaitRow(done);
  };
  if (!row.secret) return act(false);
  const text = words.markPlainAsk(visibleText(row.name));
  await ask(context, { row: row.id, symbol: 'unlock', text, yes: words.markPlainDo, act: () => act(true) });
}
