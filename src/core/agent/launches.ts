import { randomBytes, upperHex } from '../bytes.ts';
import type { AgentClient } from './protocol.ts';

/** What the extension has started itself: its id opens these files, for the process that uses it first and those that come of it. */
interface Launch {
  readonly files: ReadonlySet<string>;
  readonly until: number;
  by?: AgentClient;
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

  /** The files that a launch opens, good or not: where a wanted key is looked for first. */
  filesOf(id: string | undefined): readonly string[] {
    return [...((id !== undefined && this.#open.get(id)?.files) || [])];
  }

  /** Whether a program is the launch of this id, and wants nothing but its files. @param wanted for each key, the files that have it */
  allows(id: string | undefined, client: AgentClient, wanted: readonly (readonly string[])[]): boolean {
    this.#sweep();
    const launch = id === undefined ? undefined : this.#open.get(id);
    if (!launch || !wanted.every((files) => files.some((file) => launch.files.has(file)))) return false;
    if (launch.by) return isOf(client, launch.by);
    launch.by = client;
    return true;
  }

  clear(): void {
    this.#open.clear();
  }

  #sweep(): void {
    for (const [id, { until }] of this.#open) if (until <= this.#now()) this.#open.delete(id);
  }
}

/** Whether a process is another one, or comes of it. Of one that is not known at all nothing comes. */
function isOf(client: AgentClient, other: AgentClient): boolean {
  if (other.pid === undefined) return false;
  return [client, ...(client.parents ?? [])].some(({ pid, began }) => pid === other.pid && began === other.began);
}
