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
  replaceFile(): void;
  saveCopy(): void;
  readers(): void;
  more(button: HTMLElement): void;
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
  readonly #more: HTMLButtonElement;
  readonly #help: HTMLButtonElement;
  #drawn = '';

  constructor(search: Search, actions: Actions) {
    this.#search = search;
    this.#actions = actions;
    this.#groups = iconButton('collapse-all', words.collapseAll, actions.toggleAll, { hidden: true });
    this.#more = iconButton('ellipsis', words.moreFile, () => actions.more(this.#more), { 'aria-haspopup': 'menu' });
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
      this.#more,
      this.#help,
    );
  }

  /** `groups`: whether there are any, and any is open. */
  draw(state: State, view: Below, groups: 'none' | 'open' | 'closed'): void {
    const { readOnly, presenting, readers, features, format, notice, rows } = state;
    const drawn = JSON.stringify([
      ...[readOnly, presenting, readers, features, format, notice?.kind, view, rows.length === 0, groups],
    ]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.element.hidden = view === 'notice';
    const table = view === 'table';
    const binary = format === 'binary';
    this.#search.element.hidden = !table || binary;
    this.#buttons.hidden = !table;
    this.#buttons.replaceChildren(
      ...(binary ? this.#binaryButtons(readOnly) : readOnly ? [] : this.#addButtons(state)),
    );
    this.#groups.hidden = !table || groups === 'none';
    const open = groups === 'open';
    relabel(this.#groups, open ? 'collapse-all' : 'expand-all', open ? words.collapseAll : words.expandAll);
    this.#facts.replaceChildren(
      ...(presenting ? [fact('broadcast', words.presenting, words.presentingMore)] : []),
      ...(readOnly ? [fact('info', words.readOnly, notice ? words.readOnly : words.readOnlyMore)] : []),
      this.#readers(readers, !readOnly && features.wholeFile),
    );
    this.#help.hidden = view === 'notice' || view === 'conflict';
    this.#more.hidden = this.#help.hidden;
    this.#views.hidden = !features.textView || this.#help.hidden || notice?.kind === 'damaged';
    this.#views.replaceChildren(this.#view('table', words.tableView, view), this.#view('text', words.textView, view));
  }

  #addButtons({ features, format }: State): HTMLElement[] {
    const { add, addGroup, paste } = this.#actions;
    return [
      this.#button('add', words.add, words.addSecret, add),
      ...(features.groups ? [iconButton('new-folder', words.addGroup, addGroup)] : []),
      // Its lines are entries without a section.
      ...(format === 'ini' ? [] : [this.#button('clippy', words.pasteShort, words.pasteEnv, paste)]),
    ];
  }

  #binaryButtons(readOnly: boolean): HTMLElement[] {
    const { replaceFile, saveCopy } = this.#actions;
    const replace = this.#button('folder-opened', words.replaceFile, words.replaceFile, replaceFile);
    return [...(readOnly ? [] : [replace]), this.#button('save-as', words.saveCopy, words.saveCopy, saveCopy)];
  }

  /** How many people can read the file; a button where that can be changed. */
  #readers(readers: number, change: boolean): HTMLElement {
    const text = readers > 0 ? words.readableBy(readers) : words.encrypted;
    if (!change) return fact('lock', text, '');
    const inside = [icon('lock'), h('span', { class: 'fact-text' }, text)];
    const click = () => this.#actions.readers();
    return h('button', { type: 'button', class: 'fact', title: text, 'aria-label': text, on: { click } }, ...inside);
  }

  #button(name: IconName, text: string, label: string, act: () => void): HTMLElement {
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
