import type { Row } from '../../../src/protocol/messages.ts';
import { backToTable, type Context } from '../context.ts';
import { quiet } from '../fields/field.ts';
import { openDialog } from '../parts/dialog.ts';
import { h, type Properties } from '../parts/dom.ts';
import { icon } from '../parts/icons.ts';
import { visibleText } from '../parts/visible.ts';
import { words } from '../words.ts';
import { fits, move, placeOf } from './structure.ts';

/** A picker of groups, for moving without a mouse. */
export async function moveTo(context: Context, row: Row): Promise<void> {
  if (!(await context.desk.clear())) return;
  const targets = targetsOf(context, row);
  const filter = h('input', {
    type: 'text',
    class: 'field',
    placeholder: words.filterGroups,
    role: 'combobox',
    'aria-label': words.filterGroups,
    'aria-controls': 'move-targets',
    'aria-expanded': 'true',
    ...quiet,
  });
  const list = h('div', {
    class: 'options',
    role: 'listbox',
    id: 'move-targets',
    'aria-label': words.moveTitle(visibleText(row.name)),
  });
  let at = 0;
  let found: readonly Target[] = [];
  const choose = (index: number) => {
    const target = found[index];
    if (!target) return;
    dialog.close();
    void move(context, row, placeOf(target.group?.id));
  };
  const draw = () => {
    const wanted = filter.value.toLowerCase();
    found = targets.filter(({ path }) => path.toLowerCase().includes(wanted));
    at = Math.max(0, Math.min(at, found.length - 1));
    const options = found.map((target, index) => {
      const click = () => choose(index);
      return optionOf(target, { id: `move-${index}`, 'aria-selected': String(index === at), on: { click } });
    });
    list.replaceChildren(...options);
    filter.setAttribute('aria-activedescendant', found.length > 0 ? `move-${at}` : '');
    empty.hidden = found.length > 0;
    options[at]?.scrollIntoView({ block: 'nearest' });
  };
  const empty = h('p', { class: 'muted', role: 'status' }, words.noGroup);
  filter.addEventListener('input', draw);
  filter.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      at += event.key === 'ArrowDown' ? 1 : -1;
      draw();
    } else if (event.key === 'Enter') choose(at);
  });
  const title = words.moveTitle(visibleText(row.name || words.comment));
  const dialog = openDialog(title, [filter, list, empty], () => backToTable(context));
  draw();
  filter.focus();
}

interface Target {
  readonly group: Row | undefined;
  readonly path: string;
}

const optionOf = ({ path, group }: Target, properties: Properties) =>
  h(
    'div',
    { role: 'option', class: 'option', ...properties },
    icon(group ? 'list-tree' : 'arrow-up'),
    h('span', {}, path),
  );

/** Groups that the row can go to: not where it is, not itself, nothing below it. */
function targetsOf(context: Context, row: Row): Target[] {
  const { model } = context;
  const now = model.parent(row.id);
  const groups = model.rows.filter(
    (one) =>
      one.kind === 'group' && one !== now && !one.fixed && !model.within(one.id, row.id) && fits(context, row, one.id),
  );
  const top = now && fits(context, row, undefined) ? [{ group: undefined, path: words.topLevel }] : [];
  return [...top, ...groups.map((group) => ({ group, path: model.path(group.id).map(visibleText).join(' › ') }))];
}
