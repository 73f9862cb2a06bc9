import type { Context } from '../context.ts';
import { iconButton, relabel } from '../parts/button.ts';
import { h, type Properties, setAttributes } from '../parts/dom.ts';
import { words } from '../words.ts';

/**
 * For every field of the page: no form history, no spelling service, no password manager. A browser stores what is typed
 * into a field without them.
 */
export const quiet: Properties = {
  autocomplete: 'off',
  autocorrect: 'off',
  autocapitalize: 'off',
  spellcheck: 'false',
  'data-lpignore': 'true',
  'data-1p-ignore': 'true',
  'data-bwignore': 'true',
  'data-form-type': 'other',
};

/**
 * A masked field for a value: one line, or more once there are more. An eye shows what is typed. A value that was put in, and
 * not typed into since, has a mask of fixed length: dots for each character would show how long it is.
 */
export class SecretField {
  readonly element: HTMLElement;
  readonly #label: string;
  readonly #eye: HTMLButtonElement;
  #control: HTMLInputElement | HTMLTextAreaElement;
  #visible = false;
  #crlf = false;
  #busy = false;
  /** Somebody typed into it since a text was put in. */
  #touched = false;
  /** Called after one line has become several: the control is another element then. */
  onGrow: () => void = () => undefined;
  onInput: () => void = () => undefined;

  constructor({ model, live }: Context, label: string, { lines = false, extra = [] as HTMLElement[], rows = 6 } = {}) {
    this.#label = label;
    this.#eye = iconButton('eye', words.showTyped, () => {
      if (model.state?.presenting) live.say(words.presentingMore);
      else this.show(!this.#visible);
    });
    this.#control = lines ? this.#area(rows) : this.#line();
    this.element = h('span', { class: 'secret-field' }, this.#control, this.#eye, ...extra);
  }

  get control(): HTMLInputElement | HTMLTextAreaElement {
    return this.#control;
  }

  get several(): boolean {
    return this.#control instanceof HTMLTextAreaElement;
  }

  get text(): string {
    return this.#crlf ? this.#control.value.replace(/\n/g, '\r\n') : this.#control.value;
  }

  /** A textarea makes `\n` of every line break; a value that has only CRLF gets them back. */
  set text(text: string) {
    if (!this.several && /[\r\n]/.test(text)) this.#swap();
    this.#crlf = /\r\n/.test(text) && !/(^|[^\r])\n/.test(text);
    this.#control.value = text;
    this.touched = false;
  }

  set touched(on: boolean) {
    this.#touched = on;
    this.#drawMask();
  }

  /** The mask looks selected where all of the value is: typing takes its place. */
  #drawMask(): void {
    const { value, selectionStart, selectionEnd } = this.#control;
    const fixed = !this.#visible && !this.#touched && value !== '';
    this.element.classList.toggle('untouched', fixed);
    this.element.classList.toggle('all', fixed && selectionStart === 0 && selectionEnd === value.length);
  }

  /** Its value is on its way: it can be typed into already. */
  get busy(): boolean {
    return this.#busy;
  }

  set busy(on: boolean) {
    this.#busy = on;
    setAttributes(this.#control, { 'aria-busy': on && 'true', placeholder: on && words.opening });
  }

  show(on: boolean): void {
    this.#visible = on;
    if (this.#control instanceof HTMLInputElement) this.#control.type = on ? 'text' : 'password';
    this.#control.classList.toggle('masked', !on);
    relabel(this.#eye, on ? 'eye-closed' : 'eye', on ? words.hideTyped : words.showTyped);
    this.#drawMask();
  }

  clear(): void {
    this.text = '';
    this.show(false);
  }

  /** What is pasted into an untouched field stays masked as it is: nobody needs to see how long that is. */
  #listen<T extends HTMLInputElement | HTMLTextAreaElement>(control: T): T {
    control.addEventListener('input', (event) => {
      this.touched = this.#touched || !(event instanceof InputEvent) || event.inputType !== 'insertFromPaste';
      this.onInput();
    });
    for (const type of ['selectionchange', 'select', 'keyup', 'pointerup']) {
      control.addEventListener(type, () => this.#drawMask());
    }
    return control;
  }

  #line(): HTMLInputElement {
    const input = h('input', { type: 'password', class: 'field masked', 'aria-label': this.#label, ...quiet });
    input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || !(event.shiftKey || event.altKey)) return;
      event.preventDefault();
      event.stopPropagation();
      this.#insert('\n');
    });
    input.addEventListener('paste', (event) => {
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (!/[\r\n]/.test(text)) return;
      event.preventDefault();
      this.paste(text);
    });
    return this.#listen(input);
  }

  /** Puts a text in place of the selection, as pasting does. */
  paste(text: string): void {
    // An input drops line breaks without a word. One at the very end is the clipboard's, not the value's.
    const kept = text.replace(/(\r\n|\r|\n)$/, '');
    if (/[\r\n]/.test(kept)) return this.#insert(text);
    const control = this.#control;
    control.setRangeText(kept, control.selectionStart ?? 0, control.selectionEnd ?? 0, 'end');
    this.#drawMask();
    this.onInput();
  }

  #area(rows: number): HTMLTextAreaElement {
    return this.#listen(h('textarea', { class: 'field masked', rows, 'aria-label': this.#label, ...quiet }));
  }

  /** Puts text with line breaks in place of the selection: a line grows. */
  #insert(text: string): void {
    const { selectionStart, selectionEnd } = this.#control;
    if (!this.several) this.#swap();
    const area = this.#control;
    area.focus();
    area.setRangeText(text, selectionStart ?? 0, selectionEnd ?? 0, 'end');
    this.#drawMask();
    this.onInput();
  }

  #swap(): void {
    const area = this.#area(6);
    area.value = this.#control.value;
    this.#control.value = '';
    this.#control.replaceWith(area);
    this.#control = area;
    this.busy = this.#busy;
    this.show(this.#visible);
    this.onGrow();
  }
}
