import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, indentUnit } from '@codemirror/language';
import { lintGutter } from '@codemirror/lint';
import { ChangeSet, Compartment, EditorSelection, EditorState, Transaction } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  type ViewUpdate,
} from '@codemirror/view';
import type { TextState } from '../../../src/protocol/requests.ts';
import type { Context } from '../context.ts';
import { quiet } from '../fields/field.ts';
import { h } from '../parts/dom.ts';
import { words } from '../words.ts';
import { clipboard } from './clipboard.ts';
import { sameLine } from './cursor.ts';
import { changeBetween } from './diff.ts';
import { Find, matchesIn, type Question, type Replaced } from './find.ts';
import { leftLines, setAway, setTaken } from './left.ts';
import { lookOf } from './look.ts';
import { masks } from './masks.ts';
import { closing, isInside, opened, ours, type Span, setOpened, tokenText } from './opened.ts';
import { showProblem } from './problem.ts';
import { tokensIn } from './tokens.ts';

/** How long the cursor rests on a line before its values are asked for, in milliseconds. */
const rest = 120;

/**
 * The text of the file with masks in place of values. Only the line with the cursor holds its sources, and only while it
 * is being worked on. Leaving it sends the text to the host, which answers with tokens again.
 */
export class TextView {
  readonly view: EditorView;
  readonly #context: Context;
  readonly #history = new Compartment();
  readonly #problem = h('div', { class: 'text-problem problem', role: 'status', hidden: true });
  readonly #find: Find;
  /** The text as the host has it. */
  #synced: string;
  /** The host has another text, which was not brought in: somebody was typing. */
  #behind = false;
  /** What the person typed while an answer is on its way. */
  #meanwhile: ChangeSet | undefined;
  /** One thing after the other: opening a line waits until the last one is closed. */
  #queue: Promise<unknown> = Promise.resolve();
  #timer = 0;
  #destroyed = false;
  #idle = 0;

  constructor(context: Context, parent: HTMLElement, { text, language, problem }: TextState, nonce: string) {
    this.#context = context;
    this.#synced = text;
    const readOnly = context.model.state?.readOnly ?? true;
    const state = EditorState.create({
      doc: text,
      extensions: [
        EditorView.cspNonce.of(nonce),
        EditorView.contentAttributes.of({ ...(quiet as Record<string, string>), 'aria-label': words.textLabel }),
        EditorState.readOnly.of(readOnly),
        EditorState.lineSeparator.of('\n'),
        indentUnit.of('  '),
        this.#history.of(history()),
        keymap.of([...defaultKeymap, ...historyKeymap]),
        ...[lineNumbers(), lintGutter(), drawSelection(), highlightActiveLine(), highlightActiveLineGutter()],
        ...[bracketMatching(), opened, leftLines, masks, lookOf(language)],
        clipboard((sentence) => context.live.say(sentence)),
        EditorView.updateListener.of((update) => this.#updated(update)),
      ],
    });
    this.view = new EditorView({ state });
    this.#find = new Find(context, this.view, this);
    parent.replaceChildren(this.#find.element, this.view.dom, this.#problem);
    showProblem(this.view, this.#problem, problem);
  }

  focus(): void {
    this.view.focus();
  }

  find(): void {
    this.#find.open();
  }

  /** The line of the cursor, from 1. */
  get line(): number {
    const { doc, selection } = this.view.state;
    return doc.lineAt(selection.main.head).number;
  }

  set line(line: number) {
    const { from } = this.view.state.doc.line(Math.min(line, this.view.state.doc.lines));
    this.goTo(from, from);
  }

  get hasTyping(): boolean {
    return tokenText(this.view.state) !== this.#synced;
  }

  destroy(): void {
    this.#destroyed = true;
    window.clearTimeout(this.#timer);
    window.clearTimeout(this.#idle);
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length }, annotations: ours.of(true) });
    this.#find.end();
    this.view.destroy();
  }

  #updated(update: ViewUpdate): void {
    // Places are others once a line is opened or closed, too.
    if (update.docChanged) this.#find.stale();
    if (update.transactions.some((transaction) => transaction.annotation(ours))) return;
    if (update.docChanged) this.#meanwhile = this.#meanwhile?.compose(update.changes);
    if (!update.docChanged && !update.selectionSet) return;
    this.#rest();
    const open = update.state.field(opened);
    // At once, before anything is typed elsewhere: what is sent is only what was done in the line that was left.
    if (open && !isInside(update.state, open)) void this.#enqueue(() => this.#closeLeft());
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#enqueue(() => this.#open()), rest);
  }

  /** A line that nobody works on any more is masked again after the time of a reveal. */
  #rest(): void {
    window.clearTimeout(this.#idle);
    const seconds = this.#context.model.state?.revealSeconds ?? 10;
    this.#idle = window.setTimeout(() => void this.leave(), seconds * 1000);
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#queue.then(work);
    this.#queue = next.catch((error: unknown) => this.#context.live.refuse(error));
    return next;
  }

  /** Closes the line that was open if the cursor is no longer in it. */
  async #closeLeft(): Promise<void> {
    const open = this.view.state.field(opened);
    if (open && !isInside(this.view.state, open)) await this.#close();
  }

  /** Opens the line with the cursor. */
  async #open(): Promise<void> {
    await this.#closeLeft();
    const { state } = this.view;
    const line = state.doc.lineAt(state.selection.main.head);
    if (state.field(opened)?.shown || !isInside(state, line) || !this.view.hasFocus) return;
    const { readOnly = true, presenting = false } = this.#context.model.state ?? {};
    const tokens = tokensIn(line.text, line.from).map(({ token }) => token);
    if (tokens.length === 0 || readOnly || presenting) return;
    const { sources } = await this.#context.host.ask('textShow', { tokens });
    const known = new Map(tokens.map((token, index) => [token, sources[index]]));
    if (this.view.hasFocus) this.#putSources(known);
  }

  /** Puts sources in place of the tokens in the cursor's line. */
  #putSources(sources: ReadonlyMap<string, string | undefined>): void {
    const { state } = this.view;
    const line = state.doc.lineAt(state.selection.main.head);
    const changes: { from: number; to: number; insert: string }[] = [];
    const spans: Span[] = [];
    let shift = 0;
    for (const { token, from, to } of tokensIn(line.text, line.from)) {
      const source = sources.get(token);
      if (source === undefined) continue;
      changes.push({ from, to, insert: source });
      spans.push({ token, source, from: from + shift, to: from + shift + source.length });
      shift += source.length - (to - from);
    }
    // The cursor has gone on to another line, which is asked for next.
    if (spans.length === 0) return;
    const before = state.field(opened);
    const from = Math.min(line.from, before?.from ?? line.from);
    const to = Math.max(line.to, before?.to ?? line.to) + shift;
    this.#dispatch({ changes, effects: setOpened.of({ from, to, spans, shown: true }) });
    if (!before) this.#resetHistory();
  }

  /** Puts tokens back, and sends what was typed. */
  async #close(): Promise<void> {
    // What waited in the queue would send the emptied text.
    if (this.#destroyed) return;
    const { state } = this.view;
    if (state.field(opened)) this.#dispatch({ changes: closing(state), effects: setOpened.of(undefined) });
    const text = this.view.state.doc.toString();
    if (text !== this.#synced) return this.#send(() => this.#context.host.ask('textSet', { text, from: this.#synced }));
    this.#dispatch({ effects: setTaken.of(null) });
    this.#resetHistory();
    if (this.#behind) this.revised();
  }

  /** The same for what is typed while the text is on its way. */
  async #closeAll(): Promise<void> {
    do await this.#close();
    while (this.view.state.field(opened));
  }

  /** Runs a request that answers with the text, and brings its answer in beside what is typed meanwhile. */
  async #send(request: () => Promise<TextState>): Promise<void> {
    const sent = this.view.state.doc.toString();
    this.#meanwhile = ChangeSet.empty(sent.length);
    try {
      const answer = await request();
      this.#bringIn(sent, answer.text);
      showProblem(this.view, this.#problem, answer.problem);
    } finally {
      this.#meanwhile = undefined;
    }
  }

  #bringIn(sent: string, text: string): void {
    const change = changeBetween(sent, text);
    this.#synced = text;
    this.#behind = false;
    if (change) {
      const meanwhile = this.#meanwhile ?? ChangeSet.empty(sent.length);
      const changes = ChangeSet.of(change, sent.length).map(meanwhile);
      const { doc, selection } = this.view.state;
      const { head } = selection.main;
      // A cursor in what is exchanged would go to its end.
      const lost = meanwhile.empty && head >= change.from && head <= (change.to ?? change.from);
      this.#dispatch({ changes, ...(lost && { selection: { anchor: sameLine(doc, head, changes.apply(doc)) } }) });
    }
    this.#dispatch({ effects: setTaken.of(null) });
    this.#resetHistory();
    // The host may know of another text even where this one is the same.
    this.#find.stale();
  }

  #dispatch(spec: Parameters<EditorView['dispatch']>[0]): void {
    this.view.dispatch({ ...spec, annotations: [ours.of(true), Transaction.addToHistory.of(false)] });
  }

  /** CodeMirror's undo is for the line being edited; it must not bring values back afterwards. */
  #resetHistory(): void {
    this.#dispatch({ effects: this.#history.reconfigure([]) });
    this.#dispatch({ effects: this.#history.reconfigure(history()) });
  }

  /** Closes the line; false when what was typed could not be sent. */
  async leave(): Promise<boolean> {
    window.clearTimeout(this.#timer);
    window.clearTimeout(this.#idle);
    // At once: the host may be busy.
    if (!this.#destroyed) this.#dispatch({ effects: setAway.of(null) });
    try {
      await this.#enqueue(() => this.#close());
      return true;
    } catch {
      return false;
    }
  }

  /** No value is to be shown any more. */
  forget(): void {
    this.#find.forget();
    void this.leave();
  }

  /** The document changed: by our own words, by undo, or by somebody else. */
  revised(): void {
    this.#find.draw();
    void this.#enqueue(async () => {
      this.#behind = this.hasTyping;
      if (this.#behind) return;
      const answer = await this.#context.host.ask('text', {});
      // What is typed now is sent with the word which text it was made of; the host puts both together.
      this.#behind = this.hasTyping;
      if (this.#behind || tokenText(this.view.state) === answer.text) return;
      this.#dispatch({ changes: closing(this.view.state), effects: setOpened.of(undefined) });
      this.#bringIn(this.view.state.doc.toString(), answer.text);
      showProblem(this.view, this.#problem, answer.problem);
    }).catch(() => undefined);
  }

  /**
   * Replaces whatever the question finds once everything before is done: in values first, since the host knows them by
   * their names. Undefined when it was refused, which has been said then.
   */
  replaceAll({ text, matchCase, inValues }: Question, by: string): Promise<Replaced | undefined> {
    const { host } = this.#context;
    return this.#enqueue(async () => {
      await this.#closeAll();
      const { tokens } = inValues ? await host.ask('textFind', { text, matchCase }) : { tokens: [] };
      await this.#closeAll();
      if (tokens.length > 0) await this.#send(() => host.ask('textReplace', { text, by, matchCase, tokens }));
      await this.#closeAll();
      const places = matchesIn(this.view.state.doc.toString(), text, matchCase, new Set());
      this.#dispatch({ changes: places.map(({ from, to }) => ({ from, to, insert: by })) });
      await this.#close();
      return { count: tokens.length + places.length, draft: !this.#problem.hidden };
    }).catch(() => undefined);
  }

  /** Selects a place and scrolls to it; its line stays masked until it is worked on. */
  goTo(from: number, to: number): void {
    this.#dispatch({
      selection: EditorSelection.single(from, to),
      effects: EditorView.scrollIntoView(from, { y: 'center' }),
    });
  }
}
