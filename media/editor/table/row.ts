import type { Row } from '../../../src/protocol/messages.ts';
import { iconButton } from '../parts/button.ts';
import { h, setAttributes, spoken } from '../parts/dom.ts';
import { type IconName, icon } from '../parts/icons.ts';
import { highlighted, visibleLine, visibleText } from '../parts/visible.ts';
import { words } from '../words.ts';

export const mask = '••••••••';

/** What a button in a row asks for. */
export type RowAct = 'reveal' | 'copy' | 'edit' | 'more' | 'toggle' | 'add' | 'hide' | 'showAll';
export type Cell = 'name' | 'value' | 'type' | 'comment' | 'term' | 'changed';
const cells: readonly Cell[] = ['name', 'value', 'type', 'comment', 'term', 'changed'];

/** Whether a row's value is in the file as ciphertext. What is empty or nothing is not encrypted, and needs no dots. */
const isHidden = (row: Row): boolean => row.kind === 'entry' && row.secret && !row.empty && row.type !== 'null';

/** Whether there is something to reveal: bytes that are no text cannot be shown. */
export const canShow = (row: Row): boolean =>
  !row.binary &&
  (row.kind === 'entry' ? isHidden(row) || row.reference !== undefined : row.kind === 'comment' && row.secretComment);

/** How a row is to look now, besides what it is. */
interface Look {
  /** Position among the shown rows, from 0. */
  readonly index: number;
  readonly open: boolean;
  readonly selected: boolean;
  readonly current: boolean;
  readonly query: string;
  readonly canEdit: boolean;
  readonly canMove: boolean;
  readonly canReveal: boolean;
  /** The names that lead to the row. */
  path(): string;
}

/** One row on screen. A cell that is held shows what the holder put there until it is let go. */
export class RowView {
  readonly element: HTMLElement;
  readonly #cells: Readonly<Record<Cell, HTMLElement>>;
  readonly #held = new Set<Cell>();
  #row: Row | undefined;
  #drawn = '';

  constructor() {
    const cell = (name: Cell) => h('div', { role: name === 'name' ? 'rowheader' : 'gridcell', class: `cell ${name}` });
    this.#cells = Object.fromEntries(cells.map((name) => [name, cell(name)])) as unknown as Record<Cell, HTMLElement>;
    this.element = h('div', { role: 'row', class: 'row', tabindex: -1 }, ...Object.values(this.#cells));
  }

  update(row: Row, look: Look): void {
    const { index, open, selected, current, query } = look;
    setAttributes(this.element, {
      'aria-level': row.depth + 1,
      // The header is the first row.
      'aria-rowindex': index + 2,
      'aria-expanded': row.kind === 'group' ? String(open) : undefined,
      'aria-selected': String(selected),
      tabindex: current ? 0 : -1,
      draggable: look.canMove && row.kind !== 'comment' && !row.fixed && this.#held.size === 0 ? 'true' : undefined,
    });
    const drawn = `${open} ${look.canEdit} ${look.canReveal} ${query}`;
    if (row === this.#row && drawn === this.#drawn) return;
    this.#row = row;
    this.#drawn = drawn;
    this.element.className = `row ${row.kind}`;
    for (const name of cells) if (!this.#held.has(name)) this.#draw(name, row, look);
  }

  hold(cell: Cell, ...content: Node[]): void {
    this.#held.add(cell);
    this.#cells[cell].classList.add('held');
    this.#cells[cell].replaceChildren(...content);
    this.element.removeAttribute('draggable');
  }

  release(): void {
    for (const cell of this.#held) {
      this.#cells[cell].classList.remove('held');
      this.#cells[cell].replaceChildren();
    }
    this.#held.clear();
    this.#row = undefined;
  }

  #draw(cell: Cell, row: Row, look: Look): void {
    const target = this.#cells[cell];
    target.removeAttribute('title');
    target.replaceChildren(...drawers[cell](row, look, target));
  }
}

type Draw = (row: Row, look: Look, cell: HTMLElement) => (Node | string)[];

const badge = (name: IconName, kind: string, title: string) =>
  h('span', { class: `badge ${kind}`, title }, icon(name), spoken(title));

const drawName: Draw = (row, { open, query, path }, cell) => {
  const indent = h('span', { class: 'indent' });
  indent.style.width = `${row.depth * 12}px`;
  const twistie = h('span', { class: 'twistie', ...(row.kind === 'group' && { 'data-act': 'toggle' }) });
  if (row.kind === 'group') twistie.append(icon(open ? 'chevron-down' : 'chevron-right'));
  if (row.kind === 'comment') {
    cell.title = row.secretComment ? words.comment : visibleText(row.comment ?? '');
    const text = row.secretComment
      ? [h('span', { class: 'mask' }, mask), spoken(words.hidden)]
      : [visibleText(row.comment ?? '')];
    return [indent, twistie, h('span', { class: 'label' }, '# ', ...text)];
  }
  cell.title = path();
  const out: Node[] = [indent, twistie];
  out.push(h('span', { class: 'label' }, ...highlighted(row.name, query)));
  if (row.kind === 'group')
    out.push(h('span', { class: 'count' }, `(${row.children})`, spoken(row.list ? words.list : '')));
  if (row.changed === 'unsaved') out.push(badge('circle-filled', 'unsaved', words.notSaved));
  if (row.damaged) out.push(badge('warning', 'damaged', words.damaged));
  if (row.odd) out.push(badge('question', 'odd', words.odd));
  if (row.fixed) out.push(badge('info', 'fixed', row.fixed));
  return out;
};

const drawValue: Draw = (row, look) => [...shownValue(row, look), actions(row, look)];

/** How many lines there are is for the person alone. */
function shownValue(row: Row, { canReveal }: Look): Node[] {
  if (row.kind !== 'entry') return [];
  if (row.reference) return referenced(row, row.reference);
  if (!row.secret && row.plain !== undefined && !row.empty && row.type !== 'null') {
    return [
      h('span', { class: 'plain', title: visibleText(row.plain) }, ...visibleLine(row.plain)),
      badge('unlock', 'open', words.notEncrypted),
    ];
  }
  if (!isHidden(row)) return [h('span', { class: 'muted' }, row.empty ? words.empty : words.nothing)];
  const extra = row.binary ? words.binary : canReveal && words.lines[row.lines];
  return [
    h('span', { class: 'mask', 'aria-hidden': 'true' }, mask),
    spoken(words.hidden),
    ...(extra ? [h('span', { class: 'muted' }, extra)] : []),
  ];
}

/** A reference is no secret: it says who has that, and where there. */
function referenced({ secret }: Row, { manager, where }: NonNullable<Row['reference']>): Node[] {
  const title = words.elsewhere(manager);
  return [
    badge('link-external', 'elsewhere', title),
    h('span', { class: 'manager', 'aria-hidden': 'true' }, manager),
    where === ''
      ? spoken(words.hidden)
      : h('span', { class: 'where', title: visibleText(where) }, ...visibleLine(where)),
    ...(secret ? [] : [badge('unlock', 'open', words.notEncrypted)]),
  ];
}

/** The buttons of a row. They are reached from the row with the right arrow, so that Tab passes the table in one step. */
function actions(row: Row, { canEdit, canReveal }: Look): HTMLElement {
  const act = (name: IconName, label: string, what: RowAct) =>
    iconButton(name, label, () => undefined, { tabindex: -1, 'data-act': what });
  const entry = row.kind === 'entry';
  const change = canEdit && !row.fixed;
  return h(
    'span',
    { class: 'actions' },
    canShow(row) && canReveal && act('eye', words.reveal, 'reveal'),
    entry && act('copy', row.binary ? words.copyBase64 : words.copy, 'copy'),
    change && row.kind !== 'group' && !row.binary && canReveal && act('edit', words.edit, 'edit'),
    change && row.kind === 'group' && act('add', words.addInside, 'add'),
    act('ellipsis', words.more, 'more'),
  );
}

const drawType: Draw = (row) =>
  row.kind === 'entry' ? [words.types[row.type]] : row.kind === 'group' && row.list ? [words.list] : [];

const drawComment: Draw = (row, _look, cell) => {
  if (row.kind === 'comment' || (row.comment === undefined && !row.secretComment)) return [];
  if (row.secretComment) return [h('span', { class: 'mask', 'aria-hidden': 'true' }, mask), spoken(words.hidden)];
  cell.title = visibleText(row.comment ?? '');
  const lines = (row.comment ?? '').split('\n').map((line) => line.trim());
  return [visibleText(lines.filter((line) => line !== '').join(' · '))];
};

/** Whose it is, and until when. */
const drawTerm: Draw = ({ term }, _look, cell) => {
  if (!term) return [];
  const words = visibleText(term.text);
  cell.title = words;
  const sign = term.state === 'overdue' && h('span', { class: 'badge', 'aria-hidden': 'true' }, icon('warning'));
  return [h('span', { class: term.state ?? '' }, sign, words)];
};

const drawChanged: Draw = (row) => [row.changed === 'unsaved' ? words.notSaved : (row.changed ?? '')];

const drawers: Readonly<Record<Cell, Draw>> = {
  name: drawName,
  value: drawValue,
  type: drawType,
  comment: drawComment,
  term: drawTerm,
  changed: drawChanged,
};
