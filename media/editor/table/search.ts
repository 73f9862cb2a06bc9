import { attempt, type Context } from '../context.ts';
import { quiet } from '../fields/field.ts';
import { iconButton } from '../parts/button.ts';
import { h } from '../parts/dom.ts';
import { icon } from '../parts/icons.ts';
import { type Item, openMenu } from '../parts/menu.ts';
import { Resting } from '../parts/resting.ts';
import { ValuesToggle } from '../parts/valuestoggle.ts';
import { words } from '../words.ts';

/** How long the typing has to rest before values are searched, in milliseconds. */
const rest = 150;

/** The search box: names at every letter by the page; values too, on request, by the host. */
export class Search {
  readonly element: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #count = h('span', { class: 'search-count', role: 'status' });
  readonly values: ValuesToggle;
  readonly #clear: HTMLButtonElement;
  readonly #context: Context;
  readonly #ofValues = new Resting(rest, () => this.#searchValues());
  #turn = 0;
  /** Called when the shown rows have changed. */
  onChange: () => void = () => undefined;

  constructor(context: Context) {
    this.#context = context;
    this.#input = h('input', { type: 'text', class: 'field search-field', role: 'searchbox', ...quiet });
    this.values = new ValuesToggle(context, () => this.#valuesToo());
    this.#clear = iconButton('close', words.clearSearch, () => this.clear(), { hidden: true });
    this.#input.addEventListener('input', () => this.#search());
    this.#input.addEventListener('keydown', (event) => this.#key(event));
    this.element = h(
      'div',
      { class: 'search', role: 'search' },
      icon('search'),
      this.#input,
      this.#count,
      this.#clear,
      this.values.element,
    );
    this.#label();
    context.table.ages.addEventListener('click', () => this.#chooseAge());
  }

  /** Ends a search, wherever the focus is; false when there is none. */
  end(): boolean {
    if (!this.#context.model.searching) return false;
    this.clear();
    return true;
  }

  focus(): void {
    this.#input.focus();
    this.#input.select();
  }

  /** Goes on from the table with the letter that was typed there. */
  start(letter: string): void {
    this.#input.value = letter;
    this.#input.focus();
    this.#search();
  }

  clear(): void {
    this.#input.value = '';
    this.#older(undefined);
    this.#search();
    const { model, table } = this.#context;
    if (model.current === undefined) this.#input.focus();
    else table.focus(model.current);
  }

  /** Rows have changed: what matches, too. */
  again(): void {
    if (this.#context.model.searching) this.#search();
  }

  /** Values are not searched for any more: a search text can be one. */
  forget(): void {
    this.values.off();
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.stopPropagation();
      this.clear();
    } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
      event.preventDefault();
      event.stopPropagation();
      void this.#goOn();
    }
  }

  /** Goes to the first match, also when values are still being searched; not when somebody has gone on by then. */
  async #goOn(): Promise<void> {
    const wanted = this.#input.value;
    if (this.values.on) await this.#ofValues.settled();
    if (this.#input.value !== wanted || document.activeElement !== this.#input) return;
    const { model, table } = this.#context;
    const query = model.query.toLowerCase();
    const found = model.shown.find(({ kind, name }) => kind !== 'group' || name.toLowerCase().includes(query));
    const row = found ?? model.shown[0];
    if (!row) return;
    model.select(row.id);
    table.focus(row.id);
  }

  /** What was looked for in values is not left to be read. */
  #valuesToo(): void {
    if (!this.values.on) this.#input.value = '';
    this.#label();
    this.#search();
    if (document.activeElement === this.values.element) this.#input.focus();
  }

  /** What is searched for in values may be one itself, so it is masked. */
  #label(): void {
    this.#input.classList.toggle('masked', this.values.on);
    this.#input.placeholder = this.values.on ? words.searchValues : words.search;
    this.#input.setAttribute('aria-label', this.#input.placeholder);
  }

  /** Ages to choose from, below the heading of their column. */
  #chooseAge(): void {
    const { ages } = this.#context.table;
    const item = (days: number | undefined): Item => ({
      label: days === undefined ? words.anyAge : words.olderThan(days),
      symbol: days === undefined ? 'close' : 'history',
      act: () => {
        this.#older(days);
        this.#search();
      },
    });
    const { left, bottom } = ages.getBoundingClientRect();
    openMenu(words.columns.changed, [[undefined, 30, 90, 180, 365].map(item)], { x: left, y: bottom + 2 }, () =>
      ages.focus(),
    );
  }

  #older(days: number | undefined): void {
    const { model, table } = this.#context;
    model.older(days);
    table.ages.textContent = days === undefined ? words.columns.changed : words.olderShort(days);
    table.ages.title = days === undefined ? '' : words.olderThan(days);
    table.ages.classList.toggle('chosen', days !== undefined);
  }

  #search(): void {
    const { model } = this.#context;
    this.#turn++;
    this.#ofValues.cancel();
    model.search(this.#input.value);
    this.#changed();
    if (this.values.on && this.#input.value !== '') this.#ofValues.soon();
  }

  async #searchValues(): Promise<void> {
    const turn = this.#turn;
    const text = this.#input.value;
    const answer = await attempt(this.#context, 'findValues', { text, matchCase: false });
    if (!answer || turn !== this.#turn) return;
    this.#context.model.search(text, new Set(answer.rows));
    this.#changed();
  }

  #changed(): void {
    const { model } = this.#context;
    const entries = model.rows.length;
    this.#clear.hidden = !model.searching;
    this.#count.textContent = !model.searching
      ? ''
      : model.matches === 0
        ? words.noMatches
        : words.matches(model.matches, entries);
    this.onChange();
  }
}
