import type { Row } from '../../../src/protocol/messages.ts';
import type { Context } from '../context.ts';
import { addSecret } from '../fields/add.ts';
import { editValue } from '../fields/edit.ts';
import { rename } from '../fields/rename.ts';
import type { Reveal } from './reveal.ts';
import { canShow } from './row.ts';
import { copyValue, openRowMenu } from './rowmenu.ts';
import { remove, step } from './structure.ts';

/** What the table's keys need of the rest of the page. */
interface KeyTargets {
  readonly reveal: Reveal;
  /** For a key with a letter. */
  startSearch(event: KeyboardEvent): void;
  showHelp(): void;
  /** Shows all rows again; false when none was searched for. */
  endSearch(): boolean;
  toggleAll(open: boolean): void;
}

interface Pressed {
  readonly context: Context;
  readonly targets: KeyTargets;
  readonly row: Row;
  readonly event: KeyboardEvent;
}

/** Keys of the table, with the focus on a row or on one of its buttons. Returns false for a key that means nothing here. */
export function onTableKey(context: Context, targets: KeyTargets, event: KeyboardEvent): void {
  const { model, table } = context;
  if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) return;
  const row = model.row(table.idOf(event.target) ?? model.current);
  if (!row) return;
  const pressed: Pressed = { context, targets, row, event };
  const control = event.ctrlKey || event.metaKey;
  const name = `${control ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${event.shiftKey ? 'Shift+' : ''}${event.key}`;
  const act = keys[name] ?? (event.shiftKey ? keys[name.replace('Shift+', '')] : undefined);
  const onButton = event.target instanceof HTMLButtonElement;
  if (onButton && (event.key === 'Enter' || event.key === ' ')) return;
  if (act && act(pressed) !== false) {
    event.preventDefault();
    event.stopPropagation();
  } else if (!act && !control && !event.altKey && event.key.length === 1 && event.key !== ' ') {
    event.preventDefault();
    event.stopPropagation();
    targets.startSearch(event);
  }
}

type Act = (pressed: Pressed) => unknown;

function go({ context: { model, table }, row, event }: Pressed, to: (at: number, page: number) => number): void {
  const at = model.shownAt(row.id) ?? 0;
  const target = model.shown[Math.max(0, Math.min(model.shown.length - 1, to(at, table.page)))];
  if (!target) return;
  model.select(target.id, event.shiftKey ? 'extend' : 'one');
  table.focus(target.id);
}

const buttonsOf = (element: HTMLElement | undefined) => [
  ...(element?.querySelectorAll<HTMLButtonElement>('.cell button:not([hidden])') ?? []),
];

/** Right: opens a group, or goes to its first row; then to the row's buttons. */
function right({ context: { model, table }, row, event }: Pressed): void {
  const buttons = buttonsOf(table.elementOf(row.id));
  const at = buttons.indexOf(event.target as HTMLButtonElement);
  if (at < 0 && row.kind === 'group' && !model.isOpen(row.id)) {
    model.toggle(row.id, true);
    table.focus(row.id);
  } else buttons[Math.min(at + 1, buttons.length - 1)]?.focus();
}

/** Left: back through the buttons to the row; then closes a group, or goes to the group that it is in. */
function left({ context: { model, table }, row, event }: Pressed): void {
  const buttons = buttonsOf(table.elementOf(row.id));
  const at = buttons.indexOf(event.target as HTMLButtonElement);
  if (at > 0) buttons[at - 1]?.focus();
  else if (at === 0) table.focus(row.id);
  else if (row.kind === 'group' && model.isOpen(row.id) && !model.searching) {
    model.toggle(row.id, false);
    table.focus(row.id);
  } else {
    const parent = model.parent(row.id);
    if (!parent) return;
    model.select(parent.id);
    table.focus(parent.id);
  }
}

const enter: Act = ({ context, row }) => {
  if (row.kind === 'group') {
    context.model.toggle(row.id);
    context.table.focus(row.id);
  } else void editValue(context, row);
};

const menu: Act = ({ context, targets, row }) => {
  const box = context.table.elementOf(row.id)?.getBoundingClientRect();
  openRowMenu(context, targets.reveal, row, { x: (box?.left ?? 0) + 40, y: box?.bottom ?? 0 });
};

/** Shows while the key is down. */
const hold: Act = ({ context, targets, row, event }) => {
  if (event.repeat) return;
  if (row.kind === 'group') return enter({ context, targets, row, event });
  if (!canShow(row)) return;
  void targets.reveal.show(row);
  const release = (up: KeyboardEvent) => {
    if (up.key !== ' ') return;
    window.removeEventListener('keyup', release, true);
    targets.reveal.hide();
  };
  window.addEventListener('keyup', release, true);
};

const leave: Act = ({ context: { model, table, live }, targets, row, event }) => {
  live.hide();
  const shown = targets.reveal.id !== undefined;
  targets.reveal.hide();
  if (event.target instanceof HTMLButtonElement || model.selected.size > 1) {
    model.select(row.id);
    table.focus(row.id);
  } else return shown || targets.endSearch();
};

const keys: Readonly<Record<string, Act>> = {
  ArrowDown: (pressed) => go(pressed, (at) => at + 1),
  ArrowUp: (pressed) => go(pressed, (at) => at - 1),
  PageDown: (pressed) => go(pressed, (at, page) => at + page),
  PageUp: (pressed) => go(pressed, (at, page) => at - page),
  Home: (pressed) => go(pressed, () => 0),
  End: (pressed) => go(pressed, () => Number.POSITIVE_INFINITY),
  'Ctrl+Home': (pressed) => go(pressed, () => 0),
  'Ctrl+End': (pressed) => go(pressed, () => Number.POSITIVE_INFINITY),
  ArrowRight: right,
  ArrowLeft: left,
  'Ctrl+ArrowRight': ({ targets }) => targets.toggleAll(true),
  'Ctrl+ArrowLeft': ({ targets }) => targets.toggleAll(false),
  Enter: enter,
  ' ': hold,
  Escape: leave,
  F2: ({ context, row }) => void rename(context, row),
  Delete: ({ context }) => void remove(context, context.model.chosen()),
  Backspace: ({ event, context }) => (event.metaKey ? void remove(context, context.model.chosen()) : false),
  Insert: ({ context, row }) => void addSecret(context, row),
  'Alt+ArrowUp': ({ context, row }) => void step(context, row, -1),
  'Alt+ArrowDown': ({ context, row }) => void step(context, row, 1),
  'Ctrl+c': ({ context, row }) => void copyValue(context, row),
  'Ctrl+a': ({ context }) => {
    context.model.selectAll();
    context.table.draw();
  },
  ContextMenu: menu,
  'Shift+F10': menu,
  '?': ({ targets }) => targets.showHelp(),
};
