import type { RowId } from '../../../src/protocol/messages.ts';
import { backToTable, type Context } from '../context.ts';
import { words } from '../words.ts';
import { Catcher } from './catcher.ts';
import type { Open } from './desk.ts';
import { replay, type Step } from './replay.ts';

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
    ahead.catcher.focus();
    const fetched = await fetch();
    if (fetched === undefined || ahead.closed) return;
    context.desk.take(ahead);
    show(fetched);
    replay(ahead.catcher.steps);
  } finally {
    ahead.end();
  }
}

/**
 * Closes the field that has the focus, by a request that has to be waited for. What is typed meanwhile does not reach the
 * field any more: keys that mean something in the table are given to it, and text goes to the field that they open, or
 * nowhere. `leave` tells whether the field closed; one that stays gets the focus again, and nothing of that.
 */
export async function closeField(context: Context, leave: () => Promise<boolean>): Promise<void> {
  const catcher = new Catcher(words.setting, () => {
    catcher.steps.length = 0;
  });
  try {
    const left = leave();
    catcher.focus();
    const closed = await left;
    // Somebody clicked elsewhere meanwhile.
    if (Catcher.current !== catcher) return;
    const steps = catcher.steps.splice(0);
    if (!closed) catcher.giveBack();
    else {
      backToTable(context);
      pressKeys(steps, context.table.grid);
    }
  } finally {
    catcher.end();
  }
}

/** Presses keys in the table until the focus leaves it. A field that one of them opens gets the rest. */
function pressKeys(steps: readonly Step[], grid: HTMLElement): void {
  for (const [at, step] of steps.entries()) {
    const focused = document.activeElement;
    if (!focused || !grid.contains(focused)) {
      Catcher.current?.steps.push(...steps.slice(at));
      return;
    }
    if ('key' in step)
      focused.dispatchEvent(new KeyboardEvent('keydown', { ...step, bubbles: true, cancelable: true }));
  }
}

/** The keyboard between asking for a field and its opening. */
class Ahead implements Open {
  readonly row?: RowId;
  readonly catcher: Catcher;
  readonly #context: Context;
  #settle: () => void = () => undefined;
  readonly #settled = new Promise<void>((resolve) => {
    this.#settle = resolve;
  });
  #closed = false;

  constructor(context: Context, row: RowId | undefined) {
    this.#context = context;
    if (row !== undefined) this.row = row;
    this.catcher = new Catcher(words.opening, () => this.close());
    context.table.grid.addEventListener('focusin', this.#keep);
    this.catcher.focus();
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** A click on a row, or a row that arrives, does not take the keyboard: in the table, what is typed is searched for. */
  readonly #keep = (event: FocusEvent) => {
    if (event.target instanceof Element && !event.target.matches('input, select, textarea')) this.catcher.focus();
  };

  /** To be called last: forgets what was typed; the focus goes back if no field took it. */
  end(): void {
    const { catcher } = this;
    this.#context.table.grid.removeEventListener('focusin', this.#keep);
    this.#context.desk.take(this);
    if (Catcher.current === catcher && !catcher.giveBack()) {
      this.#context.table.focus(this.row ?? this.#context.model.current);
    }
    catcher.end();
    this.#settle();
  }

  contains(element: Element): boolean {
    return this.catcher.is(element);
  }

  /** Whatever wants to go on waits for the field, and leaves it then. */
  async leave(): Promise<boolean> {
    await this.#settled;
    return this.#context.desk.clear();
  }

  /** It shows nothing. The host may ask for a pass phrase meanwhile, so the window may lose the focus. */
  forget(): void {}

  close(): boolean {
    const lost = this.catcher.steps.length > 0;
    this.#closed = true;
    this.end();
    return lost;
  }
}
