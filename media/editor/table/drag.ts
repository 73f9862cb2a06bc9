import type { Row } from '../../../src/protocol/messages.ts';
import type { Place } from '../../../src/protocol/requests.ts';
import type { Context } from '../context.ts';
import { isNamed } from '../model.ts';
import { h } from '../parts/dom.ts';
import { fits, move, placeOf } from './structure.ts';

/** Says nothing about the row: what is dragged may end outside the page. */
const kind = 'application/x-lockstep-row';

interface Target {
  readonly place: Place;
  readonly over: HTMLElement;
  readonly where: 'before' | 'after' | 'inside';
}

/** Rows can be dragged to another place: a line shows where, a frame shows which group. */
export function listenToDrag(context: Context): void {
  const { table, model } = context;
  const line = h('div', { class: 'drop' });
  let dragged: Row | undefined;
  let target: Target | undefined;
  const end = () => {
    dragged = undefined;
    target = undefined;
    line.remove();
  };
  table.scroller.addEventListener('dragstart', (event) => {
    dragged = model.row(table.idOf(event.target));
    if (!dragged || !event.dataTransfer) return;
    event.dataTransfer.setData(kind, '');
    event.dataTransfer.effectAllowed = 'move';
    // One row is moved, also where several were selected.
    model.select(dragged.id);
    table.draw();
  });
  table.scroller.addEventListener('dragover', (event) => {
    // What is dragged in from elsewhere is no row, also when `dragend` did not come.
    const ours = event.dataTransfer?.types.includes(kind);
    const found = ours && dragged && targetAt(context, dragged, event);
    target = found && dragged && fits(context, dragged, found.place.group) ? found : undefined;
    line.remove();
    if (!target) return;
    event.preventDefault();
    line.className = `drop ${target.where}`;
    target.over.append(line);
  });
  table.scroller.addEventListener('drop', (event) => {
    event.preventDefault();
    if (dragged && target) void move(context, dragged, target.place);
    end();
  });
  table.scroller.addEventListener('dragend', end);
}

function targetAt({ model, table }: Context, dragged: Row, event: DragEvent): Target | undefined {
  const row = model.row(table.idOf(event.target));
  const over = row && table.elementOf(row.id);
  if (!row || !over || model.within(row.id, dragged.id)) return undefined;
  const box = over.getBoundingClientRect();
  const share = (event.clientY - box.top) / box.height;
  const parent = model.parent(row.id)?.id;
  const inside = row.kind === 'group' && row.fixed === undefined;
  if (inside && share > 0.3 && (share < 0.7 || model.isOpen(row.id))) {
    const first = model.isOpen(row.id) && share >= 0.7 ? model.childrenOf(row.id).find(isNamed)?.id : undefined;
    return { place: placeOf(row.id, first), over, where: 'inside' };
  }
  const next = model.nextOf(row.id)?.id;
  if (share < 0.5) return { place: placeOf(parent, isNamed(row) ? row.id : next), over, where: 'before' };
  return { place: placeOf(parent, next), over, where: 'after' };
}
