import { identityOf } from './grants.ts';
import type { AgentClient } from './protocol.ts';

/** What a person is asked: may this program have the keys of these files? */
export interface AgentQuestion {
  readonly client: AgentClient;
  /** Files that are known here, as the port names them. */
  readonly files: readonly string[];
  /** How many keys are of no file that is known here. */
  readonly unknown: number;
  /** The answer may be for more than this once. */
  readonly mayRemember: boolean;
}

/** `once`: these requests alone. `session`: until a lock, or the end. */
export type AgentReply = 'once' | 'session' | 'never' | 'no';

/** One request that waits for an answer. */
interface Waiting {
  readonly client: AgentClient;
  /** Files, and keys of no known file by `unknownFile`. */
  readonly wanted: readonly string[];
  /** Somebody has answered in its place: a lock, or the time is over. */
  readonly isOver: () => boolean;
  readonly answer: (reply: AgentReply) => void;
}

/** Stands for a file that is not known. */
export const unknownFile = (id: string) => `?${id}`;
const isUnknown = (file: string) => file.startsWith('?');

interface Burst {
  readonly key: string;
  readonly first: AgentClient;
  readonly wanted: Set<string>;
  readonly waiting: Waiting[];
  shown: boolean;
}

/** What questions need of the world around. */
interface QuestionPort {
  ask(question: AgentQuestion): Promise<AgentReply>;
  /** What a person has said before to all of this; undefined where they have to be asked. */
  known(client: AgentClient, wanted: readonly string[]): AgentReply | undefined;
  remember(client: AgentClient, files: readonly string[], verdict: 'session' | 'never'): void;
  /** Calls back after some milliseconds. */
  later(milliseconds: number, work: () => void): void;
}

/** Milliseconds in which requests of one program are gathered into one question. */
const gathering = 150;
/** Questions that may wait for their turn; a program that asks for more is refused. */
const most = 20;

/**
 * Asks a person, one question at a time. What one program asks for in one go is one question; what comes while it stands, for the same
 * files, has the same answer. Nothing is added to a question that is on the screen.
 */
export class Questions {
  readonly #port: QuestionPort;
  readonly #bursts: Burst[] = [];
  #asking = false;
  #interruptions = 0;

  constructor(port: QuestionPort) {
    this.#port = port;
  }

  /** @returns false where too many wait already */
  add(waiting: Waiting): boolean {
    const key = keyOf(waiting.client);
    const open = this.#bursts.find((burst) => burst.key === key && takes(burst, waiting));
    if (!open && this.#bursts.length >= most) return false;
    if (open) {
      for (const file of waiting.wanted) open.wanted.add(file);
      open.waiting.push(waiting);
      return true;
    }
    const burst = { key, first: waiting.client, wanted: new Set(waiting.wanted), waiting: [waiting], shown: false };
    this.#bursts.push(burst);
    this.#port.later(gathering, () => void this.#next());
    return true;
  }

  /** The keys were locked: what is answered from now on to a question of before is good for nothing. */
  interrupt(): void {
    this.#interruptions++;
  }

  async #next(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      for (let burst = this.#bursts[0]; burst; burst = this.#bursts[0]) {
        await this.#show(burst);
        this.#bursts.splice(this.#bursts.indexOf(burst), 1);
      }
    } finally {
      this.#asking = false;
    }
  }

  async #show(burst: Burst): Promise<void> {
    // What was said while these waited may settle them; and nobody is asked for programs that have given up.
    for (const one of burst.waiting.splice(0)) {
      const known = one.isOver() ? 'no' : this.#port.known(one.client, one.wanted);
      if (known === undefined) burst.waiting.push(one);
      else one.answer(known);
    }
    if (burst.waiting.length === 0) return;
    const wanted = new Set(burst.waiting.flatMap((one) => one.wanted));
    burst.wanted.clear();
    for (const file of wanted) burst.wanted.add(file);
    burst.shown = true;
    const files = [...wanted].filter((file) => !isUnknown(file)).sort();
    const unknown = wanted.size - files.length;
    const mayRemember = identityOf(burst.first) !== undefined && unknown === 0;
    const begun = this.#interruptions;
    const reply = await this.#port.ask({ client: burst.first, files, unknown, mayRemember }).catch(() => 'no' as const);
    const kept = mayRemember && (reply === 'never' || (reply === 'session' && begun === this.#interruptions));
    // An answer that comes after all have given up still is one.
    if (kept) this.#port.remember(burst.first, files, reply);
    for (const one of burst.waiting) one.answer(reply);
  }
}

/** The requests of one program in one folder belong together; those of a program that is not known, by its process, if that is. */
export function keyOf(client: AgentClient): string {
  return `${identityOf(client) ?? `${client.pid} ${client.began}`}\n${client.cwd}`;
}

const takes = (burst: Burst, { wanted }: Waiting) => !burst.shown || wanted.every((file) => burst.wanted.has(file));
