import type { Cell, Row, VersionsState } from '../../src/protocol/versions.ts';
import { iconButton } from '../editor/parts/button.ts';
import { h, spoken } from '../editor/parts/dom.ts';
import { type IconName, icon } from '../editor/parts/icons.ts';
import { visibleText } from '../editor/parts/visible.ts';
import { words } from './words.ts';

/** As in the Secrets Editor: as many for any value. */
const mask = '••••••••';

const symbols: Readonly<Record<Row['tone'], IconName>> = {
  added: 'add',
  removed: 'trash',
  changed: 'edit',
  moved: 'move',
  conflict: 'warning',
  done: 'check',
  note: 'info',
  same: 'check',
};

type Look = Pick<VersionsState, 'columns' | 'locked' | 'presenting'>;

/** The cells of one row. A click is told by `data-act` and, of a version, `data-column`. */
export function cellsOf(row: Row, look: Look): HTMLElement[] {
  const name = visibleText(row.name);
  const title = h('div', { role: 'rowheader', class: 'cell name', title: name }, h('span', { class: 'label' }, name));
  if (row.kind === 'heading') {
    title.append(h('span', { class: 'muted' }, row.state), ...more(row));
    return [title];
  }
  const state = h(
    'div',
    { role: 'gridcell', class: `cell state tone-${row.tone}`, title: row.state },
    icon(symbols[row.tone]),
    h('span', { class: 'label' }, visibleText(row.state)),
  );
  return [
    title,
    state,
    ...row.cells.map((cell, column) => versionCell(cell, column, look)),
    h('div', { role: 'gridcell', class: 'cell tools' }, ...more(row)),
  ];
}

function more({ actions }: Row): Node[] {
  if (actions.length === 0) return [];
  return [iconButton('ellipsis', words.more, () => undefined, { tabindex: -1, 'data-act': 'more' })];
}

function versionCell(cell: Cell, column: number, { columns, locked, presenting }: Look): HTMLElement {
  const label = columns[column] ?? '';
  const choice = cell.choice && chooser(cell.choice, column, label);
  const eye =
    cell.shows &&
    !locked &&
    !presenting &&
    iconButton('eye', words.reveal(label), () => undefined, {
      tabindex: -1,
      'data-act': 'reveal',
      'data-column': column,
    });
  return h(
    'div',
    { role: 'gridcell', class: `cell version ${cell.choice ?? ''}` },
    choice,
    h('span', { class: 'what' }, ...said(cell)),
    eye && h('span', { class: 'actions' }, eye),
  );
}

function said({ kind, text, mark }: Cell): Node[] {
  const shown = visibleText(text);
  if (kind === 'none')
    return [h('span', { class: 'muted', 'aria-hidden': 'true' }, '–'), spoken(shown || words.nothing)];
  if (kind === 'words') return [h('span', { class: 'plain', title: shown }, shown)];
  return [
    h('span', { class: 'mask', 'aria-hidden': 'true' }, mask),
    spoken(words.hidden),
    ...(mark === undefined ? [] : [h('code', { class: 'mark', title: words.mark(mark) }, mark)]),
    ...(shown === '' ? [] : [h('span', { class: 'muted', title: shown }, shown)]),
  ];
}

/** A radio button that the row's keys reach, so that Tab passes the rows in one step. */
function chooser(choice: 'open' | 'chosen', column: number, label: string): HTMLElement {
  return h(
    'button',
    {
      ...{ type: 'button', role: 'radio', class: 'chooser', tabindex: -1 },
      ...{ 'data-act': 'choose', 'data-column': column },
      'aria-checked': String(choice === 'chosen'),
      'aria-label': words.choose(label),
      title: words.choose(label),
    },
    h('span', { class: 'dot', 'aria-hidden': 'true' }),
  );
}
