import type { Row, RowId } from '../../../src/protocol/messages.ts';
import type { Place } from '../../../src/protocol/requests.ts';
import { attempt, type Context } from '../context.ts';
import { ask } from '../fields/ask.ts';
import { visibleText } from '../parts/visible.ts';
import { words } from '../words.ts';

const editable = ({ model }: Context, rows: readonly Row[]) =>
  model.state?.readOnly === false && rows.length > 0 && rows.every((row) => row.fixed === undefined);

/** Asks once, then deletes the chosen rows as one change that can be undone. */
export async function remove(context: Context, rows: readonly Row[]): Promise<void> {
  const [first] = rows;
  if (!first || !editable(context, rows)) return;
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

export async function move(context: Context, row: Row, place: Place): Promise<void> {
  if (!editable(context, [row]) || !(await context.desk.clear())) return;
  const done = await attempt(context, 'move', { row: row.id, place });
  if (!done) return;
  context.awaitRow(done);
  context.live.say(words.moved(visibleText(row.name || words.comment)), { quiet: true });
}

/** Whether a row can stand in a group, or at the top level: an INI file has entries in sections, and sections nowhere else. */
export const fits = ({ model }: Context, { kind }: Row, group: RowId | undefined): boolean =>
  model.state?.format !== 'ini' || kind === 'comment' || (kind === 'group') === (group === undefined);

/** One step up or down among the rows of its group. */
export async function step(context: Context, row: Row, by: -1 | 1): Promise<void> {
  const siblings = context.model.siblings(row.id);
  const at = siblings.indexOf(row);
  if (siblings[at + by] === undefined) return;
  const before = by < 0 ? siblings[at - 1] : siblings[at + 2];
  await move(context, row, placeOf(context.model.parent(row.id)?.id, before?.id));
}

export const placeOf = (group: RowId | undefined, before?: RowId): Place => ({
  ...(group !== undefined && { group }),
  ...(before !== undefined && { before }),
});

/** Says what it means before a value is stored in clear text; encrypting needs no question. */
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
