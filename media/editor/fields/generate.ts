import type { Alphabet, GenerateOptions } from '../../../src/protocol/requests.ts';
import { attempt, type Context } from '../context.ts';
import { wordButton } from '../parts/button.ts';
import { h, setAttributes } from '../parts/dom.ts';
import { type IconName, icon } from '../parts/icons.ts';
import { words } from '../words.ts';
import { quiet } from './field.ts';

type Kind = GenerateOptions['kind'];

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
  #length = 32;
  #alphabets = new Set<Alphabet>(['lower', 'upper', 'digits', 'symbols']);
  #bits: 128 | 256 = 256;
  #count = 6;
  #separator = '-';
  #turn = 0;

  constructor(context: Context, use: (text: string) => void) {
    this.#context = context;
    this.#use = use;
    const kinds = (Object.keys(words.kinds) as Kind[]).map((kind) =>
      this.#radio(this.#group, words.kinds[kind], kind === this.#kind, () => {
        this.#kind = kind;
        this.#drawChoices();
        void this.run();
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

  get #options(): GenerateOptions {
    if (this.#kind === 'key') return { kind: 'key', bits: this.#bits };
    if (this.#kind === 'uuid') return { kind: 'uuid' };
    if (this.#kind === 'words') return { kind: 'words', count: this.#count, separator: this.#separator };
    return { kind: 'characters', length: this.#length, alphabets: [...this.#alphabets] };
  }

  /** What is on its way is not wanted any more. */
  drop(): void {
    this.#turn++;
  }

  async run(): Promise<void> {
    const turn = ++this.#turn;
    if (this.#kind === 'characters' && this.#alphabets.size === 0) {
      this.#strength.replaceChildren(icon('error'), words.oneAlphabet);
      return;
    }
    const made = await attempt(this.#context, 'generate', { options: this.#options });
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

  #radio(name: string, text: string, checked: boolean, change: () => void): HTMLElement {
    const input = h('input', { type: 'radio', name, autocomplete: 'off', on: { change } });
    input.checked = checked;
    return h('label', { class: 'choice' }, input, text);
  }

  #number(
    text: string,
    value: number,
    [min, max]: readonly [number, number],
    set: (value: number) => void,
  ): HTMLElement {
    const input = h('input', { type: 'number', class: 'field number', min, max, ...quiet });
    input.value = String(value);
    input.addEventListener('change', () => {
      const given = Math.round(Number(input.value));
      const kept = Number.isFinite(given) && input.value !== '' ? Math.min(max, Math.max(min, given)) : value;
      input.value = String(kept);
      set(kept);
      void this.run();
    });
    return h('label', { class: 'choice' }, text, input);
  }

  #drawChoices(): void {
    const drawings: Readonly<Record<Kind, () => HTMLElement[]>> = {
      characters: () => [
        this.#number(words.length, this.#length, [8, 256], (value) => {
          this.#length = value;
        }),
        ...(Object.keys(words.alphabets) as Alphabet[]).map((name) => this.#alphabet(name)),
      ],
      key: () =>
        ([128, 256] as const).map((bits) =>
          this.#radio(`${this.#group}-bits`, words.bitsKey(bits), this.#bits === bits, () => {
            this.#bits = bits;
            void this.run();
          }),
        ),
      uuid: () => [],
      words: () => [
        this.#number(words.wordCount, this.#count, [4, 16], (value) => {
          this.#count = value;
        }),
        this.#separatorField(),
      ],
    };
    this.#choices.replaceChildren(...drawings[this.#kind]());
  }

  #alphabet(name: Alphabet): HTMLElement {
    const input = h('input', { type: 'checkbox', autocomplete: 'off' });
    input.checked = this.#alphabets.has(name);
    input.addEventListener('change', () => {
      if (input.checked) this.#alphabets.add(name);
      else this.#alphabets.delete(name);
      void this.run();
    });
    return h('label', { class: 'choice' }, input, words.alphabets[name]);
  }

  #separatorField(): HTMLElement {
    const input = h('input', { type: 'text', class: 'field number', maxlength: 3, ...quiet });
    input.value = this.#separator;
    input.addEventListener('change', () => {
      this.#separator = input.value;
      void this.run();
    });
    return h('label', { class: 'choice' }, words.separator, input);
  }
}
