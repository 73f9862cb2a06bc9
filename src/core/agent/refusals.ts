import type { AgentClient, AgentCode, WantedKey } from './protocol.ts';
import { keyOf } from './questions.ts';

/** Milliseconds in which a program tries its other way. */
const life = 10_000;
/** Milliseconds in which a no is a no to the same program again, from its last try on: who tries a file a hundred times asks one question. */
const again = 2_000;
const most = 1_000;

/** A program asks for keys of age files by an age plugin, and for the wrapped keys of SOPS by everything else. */
type Way = 'plugin' | 'direct';
const wayOf = (keys: readonly WantedKey[]): Way => (keys.some((one) => 'stanzas' in one) ? 'plugin' : 'direct');

/**
 * What was refused just now. sops asks for one key in two ways, first by its age plugin and then at its key service: that is one question,
 * which a person is asked once.
 */
export class Refusals {
  readonly #now: () => number;
  readonly #all = new Map<string, { readonly code: AgentCode; readonly until: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Keeps a refusal for the other way of the same process. */
  add(client: AgentClient, keys: readonly WantedKey[], files: readonly string[], code: AgentCode): void {
    const now = this.#now();
    for (const [id, { until }] of this.#all) if (until <= now || this.#all.size >= most) this.#all.delete(id);
    const other = wayOf(keys) === 'plugin' ? 'direct' : 'plugin';
    for (const file of files) {
      this.#all.set(idOf(client, other, file), { code, until: now + life });
      if (code === 'DENIED') this.#all.set(idOfProgram(client, file), { code, until: now + again });
    }
  }

  /** How one of these files was refused just now; undefined if none was, and for a process that is not known. */
  of(client: AgentClient, keys: readonly WantedKey[], files: readonly string[]): AgentCode | undefined {
    if (client.began === undefined) return undefined;
    const now = this.#now();
    for (const file of files) {
      const program = this.#all.get(idOfProgram(client, file));
      const found = [this.#all.get(idOf(client, wayOf(keys), file)), program].find((one) => one && one.until > now);
      if (found === program && found) this.#all.set(idOfProgram(client, file), { ...found, until: now + again });
      if (found) return found.code;
    }
    return undefined;
  }

  clear(): void {
    this.#all.clear();
  }
}

const idOfProgram = (client: AgentClient, file: string) => `${keyOf(client)}\n${file}`;
const idOf = ({ pid, began }: AgentClient, way: Way, file: string) => `${pid} ${began} ${way}\n${file}`;
