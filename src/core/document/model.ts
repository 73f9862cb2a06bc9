import { atOnce, run } from './courses.ts';
import { type Course, Held } from './held.ts';
import type { Ask, Effects, Event, State } from './state.ts';
import type { Digest } from './steps.ts';

/** What came back for what the model asked. */
export type Outcome = { readonly value: unknown } | { readonly error: unknown };

interface Waiting {
  readonly event: Event;
  readonly ticket: number;
  /** A save that VS Code was asked for only to learn that nothing is unsaved. */
  readonly clean: boolean;
}

/**
 * A document of the Secrets Editor, without the outside: events come in, effects come out. One event at a time, in the
 * order in which they came: while one waits for what it asked, the others wait for it. docs/secrets-editor.md has the table.
 */
export class DocumentModel {
  readonly #held: Held;
  readonly #queue: Waiting[] = [];
  #running: { readonly waiting: Waiting; readonly course: Course<boolean> } | undefined;

  constructor(digest: Digest) {
    this.#held = new Held(digest);
  }

  get state(): State {
    return this.#held.state;
  }

  /** An event. `ticket` is in the note that answers it. */
  send(event: Event, ticket: number): Effects {
    const { state } = this;
    if (atOnce(this.#held, event)) this.#held.note({ do: 'answer', ticket, value: undefined });
    else this.#queue.push({ event, ticket, clean: state.cleaning });
    return this.#running ? this.#effects(undefined) : this.#next();
  }

  /** What came back for what was asked last. */
  outcome(outcome: Outcome): Effects {
    const running = this.#running;
    if (!running) throw new RangeError('nothing was asked');
    const { course } = running;
    return this.#goOn('error' in outcome ? course.throw(outcome.error) : course.next(outcome.value));
  }

  #goOn(result: IteratorResult<Ask, boolean>): Effects {
    if (!result.done) return this.#effects(result.value);
    if (!result.value && this.#running) this.#queue.push(this.#running.waiting);
    return this.#next();
  }

  #next(): Effects {
    const waiting = this.#queue.shift();
    this.#running = waiting && { waiting, course: run(this.#held, waiting) };
    return this.#running ? this.#goOn(this.#running.course.next()) : this.#effects(undefined);
  }

  #effects(ask: Ask | undefined): Effects {
    return { notes: this.#held.takeNotes(), ask };
  }
}
