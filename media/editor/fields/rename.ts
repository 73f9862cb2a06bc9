import type { Row } from '../../../src/protocol/messages.ts';
import { backToTable, type Context } from '../context.ts';
import { Refusal } from '../host.ts';
import { h } from '../parts/dom.ts';
import { words } from '../words.ts';
import { closeField, openField } from './ahead.ts';
import type { Open } from './desk.ts';
import { quiet } from './field.ts';

/** The name of a row, in a field in its place. Enter or leaving renames, Escape leaves it as it was. */
export async function rename(context: Context, row: Row): Promise<void> {
  const { model } = context;
  if (model.state?.readOnly || row.fixed || row.kind === 'comment' || model.parent(row.id)?.list) return;
  const here = async () => model.row(row.id);
  await openField(context, row.id, here, () => showName(context, row));
}

function showName(context: Context, row: Row): void {
  const { desk, table, host, live } = context;
  const input = h('input', { type: 'text', class: 'field', 'aria-label': words.nameOf(row.name), ...quiet });
  input.value = row.name;
  const close = () => {
    desk.take(open);
    table.release(row.id);
    return false;
  };
  let leaving: Promise<boolean> | undefined;
  const leave = () => {
    leaving ??= send().finally(() => {
      leaving = undefined;
    });
    return leaving;
  };
  const send = async () => {
    if (input.value === row.name) return !close();
    try {
      context.awaitRow(await host.ask('rename', { row: row.id, name: input.value }));
    } catch (error) {
      live.refuse(error instanceof Refusal ? error : undefined);
      input.setAttribute('aria-invalid', 'true');
      input.focus();
      return false;
    }
    return !close();
  };
  const open: Open = {
    row: row.id,
    leave,
    forget: () => undefined,
    close,
    contains: (element) => element === input,
  };
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Enter') return void closeField(context, leave);
    close();
    backToTable(context);
  });
  input.addEventListener('focusout', (event) => {
    if (event.relatedTarget instanceof Element && desk.open === open) void leave();
  });
  desk.put(open);
  const indent = h('span', { class: 'indent' });
  indent.style.width = `${row.depth * 12}px`;
  table.hold(row.id, 'name', indent, h('span', { class: 'twistie' }), input);
  input.focus();
  input.select();
}
