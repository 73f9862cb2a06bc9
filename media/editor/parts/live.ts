import { sentenceOf } from '../host.ts';
import { words } from '../words.ts';
import { iconButton } from './button.ts';
import { h } from './dom.ts';
import { icon } from './icons.ts';

/** How long a message that needs no answer stays, in milliseconds. */
const stay = 6_000;

/** The line at the bottom that says what happened, for eyes and for screen readers. Never a value. */
export class Live {
  readonly element = h('div', { class: 'live' });
  readonly #polite = h('div', { role: 'status', class: 'spoken' });
  readonly #urgent = h('div', { role: 'alert', class: 'spoken' });
  #timer = 0;

  constructor() {
    this.element.append(this.#polite, this.#urgent);
  }

  /** Says it; `quiet`: to screen readers only. */
  say(text: string, { quiet = false } = {}): void {
    this.#polite.textContent = text;
    if (!quiet) this.#show('info', text);
  }

  /** Says why something was refused; stays until it is closed or something else is said. */
  refuse(error: unknown): void {
    const text = sentenceOf(error);
    this.#urgent.textContent = text;
    this.#show('error', text);
  }

  #show(kind: 'info' | 'error', text: string): void {
    window.clearTimeout(this.#timer);
    this.hide();
    const close = iconButton('close', words.close, () => this.hide());
    // The words are spoken by the regions above; twice would be once too often.
    const line = h('div', { class: `toast ${kind}` }, icon(kind), h('span', { 'aria-hidden': 'true' }, text), close);
    this.element.append(line);
    if (kind === 'info') this.#timer = window.setTimeout(() => this.hide(), stay);
  }

  hide(): void {
    this.element.querySelector('.toast')?.remove();
  }
}
