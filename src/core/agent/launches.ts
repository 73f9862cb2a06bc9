import { randomBytes, upperHex } from '../bytes.ts';
import type { AgentClient } from './protocol.ts';

/** What the extension has started itself: its id opens these files, for the process that uses it first and those that come of it. */
interface Launch {
  readonly files: ReadonlySet<string>;
  readonly until: number;
  /** `began` is missing until a process that was announced by its number has asked. */
  by?: Pick<AgentClient, 'pid' | 'began'>;
}

/** A process that a person has started, by its number, and the files that it is for. */
export interface Started {
  readonly pid: number;
  readonly files: readonly string[];
}

/** A launch that was announced. */
export interface Announced {
  /** Goes into the environment of the process that is started. No secret: it opens nothing for another process once it was used. */
  readonly id: string;
  /** The process did not start, or is done. */
  end(): void;
}

/** Launches at once: the oldest goes. */
const most = 200;

export class Launches {
  readonly #open = new Map<string, Launch>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @param life milliseconds in which the id is good */
  announce(files: readonly string[], life: number): Announced {
    this.#sweep();
    const id = upperHex(randomBytes(16)).toLowerCase();
    this.#open.set(id, { files: new Set(files), until: this.#now() + life });
    const [oldest] = this.#open.keys();
    if (this.#open.size > most && oldest !== undefined) this.#open.delete(oldest);
    return { id, end: () => void this.#open.delete(id) };
  }

  /** A process that was started: it opens these files without an id, which others could read. @param life milliseconds, as for `announce` */
  allow({ pid, files }: Started, life: number): void {
    this.#sweep();
    this.#open.set(idOf(pid), { files: new Set(files), until: this.#now() + life, by: { pid } });
  }

  /** The files that a launch opens, good or not: where a wanted key is looked for first. */
  filesOf(id: string | undefined, client: AgentClient): readonly string[] {
    return idsFor(id, client).flatMap((one) => [...(this.#open.get(one)?.files ?? [])]);
  }

  /** Whether a program is the launch of this id, and wants nothing but its files. @param wanted for each key, the files that have it */
  allows(id: string | undefined, client: AgentClient, wanted: readonly (readonly string[])[]): boolean {
    this.#sweep();
    const fits = ({ files }: Launch) => wanted.every((some) => some.some((file) => files.has(file)));
    return idsFor(id, client).some((one) => {
      const launch = this.#open.get(one);
      return launch !== undefined && fits(launch) && isLaunch(launch, client);
    });
  }

  clear(): void {
    this.#open.clear();
  }

  #sweep(): void {
    for (const [id, { until }] of this.#open) if (until <= this.#now()) this.#open.delete(id);
  }
}

/** What a process that is known by its number is kept under: no random id looks so. */
const idOf = (pid: number | undefined) => `process ${pid}`;

const chain = (client: AgentClient) => [client, ...(client.parents ?? [])];

const idsFor = (id: string | undefined, client: AgentClient): string[] => [
  ...(id === undefined ? [] : [id]),
  ...chain(client).map(({ pid }) => idOf(pid)),
];

/** Whether a process is what was launched, or comes of it. The first one that uses an id is; of one that is not known at all nothing comes. */
function isLaunch(launch: Launch, client: AgentClient): boolean {
  const { by } = launch;
  if (!by) {
    launch.by = client;
    return true;
  }
  if (by.pid === undefined) return false;
  const found = chain(client).find(
    ({ pid, began }) => pid === by.pid && (by.began === undefined || began === by.began),
  );
  if (!found) return false;
  // Another process may get the number later.
  launch.by = found;
  return true;
}
