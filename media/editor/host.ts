import { type Problem, readMessage, type ToPage } from '../../src/protocol/messages.ts';
import { isResult, type RequestName, type Requests, type Results, ruleOf } from '../../src/protocol/requests.ts';
import { words } from './words.ts';

/** A request that was refused, was not answered, or was answered with something else. Its message is a sentence. */
class Refusal extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.text);
    this.problem = problem;
  }
}

/** How long an answer may take that waits for nobody, in milliseconds. */
const patience = 20_000;

/** Why something failed. */
export const sentenceOf = (error: unknown): string => (error instanceof Refusal ? error.message : words.failed);

interface Waiting {
  readonly name: RequestName;
  readonly resolve: (result: never) => void;
  readonly reject: (refusal: Refusal) => void;
  readonly timer: number | undefined;
}

/** The page's end of the line to the extension host. */
export class Host {
  readonly #post: (message: unknown) => void;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  /** The newest revision that has arrived; sent with every request. */
  revision = 0;

  /** `heard` is given every message that is no answer. */
  constructor(post: (message: unknown) => void, heard: (message: Exclude<ToPage, { type: 'answer' }>) => void) {
    this.#post = post;
    window.addEventListener('message', (event) => {
      const message = readMessage(event.data);
      if (message?.type === 'answer') this.#answer(message);
      else if (message) heard(message);
    });
  }

  /** Asks, and waits for the answer. Throws a Refusal. */
  ask<N extends RequestName>(name: N, args: Requests[N]): Promise<Results[N]> {
    const request = ++this.#last;
    return new Promise<Results[N]>((resolve, reject) => {
      const hurried = ruleOf(name).waits === 'seconds';
      const timer = hurried ? window.setTimeout(() => this.#giveUp(request), patience) : undefined;
      this.#waiting.set(request, { name, resolve, reject, timer });
      this.#post({ type: name, request, revision: this.revision, args });
    });
  }

  /** Asks, and ignores the answer. */
  tell<N extends RequestName>(name: N, args: Requests[N]): void {
    this.#post({ type: name, request: ++this.#last, revision: this.revision, args });
  }

  #answer(answer: Extract<ToPage, { type: 'answer' }>): void {
    const waiting = this.#take(answer.request);
    if (!waiting) return;
    if (!answer.ok) waiting.reject(new Refusal(answer.error));
    else if (isResult(waiting.name, answer.result)) waiting.resolve(answer.result as never);
    else waiting.reject(new Refusal({ code: 'ANSWER', text: words.oddAnswer }));
  }

  #giveUp(request: number): void {
    this.#take(request)?.reject(new Refusal({ code: 'TIMEOUT', text: words.noAnswer }));
  }

  #take(request: number): Waiting | undefined {
    const waiting = this.#waiting.get(request);
    this.#waiting.delete(request);
    window.clearTimeout(waiting?.timer);
    return waiting;
  }
}
