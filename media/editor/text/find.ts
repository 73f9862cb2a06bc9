import { Prec, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view';
import type { Token } from '../../../src/protocol/requests.ts';
import { attempt, type Context } from '../context.ts';
import { quiet } from '../fields/field.ts';
import { iconButton, wordButton } from '../parts/button.ts';
import { h } from '../parts/dom.ts';
import { Resting } from '../parts/resting.ts';
import { ValuesToggle } from '../parts/valuestoggle.ts';
import { words } from '../words.ts';
import { Mask } from './masks.ts';
import { tokensIn } from './tokens.ts';

interface Match {
  readonly from: number;
  readonly to: number;
  /** The match is in the value behind this token. */
  readonly token?: Token;
}

const setFound = StateEffect.define<{ readonly matches: readonly Match[]; readonly now: number }>();

const found = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, transaction) {
    let now = value.map(transaction.changes);
    for (const effect of transaction.effects) if (effect.is(setFound)) now = draw(effect.value);
    return now;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function draw({ matches, now }: { readonly matches: readonly Match[]; readonly now: number }): DecorationSet {
  const marks = matches.map(({ from, to, token }, index) => {
    const look = index === now ? 'cm-found-now' : 'cm-found';
    // A mark does not reach around a mask: the mask itself gets the look.
    const mark = token ? Decoration.replace({ widget: new Mask(look) }) : Decoration.mark({ class: look });
    return mark.range(from, to);
  });
  return Decoration.set(marks, true);
}

/** What is looked for. */
export interface Question {
  readonly text: string;
  readonly matchCase: boolean;
  readonly inValues: boolean;
}

/** How many places were replaced, and whether the text is a draft now. */
export interface Replaced {
  readonly count: number;
  readonly draft: boolean;
}

interface Replacer {
  replaceAll(question: Question, by: string): Promise<Replaced | undefined>;
  goTo(from: number, to: number): void;
  leave(): Promise<boolean>;
}

/** Find and replace. What is not masked is searched here; values, on request, by the host. */
export class Find {
  readonly element: HTMLElement;
  readonly #context: Context;
  readonly #view: EditorView;
  readonly #replacer: Replacer;
  readonly #text = field(words.find);
  readonly #by = field(words.replaceBy);
  readonly #case: HTMLButtonElement;
  readonly #values: ValuesToggle;
  readonly #count = h('span', { class: 'search-count', role: 'status' });
  #matches: readonly Match[] = [];
  #now = -1;
  readonly #searching = new Resting(100, () => this.#search());
  #turn = 0;
  /** What is found next has not been in view yet. */
  #unseen = false;

  constructor(context: Context, view: EditorView, replacer: Replacer) {
    this.#context = context;
    this.#view = view;
    this.#replacer = replacer;
    const matchCase = () => {
      this.#case.setAttribute('aria-pressed', String(!this.#question.matchCase));
      this.#asks();
    };
    this.#case = iconButton('case-sensitive', words.matchCase, matchCase, { 'aria-pressed': 'false' });
    this.#values = new ValuesToggle(context, () => this.#valuesToo());
    const replace = wordButton(words.replaceAll, () => void this.#replaceAll());
    replace.hidden = context.model.state?.readOnly ?? true;
    this.#by.hidden = replace.hidden;
    this.element = h(
      'div',
      { class: 'find', role: 'search', hidden: true },
      ...[this.#text, this.#case, this.#values.element, this.#count],
      iconButton('arrow-up', words.findPrevious, () => this.#step(-1)),
      iconButton('arrow-down', words.findNext, () => this.#step(1)),
      ...[this.#by, replace, iconButton('close', words.close, () => this.close())],
    );
    this.#text.addEventListener('input', () => this.#asks());
    this.element.addEventListener('keydown', (event) => this.#key(event));
    view.dispatch({ effects: StateEffect.appendConfig.of(Prec.highest(found)) });
  }

  open(): void {
    this.element.hidden = false;
    this.#text.focus();
    this.#text.select();
    this.#asks();
  }

  close(): void {
    this.end();
    this.#view.focus();
  }

  /** Looks for nothing any more. */
  end(): void {
    this.element.hidden = true;
    this.#text.value = '';
    this.#by.value = '';
    this.#asks();
  }

  get #question(): Question {
    const matchCase = this.#case.getAttribute('aria-pressed') === 'true';
    return { text: this.#text.value, matchCase, inValues: this.#values.on };
  }

  /** Another question: what was found is no answer to it, nor is what is on its way. */
  #asks(): void {
    this.#turn++;
    this.#unseen = true;
    this.#searching.cancel();
    this.#clear();
    this.stale();
  }

  /** What is looked for in values may be one: it is masked, and not left to be read. */
  #valuesToo(): void {
    for (const input of [this.#text, this.#by]) {
      input.classList.toggle('masked', this.#values.on);
      if (!this.#values.on) input.value = '';
    }
    this.#asks();
  }

  /** The state of the page may be another one. */
  draw(): void {
    this.#values.draw();
  }

  /** Values are not searched for any more. */
  forget(): void {
    this.#values.off();
  }

  #key(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.key === 'Escape') this.close();
    else if (event.key === 'Enter' && event.target === this.#text) this.#step(event.shiftKey ? -1 : 1);
    else if (event.key === 'Enter' && event.target === this.#by) void this.#replaceAll();
    else return;
    event.preventDefault();
  }

  /** The text or the question has changed: searches again, soon. */
  stale(): void {
    if (!this.element.hidden) this.#searching.soon();
  }

  async #search(): Promise<void> {
    const turn = ++this.#turn;
    const { text, matchCase, inValues } = this.#question;
    if (text === '') return this.#clear();
    const holding = inValues ? await attempt(this.#context, 'textFind', { text, matchCase }) : { tokens: [] };
    // Another search has the turn, or will have it.
    if (turn !== this.#turn) return;
    if (!holding) return this.#clear();
    const matches = matchesIn(this.#view.state.doc.toString(), text, matchCase, new Set(holding.tokens));
    const { head } = this.#view.state.selection.main;
    const next = matches.findIndex(({ to }) => to >= head);
    this.#show(matches, matches.length === 0 ? -1 : Math.max(0, next));
    const first = this.#matches[this.#now];
    if (first && this.#unseen)
      this.#view.dispatch({ effects: EditorView.scrollIntoView(first.from, { y: 'nearest', yMargin: 40 }) });
    this.#unseen = false;
  }

  #clear(): void {
    this.#show([], -1);
    this.#count.textContent = '';
  }

  #show(matches: readonly Match[], now: number): void {
    this.#matches = matches;
    this.#now = now;
    this.#view.dispatch({ effects: setFound.of({ matches, now }) });
    this.#count.textContent = words.findCount(now + 1, matches.length);
  }

  async #step(by: number): Promise<void> {
    await this.#replacer.leave();
    await this.#searching.settled();
    const { length } = this.#matches;
    if (length === 0) return;
    this.#show(this.#matches, (this.#now + by + length) % length);
    const match = this.#matches[this.#now];
    if (match) this.#replacer.goTo(match.from, match.to);
  }

  /** Finds anew: what is shown may be from before the last change of the text. */
  async #replaceAll(): Promise<void> {
    const question = this.#question;
    if (question.text === '') return;
    const replaced = await this.#replacer.replaceAll(question, this.#by.value);
    if (replaced) {
      const { count, draft } = replaced;
      const say = count === 0 ? () => words.noMatches : draft ? words.replacedInDraft : words.replaced;
      this.#context.live.say(say(count));
    }
    this.stale();
  }
}

const field = (label: string) =>
  h('input', { type: 'text', class: 'field', placeholder: label, 'aria-label': label, ...quiet });

/** Places of `wanted` outside tokens, and the given tokens. In order. */
export function matchesIn(text: string, wanted: string, matchCase: boolean, holding: ReadonlySet<Token>): Match[] {
  const tokens = tokensIn(text);
  const out: Match[] = tokens.filter(({ token }) => holding.has(token));
  const fold = (one: string) => (matchCase ? one : one.toLowerCase());
  const haystack = fold(text);
  // Where lower case has another length, places would be wrong: such a text is searched as it is.
  const [where, what] = haystack.length === text.length ? [haystack, fold(wanted)] : [text, wanted];
  let next = 0;
  for (let at = where.indexOf(what); at >= 0; at = where.indexOf(what, at + what.length)) {
    const to = at + what.length;
    while ((tokens[next]?.to ?? Number.POSITIVE_INFINITY) <= at) next++;
    if ((tokens[next]?.from ?? to) >= to) out.push({ from: at, to });
  }
  return out.sort((a, b) => a.from - b.from);
}
