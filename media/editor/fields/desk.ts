import type { RowId } from '../../../src/protocol/messages.ts';

/** A field, form or question that is open. Only one is at a time, so nothing typed can be forgotten behind another. */
export interface Open {
  /** The row it belongs to; when the row goes, so does it. */
  readonly row?: RowId | undefined;
  /** Closes it, sends it away, or asks. It is open no longer when this returns, or it stays. False when it stays, or comes back. */
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

/** What was typed and is being sent: out of sight, until it is taken or comes back. */
interface Sent extends Open {
  hide(): void;
  show(): void;
}

/** Which field, form or question is open, which were sent, and which came back. */
export class Desk {
  #open: Open | undefined;
  readonly #sent = new Set<Promise<boolean>>();
  /** What was refused. The last one is open; the others wait behind it, with what was typed. */
  #back: readonly Sent[] = [];
  /** The field that waits for what is open. */
  #wish: object | undefined;
  /** Called before something comes back. */
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
    return (await Promise.all([left, ...this.#sent])).every(Boolean) && this.#back.length === 0;
  }

  put(open: Open): void {
    this.#open?.close();
    this.#open = open;
  }

  /** To be called by what closes itself. */
  take(open: Open): void {
    if (this.#open === open) this.#open = undefined;
    this.#back = this.#back.filter((one) => one !== open);
    // Once it is gone from the table.
    queueMicrotask(() => {
      const last = this.#back.at(-1);
      if (last && !this.#open) this.#bringBack(last);
    });
  }

  #bringBack(typed: Sent): void {
    this.put(typed);
    this.onBack();
    if (this.#open === typed) typed.show();
  }

  /**
   * Takes something out of sight while `work` sends it: the keyboard is free for what comes next. When `work` gives false it
   * comes back, and what was opened meanwhile goes. What came back before waits behind it.
   */
  send(typed: Sent, work: () => Promise<boolean>): Promise<boolean> {
    this.take(typed);
    typed.hide();
    const sent = work().then((done) => {
      this.#sent.delete(sent);
      if (done) return true;
      const before = this.#back.at(-1);
      if (before && this.#open === before) {
        before.hide();
        this.#open = undefined;
      }
      this.#back = [...this.#back, typed];
      this.#bringBack(typed);
      return false;
    });
    this.#sent.add(sent);
    return sent;
  }

  /** Waits for what stays open until a person has answered, or the host. False when nothing is to be opened any more. */
  async wait(left: Promise<boolean>): Promise<boolean> {
    const wish = {};
    this.#wish = wish;
    const done = (await left) && this.#wish === wish;
    if (this.#wish === wish) this.#wish = undefined;
    return done;
  }

  /**
   * To be called for a letter that goes nowhere. True when something waits to be opened, which the letter was for: it does not
   * open any more, since a value must not lack its first letters.
   */
  spill(): boolean {
    const waited = this.#wish !== undefined;
    this.#wish = undefined;
    return waited;
  }
}
