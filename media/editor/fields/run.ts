/** A pause of this many milliseconds ends a run. */
const pause = 1_000;
/** Keys that are no typing. */
const other = /^(?:Arrow|Page|F\d|Enter$|Tab$|Escape$|Home$|End$|Insert$|ContextMenu$)/;

/**
 * What is typed in one go belongs together. A run that began in a field may be a part of a value: when the field closes
 * under the hands, what is left of it must not reach a place where it can be read. Another key, a click or a pause ends it.
 */
export class TypingRun {
  readonly #sending: () => boolean;
  #last = Number.NEGATIVE_INFINITY;

  /** Listens before everything else in the page. No pause counts while `sending`: the field may come back. */
  constructor(sending: () => boolean) {
    this.#sending = sending;
    window.addEventListener('keydown', (event) => this.#key(event), true);
    window.addEventListener('pointerdown', () => this.#end(), true);
  }

  #key(event: KeyboardEvent): void {
    const { key, timeStamp, target, ctrlKey, metaKey } = event;
    if (key === 'Escape') return this.#end();
    if (isField(target) || (this.goesOn(event) && !other.test(key) && !ctrlKey && !metaKey)) this.#last = timeStamp;
    else this.#end();
  }

  #end(): void {
    this.#last = Number.NEGATIVE_INFINITY;
  }

  /** Whether a key belongs to what was typed into a field. */
  goesOn({ timeStamp }: KeyboardEvent): boolean {
    return timeStamp - this.#last < pause || (this.#last >= 0 && this.#sending());
  }
}

/** The search for names shows what is typed, and goes on in the table. */
const isField = (target: EventTarget | null) =>
  target instanceof Element &&
  target.matches('input:not(.search-field:not(.masked)), textarea, .cm-content, .cm-content *');
