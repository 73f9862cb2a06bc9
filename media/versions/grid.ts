import type { Row, VersionsState } from '../../src/protocol/versions.ts';
import { clearFields, h, setAttributes } from '../editor/parts/dom.ts';
import { cellsOf } from './cells.ts';
import { words } from './words.ts';

/** Height of a row in CSS pixels, and rows drawn beyond what is visible. */
const rowHeight = 26;
const overscan = 10;

interface Drawn {
  readonly element: HTMLElement;
  row: Row | undefined;
}

/** The rows on screen: only those in view are elements, and the one with the focus. */
export class Grid {
  readonly scroller: HTMLElement;
  readonly #grid: HTMLElement;
  readonly #head = h('div', { role: 'row', class: 'row head', 'aria-rowindex': 1 });
  readonly #body = h('div', { role: 'rowgroup', class: 'body' });
  readonly #drawn = new Map<string, Drawn>();
  #rows: readonly Row[] = [];
  #look: VersionsState | undefined;
  #frame = 0;
  /** The row that has the focus, or gets it when the grid does. */
  current: string | undefined;

  constructor() {
    this.#grid = h(
      'div',
      { role: 'grid', class: 'grid versions', 'aria-label': words.grid, 'aria-description': words.keys },
      h('div', { role: 'rowgroup', class: 'headgroup' }, this.#head),
      this.#body,
    );
    this.scroller = h('div', { class: 'scroller', on: { scroll: () => this.#soon() } }, this.#grid);
    new ResizeObserver(() => this.draw()).observe(this.scroller);
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** @param rows those that are shown of the state's */
  show(state: VersionsState, rows: readonly Row[]): void {
    const columns = this.#look?.columns.join('\n') !== state.columns.join('\n');
    // A lock takes the eyes away, and the columns name what the buttons do.
    const anew = columns || this.#look?.locked !== state.locked || this.#look?.presenting !== state.presenting;
    this.#look = state;
    this.#rows = rows;
    if (!rows.some(({ id }) => id === this.current)) this.current = rows[0]?.id;
    if (columns) {
      const titles = [words.name, words.state, ...state.columns, ''];
      this.#grid.style.setProperty('--versions', String(state.columns.length));
      this.#head.replaceChildren(
        ...titles.map((title) => h('div', { role: 'columnheader', class: 'cell', title }, title)),
      );
    }
    if (anew) for (const drawn of this.#drawn.values()) drawn.row = undefined;
    this.draw();
  }

  draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    setAttributes(this.#grid, { 'aria-rowcount': this.#rows.length + 1 });
    this.#body.style.height = `${this.#rows.length * rowHeight}px`;
    const wanted = this.#wanted();
    for (const [id, { element }] of this.#drawn)
      if (!wanted.has(id)) {
        clearFields(element);
        element.remove();
        this.#drawn.delete(id);
      }
    for (const [id, index] of wanted) this.#update(id, index);
  }

  #soon(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.draw());
  }

  #wanted(): Map<string, number> {
    const top = this.scroller.scrollTop;
    const first = Math.max(0, Math.floor(top / rowHeight) - overscan);
    const last = Math.ceil((top + (this.scroller.clientHeight || window.innerHeight)) / rowHeight) + overscan;
    const wanted = new Map(this.#rows.slice(first, last).map(({ id }, i) => [id, first + i] as const));
    const at = this.#rows.findIndex(({ id }) => id === this.current);
    if (this.current !== undefined && at >= 0) wanted.set(this.current, at);
    return wanted;
  }

  #update(id: string, index: number): void {
    const row = this.#rows[index] as Row;
    let drawn = this.#drawn.get(id);
    if (!drawn) {
      drawn = { element: h('div', { role: 'row', class: 'row', 'data-row': id }), row: undefined };
      this.#drawn.set(id, drawn);
    }
    const { element } = drawn;
    const isCurrent = id === this.current;
    setAttributes(element, {
      'aria-rowindex': index + 2,
      'aria-selected': String(isCurrent),
      tabindex: isCurrent ? 0 : -1,
    });
    element.style.transform = `translateY(${index * rowHeight}px)`;
    this.#place(element, index);
    if (drawn.row === row || !this.#look) return;
    const inside = element.contains(document.activeElement) && document.activeElement !== element;
    drawn.row = row;
    element.className = `row ${row.kind}`;
    element.replaceChildren(...cellsOf(row, this.#look));
    if (inside) element.focus({ preventScroll: true });
  }

  /** In the order of the rows, as screen readers go through them. */
  #place(element: HTMLElement, index: number): void {
    const isAfter = (one: Element) => Number(one.getAttribute('aria-rowindex')) > index + 2;
    if (element.isConnected) return;
    this.#body.insertBefore(element, [...this.#body.children].find(isAfter) ?? null);
  }

  /** The row that an event happened in. */
  rowOf(target: EventTarget | null): Row | undefined {
    const id = target instanceof Element ? target.closest<HTMLElement>('.body > .row')?.dataset.row : undefined;
    return id === undefined ? undefined : this.#rows.find((row) => row.id === id);
  }

  elementOf(id: string): HTMLElement | undefined {
    return this.#drawn.get(id)?.element;
  }

  /** Goes to a row by its position: scrolls as little as needed, and gives it the focus. */
  go(index: number): void {
    const row = this.#rows[Math.max(0, Math.min(this.#rows.length - 1, index))];
    if (!row) return;
    this.current = row.id;
    const at = this.#rows.indexOf(row);
    const room = this.scroller.clientHeight - this.#head.offsetHeight;
    const [top, bottom] = [at * rowHeight, (at + 1) * rowHeight];
    if (top < this.scroller.scrollTop) this.scroller.scrollTop = top;
    else if (bottom > this.scroller.scrollTop + room) this.scroller.scrollTop = bottom - room;
    this.draw();
    this.elementOf(row.id)?.focus({ preventScroll: true });
  }

  /** How many rows a page is. */
  get page(): number {
    return Math.max(1, Math.floor((this.scroller.clientHeight - this.#head.offsetHeight) / rowHeight) - 1);
  }

  isVisible(id: string): boolean {
    const at = this.#rows.findIndex((row) => row.id === id);
    const top = at * rowHeight - this.scroller.scrollTop;
    return at >= 0 && top + rowHeight > 0 && top < this.scroller.clientHeight - this.#head.offsetHeight;
  }
}
