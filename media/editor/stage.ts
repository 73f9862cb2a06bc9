import { h } from './parts/dom.ts';

/** The part of the page that shows one thing at a time. */
export class Stage {
  readonly element: HTMLElement;
  readonly #scroller: HTMLElement;
  #kind = '';

  /** `scroller` keeps its place when it is shown again. */
  constructor(scroller: HTMLElement, first: HTMLElement) {
    this.#scroller = scroller;
    this.element = h('div', { class: 'content' }, first);
  }

  /** What is shown now. */
  get kind(): string {
    return this.#kind;
  }

  /** Shows what `make` makes, unless that kind is shown already. What stays is not put in again: it would lose the focus. */
  show(kind: string, make: () => readonly HTMLElement[]): void {
    if (kind === this.#kind) return;
    this.#kind = kind;
    const top = this.#scroller.scrollTop;
    const elements = make();
    for (const child of [...this.element.children]) if (!elements.includes(child as HTMLElement)) child.remove();
    for (const element of elements) if (element.parentElement !== this.element) this.element.append(element);
    this.#scroller.scrollTop = top;
  }
}
