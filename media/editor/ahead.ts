import type { RowId } from '../../src/protocol/editor.ts';
import type { Context } from './context.ts';
import type { Open } from './desk.ts';
import { h } from './dom.ts';
import { quiet } from './field.ts';
import { replay, type Step } from './replay.ts';
import { words } from './words.ts';

const recorded = ['Enter', 'Tab', 'Backspace', 'Delete', 'ArrowLeft', 'ArrowRight', 'Home', 'End'];

/**
 * Opens a field that has to be waited for: what else is open is left first, then `fetch` asks the host, then `show` opens
 * the field and gives it the focus. What is typed in between belongs to the field, and is given to it then. It may be a
 * value: it never gets into the page before, and is dropped when there will be no field.
 */
export async function openField<T>(
  context: Context,
  row: RowId | undefined,
  fetch: () => Promise<T | undefined>,
  show: (fetched: T) => void,
): Promise<void> {
  const ahead = new Ahead(context, row);
  try {
    if (!(await context.desk.clear())) return;
    context.desk.put(ahead);
    ahead.catch();
    const fetched = await fetch();
    if (fetched === undefined || ahead.closed) return;
    context.desk.take(ahead);
    show(fetched);
    replay(ahead.steps);
  } finally {
    ahead.end();
  }
}

/** The keyboard between asking for a field and its opening. An input that stays empty has the focus: dead keys need one. */
class Ahead implements Open {
  readonly row?: RowId;
  readonly #context: Context;
  readonly #before = document.activeElement;
  readonly #catcher = h('input', { type: 'password', class: 'spoken', 'aria-label': words.opening, ...quiet });
  #settle: () => void = () => undefined;
  readonly #settled = new Promise<void>((resolve) => {
    this.#settle = resolve;
  });
  readonly steps: Step[] = [];
  #closed = false;

  constructor(context: Context, row: RowId | undefined) {
    this.#context = context;
    if (row !== undefined) this.row = row;
    const catcher = this.#catcher;
    catcher.addEventListener('keydown', (event) => this.#key(event));
    catcher.addEventListener('beforeinput', (event) => {
      // What is being composed cannot be refused, and is taken when it is done.
      if (event.isComposing) return;
      event.preventDefault();
      this.#typed(event.data ?? '');
    });
    catcher.addEventListener('compositionend', () => this.#takeComposed());
    catcher.addEventListener('paste', (event) => {
      event.preventDefault();
      event.stopPropagation();
      this.#typed(event.clipboardData?.getData('text/plain') ?? '', true);
    });
    document.querySelector('main')!.append(catcher);
    context.table.grid.addEventListener('focusin', this.#keep);
    this.catch();
  }

  get closed(): boolean {
    return this.#closed;
  }

  catch(): void {
    this.#catcher.focus({ preventScroll: true });
  }

  /** A click on a row, or a row that arrives, does not take the keyboard: in the table, what is typed is searched for. */
  readonly #keep = (event: FocusEvent) => {
    if (event.target instanceof Element && !event.target.matches('input, select, textarea')) this.catch();
  };

  #typed(text: string, pasted = false): void {
    if (text !== '') this.steps.push({ text, pasted });
  }

  #takeComposed(): void {
    this.#typed(this.#catcher.value);
    this.#catcher.value = '';
  }

  #key(event: KeyboardEvent): void {
    const { key, ctrlKey, metaKey, shiftKey, altKey, repeat } = event;
    if (event.isComposing) return;
    event.stopPropagation();
    if (key === 'Escape') this.close();
    else if (recorded.includes(key) || ((ctrlKey || metaKey) && key.toLowerCase() === 'a')) {
      event.preventDefault();
      // A key that is held down opened the field, and does not close it.
      if (key !== 'Enter' || !repeat) this.steps.push({ key, ctrlKey, metaKey, shiftKey, altKey });
    }
  }

  /** To be called last: forgets what was typed; the focus goes back if no field took it. */
  end(): void {
    const focused = document.activeElement === this.#catcher;
    this.#context.table.grid.removeEventListener('focusin', this.#keep);
    this.#context.desk.take(this);
    this.steps.length = 0;
    if (focused && this.#before?.isConnected) (this.#before as HTMLElement).focus({ preventScroll: true });
    else if (focused) this.#context.table.focus(this.row ?? this.#context.model.current);
    this.#catcher.remove();
    this.#settle();
  }

  contains(element: Element): boolean {
    return element === this.#catcher;
  }

  /** Whatever wants to go on waits for the field, and leaves it then. */
  async leave(): Promise<boolean> {
    await this.#settled;
    return this.#context.desk.clear();
  }

  /** It shows nothing. The host may ask for a pass phrase meanwhile, so the window may lose the focus. */
  forget(): void {}

  close(): boolean {
    const lost = this.steps.length > 0;
    this.#closed = true;
    this.end();
    return lost;
  }
}
