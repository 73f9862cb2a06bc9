/** One piece of work after the other, in the order in which they came. */
export class Queue {
  readonly #failed: (error: unknown) => void;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** `failed` hears of work that nobody waits for. */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work, work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  /** Work that nobody waits for; none any more once the queue is closed. */
  later(work: () => Promise<unknown>): void {
    if (this.#closed) return;
    void this.run(async () => {
      if (!this.#closed) await work();
    }).catch(this.#failed);
  }

  close(): void {
    this.#closed = true;
  }
}
