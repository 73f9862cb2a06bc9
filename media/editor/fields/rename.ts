import type { Row } from '../../../src/protocol/messages.ts';
import { backToTable, type Context } from '../context.ts';
import { Refusal } from '../host.ts';
import { h } from '../parts/dom.ts';
import { words } from '../words.ts';
import { type Field, openField } from './desk.ts';
import { quiet } from './field.ts';

/** The name of a row, in a field in its place. Enter or leaving renames, Escape leaves it as it was. */
export async function rename(context: Context, row: Row): Promise<void> {
  const { model } = context;
  if (model.state?.readOnly || row.fixed || row.kind === 'comment' || model.parent(row.id)?.list) return;
  await openField(context, nameField(context, row));
}

function nameField(context: Context, row: Row): Field {
  const { desk, table, host, live } = context;
  const input = h('input', { type: 'text', class: 'field', 'aria-label': words.nameOf(row.name), ...quiet });
  input.value = row.name;
  let free: Promise<boolean> = Promise.resolve(true);
  let leaving: Promise<boolean> | undefined;

  const send = async () => {
    // It keeps the keyboard meanwhile, and takes in nothing: what opens next needs the new ids of the rows.
    input.readOnly = true;
    try {
      if (!(await free)) return true;
      context.awaitRow(await host.ask('rename', { row: row.id, name: input.value }));
      field.close();
      return true;
    } catch (error) {
      live.refuse(error instanceof Refusal ? error : undefined);
      input.readOnly = false;
      input.setAttribute('aria-invalid', 'true');
      input.focus();
      return false;
    } finally {
      leaving = undefined;
    }
  };
  const field: Field = {
    row: row.id,
    load: (left) => {
      free = left;
      return left;
    },
    show: () => {
      const indent = h('span', { class: 'indent' });
      indent.style.width = `${row.depth * 12}px`;
      table.hold(row.id, 'name', indent, h('span', { class: 'twistie' }), input);
      table.show(row.id);
    },
    focus: () => {
      input.focus();
      input.select();
    },
    leave: () => {
      if (input.value === row.name) return Promise.resolve(!field.close());
      leaving ??= send();
      return leaving;
    },
    forget: () => undefined,
    close: () => {
      desk.take(field);
      table.release(row.id);
      return false;
    },
    contains: (element) => element === input,
  };
  const enter = async () => {
    if ((await field.leave()) && document.activeElement === document.body) backToTable(context);
  };
  input.addEventListener('keydown', (event) => {
    if ((event.key !== 'Enter' && event.key !== 'Escape') || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Enter') return void enter();
    if (leaving) return;
    field.close();
    backToTable(context);
  });
  input.addEventListener('focusout', (event) => {
    if (event.relatedTarget instanceof Element && desk.open === field) void field.leave();
  });
  return field;
}
