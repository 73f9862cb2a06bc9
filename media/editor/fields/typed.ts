import type { RowId } from '../../../src/protocol/messages.ts';
import { backToTable, type Context } from '../context.ts';
import type { Open } from './desk.ts';

/**
 * Something to type into. It opens at once: what is typed is in it from the first key on, also while the host is asked for
 * what is edited, and while what was open before is being sent. It is out of sight while it is sent, and comes back when it is
 * refused.
 */
export abstract class Typed implements Open {
  readonly row: RowId | undefined;
  protected readonly context: Context;
  protected shown = false;
  protected closed = false;
  /** It was left by a key, so it has the keyboard again when it comes back. */
  protected byKey = false;
  /** Whether there is something to type into after all. */
  protected loaded: Promise<boolean> = Promise.resolve(false);
  #sending: Promise<boolean> | undefined;

  constructor(context: Context, row: RowId | undefined) {
    this.context = context;
    this.row = row;
  }

  /** Something was typed that would be lost. */
  protected abstract readonly changed: boolean;
  /** Puts it in the table. */
  protected abstract place(): void;
  /** Takes it out of the table, with all that is in it. */
  protected abstract remove(): void;
  protected abstract empty(): void;
  /** Sends what was typed; throws a Refusal. False when something is wrong with it, which was said. */
  protected abstract send(): Promise<boolean>;
  /** Says why it was refused. */
  protected abstract refused(error: unknown): void;
  abstract focus(): void;
  abstract contains(element: Element): boolean;
  abstract leave(): Promise<boolean>;
  abstract forget(): void;

  /** Gets what is edited of the host. False when there will be nothing to type into. */
  protected async fetch(): Promise<boolean> {
    return true;
  }

  async open(): Promise<void> {
    const { desk, model, table } = this.context;
    const left = desk.clear();
    if (desk.open && !(await desk.wait(left))) return;
    if (this.row !== undefined && !model.row(this.row)) return;
    // A click on a row, or a row that arrives, does not take the keyboard: in the table, what is typed is searched for.
    const keep = ({ target }: FocusEvent) => {
      const elsewhere =
        target instanceof Element && !this.contains(target) && !target.matches('input, select, textarea');
      if (elsewhere && desk.open === this) this.focus();
    };
    table.grid.addEventListener('focusin', keep);
    desk.put(this);
    this.show();
    this.focus();
    // What comes back closes this, but not if it was sent already: that goes its own way.
    this.loaded = left.then(() => !this.closed && this.fetch());
    if (!(await this.loaded)) this.#drop();
    table.grid.removeEventListener('focusin', keep);
  }

  show(): void {
    this.shown = true;
    this.place();
    const { activeElement: focused, body } = document;
    const inTable = this.context.table.grid.contains(focused) && focused?.matches('input, select') === false;
    if (this.byKey && (focused === body || inTable)) this.focus();
  }

  hide(): void {
    if (this.shown) this.remove();
    this.shown = false;
  }

  /** Sends what was typed, without closing. */
  protected deliver(): Promise<boolean> {
    this.#sending ??= this.send()
      .catch((error: unknown) => {
        this.refused(error);
        return false;
      })
      .finally(() => {
        this.#sending = undefined;
      });
    return this.#sending;
  }

  /** Sends what was typed, out of sight, and closes. */
  protected sendAway(): Promise<boolean> {
    return this.context.desk.send(this, async () => {
      if (!(await this.loaded)) return true;
      do if (!(await this.deliver())) return false;
      while (this.changed && !this.closed);
      this.close();
      return true;
    });
  }

  /** Closes it, and gives the keyboard back to the table if it was here. */
  #drop(): void {
    const focused = document.activeElement !== null && this.contains(document.activeElement);
    this.close();
    if (focused) backToTable(this.context);
  }

  close(): boolean {
    const lost = this.changed;
    this.context.desk.take(this);
    this.closed = true;
    this.hide();
    this.empty();
    return lost;
  }
}
