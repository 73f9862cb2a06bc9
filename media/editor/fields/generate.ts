import type { Alphabet, GenerateOptions } from '../../../src/protocol/requests.ts';
import { attempt, type Context } from '../context.ts';
import { wordButton } from '../parts/button.ts';
import { h, setAttributes } from '../parts/dom.ts';
import { type IconName, icon } from '../parts/icons.ts';
import { words } from '../words.ts';
import { quiet } from './field.ts';

type Kind = GenerateOptions['kind'];
type Of<K extends Kind> = Extract<GenerateOptions, { kind: K }>;

let groups = 0;

/** What to generate; each choice generates anew and hands the value to `use`, who owns it. Shows its strength. */
export class Generator {
  readonly element: HTMLElement;
  readonly #context: Context;
  readonly #use: (text: string) => void;
  readonly #choices = h('div', { class: 'choices' });
  readonly #strength = h('div', { class: 'strength', role: 'status' });
  readonly #group = `generate-${++groups}`;
  #kind: Kind = 'characters';
  /** What was chosen for each kind. */
  readonly #options: { [K in Kind]: { -readonly [F in keyof Of<K>]: Of<K>[F] } } = {
    characters: { kind: 'characters', length: 32, alphabets: Object.keys(words.alphabets) as Alphabet[] },
    key: { kind: 'key', bits: 256 },
    uuid: { kind: 'uuid' },
    words: { kind: 'words', count: 6, separator: '-' },
  };
  #turn = 0;

  constructor(context: Context, use: (text: string) => void) {
    this.#context = context;
    this.#use = use;
    const kinds = (Object.keys(words.kinds) as Kind[]).map((kind) =>
      this.#radio(this.#group, words.kinds[kind], kind === this.#kind, () => {
        this.#kind = kind;
        this.#drawChoices();
      }),
    );
    this.element = h(
      'div',
      { class: 'generator', role: 'group', 'aria-label': words.generateTitle },
      h('div', { class: 'kinds', role: 'radiogroup', 'aria-label': words.generateTitle }, ...kinds),
      this.#choices,
      h(
        'div',
        { class: 'outcome' },
        wordButton(words.another, () => void this.run(), { symbol: 'refresh' }),
        this.#strength,
      ),
    );
    this.#drawChoices();
  }

  focus(): void {
    this.element.querySelector<HTMLInputElement>('input:checked')?.focus();
  }

  /** What is on its way is not wanted any more. */
  drop(): void {
    this.#turn++;
  }

  async run(): Promise<void> {
    const turn = ++this.#turn;
    if (this.#kind === 'characters' && this.#options.characters.alphabets.length === 0) {
      this.#strength.replaceChildren(icon('error'), words.oneAlphabet);
      return;
    }
    const made = await attempt(this.#context, 'generate', { options: this.#options[this.#kind] });
    if (!made || turn !== this.#turn || !this.element.isConnected) return;
    this.#use(made.text);
    this.#drawStrength(made.bits);
  }

  #drawStrength(bits: number): void {
    const level = bits < 50 ? 'weak' : bits < 80 ? 'fair' : bits < 128 ? 'strong' : 'best';
    const name: IconName = level === 'weak' ? 'warning' : level === 'fair' ? 'info' : 'shield';
    const bar = h('span', { class: 'bar', 'aria-hidden': 'true' }, h('span', { class: 'fill' }));
    (bar.firstElementChild as HTMLElement).style.width = `${Math.min(100, (bits / 128) * 100)}%`;
    setAttributes(this.#strength, { 'data-level': level });
    this.#strength.replaceChildren(icon(name), bar, h('span', {}, words.strength[level](Math.floor(bits))));
  }

  /** A menu of choices; each change generates a new value. */
  #choice(text: string, input: HTMLInputElement, change: () => void): HTMLElement {
    input.addEventListener('change', () => {
      change();
      void this.run();
    });
    return h('label', { class: 'choice' }, ...(input.matches('.field') ? [text, input] : [input, text]));
  }

  #radio(name: string, text: string, checked: boolean, change: () => void): HTMLElement {
    return this.#choice(text, h('input', { type: 'radio', name, autocomplete: 'off', checked }), change);
  }

  #number(text: string, now: number, [min, max]: readonly [number, number], set: (value: number) => void): HTMLElement {
    const input = h('input', { type: 'number', class: 'field number', min, max, value: now, ...quiet });
    return this.#choice(text, input, () => {
      const given = Math.round(Number(input.value));
      const kept = Number.isFinite(given) && input.value !== '' ? Math.min(max, Math.max(min, given)) : now;
      input.value = String(kept);
      set(kept);
    });
  }

  #drawChoices(): void {
    const { characters, key, words: some } = this.#options;
    const drawings: Readonly<Record<Kind, () => HTMLElement[]>> = {
      characters: () => [
        this.#number(words.length, characters.length, [8, 256], (value) => {
          characters.length = value;
        }),
        ...(Object.keys(words.alphabets) as Alphabet[]).map((name) => this.#alphabet(name)),
      ],
      key: () =>
        ([128, 256] as const).map((bits) =>
          this.#radio(`${this.#group}-bits`, words.bitsKey(bits), key.bits === bits, () => {
            key.bits = bits;
          }),
        ),
      uuid: () => [],
      words: () => [
        this.#number(words.wordCount, some.count, [4, 16], (value) => {
          some.count = value;
        }),
        this.#separator(),
      ],
    };
    this.#choices.replaceChildren(...drawings[this.#kind]());
  }

  #alphabet(name: Alphabet): HTMLElement {
    const { characters } = this.#options;
    const checked = characters.alphabets.includes(name);
    const input = h('input', { type: 'checkbox', autocomplete: 'off', checked });
    return this.#choice(words.alphabets[name], input, () => {
      const others = characters.alphabets.filter((one) => one !== name);
      characters.alphabets = input.checked ? [...others, name] : others;
    });
  }

  #separator(): HTMLElement {
    const { words: some } = this.#options;
    const input = h('input', { type: 'text', class: 'field number', maxlength: 3, value: some.separator, ...quiet });
    return this.#choice(words.separator, input, () => {
      some.separator = input.value;
    });
  }
}
