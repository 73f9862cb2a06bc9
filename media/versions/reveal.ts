import type { Row } from '../../src/protocol/versions.ts';
import { wordButton } from '../editor/parts/button.ts';
import { h } from '../editor/parts/dom.ts';
import type { Live } from '../editor/parts/live.ts';
import { visibleLines, visibleText } from '../editor/parts/visible.ts';
import { words } from './words.ts';

/** What the values of a row need of the page. */
interface Around {
  readonly live: Live;
  /** Asks the host for one value; undefined where it was refused, which is said. */
  ask(row: string, column: number): Promise<string | undefined>;
  columns(): readonly string[];
  seconds(): number;
  /** Gives the focus back to the rows. */
  back(): void;
}

/**
 * The values of one row that are shown, beside each other in a box below the rows. They go with time, another row, a lock, presentation mode,
 * a window without focus.
 */
export class Values {
  readonly element = h('section', { class: 'values', 'aria-label': words.values, hidden: true });
  readonly #around: Around;
  #row: string | undefined;
  readonly #shown = new Map<number, string>();
  /** Counts what was asked for, so that an answer that comes too late shows nothing. */
  #wish = 0;
  #timer = 0;

  constructor(around: Around) {
    this.#around = around;
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.hide();
    });
  }

  /** The row whose values are shown. */
  get row(): string | undefined {
    return this.#row;
  }

  /** Shows values of a row; those of another row go. */
  async show({ id, name, cells }: Row, columns: readonly number[]): Promise<void> {
    if (this.#row !== id) this.hide();
    const wish = this.#wish;
    for (const column of columns) {
      if (!cells[column]?.shows) continue;
      const text = await this.#around.ask(id, column);
      if (text === undefined || wish !== this.#wish) return;
      this.#row = id;
      this.#shown.set(column, text);
      this.#draw(name);
    }
    if (this.#row === undefined) return;
    const seconds = this.#around.seconds();
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.hide(), seconds * 1000);
    this.#around.live.say(words.revealed(seconds), { quiet: true });
  }

  #draw(name: string): void {
    const titles = this.#around.columns();
    const parts = [...this.#shown]
      .sort(([a], [b]) => a - b)
      .map(([column, text]) => {
        const value = h('pre', { class: 'shown-value box', tabindex: 0, 'aria-label': titles[column] ?? '' });
        value.append(...visibleLines(text));
        return h('div', { class: 'side' }, h('span', { class: 'muted' }, titles[column]), value);
      });
    this.element.replaceChildren(
      h(
        'div',
        { class: 'values-head' },
        h('span', { class: 'label' }, visibleText(name)),
        wordButton(words.hide, () => this.hide(), { symbol: 'eye-closed' }),
      ),
      h('div', { class: 'sides' }, ...parts),
    );
    this.element.hidden = false;
  }

  /** Hides what is shown, and whatever is on its way. */
  hide(): void {
    this.#wish++;
    if (this.#row === undefined) return;
    this.#row = undefined;
    window.clearTimeout(this.#timer);
    this.#shown.clear();
    const inside = this.element.contains(document.activeElement);
    for (const value of this.element.querySelectorAll('.shown-value')) value.textContent = '';
    this.element.replaceChildren();
    this.element.hidden = true;
    if (inside) this.#around.back();
    this.#around.live.say(words.hiddenAgain, { quiet: true });
  }
}
