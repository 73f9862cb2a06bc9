import type { ConflictEntry, Side } from '../../src/protocol/requests.ts';
import { attempt, type Context } from './context.ts';
import { iconButton, wordButton } from './parts/button.ts';
import { h } from './parts/dom.ts';
import { type IconName, icon } from './parts/icons.ts';
import { visibleLines, visibleText } from './parts/visible.ts';
import { words } from './words.ts';

const symbols: Readonly<Record<ConflictEntry['mine'], IconName | undefined>> = {
  same: undefined,
  changed: 'edit',
  added: 'add',
  removed: 'trash',
};

/** Two sets of changes side by side, clashes first. Values are asked for one at a time, and hidden again after a while. */
export class ConflictView {
  readonly element = h('section', { class: 'conflict', 'aria-label': words.conflictTitle });
  readonly #context: Context;
  readonly #closed: () => void;
  readonly #problem = h('div', { class: 'problem', role: 'alert' });
  readonly #sides = new Map<number, Side>();
  #entries: readonly ConflictEntry[] = [];
  #hide: () => void = () => undefined;
  #wish = 0;

  constructor(context: Context, closed: () => void) {
    this.#context = context;
    this.#closed = closed;
  }

  /** Asks for the entries; false when there are none to be had. */
  async open(): Promise<boolean> {
    const answer = await attempt(this.#context, 'conflict', {});
    if (!answer) return false;
    this.#entries = answer.entries;
    this.#draw();
    return true;
  }

  /** Hides the value that is shown, if one is. */
  forget(): void {
    this.#wish++;
    this.#hide();
    this.#hide = () => undefined;
  }

  get #clashes(): number[] {
    return this.#entries.flatMap((entry, index) => (entry.clash ? [index] : []));
  }

  #draw(): void {
    const rows = this.#entries.map((one, index) => [one, index] as const);
    rows.sort(([a], [b]) => Number(b.clash) - Number(a.clash));
    this.element.replaceChildren(
      h('h2', { tabindex: -1 }, words.conflictTitle),
      h('p', {}, words.conflictText(this.#clashes.length)),
      h(
        'div',
        { class: 'conflict-scroll', tabindex: 0, role: 'group', 'aria-label': words.conflictEntries },
        h(
          'table',
          {},
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              ...[words.conflictEntry, words.mine, words.theirs].map((text) => h('th', { scope: 'col' }, text)),
            ),
          ),
          h('tbody', {}, ...rows.map(([one, index]) => this.#row(one, index))),
        ),
      ),
      this.#problem,
      h(
        'div',
        { class: 'buttons' },
        wordButton(words.apply, () => void this.#apply(), { primary: true }),
        this.#clashes.length > 1 && wordButton(words.allMine, () => this.#all('mine')),
        this.#clashes.length > 1 && wordButton(words.allTheirs, () => this.#all('theirs')),
        wordButton(words.back, () => this.#closed()),
      ),
    );
    this.element.querySelector('h2')?.focus();
  }

  #row(entry: ConflictEntry, index: number): HTMLElement {
    const name = h(
      'th',
      { scope: 'row' },
      entry.clash && h('span', { class: 'clashes' }, icon('warning')),
      h('span', {}, visibleText(entry.path)),
    );
    return h(
      'tr',
      { class: entry.clash ? 'clash' : '' },
      name,
      this.#cell(entry, index, 'mine'),
      this.#cell(entry, index, 'theirs'),
    );
  }

  #cell(entry: ConflictEntry, index: number, side: Side): HTMLElement {
    const change = entry[side];
    const symbol = symbols[change];
    const text = h('span', { class: 'change' }, symbol && icon(symbol), words.changes[change]);
    const value = h('span', { class: 'side-value' });
    const eye = change !== 'removed' && change !== 'same' && !this.#context.model.state?.presenting;
    const show =
      eye &&
      iconButton(
        'eye',
        `${words.reveal}: ${words[side]}, ${visibleText(entry.path)}`,
        () => void this.#reveal(index, side, value),
      );
    if (!entry.clash) return h('td', {}, text, show, value);
    const radio = h('input', { type: 'radio', name: `side-${index}`, value: side, autocomplete: 'off' });
    radio.checked = this.#sides.get(index) === side;
    radio.addEventListener('change', () => {
      this.#sides.set(index, side);
      this.#problem.replaceChildren();
    });
    radio.setAttribute('aria-label', `${visibleText(entry.path)}: ${words[side]}, ${words.changes[change]}`);
    return h('td', {}, h('label', { class: 'choice' }, radio, text), show, value);
  }

  #all(side: Side): void {
    for (const index of this.#clashes) this.#sides.set(index, side);
    for (const radio of this.element.querySelectorAll<HTMLInputElement>('input[type=radio]')) {
      radio.checked = radio.value === side;
    }
    this.#problem.replaceChildren();
  }

  async #reveal(index: number, side: Side, place: HTMLElement): Promise<void> {
    this.forget();
    const wish = this.#wish;
    const answer = await attempt(this.#context, 'revealSide', { index, side });
    if (!answer || wish !== this.#wish || !place.isConnected) return;
    place.classList.add('shown-value');
    place.replaceChildren(...visibleLines(answer.text));
    const seconds = this.#context.model.state?.revealSeconds ?? 10;
    const timer = window.setTimeout(() => this.forget(), seconds * 1000);
    this.#context.live.say(words.revealed(seconds), { quiet: true });
    this.#hide = () => {
      window.clearTimeout(timer);
      place.replaceChildren();
      place.classList.remove('shown-value');
    };
  }

  async #apply(): Promise<void> {
    const left = this.#clashes.filter((index) => !this.#sides.has(index));
    if (left.length > 0) {
      this.#problem.replaceChildren(icon('error'), words.chooseAll(left.length));
      this.element.querySelector<HTMLInputElement>(`input[name="side-${left[0]}"]`)?.focus();
      return;
    }
    const sides = this.#entries.map((entry, index): Side => {
      return this.#sides.get(index) ?? (entry.mine === 'same' ? 'theirs' : 'mine');
    });
    const done = await attempt(this.#context, 'resolve', { sides });
    if (done === undefined) return;
    if (done === null) return this.#context.live.say(words.notResolved);
    this.forget();
    this.#closed();
    this.#context.live.say(words.resolved);
  }
}
