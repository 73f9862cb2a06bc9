import type { Environment } from '../core/env/environment.ts';
import { exit, Failure } from './failure.ts';
import { type OptionName, options } from './options.ts';

/** The flags of one run, with the environment variables that stand in for them. An empty value counts as none, as in sops. */
export class Flags {
  readonly #given: Readonly<Record<string, unknown>>;
  readonly #env: Environment;

  constructor(given: Readonly<Record<string, unknown>>, env: Environment) {
    this.#given = given;
    this.#env = env;
  }

  on(name: OptionName): boolean {
    return this.#given[name] === true;
  }

  text(name: OptionName): string | undefined {
    const typed = this.list(name).at(-1);
    if (typed !== undefined) return typed || undefined;
    const { env } = options[name];
    return (env && this.#env[env]) || undefined;
  }

  /** Every value that was typed for it, in order; of most flags only the last one counts. */
  list(name: OptionName): readonly string[] {
    const given = this.#given[name];
    return Array.isArray(given) ? given.map(String) : [];
  }

  /** A whole number. Throws Failure for anything else. */
  number(name: OptionName): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!/^-?\d{1,9}$/.test(text))
      throw new Failure(exit.generic, `--${name} takes a whole number.`, `For example: --${name} 2`);
    return Number(text);
  }
}
