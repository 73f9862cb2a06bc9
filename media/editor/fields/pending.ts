import type { SecretField } from './field.ts';

/**
 * A field whose value is on its way. What is typed meanwhile does what it would do to the value: in one line all of it is
 * selected, so that typing, pasting, Backspace and Delete take its place; in several lines the caret is at its end. Home, End
 * and the arrows go to an end of the value, Ctrl+A selects all of it. In what was typed every key works as ever.
 */
export class Pending {
  readonly #field: SecretField;
  #caret: 'all' | 'start' | 'end';
  #replaced = false;
  /** Resolves when what is being composed is done; undefined while nothing is. */
  #composing: Promise<void> | undefined;
  #composed: () => void = () => undefined;

  constructor(field: SecretField) {
    this.#field = field;
    this.#caret = field.several ? 'end' : 'all';
    field.busy = true;
    for (const [type, listener] of this.#listeners) field.element.addEventListener(type, listener);
  }

  /** Listens at the element around the control, which may become another one. */
  readonly #listeners: readonly (readonly [string, (event: Event) => void])[] = [
    ['keydown', (event) => this.#key(event as KeyboardEvent)],
    ['input', () => this.#typed()],
    ['compositionstart', () => this.#compose()],
    ['compositionend', () => this.#composed()],
  ];

  #typed(): void {
    if (this.#caret === 'all') this.#replaced = true;
  }

  #compose(): void {
    this.#typed();
    this.#composing = new Promise((resolve) => {
      this.#composed = resolve;
    });
  }

  #key({ target, key, ctrlKey, metaKey, shiftKey, isComposing }: KeyboardEvent): void {
    const { control, several } = this.#field;
    if (target !== control || control.value !== '' || this.#replaced || isComposing || shiftKey) return;
    const far = ctrlKey || metaKey;
    if (far && key.toLowerCase() === 'a') this.#caret = 'all';
    else if (key === 'Backspace' || key === 'Delete') this.#typed();
    else if (key === 'ArrowLeft' && this.#caret === 'all') this.#caret = 'start';
    else if (key === 'ArrowRight' && this.#caret === 'all') this.#caret = 'end';
    // In several lines the end of which line is not known.
    else if (key === 'Home' && (far || !several)) this.#caret = 'start';
    else if (key === 'End' && (far || !several)) this.#caret = 'end';
  }

  /** Something was typed that would be lost. */
  get typed(): boolean {
    return this.#replaced || this.#field.text !== '';
  }

  /** The value is here: puts it in the field, beside what was typed, or not at all if that took its place. */
  async arrive(value: string): Promise<void> {
    const field = this.#field;
    // To set a value would break off what is being composed.
    if (this.#caret !== 'all') await this.#composing;
    this.end();
    if (this.#caret === 'all' && this.typed) return;
    const { value: typed, selectionStart, selectionEnd } = field.control;
    field.text = value;
    field.touched = typed !== '';
    const { control } = field;
    if (this.#caret === 'all') return control.select();
    const at = this.#caret === 'end' ? control.value.length : 0;
    control.setRangeText(typed, at, at);
    control.setSelectionRange(at + (selectionStart ?? 0), at + (selectionEnd ?? 0));
  }

  /** Waits no longer. */
  end(): void {
    for (const [type, listener] of this.#listeners) this.#field.element.removeEventListener(type, listener);
    this.#field.busy = false;
    this.#composed();
  }
}
