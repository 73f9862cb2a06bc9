import type { RowId } from '../../../src/protocol/messages.ts';

/** A field, form or question that is open. Only one is at a time, so nothing typed can be forgotten behind another. */
export interface Open {
  /** The row it belongs to; when the row goes, so does it. */
  readonly row?: RowId;
  /** Saves what was typed, or asks. False when it stays open. */
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

export class Desk {
  #open: Open | undefined;

  get open(): Open | undefined {
    return this.#open;
  }

  /** Leaves what is open. False when it does not let go. */
  async clear(): Promise<boolean> {
    return this.#open === undefined || (await this.#open.leave());
  }

  put(open: Open): void {
    this.#open?.close();
    this.#open = open;
  }

  /** To be called by what closes itself. */
  take(open: Open): void {
    if (this.#open === open) this.#open = undefined;
  }
}
