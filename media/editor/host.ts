import type { Answer, Problem } from '../../src/protocol/messages.ts';
import type { ArgsOf, ResultsOf, Table } from '../../src/protocol/table.ts';
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
  readonly name: string;
  readonly resolve: (result: never) => void;
  readonly reject: (refusal: Refusal) => void;
  readonly timer: number | undefined;
}

/** What a page and its host say to each other. */
interface Language<T extends Table, M extends { readonly type: string }> {
  /** What the page may ask. */
  readonly requests: T;
  /** A message of the host; undefined for what is none. */
  read(data: unknown): M | Answer | undefined;
}

/** A page's end of the line to the extension host. */
export class Host<T extends Table, M extends { readonly type: string }> {
  readonly #requests: T;
  readonly #post: (message: unknown) => void;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  /** The newest revision that has arrived; sent with every request. */
  revision = 0;

  /** `heard` is given every message that is no answer. */
  constructor({ requests, read }: Language<T, M>, post: (message: unknown) => void, heard: (message: M) => void) {
    this.#requests = requests;
    this.#post = post;
    window.addEventListener('message', (event) => {
      const message = read(event.data);
      if (isAnswer(message)) this.#answer(message);
      else if (message) heard(message);
    });
  }

  /** Asks, and waits for the answer. Throws a Refusal. */
  ask<N extends keyof T & string>(name: N, args: ArgsOf<T>[N]): Promise<ResultsOf<T>[N]> {
    const request = ++this.#last;
    return new Promise<ResultsOf<T>[N]>((resolve, reject) => {
      const hurried = this.#requests[name]?.waits === 'seconds';
      const timer = hurried ? window.setTimeout(() => this.#giveUp(request), patience) : undefined;
      this.#waiting.set(request, { name, resolve, reject, timer });
      this.#post({ type: name, request, revision: this.revision, args });
    });
  }

  /** Asks, and ignores the answer. */
  tell<N extends keyof T & string>(name: N, args: ArgsOf<T>[N]): void {
    this.#post({ type: name, request: ++this.#last, revision: this.revision, args });
  }

  #answer(answer: Answer): void {
    const waiting = this.#take(answer.request);
    if (!waiting) return;
    if (!answer.ok) waiting.reject(new Refusal(answer.error));
    else if (this.#requests[waiting.name]?.result(answer.result)) waiting.resolve(answer.result as never);
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

const isAnswer = (message: { readonly type: string } | undefined): message is Answer => message?.type === 'answer';
