import type { Context } from '../context.ts';
import { words } from '../words.ts';
import { iconButton, withhold } from './button.ts';

/** The button that lets values be searched, too. Presentation mode disables it: a match gives a value away. */
export class ValuesToggle {
  readonly element: HTMLButtonElement;
  readonly #context: Context;
  readonly #changed: () => void;

  constructor(context: Context, changed: () => void) {
    this.#context = context;
    this.#changed = changed;
    this.element = iconButton('key', words.alsoValues, () => this.#click(), { 'aria-pressed': 'false' });
    this.draw();
  }

  get on(): boolean {
    return this.element.getAttribute('aria-pressed') === 'true';
  }

  get #presenting(): boolean {
    return this.#context.model.state?.presenting ?? false;
  }

  #click(): void {
    if (this.#presenting) this.#context.live.say(words.presentingSearch);
    else this.#set(!this.on);
  }

  #set(on: boolean): void {
    this.element.setAttribute('aria-pressed', String(on));
    this.#changed();
  }

  off(): void {
    if (this.on) this.#set(false);
  }

  /** To be called when presentation mode may have begun or ended. */
  draw(): void {
    withhold(this.element, this.#presenting ? words.presentingSearch : undefined, words.alsoValues);
    if (this.#presenting) this.off();
  }
}
