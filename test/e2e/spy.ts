import { setTimeout as sleep } from 'node:timers/promises';
import { canary } from './lab.ts';
import { Search } from './scanner.ts';

export interface Sighting {
  readonly at: number;
  readonly what: string;
  readonly where: string;
  readonly text: string;
}

/** What the spy has seen so far. */
export class SpyReport {
  readonly entries: readonly Sighting[];
  constructor(entries: readonly Sighting[]) {
    this.entries = entries;
  }

  /** Where a text was seen, in any form, as lines; empty when the spy never saw it. */
  find(...canaries: readonly string[]): string[] {
    const search = new Search(canaries);
    return this.entries.flatMap((entry) =>
      [...search.bytes('text', entry.text), ...search.bytes('place', entry.where)].map(
        ({ form, path }) => `${entry.what}, ${path} of ${entry.where} (${form})`,
      ),
    );
  }

  /** The kinds of sightings, to check that the spy did look. */
  kinds(): string[] {
    return [...new Set(this.entries.map((entry) => entry.what))].sort();
  }
}

export interface CommandResult {
  /** What it returned, as text; absent when that was undefined. */
  readonly returned?: string;
  readonly failed?: string;
  /** It waits for an answer of a person. */
  readonly waiting?: boolean;
}

/** The spy extension in a running workbench, over its loopback port. */
export class Spy {
  readonly port: number;
  readonly token: string;
  #earlier: Sighting[] = [];
  #boot = '';

  constructor(port: number, token: string) {
    this.port = port;
    this.token = token;
  }

  /**
   * Runs the body of an async function in the extension host, as the spy extension, with `vscode`, `spy` and `args`
   * in scope; what it returns must be JSON.
   */
  async evaluate<T>(body: string, args: unknown = null): Promise<T> {
    const code = `const args = ${JSON.stringify(args)};\n${body}`;
    const response = await fetch(`http://127.0.0.1:${this.port}/`, {
      method: 'POST',
      body: JSON.stringify({ token: this.token, code }),
    });
    const answer = (await response.json()) as { value: T; error?: string };
    if (answer.error !== undefined) throw new Error(`in the extension host: ${answer.error}`);
    return answer.value;
  }

  /** Waits until the spy of a fresh extension host answers. */
  async ready(timeout = 60_000): Promise<void> {
    for (const end = Date.now() + timeout; ; await sleep(100)) {
      const boot = await this.evaluate<string>('return spy.boot').catch(() => this.#boot);
      if (boot !== this.#boot) {
        this.#boot = boot;
        return;
      }
      if (Date.now() > end) throw new Error('the spy extension did not start');
    }
  }

  /** Keeps what was seen before the extension host ends. */
  async keep(): Promise<void> {
    this.#earlier.push(...(await this.#entries()));
  }

  /**
   * Asks every provider about everything open (unless `passive`), then returns all that was seen so far. Throws when the
   * spy could not look somewhere, and when it saw nothing: not even what is shown to it here.
   */
  async report(passive = false): Promise<SpyReport> {
    const shown = canary();
    await this.evaluate(`spy.saw('shown by the test', args, args)`, shown);
    if (!passive) await this.evaluate('await spy.probe()');
    const report = new SpyReport([...this.#earlier, ...(await this.#entries())]);
    if (report.find(shown).length < 2) throw new Error('the spy does not tell what it saw');
    if (!passive && report.kinds().length < 5) throw new Error(`the spy looked at too little: ${report.kinds()}`);
    return report;
  }

  async #entries(): Promise<Sighting[]> {
    const missed = await this.evaluate<string[]>('return [...spy.missed]');
    if (missed.length > 0) throw new Error(`the spy could not look at all: ${missed.join('\n')}`);
    return this.evaluate<Sighting[]>('return spy.entries');
  }

  clipboard(): Promise<string> {
    return this.evaluate('return spy.clipboard()');
  }

  /** Runs a command as another extension would. Arguments are code of the extension host, like `vscode.Uri.file('/a')`. */
  command(id: string, ...args: readonly string[]): Promise<CommandResult> {
    return this.evaluate(`return spy.execute(${JSON.stringify(id)}, [${args.join(', ')}], 700)`);
  }
}
