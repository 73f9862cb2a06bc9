import {
  type Action,
  type Row,
  readVersionsMessage,
  type VersionsArgs,
  type VersionsMessage,
  type VersionsResults,
  type VersionsState,
  versionsRequests,
} from '../../src/protocol/versions.ts';
import { Host } from '../editor/host.ts';
import { iconButton } from '../editor/parts/button.ts';
import { h, setAttributes } from '../editor/parts/dom.ts';
import { icon } from '../editor/parts/icons.ts';
import { Live } from '../editor/parts/live.ts';
import { closeMenu, openMenu } from '../editor/parts/menu.ts';
import { visibleText } from '../editor/parts/visible.ts';
import { Grid } from './grid.ts';
import { onKey } from './keys.ts';
import { Values } from './reveal.ts';
import { words } from './words.ts';

/** Versions of secrets beside each other. What there is to see and to do comes from the host. */
export class VersionsPage {
  readonly grid = new Grid();
  readonly values: Values;
  readonly #live = new Live();
  readonly #host: Host<typeof versionsRequests, VersionsMessage>;
  readonly #notes = h('div', { class: 'notes' });
  readonly #actions = h('div', { class: 'bar-buttons' });
  readonly #filter: HTMLInputElement;
  readonly #count = h('span', { class: 'search-count', role: 'status' });
  readonly #nothing = h('p', { class: 'nothing', role: 'status' }, words.loading);
  #state: VersionsState | undefined;

  constructor(root: HTMLElement, vscode: { postMessage(message: unknown): void }) {
    this.#host = new Host(
      { requests: versionsRequests, read: readVersionsMessage },
      (message) => vscode.postMessage(message),
      (message) => this.#heard(message),
    );
    this.values = new Values({
      live: this.#live,
      ask: async (row, column) => (await this.#attempt('reveal', { row, column }))?.text,
      columns: () => this.#state?.columns ?? [],
      seconds: () => this.#state?.revealSeconds ?? 10,
      back: () => this.grid.go(this.grid.rows.findIndex(({ id }) => id === this.grid.current)),
    });
    this.#filter = h('input', {
      ...{ type: 'text', class: 'field search-field', placeholder: words.filter, 'aria-label': words.filter },
      ...{ autocomplete: 'off', spellcheck: 'false' },
      on: { input: () => this.#draw(), keydown: (event) => this.#onFilterKey(event) },
    });
    const search = h('div', { class: 'search', role: 'search' }, icon('search'), this.#filter, this.#count);
    const help = iconButton('question', words.keys, () => this.#live.say(words.keys));
    const bar = h('div', { class: 'bar' }, search, h('span', { class: 'gap' }), this.#actions, help);
    this.grid.scroller.append(this.#nothing);
    root.append(
      bar,
      this.#notes,
      h('div', { class: 'content' }, this.grid.scroller),
      this.values.element,
      this.#live.element,
    );
    this.#listen();
    this.#host.tell('ready', {});
  }

  #listen(): void {
    const { scroller } = this.grid;
    scroller.addEventListener('keydown', (event) => onKey(this, event));
    scroller.addEventListener('click', (event) => this.#onClick(event));
    scroller.addEventListener('contextmenu', (event) => {
      const row = this.grid.rowOf(event.target);
      event.preventDefault();
      if (row) this.openMenu(row, { x: event.clientX, y: event.clientY });
    });
    scroller.addEventListener('scroll', () => {
      if (this.values.row !== undefined && !this.grid.isVisible(this.values.row)) this.values.hide();
    });
    window.addEventListener('blur', () => this.#leave());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && this.#leave());
  }

  #leave(): void {
    closeMenu();
    this.values.hide();
  }

  #heard(message: VersionsMessage): void {
    if (message.type === 'forget') return this.values.hide();
    this.#host.revision = message.revision;
    if (message.type === 'state') this.#state = message;
    else if (this.#state) {
      const rows = [...this.#state.rows];
      rows.splice(message.at, message.remove, ...message.rows);
      this.#state = { ...this.#state, revision: message.revision, rows };
    }
    this.#draw();
  }

  #draw(): void {
    const state = this.#state;
    if (!state) return;
    if (state.locked || state.presenting) this.values.hide();
    const rows = matching(state.rows, this.#filter.value);
    const entries = (all: readonly Row[]) => all.filter(({ kind }) => kind === 'entry').length;
    this.#count.textContent = this.#filter.value === '' ? '' : words.matches(entries(rows), entries(state.rows));
    this.#nothing.hidden = rows.length > 0;
    this.#nothing.textContent = state.rows.length > 0 ? words.noMatch : state.nothing;
    this.#notes.replaceChildren(...notesOf(state));
    this.#drawActions(state.actions);
    this.grid.show(state, rows);
    if (this.values.row !== undefined && !rows.some(({ id }) => id === this.values.row)) this.values.hide();
  }

  /** Buttons keep the focus: they are made anew only when they are others. */
  #drawActions(actions: readonly Action[]): void {
    const had = [...this.#actions.children].map((one) => (one as HTMLElement).dataset.action);
    if (had.join('\n') !== actions.map(({ id }) => id).join('\n'))
      this.#actions.replaceChildren(
        ...actions.map(({ id, primary }) =>
          h('button', {
            ...{ type: 'button', class: primary ? 'button primary' : 'button', 'data-action': id },
            on: { click: () => void this.#attempt('act', { action: id }) },
          }),
        ),
      );
    for (const [i, { label, pressed }] of actions.entries()) {
      const button = this.#actions.children[i] as HTMLElement;
      button.textContent = label;
      setAttributes(button, { 'aria-pressed': pressed === undefined ? undefined : String(pressed) });
    }
  }

  #onClick(event: MouseEvent): void {
    const row = this.grid.rowOf(event.target);
    if (!row) return;
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-act]') : null;
    const column = Number(button?.dataset.column);
    if (!button) return this.grid.go(this.grid.rows.indexOf(row));
    this.grid.current = row.id;
    this.grid.draw();
    if (button.dataset.act === 'reveal') void this.values.show(row, [column]);
    else if (button.dataset.act === 'choose') this.choose(row, column);
    else this.openMenu(row, { x: event.clientX, y: event.clientY });
  }

  #onFilterKey(event: KeyboardEvent): void {
    if (event.key === 'ArrowDown' || event.key === 'Enter') this.grid.go(0);
    else if (event.key === 'Escape' && this.#filter.value !== '') this.endFilter();
    else return;
    event.preventDefault();
  }

  /** Shows all rows again; false when none was searched for. */
  endFilter(): boolean {
    if (this.#filter.value === '') return false;
    this.#filter.value = '';
    this.#draw();
    return true;
  }

  /** A letter begins a search. */
  startFilter(): void {
    this.#filter.focus();
    this.#filter.select();
  }

  /** Takes a version for a row, where there is a choice. */
  choose(row: Row, column: number): void {
    if (row.cells[column]?.choice !== undefined) void this.#attempt('choose', { row: row.id, column });
  }

  openMenu(row: Row, at: { x: number; y: number }): void {
    const items = (this.#state?.rowActions ?? []).filter(({ id }) => row.actions.includes(id));
    if (items.length === 0) return;
    const act = (id: string) => () => void this.#attempt('act', { action: id, row: row.id });
    openMenu(
      visibleText(row.name),
      [items.map(({ id, label }) => ({ label, symbol: 'chevron-right' as const, act: act(id) }))],
      at,
      () => this.grid.elementOf(row.id)?.focus({ preventScroll: true }),
    );
  }

  /** Asks the host; a refusal is said and gives undefined. */
  async #attempt<N extends keyof typeof versionsRequests & string>(
    name: N,
    args: VersionsArgs[N],
  ): Promise<VersionsResults[N] | undefined> {
    try {
      return await this.#host.ask(name, args);
    } catch (error) {
      this.#live.refuse(error);
      return undefined;
    }
  }
}

/** The rows whose name holds a text, with the headings above them. */
function matching(rows: readonly Row[], query: string): readonly Row[] {
  if (query === '') return rows;
  const wanted = query.toLowerCase();
  const shown: Row[] = [];
  let heading: Row | undefined;
  for (const row of rows) {
    if (row.kind === 'heading') heading = row;
    else if (row.name.toLowerCase().includes(wanted)) {
      if (heading) shown.push(heading);
      heading = undefined;
      shown.push(row);
    }
  }
  return shown;
}

function notesOf({ notes, locked, presenting }: VersionsState): HTMLElement[] {
  const own = [...(locked ? [words.locked] : []), ...(presenting ? [words.presenting] : [])];
  const all = [...notes, ...own.map((text) => ({ tone: 'info' as const, text }))];
  return all.map(({ tone, text }) => h('p', { class: `note ${tone}` }, icon(tone), h('span', {}, visibleText(text))));
}
