/** Work that waits until a person rests for a moment, such as a search; begun again, only the last one counts. */
export class Resting {
  readonly #rest: number;
  readonly #work: () => Promise<void>;
  #timer = 0;
  #running: Promise<void> = Promise.resolve();

  /** @param rest in milliseconds. */
  constructor(rest: number, work: () => Promise<void>) {
    this.#rest = rest;
    this.#work = work;
  }

  /** Begins once nothing has asked for it again for the moment. */
  soon(): void {
    this.cancel();
    this.#timer = window.setTimeout(() => this.#now(), this.#rest);
  }

  /** What has not begun does not begin. */
  cancel(): void {
    window.clearTimeout(this.#timer);
    this.#timer = 0;
  }

  #now(): void {
    this.cancel();
    this.#running = this.#work();
  }

  /** Begins at once what waits, and resolves when the last one that was begun is done. */
  async settled(): Promise<void> {
    let awaited: Promise<void>;
    do {
      if (this.#timer !== 0) this.#now();
      awaited = this.#running;
      await awaited;
    } while (this.#timer !== 0 || awaited !== this.#running);
  }
}
