import type { Row, RowId } from '../../../src/protocol/messages.ts';
import type { Model } from '../model.ts';
import { clearFields, h, setAttributes } from '../parts/dom.ts';
import { visibleText } from '../parts/visible.ts';
import { words } from '../words.ts';
import { type Cell, RowView } from './row.ts';

/** Height of a row in CSS pixels: that of VS Code's own lists. */
const rowHeight = 22;
/** Rows drawn beyond what is visible, above and below. */
const overscan = 12;

/**
 * The rows on screen. Only those in view are elements, and the one with the focus and those with a held cell, wherever
 * they are. Below one row, or above all, a panel may be open.
 */
export class Table {
  readonly scroller: HTMLElement;
  readonly grid: HTMLElement;
  /** The heading of the ages, which chooses among them. */
  readonly ages = h('button', { type: 'button', class: 'head-button', 'aria-haspopup': 'menu' }, words.columns.changed);
  readonly #body: HTMLElement;
  readonly #space: HTMLElement;
  readonly #model: Model;
  readonly #views = new Map<RowId, RowView>();
  readonly #ids = new WeakMap<Element, RowId>();
  readonly #held = new Map<RowId, Map<Cell, Node[]>>();
  #panel: { readonly after: RowId | undefined; readonly element: HTMLElement } | undefined;
  #panelHeight = 0;
  #frame = 0;
  readonly #resized = new ResizeObserver(() => this.#measure());

  constructor(model: Model) {
    this.#model = model;
    const heading = ([name, title]: [string, string]) =>
      h('div', { role: 'columnheader', class: `cell ${name}` }, name === 'changed' ? this.ages : title);
    const head = h(
      'div',
      { role: 'row', class: 'row head', 'aria-rowindex': 1 },
      ...Object.entries(words.columns).map(heading),
    );
    this.#body = h('div', { role: 'rowgroup', class: 'body' });
    this.grid = h(
      'div',
      { role: 'treegrid', class: 'grid', 'aria-label': words.table, 'aria-multiselectable': 'true' },
      h('div', { role: 'rowgroup', class: 'headgroup' }, head),
      this.#body,
    );
    this.#space = h('div', { class: 'space' }, this.grid);
    this.scroller = h('div', { class: 'scroller', on: { scroll: () => this.#schedule() } }, this.#space);
    this.#resized.observe(this.scroller);
  }

  /** Draws now what has changed. */
  draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const { shown } = this.#model;
    setAttributes(this.grid, { 'aria-rowcount': shown.length + 1 });
    this.grid.classList.toggle('flat', !this.#model.hasGroups);
    this.grid.classList.toggle('terms', this.#model.hasTerms);
    this.#body.style.height = `${shown.length * rowHeight + this.#panelHeight}px`;
    const wanted = this.#wanted();
    for (const [id, view] of this.#views) if (!wanted.has(id)) this.#drop(id, view);
    const order = [...wanted].sort(([, a], [, b]) => a - b);
    let next = this.#body.firstElementChild;
    for (const [id, index] of order) {
      const view = this.#view(id);
      const row = shown[index];
      if (row) this.#update(view, row, index);
      if (view.element === next) next = next.nextElementSibling;
      else this.#body.insertBefore(view.element, next);
    }
    this.#placePanel();
  }

  #schedule(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.draw());
  }

  /** Which rows have to be elements, with their positions. */
  #wanted(): Map<RowId, number> {
    const model = this.#model;
    const [first, last] = this.#range();
    const wanted = new Map<RowId, number>();
    model.shown.slice(first, last).forEach(({ id }, at) => {
      wanted.set(id, first + at);
    });
    for (const id of [model.current, this.#focused(), ...this.#held.keys()]) {
      const index = model.shownAt(id);
      if (id !== undefined && index !== undefined) wanted.set(id, index);
    }
    return wanted;
  }

  #focused(): RowId | undefined {
    const row = document.activeElement?.closest('.body > .row');
    return row ? this.#ids.get(row) : undefined;
  }

  #range(): [first: number, last: number] {
    const top = this.scroller.scrollTop;
    const height = this.scroller.clientHeight || window.innerHeight;
    const first = Math.max(0, Math.floor((top - this.#panelHeight) / rowHeight) - overscan);
    const last = Math.ceil((top + height) / rowHeight) + overscan;
    return [Math.min(first, this.#model.shown.length), Math.min(last, this.#model.shown.length)];
  }

  #view(id: RowId): RowView {
    let view = this.#views.get(id);
    if (!view) {
      view = new RowView();
      this.#views.set(id, view);
      this.#ids.set(view.element, id);
      for (const [cell, content] of this.#held.get(id) ?? []) view.hold(cell, ...content);
    }
    return view;
  }

  #update(view: RowView, row: Row, index: number): void {
    const model = this.#model;
    const { id } = row;
    const { readOnly = true, presenting = false } = model.state ?? {};
    view.update(row, {
      index,
      open: model.isOpen(id),
      selected: model.selected.has(id),
      current: model.current === id,
      query: model.query,
      canEdit: !readOnly,
      canMove: !readOnly && model.structured,
      canReveal: !presenting,
      path: () => model.path(id).map(visibleText).join(' › '),
    });
    view.element.style.transform = `translateY(${this.#top(index)}px)`;
  }

  #drop(id: RowId, view: RowView): void {
    clearFields(view.element);
    view.element.remove();
    this.#views.delete(id);
  }

  /** Where a row starts below the header. */
  #top(index: number): number {
    return index * rowHeight + (index > this.#panelIndex() ? this.#panelHeight : 0);
  }

  /** The row that the panel follows; -1 when it is above all. */
  #panelIndex(): number {
    return this.#panel ? (this.#model.shownAt(this.#panel.after) ?? -1) : Number.POSITIVE_INFINITY;
  }

  /** Opens a panel below a row, or above all rows. Its fields are emptied when it goes, but not with `keep`. */
  openPanel(after: RowId | undefined, element: HTMLElement): void {
    this.closePanel();
    this.#panel = { after, element };
    this.#space.append(element);
    this.#resized.observe(element);
    this.#measure();
  }

  closePanel({ keep = false } = {}): void {
    if (!this.#panel) return;
    this.#resized.unobserve(this.#panel.element);
    if (!keep) clearFields(this.#panel.element);
    this.#panel.element.remove();
    this.#panel = undefined;
    this.#panelHeight = 0;
    this.draw();
  }

  #measure(): void {
    this.#panelHeight = this.#panel ? Math.ceil(this.#panel.element.getBoundingClientRect().height) : 0;
    this.draw();
  }

  #placePanel(): void {
    if (!this.#panel) return;
    const top = (this.#panelIndex() + 1) * rowHeight + this.#headHeight;
    this.#panel.element.style.transform = `translateY(${top}px)`;
  }

  get #headHeight(): number {
    return (this.grid.firstElementChild as HTMLElement).offsetHeight;
  }

  /** Puts a field or a revealed value in a cell; the row stays an element until `release`. */
  hold(id: RowId, cell: Cell, ...content: Node[]): void {
    const cells = this.#held.get(id) ?? new Map<Cell, Node[]>();
    this.#held.set(id, cells.set(cell, content));
    this.#keepFocus(id, () => this.#view(id).hold(cell, ...content));
    this.draw();
  }

  /** A button that had the focus and goes leaves it to its row. */
  #keepFocus(id: RowId, act: () => void): void {
    const inside = this.#views.get(id)?.element.contains(document.activeElement);
    act();
    const element = this.#views.get(id)?.element;
    if (inside && !element?.contains(document.activeElement)) element?.focus({ preventScroll: true });
  }

  /** Lets go of a row's cells, whose fields are emptied, but not with `keep`. */
  release(id: RowId, { keep = false } = {}): void {
    const held = keep ? [] : [...(this.#held.get(id)?.values() ?? [])].flat();
    for (const node of held) if (node instanceof Element) clearFields(node);
    this.#held.delete(id);
    this.#keepFocus(id, () => this.#views.get(id)?.release());
    this.draw();
  }

  /** The row that an event happened in. */
  idOf(target: EventTarget | null): RowId | undefined {
    const row = target instanceof Element ? target.closest('.body > .row') : null;
    return row ? this.#ids.get(row) : undefined;
  }

  elementOf(id: RowId): HTMLElement | undefined {
    return this.#views.get(id)?.element;
  }

  /** Scrolls as little as needed, draws, and gives the focus to a row. */
  focus(id: RowId | undefined): void {
    const index = this.#model.shownAt(id);
    if (id === undefined || index === undefined) return;
    this.show(id);
    this.draw();
    this.#views.get(id)?.element.focus({ preventScroll: true });
  }

  /** Gives the focus to the current row, wherever it is: nothing scrolls. */
  focusHere(): void {
    const { current } = this.#model;
    if (current !== undefined) this.#views.get(current)?.element.focus({ preventScroll: true });
  }

  /** Scrolls a row into view, with its panel as far as there is room. */
  show(id: RowId): void {
    const index = this.#model.shownAt(id);
    if (index === undefined) return;
    const { scroller } = this;
    const top = this.#top(index);
    const below = index === this.#panelIndex() ? this.#panelHeight : 0;
    const room = scroller.clientHeight - this.#headHeight;
    const bottom = Math.min(top + rowHeight + below, top + room);
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (bottom > scroller.scrollTop + room) scroller.scrollTop = bottom - room;
  }

  /** Whether any part of a row can be seen. */
  isVisible(id: RowId): boolean {
    const index = this.#model.shownAt(id);
    if (index === undefined) return false;
    const top = this.#top(index) - this.scroller.scrollTop;
    return top + rowHeight > 0 && top < this.scroller.clientHeight - this.#headHeight;
  }

  /** How many rows a page is. */
  get page(): number {
    return Math.max(1, Math.floor((this.scroller.clientHeight - this.#headHeight) / rowHeight) - 1);
  }
}
