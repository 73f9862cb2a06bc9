import type { Given } from '../cli/run/sources.ts';
import { isReference, parseReference } from '../core/env/references.ts';
import { LockstepError } from '../core/errors.ts';
import { visible } from '../core/tree/path.ts';
import type { Asked, Handing, Held, Place, SecretOptions, Work, Works } from './asking.ts';
import { refuseAtBuild } from './building.ts';
import { allOf, has, keyOf, secretOf } from './choosing.ts';
import { SecretError } from './errors.ts';

/** What is to be asked of the engine, one after the other; it ends with what a program wanted. One flow for both forms of each function. */
export type Steps<T> = Generator<Asked, T, unknown>;

/** One secret. Throws TypeError, SecretError. */
export function* secret(name: string, options?: SecretOptions): Steps<string> {
  const wanted = new Lookup(options).named(requireText('name', name));
  const [value = ''] = yield* wanted.lookup.handed(secretOf(yield* wanted.lookup.held(), wanted.name));
  return value;
}

/** Secrets by the names that are given, else every one by its variable. */
export function* secrets(names?: readonly string[], options?: SecretOptions): Steps<Record<string, string>> {
  if (names === undefined) return Object.fromEntries(yield* variables('decrypt', options));
  const found: [string, string][] = [];
  for (const name of requireTexts('first argument', names)) found.push([name, yield* secret(name, options)]);
  return Object.fromEntries(found);
}

/** Every variable of an environment. */
export function* variables(purpose: 'decrypt' | 'exec-env', options?: SecretOptions): Steps<[string, string][]> {
  const lookup = new Lookup(options);
  const given = allOf(yield* lookup.held());
  const values = yield* lookup.handed(given, purpose);
  return given.map(({ variable }, i) => [variable, values[i] ?? '']);
}

/** Whether there is a secret of this name. It is not handed out. */
export function* known(name: string, options?: SecretOptions): Steps<boolean> {
  const wanted = new Lookup(options).named(requireText('name', name));
  return has(yield* wanted.lookup.held(), wanted.name);
}

/** Encrypts or decrypts a text with a named key. */
export function* withKey(
  work: 'encrypt' | 'decrypt',
  key: string,
  text: string,
  options?: SecretOptions,
): Steps<string> {
  const wanted = new Lookup(options).named(requireText('name of the key', key));
  requireText('text', text);
  const [value = ''] = yield* wanted.lookup.handed(keyOf(yield* wanted.lookup.held(), wanted.name));
  return yield* wanted.lookup.ask(work, value, text, wanted.name);
}

function requireText(what: string, text: string): string {
  if (typeof text === 'string') return text;
  throw new TypeError(`The ${what} has to be a text.`);
}

/** A text is a list of its letters to JavaScript, and would be taken for many names. */
function requireTexts(what: string, list: readonly string[]): readonly string[] {
  if (Array.isArray(list) && list.every((one) => typeof one === 'string')) return list;
  throw new TypeError(`The ${what} has to be a list of texts.`);
}

const optionNames = ['from', 'environment', 'files', 'keys'];

/** One that is misspelt would have the secrets of another place read. */
function requireKnown(options: SecretOptions): SecretOptions {
  const unknown = Object.keys(options).find((one) => !optionNames.includes(one));
  if (unknown === undefined) return options;
  throw new TypeError(`There is no option ${visible(unknown)}. There are ${optionNames.join(', ')}.`);
}

/** What a place has given so far, for as long as the process lives. */
interface Kept {
  held: Held | undefined;
  /** Values that were handed out, by their files and names. */
  readonly values: Map<string, string>;
}
const keptAt = new Map<string, Kept>();

/** Where a program looks. */
class Lookup {
  readonly #options: SecretOptions;
  readonly #place: Place;
  readonly #env: Asked['env'];
  readonly #kept: Kept;

  constructor(given?: SecretOptions | null) {
    refuseAtBuild();
    const options = requireKnown(given ?? {});
    this.#options = options;
    const { from = '.', environment = process.env.LOCKSTEP_ENV_NAME, files = [], keys } = options;
    for (const text of [from, environment ?? '']) requireText('option', text);
    for (const list of [files, keys ?? []]) requireTexts('option', list);
    this.#place = { cwd: process.cwd(), folder: from, environment: environment || undefined, files: [...files] };
    if (files.length > 0) this.#place = { ...this.#place, environment: options.environment };
    // What Node loads before a program is not meant for the programs that keys come from.
    const { NODE_OPTIONS: _, ...env } = process.env;
    this.#env = keys ? { ...env, LOCKSTEP_KEYS: keys.join(',') } : env;
    const id = JSON.stringify([this.#place, this.#env.LOCKSTEP_KEYS]);
    this.#kept = keptAt.get(id) ?? { held: undefined, values: new Map() };
    keptAt.set(id, this.#kept);
  }

  /** What a name means here: `lockstep:staging#db.url` is one of another environment. Throws SecretError. */
  named(name: string): { readonly lookup: Lookup; readonly name: string } {
    if (!isReference(name)) return { lookup: this, name };
    try {
      const { environment, name: bare } = parseReference(name);
      if (environment === undefined) return { lookup: this, name: bare };
      const { files: _, ...options } = this.#options;
      return { lookup: new Lookup({ ...options, environment }), name: bare };
    } catch (error) {
      if (!(error instanceof LockstepError)) throw error;
      const message = `${visible(name)} is no reference to a secret.\nWrite lockstep:ENVIRONMENT#NAME.`;
      throw new SecretError({ code: 'NO_SUCH_SECRET', reason: error.code, message });
    }
  }

  *ask<W extends Work>(work: W, ...args: Parameters<Works[W]>): Steps<ReturnType<Works[W]>> {
    const asked: Asked<W> = { work, args, place: this.#place, env: this.#env, program: programName() };
    return (yield asked as Asked) as ReturnType<Works[W]>;
  }

  *held(): Steps<Held> {
    this.#kept.held ??= yield* this.ask('open');
    return this.#kept.held;
  }

  /** The values of secrets: each is recorded once, and what another manager has is fetched once. */
  *handed(wanted: Given | readonly Given[], purpose: 'decrypt' | 'exec-env' = 'decrypt'): Steps<readonly string[]> {
    const given = [wanted].flat();
    const { values } = this.#kept;
    const fresh = given.filter((one) => !values.has(idOf(one)));
    if (fresh.length > 0) {
      const got = yield* this.ask('hand', fresh.map(handingOf), purpose);
      for (const [i, one] of fresh.entries()) values.set(idOf(one), got[i] ?? '');
    }
    return given.map((one) => values.get(idOf(one)) ?? '');
  }
}

const idOf = ({ from, path }: Given) => JSON.stringify([from.path, path]);

const handingOf = ({ from, path, name, value }: Given): Handing => ({
  file: from.path,
  label: from.label,
  path,
  name,
  value,
});

/** The script that runs, as the access log names it. */
const programName = (): string => /[^\\/]+$/.exec(process.argv[1] ?? process.execPath)?.[0] ?? 'node';
