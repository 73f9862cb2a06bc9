import type { Row } from '../../src/protocol/versions.ts';
import type { Grid } from './grid.ts';
import type { Values } from './reveal.ts';

/** What the keys of the rows need of the page. */
interface VersionsPage {
  readonly grid: Grid;
  readonly values: Values;
  choose(row: Row, column: number): void;
  openMenu(row: Row, at: { x: number; y: number }): void;
  startFilter(): void;
  /** False where nothing was searched for. */
  endFilter(): boolean;
}

type Act = (page: VersionsPage, row: Row, event: KeyboardEvent) => unknown;

const go =
  (to: (at: number, page: number, last: number) => number): Act =>
  ({ grid }, row) =>
    grid.go(to(grid.rows.indexOf(row), grid.page, grid.rows.length - 1));

const buttonsOf = (page: VersionsPage, row: Row) => [
  ...(page.grid.elementOf(row.id)?.querySelectorAll<HTMLButtonElement>('button') ?? []),
];

/** Through the buttons of the row; left of the first one is the row itself. */
const along =
  (step: 1 | -1): Act =>
  (page, row, { target }) => {
    const buttons = buttonsOf(page, row);
    const next = buttons.indexOf(target as HTMLButtonElement) + step;
    if (next < 0) page.grid.elementOf(row.id)?.focus({ preventScroll: true });
    else buttons[Math.min(next, buttons.length - 1)]?.focus({ preventScroll: true });
  };

const menu: Act = (page, row) => {
  const box = page.grid.elementOf(row.id)?.getBoundingClientRect();
  page.openMenu(row, { x: (box?.left ?? 0) + 40, y: box?.bottom ?? 0 });
};

/** Enter shows the values of the row, and hides them. */
const reveal: Act = (page, row) => {
  if (page.values.row === row.id) page.values.hide();
  else void page.values.show(row, [...row.cells.keys()]);
};

const leave: Act = (page, row, { target }) => {
  if (page.values.row !== undefined) page.values.hide();
  else if (target instanceof HTMLButtonElement) page.grid.elementOf(row.id)?.focus({ preventScroll: true });
  else return page.endFilter();
};

const keys: Readonly<Record<string, Act>> = {
  ArrowDown: go((at) => at + 1),
  ArrowUp: go((at) => at - 1),
  PageDown: go((at, page) => at + page),
  PageUp: go((at, page) => at - page),
  Home: go(() => 0),
  End: go((_at, _page, last) => last),
  ArrowRight: along(1),
  ArrowLeft: along(-1),
  Enter: reveal,
  ' ': reveal,
  Escape: leave,
  ContextMenu: menu,
  'Shift+F10': menu,
};

/** Keys of the rows, with the focus on one or on one of its buttons. */
export function onKey(page: VersionsPage, event: KeyboardEvent): void {
  const row = page.grid.rowOf(event.target);
  if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
  const onButton = event.target instanceof HTMLButtonElement;
  if (onButton && (event.key === 'Enter' || event.key === ' ')) return;
  const act = keys[`${event.shiftKey ? 'Shift+' : ''}${event.key}`];
  const digit = /^[1-9]$/.test(event.key);
  if (act) {
    if (act(page, row, event) === false) return;
    event.preventDefault();
    event.stopPropagation();
  } else if (digit) {
    page.choose(row, Number(event.key) - 1);
    event.preventDefault();
  } else if (event.key.length === 1) page.startFilter();
}
