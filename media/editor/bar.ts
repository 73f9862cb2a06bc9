import type { State } from '../../src/protocol/messages.ts';
import { iconButton, relabel } from './parts/button.ts';
import { h } from './parts/dom.ts';
import { type IconName, icon } from './parts/icons.ts';
import type { Search } from './table/search.ts';
import { words } from './words.ts';

export type View = 'table' | 'text';
/** What the bar is above of. */
type Below = View | 'conflict' | 'notice';

interface Actions {
  add(): void;
  addGroup(): void;
  toggleAll(): void;
  paste(): void;
  help(): void;
  view(view: View): void;
}

/** The bar above the table: search, what can be added, the two views, and the state of the file. */
export class Bar {
  readonly element: HTMLElement;
  readonly #search: Search;
  readonly #actions: Actions;
  readonly #buttons = h('div', { class: 'bar-buttons' });
  readonly #views = h('div', { class: 'views', role: 'group', 'aria-label': words.views });
  readonly #facts = h('div', { class: 'facts' });
  readonly #groups: HTMLButtonElement;
  readonly #help: HTMLButtonElement;
  #drawn = '';

  constructor(search: Search, actions: Actions) {
    this.#search = search;
    this.#actions = actions;
    this.#groups = iconButton('collapse-all', words.collapseAll, actions.toggleAll, { hidden: true });
    this.#help = iconButton('question', words.help, actions.help);
    this.element = h(
      'header',
      { class: 'bar' },
      search.element,
      this.#buttons,
      this.#groups,
      h('span', { class: 'gap' }),
      this.#facts,
      this.#views,
      this.#help,
    );
  }

  /** `groups`: whether there are any, and any is open. */
  draw(state: State, view: Below, groups: 'none' | 'open' | 'closed'): void {
    const { readOnly, presenting, readers, features, notice, rows } = state;
    const drawn = JSON.stringify([
      readOnly,
      presenting,
      readers,
      features,
      notice?.kind,
      view,
      rows.length === 0,
      groups,
    ]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.element.hidden = view === 'notice';
    const table = view === 'table';
    this.#search.element.hidden = !table;
    this.#buttons.hidden = !table || readOnly;
    this.#buttons.replaceChildren(
      this.#button('add', words.add, words.addSecret, this.#actions.add),
      ...(features.groups ? [this.#button('new-folder', undefined, words.addGroup, this.#actions.addGroup)] : []),
      // Its lines are entries without a section.
      ...(state.format === 'ini'
        ? []
        : [this.#button('clippy', words.pasteShort, words.pasteEnv, this.#actions.paste)]),
    );
    this.#groups.hidden = !table || groups === 'none';
    const open = groups === 'open';
    relabel(this.#groups, open ? 'collapse-all' : 'expand-all', open ? words.collapseAll : words.expandAll);
    this.#facts.replaceChildren(
      ...(presenting ? [fact('broadcast', words.presenting, words.presentingMore)] : []),
      ...(readOnly && view !== 'notice'
        ? [fact('info', words.readOnly, notice ? words.readOnly : words.readOnlyMore)]
        : []),
      ...(view === 'notice' ? [] : [fact('lock', readers > 0 ? words.readableBy(readers) : words.encrypted, '')]),
    );
    this.#help.hidden = view === 'notice' || view === 'conflict';
    this.#views.hidden = !features.textView || this.#help.hidden || notice?.kind === 'damaged';
    this.#views.replaceChildren(this.#view('table', words.tableView, view), this.#view('text', words.textView, view));
  }

  #button(name: IconName, text: string | undefined, label: string, act: () => void): HTMLElement {
    if (text === undefined) return iconButton(name, label, act);
    return h(
      'button',
      { type: 'button', class: 'bar-button', title: label, on: { click: act } },
      icon(name),
      h('span', {}, text),
    );
  }

  #view(view: View, text: string, now: Below): HTMLElement {
    const act = () => this.#actions.view(view);
    return h(
      'button',
      { type: 'button', class: 'view', 'aria-pressed': String(view === now), on: { click: act } },
      text,
    );
  }
}

/** In a narrow bar the text is in the tooltip alone, and spoken. */
const fact = (name: IconName, text: string, title: string) =>
  h('span', { class: 'fact', title: title || text }, icon(name), h('span', { class: 'fact-text' }, text));
