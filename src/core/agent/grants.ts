import type { AgentClient } from './protocol.ts';

/** What a person has allowed or refused beyond the moment: one program, one file. */
export interface Grant {
  readonly client: AgentClient;
  readonly file: string;
  readonly verdict: 'session' | 'never';
}

/**
 * What tells programs apart: the program, its script, and the program that started it, since `lockstep` started by git is not the same as
 * in a terminal. Undefined for one that is not known, or that runs whatever it is told (`bash -c`): nothing is remembered of it.
 */
export function identityOf({ program, script, parents, unscripted }: AgentClient): string | undefined {
  if (program === undefined || unscripted) return undefined;
  return JSON.stringify([program, script, parents?.[0]?.program]);
}

/** What is allowed for this session, and what never is. Kept in memory only. */
export class Grants {
  readonly #all = new Map<string, Grant>();

  get list(): readonly Grant[] {
    return [...this.#all.values()];
  }

  remember(client: AgentClient, files: readonly string[], verdict: Grant['verdict']): void {
    const who = identityOf(client);
    if (who === undefined) return;
    for (const file of files) this.#all.set(`${who}\n${file}`, { client, file, verdict });
  }

  /** Undefined where a person has to be asked. One file that is refused refuses them all. */
  verdict(client: AgentClient, files: readonly string[]): Grant['verdict'] | undefined {
    const who = identityOf(client);
    if (who === undefined) return undefined;
    const found = files.map((file) => this.#all.get(`${who}\n${file}`)?.verdict);
    if (found.includes('never')) return 'never';
    return found.length > 0 && found.every((one) => one === 'session') ? 'session' : undefined;
  }

  forget(grant: Grant): void {
    for (const [key, one] of this.#all) if (one === grant) this.#all.delete(key);
  }

  /** What was allowed ends with a lock; what was refused stays refused. */
  endSession(): void {
    for (const [key, { verdict }] of this.#all) if (verdict === 'session') this.#all.delete(key);
  }

  clear(): void {
    this.#all.clear();
  }
}
