import type { Row } from '../../../src/protocol/messages.ts';
import type { Context } from '../context.ts';
import { addSecret, editComment } from '../fields/add.ts';
import { editValue } from '../fields/edit.ts';
import { rename } from '../fields/rename.ts';
import type { Reveal } from './reveal.ts';
import type { RowAct } from './row.ts';
import { copyValue, openRowMenu } from './rowmenu.ts';

/** Mouse and touch in the table. */
export function listenToPointer(context: Context, reveal: Reveal): void {
  const { table, model } = context;
  table.scroller.addEventListener('click', (event) => {
    const row = model.row(table.idOf(event.target));
    // Beside the rows: the keyboard stays with the table. A button that has another icon now was in its place, too.
    const beside = event.target instanceof Element && event.target.isConnected && !event.target.closest('.panel');
    if (!row && beside) table.focusHere();
    if (!row || !(event.target instanceof Element)) return;
    const button = event.target.closest<HTMLElement>('[data-act]');
    if (button) return doAct(context, reveal, row, button);
    if (event.target.closest('input, select, textarea, button')) return;
    model.select(row.id, event.shiftKey ? 'extend' : event.ctrlKey || event.metaKey ? 'toggle' : 'one');
    table.focus(row.id);
  });
  table.scroller.addEventListener('dblclick', (event) => {
    const row = model.row(table.idOf(event.target));
    if (!row || !(event.target instanceof Element) || event.target.closest('input, select, button, [data-act]')) return;
    if (event.target.closest('.cell.name') && row.kind !== 'comment') void rename(context, row);
    else if (row.kind === 'comment' || event.target.closest('.cell.comment')) void editComment(context, row);
    else if (row.kind === 'entry') void editValue(context, row);
    else if (row.kind === 'group') {
      model.toggle(row.id);
      table.focus(row.id);
    }
  });
  table.scroller.addEventListener('contextmenu', (event) => {
    const row = model.row(table.idOf(event.target));
    if (!row || (event.target instanceof Element && event.target.closest('input, textarea'))) return;
    event.preventDefault();
    event.stopPropagation();
    if (!model.selected.has(row.id)) model.select(row.id);
    table.focus(row.id);
    openRowMenu(context, reveal, row, { x: event.clientX, y: event.clientY });
  });
}

function doAct(context: Context, reveal: Reveal, row: Row, button: HTMLElement): void {
  const { model, table } = context;
  const act = button.dataset.act as RowAct;
  if (model.current !== row.id) model.select(row.id);
  if (act === 'toggle') {
    model.toggle(row.id);
    table.focus(row.id);
  } else if (act === 'reveal') void reveal.show(row);
  else if (act === 'hide') reveal.hide({ focus: true });
  else if (act === 'showAll') reveal.box();
  else if (act === 'copy') void copyValue(context, row);
  else if (act === 'edit') void editValue(context, row);
  else if (act === 'add') void addSecret(context, row, { inside: true });
  else {
    const box = button.getBoundingClientRect();
    openRowMenu(context, reveal, row, { x: box.left, y: box.bottom });
  }
  table.draw();
}
