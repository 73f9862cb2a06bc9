import type { RowId } from '../../../src/protocol/messages.ts';
import { backToTable, type Context } from '../context.ts';

/** A field, form or question that is open. Only one is at a time, so nothing typed can be forgotten behind another. */
export interface Open {
  /** The row it belongs to; when the row goes, so does it. */
  readonly row?: RowId;
  /** Closes it, sends what was typed (`Desk.send`), or asks. It is in front no longer when this returns, or it stays. False when it stays, or comes back. */
  leave(): Promise<boolean>;
  /** Saves what is ready to be saved: the page may be thrown away when it is no longer seen. */
  save?(): Promise<boolean>;
  /** Hides what it shows, and closes if it holds a value of the file that was not changed. */
  forget(): void;
  /** Closes without saving; true when something typed was lost. */
  close(): boolean;
  /** Whether an element is a part of it. */
  contains(element: Element): boolean;
}

/** What can be typed into. */
export interface Field extends Open {
  /** Puts it in its place. */
  show(): void;
  focus(): void;
  /** Gets what it needs of the host, once `left` says that nothing else is open. False when there will be no field. */
  load(left: Promise<boolean>): Promise<boolean>;
}

/** One that is out of sight while it is sent. */
export interface Sendable extends Field {
  /** Takes it out of sight with all that is in it, until it is shown again. */
  hide(): void;
}

export class Desk {
  #open: Open | undefined;
  readonly #sent = new Set<Promise<boolean>>();
  /** Counts the fields that wait for what is open, so that only the last one opens. */
  #wish = 0;
  #waits = false;
  /** Told before something comes back. */
  onBack: () => void = () => undefined;

  get open(): Open | undefined {
    return this.#open;
  }

  /** Something that was typed is on its way to the host. */
  get sending(): boolean {
    return this.#sent.size > 0;
  }

  /** Leaves what is open, and waits for what is being sent. False when something stays or comes back. */
  async clear(): Promise<boolean> {
    const left = this.#open?.leave() ?? true;
    return (await Promise.all([left, ...this.#sent])).every(Boolean);
  }

  put(open: Open): void {
    this.#open?.close();
    this.#open = open;
  }

  /** To be called by what closes itself. */
  take(open: Open): void {
    if (this.#open === open) this.#open = undefined;
  }

  /**
   * Takes a field out of sight while `work` sends what was typed: the keyboard is free for what comes next. When `work`
   * gives false the field comes back, and what was opened meanwhile goes.
   */
  send(field: Sendable, work: () => Promise<boolean>): Promise<boolean> {
    this.take(field);
    field.hide();
    const sent = work().then((done) => {
      this.#sent.delete(sent);
      if (!done) this.#bring(field);
      return done;
    });
    this.#sent.add(sent);
    return sent;
  }

  #bring(field: Sendable): void {
    this.put(field);
    this.onBack();
    if (this.#open === field) field.show();
  }

  /** Waits for what stays open until a person has answered, or the host. False when no field is to be opened any more. */
  async wait(left: Promise<boolean>): Promise<boolean> {
    const wish = ++this.#wish;
    this.#waits = true;
    const done = await left;
    if (wish !== this.#wish) return false;
    this.#waits = false;
    return done;
  }

  /**
   * To be called for a letter that goes nowhere. True when a field waits to be opened, which the letter was for: it does not
   * open any more, since a value must not lack its first letters.
   */
  spill(): boolean {
    const waited = this.#waits;
    if (waited) this.#wish++;
    this.#waits = false;
    return waited;
  }
}

/**
 * Opens a field, at once: what is typed is in it from the first key on, also while the host is asked for the value, and while
 * what was open before is being sent. It goes again when that comes back, or when there is no value for it.
 */
export async function openField(context: Context, field: Field): Promise<void> {
  const { desk, model, table } = context;
  const left = desk.clear();
  if (desk.open && !(await desk.wait(left))) return;
  if (field.row !== undefined && !model.row(field.row)) return;
  // A click on a row, or a row that arrives, does not take the keyboard from it: in the table, what is typed is searched for.
  const keep = ({ target }: FocusEvent) => {
    const elsewhere =
      target instanceof Element && !field.contains(target) && !target.matches('input, select, textarea');
    if (elsewhere && desk.open === field) field.focus();
  };
  table.grid.addEventListener('focusin', keep);
  desk.put(field);
  field.show();
  field.focus();
  const loaded = await field.load(left);
  table.grid.removeEventListener('focusin', keep);
  if (loaded) return;
  const focused = document.activeElement !== null && field.contains(document.activeElement);
  field.close();
  if (focused) backToTable(context, field.row);
}

/** Whether a field that comes back may have the keyboard: nothing else is typed into. */
export const keyboardIsFree = ({ table }: Context): boolean =>
  document.activeElement === document.body ||
  (table.grid.contains(document.activeElement) && document.activeElement?.matches('input, select') === false);
