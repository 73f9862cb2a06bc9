import { wipe } from '../bytes.ts';
import type { Keyring } from '../keys/keyring.ts';
import { type Grant, Grants } from './grants.ts';
import { idsOf } from './ids.ts';
import { type Announced, Launches, type Started } from './launches.ts';
import { fitting, openAll } from './opening.ts';
import {
  type AgentAnswer,
  type AgentClient,
  type AgentCode,
  type AgentRequest,
  type OpenedKey,
  patience,
  type WantedKey,
} from './protocol.ts';
import { type AgentQuestion, type AgentReply, Questions, unknownFile } from './questions.ts';
import { Refusals } from './refusals.ts';

/** What an agent needs of the world around. */
export interface AgentPort {
  /** Why nothing is given out now, if so. */
  shut(): 'LOCKED' | 'UNTRUSTED' | undefined;
  /**
   * The files that have a key of this id, by names that the port chooses; none for an id that is missing.
   * @param first files in which they probably are: the others need no look when they are there.
   */
  find(ids: readonly string[], first: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** The keys that may open a file where it is; or what may open one that is not known. */
  keyring(file: string | undefined): Keyring;
  /** Asks a person. It may take as long as it takes. */
  ask(question: AgentQuestion): Promise<AgentReply>;
  /** Called right before a key goes out. */
  record(file: string | undefined, client: AgentClient): void;
  now(): number;
  /** Calls back after some milliseconds, unless the returned function is called. */
  later(milliseconds: number, work: () => void): () => void;
}

/** Requests at once. */
const most = 1_000;

/** Milliseconds in which it is known of a process that a person starts that it is the one: it may ask before. */
const starting = 10_000;

/** A key that somebody wants, and where it is from. */
interface Located {
  readonly wanted: WantedKey;
  /** Every file that has it; none for one that is not known. */
  readonly files: readonly string[];
  /** The same, or what stands for an unknown one: a copy under a harmless name must not stand for the file that is meant. */
  readonly names: readonly string[];
  /** The program has it already, so it learns nothing: nobody is asked about it. */
  readonly held: boolean;
}

/** A request that is being answered. */
interface Turn {
  over: boolean;
  /** What a person is asked about, once that is known. */
  wanted: readonly string[];
  readonly end: (code: AgentCode) => void;
}

/**
 * Gives data keys and file keys to other programs, as far as a person lets it. Private keys stay where they are. Everything that is asked is
 * answered: by a lock, by the end, and when nobody says anything in time, too.
 */
export class Agent {
  readonly #port: AgentPort;
  readonly #grants = new Grants();
  readonly #launches: Launches;
  readonly #questions: Questions;
  readonly #refusals: Refusals;
  readonly #turns = new Set<Turn>();
  /** Processes that are being started. */
  readonly #starting = new Set<Promise<void>>();
  #closed = false;

  constructor(port: AgentPort) {
    this.#port = port;
    this.#launches = new Launches(() => port.now());
    this.#refusals = new Refusals(() => port.now());
    this.#questions = new Questions({
      ask: (question) => port.ask(question),
      known: (client, wanted) => this.#known(client, wanted),
      remember: (client, files, verdict) => this.#grants.remember(client, files, verdict),
      later: (milliseconds, work) => void port.later(milliseconds, work),
    });
  }

  /** What is allowed for this session, and what never is. */
  get grants(): readonly Grant[] {
    return this.#grants.list;
  }

  /** Forgets what a person has said: of one program and file, or everything. */
  forget(grant?: Grant): void {
    if (grant) this.#grants.forget(grant);
    else this.#grants.clear();
    this.#refusals.clear();
  }

  /**
   * A process that is started for these files opens them without a question. @param life milliseconds until it has to have asked
   */
  launch(files: readonly string[], life: number): Announced {
    return this.#launches.announce(files, life);
  }

  /** The same for a process that is being started and will be known by its number; undefined where none comes of it. */
  allowProcess(started: Promise<Started | undefined>, life: number): void {
    const known = started.then(
      (one) => one && this.#launches.allow(one, life),
      () => undefined,
    );
    const late = new Promise<void>((resolve) => this.#port.later(starting, resolve));
    const waited = Promise.race([known, late]).finally(() => this.#starting.delete(waited));
    this.#starting.add(waited);
  }

  /** The keys are locked: what waits is answered, and what was allowed for the session is over. */
  lock(): void {
    this.#grants.endSession();
    this.#questions.interrupt();
    this.#endAll('LOCKED');
  }

  close(): void {
    this.#closed = true;
    this.#grants.clear();
    this.#launches.clear();
    this.#questions.interrupt();
    this.#endAll('CLOSED');
  }

  /** Answers a request: never later than a person may take, never with an error. The keys are the caller's to wipe. */
  answer(request: AgentRequest, client: AgentClient): Promise<AgentAnswer> {
    const shut = this.#closed ? 'CLOSED' : this.#port.shut();
    if (shut) return Promise.resolve({ code: shut });
    if (this.#turns.size >= most) return Promise.resolve({ code: 'BUSY' });
    return new Promise((resolve) => {
      const finish = (answer: AgentAnswer) => {
        turn.over = true;
        this.#turns.delete(turn);
        stop();
        resolve(answer);
      };
      const turn: Turn = { over: false, wanted: [], end: (code) => finish({ code }) };
      const stop = this.#port.later(patience, () => {
        this.#refusals.add(client, request.keys, turn.wanted, 'NO_ANSWER');
        turn.end('NO_ANSWER');
      });
      this.#turns.add(turn);
      this.#work(request, client, turn).then(
        (answer) => (turn.over ? wipeAll(answer) : finish(answer)),
        () => turn.over || turn.end('FAILED'),
      );
    });
  }

  #endAll(code: AgentCode): void {
    for (const turn of [...this.#turns]) turn.end(code);
  }

  async #work(request: AgentRequest, client: AgentClient, turn: Turn): Promise<AgentAnswer> {
    // It may be one of those that are being started right now.
    if (this.#starting.size > 0) await Promise.all(this.#starting);
    const all = await this.#locate(request, client);
    const mine = await this.#mine(all);
    if (mine.length === 0) return { code: (await this.#isAsleep(all)) ? 'LOCKED' : 'NOT_MINE' };
    const news = mine.filter(({ held }) => !held);
    const files = news.map((one) => one.files);
    const allowed = news.length === 0 || this.#launches.allows(request.launch, client, files);
    turn.wanted = [...new Set(news.flatMap(({ names }) => names))];
    const refused = allowed ? undefined : this.#refusals.of(client, request.keys, turn.wanted);
    if (refused) return { code: refused };
    const reply = allowed ? 'once' : await this.#allowed(client, turn);
    if (reply === 'busy') return { code: 'BUSY' };
    if (reply === 'no' || reply === 'never') {
      if (!turn.over) this.#refusals.add(client, request.keys, turn.wanted, 'DENIED');
      return { code: 'DENIED' };
    }
    // A lock that came meanwhile has answered already.
    const shut = this.#port.shut();
    if (turn.over || shut) return { code: shut ?? 'CLOSED' };
    const opened = await this.#open(mine);
    const keys = all.map(({ wanted }) => opened.get(wanted));
    if (turn.over) {
      wipeAll({ keys });
      return { code: 'CLOSED' };
    }
    this.#record(news, opened, client);
    return opened.size > 0 ? { keys } : { code: 'NOT_MINE' };
  }

  async #locate({ keys, launch }: AgentRequest, client: AgentClient): Promise<Located[]> {
    const ids = keys.map(idsOf);
    const found = await this.#port.find(ids.flat(), this.#launches.filesOf(launch, client));
    return keys.map((wanted, i) => {
      // The parts of one header all have to be of the same file: else one that is allowed would let another one in.
      const [first = [], ...rest] = (ids[i] ?? []).map((id) => found.get(id) ?? []);
      const files = first.filter((file) => rest.every((others) => others.includes(file)));
      return { wanted, files, names: files.length > 0 ? files : [unknownFile(ids[i]?.join() ?? '')], held: false };
    });
  }

  async #mine(all: readonly Located[]): Promise<Located[]> {
    const mine: Located[] = [];
    for (const some of byFile(all)) {
      const fits = await fitting(
        some.map(({ wanted }) => wanted),
        this.#port.keyring(some[0]?.files[0]),
      );
      mine.push(...some.flatMap((one, i) => (fits[i] ? [{ ...one, held: fits[i] === 'held' }] : [])));
    }
    return mine;
  }

  async #isAsleep(all: readonly Located[]): Promise<boolean> {
    for (const { wanted, files } of all) {
      if (!('enc' in wanted) || wanted.recipient === undefined) continue;
      if (await this.#port.keyring(files[0]).asleep?.([wanted.recipient])) return true;
    }
    return false;
  }

  #allowed(client: AgentClient, turn: Turn): Promise<AgentReply | 'busy'> | AgentReply {
    const { wanted } = turn;
    const known = this.#known(client, wanted);
    if (known) return known;
    return new Promise((answer) => {
      if (!this.#questions.add({ client, wanted, isOver: () => turn.over, answer })) answer('busy');
    });
  }

  #known(client: AgentClient, wanted: readonly string[]): AgentReply | undefined {
    return this.#grants.verdict(client, wanted);
  }

  async #open(mine: readonly Located[]): Promise<ReadonlyMap<WantedKey, OpenedKey>> {
    const opened = new Map<WantedKey, OpenedKey>();
    for (const some of byFile(mine)) {
      const wanted = some.map((one) => one.wanted);
      const found = await openAll(wanted, this.#port.keyring(some[0]?.files[0]), true);
      found.forEach((one, i) => {
        if (one) opened.set(wanted[i] as WantedKey, one);
      });
    }
    return opened;
  }

  #record(news: readonly Located[], opened: ReadonlyMap<WantedKey, OpenedKey>, client: AgentClient): void {
    const files = new Set(news.filter(({ wanted }) => opened.has(wanted)).map((one) => one.files[0]));
    for (const file of files) this.#port.record(file, client);
  }
}

/** Each file has a keyring of its own: a key may be bound to a place. */
function byFile(all: readonly Located[]): Located[][] {
  const found = new Map<string | undefined, Located[]>();
  for (const one of all) found.set(one.files[0], [...(found.get(one.files[0]) ?? []), one]);
  return [...found.values()];
}

function wipeAll(answer: AgentAnswer): void {
  if ('keys' in answer) for (const one of answer.keys) if (one) wipe(one.key);
}
