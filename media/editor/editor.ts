import {
  type Notice,
  type NoticeAction,
  type RowId,
  readMessage,
  type State,
  type ToPage,
} from '../../src/protocol/messages.ts';
import { type Done, type RequestName, type Requests, type Results, requests } from '../../src/protocol/requests.ts';
import { Bar, type View } from './bar.ts';
import { ConflictView } from './conflict.ts';
import { attempt, type Context, type EditorHost } from './context.ts';
import { addGroup, addSecret } from './fields/add.ts';
import { isEnv } from './fields/assignment.ts';
import { Desk } from './fields/desk.ts';
import { editValue } from './fields/edit.ts';
import { pasteEnv } from './fields/paste.ts';
import { TypingRun } from './fields/run.ts';
import { openFileMenu } from './filemenu.ts';
import { Host } from './host.ts';
import { Model } from './model.ts';
import { Banner, emptyView, noticeView } from './notice.ts';
import { listenToPageKeys } from './pagekeys.ts';
import { h } from './parts/dom.ts';
import { showHelp } from './parts/help.ts';
import { Live } from './parts/live.ts';
import { closeMenu } from './parts/menu.ts';
import { Resting } from './parts/resting.ts';
import { visibleText } from './parts/visible.ts';
import { lastPlace, type Place, type Vscode } from './place.ts';
import { Stage } from './stage.ts';
import { listenToDrag } from './table/drag.ts';
import { onTableKey } from './table/keys.ts';
import { listenToPointer } from './table/pointer.ts';
import { Reveal } from './table/reveal.ts';
import { Search } from './table/search.ts';
import { Table } from './table/table.ts';
import { changedAt } from './table/travel.ts';
import { TextTab } from './texttab.ts';
import { words } from './words.ts';

/** The page: puts its parts together, and shows the one that fits the file's state. */
export class Editor implements Context {
  readonly model = new Model();
  readonly table = new Table(this.model);
  readonly live = new Live();
  readonly desk = new Desk();
  readonly host: EditorHost;
  readonly #run = new TypingRun(() => this.desk.sending);
  readonly #reveal: Reveal;
  readonly #search: Search;
  readonly #bar: Bar;
  readonly #text: TextTab;
  readonly #banner = new Banner({ act: (action) => this.#act(action), openConflict: () => void this.#openConflict() });
  readonly #stage: Stage;
  readonly #title = h('h1', { class: 'spoken' }, words.title);
  #conflict: ConflictView | undefined;
  #view: View = 'table';
  /** The view that was asked for last. */
  #heading: View = 'table';
  #wanted: Done | undefined;
  /** Undos and redos that are on their way, each of which gives the focus to the row that it changes. Their changes come in this order. */
  readonly #travels = new Set<object>();
  readonly #vscode: Vscode;
  /** Where the person was in the page before this one, until the rows are here. */
  #last: Place | undefined;
  readonly #keeping = new Resting(200, async () => this.#keep());

  constructor(root: HTMLElement, vscode: Vscode) {
    this.#vscode = vscode;
    this.#last = lastPlace(vscode);
    for (const group of this.#last?.closed ?? []) this.model.collapsed.add(group);
    this.model.current = this.#last?.row;
    this.host = new Host(
      { requests, read: readMessage },
      (message) => vscode.postMessage(message),
      (message) => this.#heard(message),
    );
    this.#reveal = new Reveal(this);
    this.#search = new Search(this);
    this.#search.onChange = () => this.#changed();
    this.#text = new TextTab(this);
    // Where nothing was chosen yet, what is added goes to the end of the file.
    const here = () => (this.model.selected.size > 0 ? this.model.row(this.model.current) : undefined);
    this.#bar = new Bar(this.#search, {
      add: () => void addSecret(this, here()),
      addGroup: () => void addGroup(this, here()),
      toggleAll: () => this.#toggleAll(!this.model.anyOpen),
      paste: () => void pasteEnv(this),
      replaceFile: () => void this.#replaceFile(),
      saveCopy: () => void this.#ask('saveCopy', {}),
      readers: () => void this.#ask('run', { verb: 'readers' }),
      more: (button) => this.#more(button),
      help: () => this.#help(),
      view: (view) => void this.#setView(view),
    });
    const loading = h('section', { class: 'middle' }, h('p', { role: 'status' }, words.loading));
    this.#stage = new Stage(this.table.scroller, loading);
    root.append(this.#title, this.#bar.element, this.#banner.element, this.#stage.element, this.live.element);
    this.desk.onBack = () => this.#closeLost();
    listenToPointer(this, this.#reveal);
    listenToDrag(this);
    this.#listenToKeys();
    this.#listenToFocus();
    void attempt(this, 'ready', {});
  }

  awaitRow(done: Done): void {
    this.#wanted = done;
    this.#arrive();
  }

  /** Goes to the row of the last change once its rows are here. */
  #arrive(): void {
    const wanted = this.#wanted;
    if (!wanted || this.host.revision < wanted.revision) return;
    this.#wanted = undefined;
    const typing = document.activeElement !== null && this.desk.open?.contains(document.activeElement);
    if (wanted.focus !== undefined && this.#view === 'table' && !typing) this.#goTo(wanted.focus);
  }

  #goTo(id: RowId): void {
    if (!this.model.row(id)) return;
    for (let above = this.model.parent(id); above; above = this.model.parent(above.id))
      this.model.toggle(above.id, true);
    if (this.model.shownAt(id) === undefined) this.#search.clear();
    this.model.select(id);
    // Somebody may be working elsewhere: the row takes the focus when the window has it.
    if (document.hasFocus()) return this.table.focus(id);
    this.table.show(id);
    this.table.draw();
  }

  #heard(message: Exclude<ToPage, { type: 'answer' }>): void {
    if (message.type === 'forget') this.#forget();
    else if (message.type === 'focus') void this.#setView('table').then(() => this.#goTo(message.row));
    else if (message.type === 'state') {
      this.host.revision = message.revision;
      this.model.setState(message);
      this.#afterChange();
    } else if (message.revision > this.host.revision) {
      this.host.revision = message.revision;
      const at = this.#travels.size > 0 ? changedAt(this.model.rows, message, this.model.current) : undefined;
      if (!this.model.change(message)) return void attempt(this, 'ready', {});
      this.#afterChange();
      this.#goBack(at);
    }
  }

  /** Goes to what an undo or redo changed. */
  #goBack(at: number | undefined): void {
    const row = at === undefined ? undefined : this.model.rows[Math.min(at, this.model.rows.length - 1)];
    if (!row || this.#view !== 'table' || this.desk.open) return;
    const [first] = this.#travels;
    if (first) this.#travels.delete(first);
    this.#goTo(row.id);
  }

  #afterChange(): void {
    const { state } = this.model;
    if (!state) return;
    this.#closeLost();
    const { blocked } = this.model;
    if (blocked || state.presenting) this.#forget();
    // Its text is not to be edited; what can be read of it is in the table.
    if (state.notice?.kind === 'damaged') this.#view = 'table';
    const shown = this.#reveal.id;
    if (shown !== undefined && !this.model.row(shown)) this.#reveal.hide();
    this.#search.values.draw();
    this.#search.again();
    this.#changed();
    this.#text.view?.revised();
    this.#arrive();
  }

  /** What is open goes with its row, and with the table. */
  #closeLost(): void {
    const { open } = this.desk;
    const gone = open?.row !== undefined && this.model.row(open.row) === undefined;
    const { blocked } = this.model;
    if (open && (gone || blocked) && open.close()) this.live.say(gone && !blocked ? words.lostTyped : words.lostLocked);
  }

  #changed(): void {
    const { state } = this.model;
    if (!state) return;
    const focused = this.table.grid.contains(document.activeElement)
      ? this.table.idOf(document.activeElement)
      : undefined;
    this.#title.textContent = `${words.title}: ${visibleText(state.fileName)}`;
    const { hasGroups, anyOpen } = this.model;
    const below = this.model.blocked ? 'notice' : this.#conflict ? 'conflict' : this.#view;
    this.#bar.draw(state, below, !hasGroups ? 'none' : anyOpen ? 'open' : 'closed');
    this.#banner.draw(this.model.blocked || this.#conflict ? undefined : above(state));
    const back = this.#drawContent(state);
    if (this.table.scroller.isConnected) this.table.draw();
    if (back) {
      this.#stage.scrollBack();
      this.table.draw();
    }
    this.#goOn();
    this.#keeping.soon();
    // Its row was deleted: the focus goes to what took its place.
    if (
      focused !== undefined &&
      !this.table.grid.contains(document.activeElement) &&
      document.activeElement === document.body
    ) {
      this.table.focus(this.model.current);
    }
    this.#takeFocus();
  }

  /** Goes on where the person was in the page before this one. */
  #goOn(): void {
    const last = this.#last;
    if (!last || this.model.rows.length === 0) return;
    this.#last = undefined;
    if (last.row !== undefined && last.row === this.model.current) this.model.select(last.row);
    this.#stage.scrollBack(last.top);
    this.table.draw();
    this.#text.line = last.line;
    if (last.view === 'text' && this.model.state?.features.textView) void this.#setView('text');
  }

  /** Keeps where the person is for the page that comes after this one: VS Code throws a hidden page away. */
  #keep(): void {
    const { model } = this;
    if (model.rows.length === 0) return;
    const row = model.selected.size > 0 ? model.current : undefined;
    const { top } = this.#stage;
    this.#vscode.setState({ view: this.#view, row, closed: [...model.collapsed], top, line: this.#text.line });
  }

  /** The keyboard works at once: where nothing has the focus, the current row gets it, or what is in place of the table. */
  #takeFocus(): void {
    if (!document.hasFocus() || document.activeElement !== document.body || this.desk.open) return;
    if (this.#stage.kind === 'text') this.#text.view?.focus();
    else if (this.table.scroller.isConnected && this.#stage.kind !== 'empty') this.table.focusHere();
    else this.#stage.element.querySelector<HTMLElement>('.middle :is(h2, .primary)')?.focus();
  }

  /** True when the table is shown again. */
  #drawContent(state: State): boolean {
    const kind = this.#kind();
    if (this.#stage.kind === 'text' && kind !== 'text') {
      if (this.#text.view?.hasTyping) this.live.say(words.lostLocked);
      this.#text.close();
    }
    const back = this.#stage.show(kind, () => this.#content(kind, state));
    // It was closed by a lock.
    if (kind === 'text' && !this.#text.view) {
      this.#view = 'table';
      void this.#setView('text');
    }
    this.table.scroller.classList.toggle('bare', kind === 'empty');
    return back;
  }

  #content(kind: string, state: State): readonly HTMLElement[] {
    const { blocked } = this.model;
    const { scroller } = this.table;
    if (blocked)
      return [
        noticeView(
          blocked,
          (action) => this.#act(action),
          (button) => this.#more(button),
        ),
      ];
    if (this.#conflict) return [this.#conflict.element];
    if (kind === 'text') return [this.#text.element];
    if (kind === 'empty') {
      const add = () => void addSecret(this);
      // The form for the first secret opens above the sentence.
      return [scroller, emptyView(state.readOnly, add, () => void pasteEnv(this))];
    }
    const nothing = { class: 'nothing', role: 'status', hidden: kind !== 'nothing' };
    return [scroller, h('p', nothing, words.nothingMatches(this.#search.values.on))];
  }

  #kind(): string {
    if (this.model.blocked) return JSON.stringify(this.model.blocked);
    if (this.#conflict) return 'conflict';
    if (this.#view === 'text') return 'text';
    if (this.model.rows.length === 0) return `empty`;
    return this.model.shown.length === 0 ? `nothing` : 'table';
  }

  #act(action: NoticeAction): void {
    void attempt(this, 'act', { action });
  }

  /** Asks for something that is done with the whole file, once all that is typed is in it. */
  async #ask<N extends RequestName>(name: N, args: Requests[N]): Promise<Results[N] | undefined> {
    return (await this.#leave()) ? attempt(this, name, args) : undefined;
  }

  async #replaceFile(): Promise<void> {
    const done = await this.#ask('replaceFromFile', {});
    if (done) this.awaitRow(done);
  }

  #more(button: HTMLElement): void {
    const { state, blocked } = this.model;
    if (state) openFileMenu(state, !blocked, button, (verb) => void this.#ask('run', { verb }));
  }

  async #openConflict(): Promise<void> {
    if (!(await this.#leave())) return;
    const view = new ConflictView(this, () => {
      view.forget();
      this.#conflict = undefined;
      this.#changed();
      this.table.focus(this.model.current);
    });
    if (!(await view.open())) return;
    this.#conflict = view;
    this.#changed();
    view.element.querySelector('h2')?.focus();
  }

  /** Saves or asks about what is open, in either view. */
  async #leave(): Promise<boolean> {
    return (await this.desk.clear()) && (this.#view === 'table' || (await this.#text.view?.leave()) !== false);
  }

  async #setView(view: View): Promise<void> {
    this.#heading = view;
    if (view === this.#view || !(await this.#leave())) return;
    this.#reveal.hide();
    if (view === 'text' && !(await this.#text.open())) return;
    // Loading takes a moment, in which somebody may have thought better of it.
    if (this.#heading !== view) return this.#text.close();
    this.#view = view;
    this.#changed();
    if (view === 'text') this.#text.view?.focus();
    else this.table.focus(this.model.current);
  }

  #toggleAll(open: boolean): void {
    this.model.toggleAll(open);
    this.#changed();
    this.table.focus(this.model.current);
  }

  #help(): void {
    this.#reveal.hide();
    showHelp(this.#view, () =>
      this.#view === 'text' ? this.#text.view?.focus() : this.table.focus(this.model.current),
    );
  }

  #forget(): void {
    closeMenu();
    this.#reveal.hide();
    this.desk.open?.forget();
    this.#conflict?.forget();
    this.#search.forget();
    this.#text.view?.forget();
  }

  #listenToKeys(): void {
    const targets = {
      reveal: this.#reveal,
      startSearch: (event: KeyboardEvent) => {
        if (this.desk.spill() || this.#run.goesOn(event)) this.live.say(words.notSearched);
        else this.#search.start(event.key);
      },
      showHelp: () => this.#help(),
      endSearch: () => this.#search.end(),
      toggleAll: (open: boolean) => this.#toggleAll(open),
    };
    this.table.grid.addEventListener('keydown', (event) => onTableKey(this, targets, event));
    this.table.grid.addEventListener('paste', (event) => {
      if (event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      this.#paste(event.clipboardData?.getData('text/plain') ?? '');
    });
    listenToPageKeys({
      save: () => void this.#save(),
      find: () => (this.#view === 'text' ? this.#text.view?.find() : this.#search.focus()),
      undo: (name, inField) => this.#undo(name, inField),
    });
  }

  /** One value goes into the field of the current row, where Enter sets it; lines of a `.env` are added. */
  #paste(text: string): void {
    if (!this.model.structured) return;
    const row = this.model.row(this.model.current);
    const fits = row?.kind === 'entry' && !row.binary && !row.fixed && this.model.selected.size < 2;
    if (fits && text.trim() !== '' && !isEnv(text)) void editValue(this, row, { pasted: text });
    else void pasteEnv(this, text);
  }

  async #save(): Promise<void> {
    await this.#ask('save', {});
  }

  /** In a field with typing in it: the field's own undo, which the event must reach. Else the document's. */
  #undo(name: 'undo' | 'redo', inField: boolean): boolean {
    if (this.#view === 'text' && this.#text.view?.hasTyping) return false;
    if (inField && this.desk.open) return false;
    void this.#travel(name);
    return true;
  }

  async #travel(name: 'undo' | 'redo'): Promise<void> {
    const travel = {};
    this.#travels.add(travel);
    const text = this.#view === 'text';
    await attempt(this, name, { text });
    this.#travels.delete(travel);
    // A text that does not parse comes and goes without a change of the rows.
    if (text) this.#text.view?.revised();
  }

  #listenToFocus(): void {
    const hidden = () => {
      this.#keep();
      this.#reveal.hide();
      this.#conflict?.forget();
      void this.#text.view?.leave();
      void this.desk.open?.save?.();
      this.host.tell('hidden', {});
    };
    window.addEventListener('blur', hidden);
    // A click that brings the window back gives the focus to what was clicked, a moment later.
    window.addEventListener('focus', () => window.setTimeout(() => this.#takeFocus()));
    document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && hidden());
    document.addEventListener('selectionchange', () => this.#keeping.soon());
    this.table.scroller.addEventListener('scroll', () => this.#keeping.soon());
    this.table.scroller.addEventListener('focusin', (event) => {
      const id = this.table.idOf(event.target);
      if (this.#reveal.id !== undefined && id !== this.#reveal.id && !(event.target as Element).closest('.panel'))
        this.#reveal.hide();
      this.#keeping.soon();
    });
  }
}

/** Of two things to say, the one that cannot wait: a conflict is settled before a save, who the readers are is known after it, too. */
function above({ notice, conflict }: State): Notice | 'conflict' | undefined {
  if (conflict && (!notice || notice.kind === 'readers')) return 'conflict';
  return notice;
}
