import { h } from './parts/dom.ts';

/** The part of the page that shows one thing at a time. */
export class Stage {
  readonly element: HTMLElement;
  readonly #scroller: HTMLElement;
  #kind = '';
  #top = 0;

  /** `scroller` keeps its place when it is shown again. */
  constructor(scroller: HTMLElement, first: HTMLElement) {
    this.#scroller = scroller;
    this.element = h('div', { class: 'content' }, first);
  }

  /** What is shown now. */
  get kind(): string {
    return this.#kind;
  }

  /** How far the table is scrolled, or was when it was last shown. */
  get top(): number {
    return this.#scroller.isConnected ? this.#scroller.scrollTop : this.#top;
  }

  /** Scrolls a table that is shown again to where it was, once its rows are drawn. */
  scrollBack(top = this.#top): void {
    this.#scroller.scrollTop = top;
  }

  /**
   * Shows what `make` makes, unless that kind is shown already. What stays is not put in again: it would lose the focus.
   * True when the table is shown again.
   */
  show(kind: string, make: () => readonly HTMLElement[]): boolean {
    if (kind === this.#kind) return false;
    const before = this.#scroller.isConnected;
    this.#kind = kind;
    this.#top = this.top;
    const elements = make();
    for (const child of [...this.element.children]) if (!elements.includes(child as HTMLElement)) child.remove();
    for (const element of elements) if (element.parentElement !== this.element) this.element.append(element);
    return !before && this.#scroller.isConnected;
  }
}
