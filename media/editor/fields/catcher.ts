import { h } from '../parts/dom.ts';
import { quiet } from './field.ts';
import type { Step } from './replay.ts';

const recorded = [
  ...['Enter', 'Tab', 'Backspace', 'Delete', 'Home', 'End', 'PageUp', 'PageDown', 'F2', 'Insert'],
  ...['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'],
];

const catchers = new WeakMap<Element, Catcher>();

/**
 * Has the keyboard while the page waits for the host: an input that stays empty, since dead keys need one. What is typed
 * may be a value: it is kept beside the page, and forgotten at the end.
 */
export class Catcher {
  readonly steps: Step[] = [];
  readonly #input: HTMLInputElement;
  #before: Element | null = null;
  readonly #onEscape: () => void;

  /** `label`: what is waited for. `onEscape`: called for that key. */
  constructor(label: string, onEscape: () => void) {
    this.#onEscape = onEscape;
    this.#input = h('input', { type: 'password', class: 'spoken', 'aria-label': label, ...quiet });
    const input = this.#input;
    catchers.set(input, this);
    input.addEventListener('keydown', (event) => this.#key(event));
    input.addEventListener('beforeinput', (event) => {
      // What is being composed cannot be refused, and is taken when it is done.
      if (event.isComposing) return;
      event.preventDefault();
      this.#typed(event.data ?? '');
    });
    input.addEventListener('compositionend', () => this.#takeComposed());
    input.addEventListener('paste', (event) => {
      event.preventDefault();
      event.stopPropagation();
      this.#typed(event.clipboardData?.getData('text/plain') ?? '', true);
    });
    document.querySelector('main')!.append(input);
  }

  /** The one that has the keyboard now. */
  static get current(): Catcher | undefined {
    return document.activeElement ? catchers.get(document.activeElement) : undefined;
  }

  focus(): void {
    this.#before ??= document.activeElement;
    this.#input.focus({ preventScroll: true });
  }

  is(element: Element): boolean {
    return element === this.#input;
  }

  #typed(text: string, pasted = false): void {
    if (text !== '') this.steps.push({ text, pasted });
  }

  #takeComposed(): void {
    this.#typed(this.#input.value);
    this.#input.value = '';
  }

  #key(event: KeyboardEvent): void {
    const { key, ctrlKey, metaKey, shiftKey, altKey, repeat } = event;
    if (event.isComposing) return;
    event.stopPropagation();
    if (key === 'Escape') this.#onEscape();
    else if (recorded.includes(key) || ((ctrlKey || metaKey) && key.toLowerCase() === 'a')) {
      event.preventDefault();
      // A key that is held down was pressed before, and means nothing more.
      if (key !== 'Enter' || !repeat) this.steps.push({ key, ctrlKey, metaKey, shiftKey, altKey });
    }
  }

  /** The focus goes back to where it was; false when that is gone. */
  giveBack(): boolean {
    if (!this.#before?.isConnected) return false;
    (this.#before as HTMLElement).focus({ preventScroll: true });
    return true;
  }

  /** Forgets what was typed. */
  end(): void {
    this.steps.length = 0;
    this.#input.remove();
  }
}
