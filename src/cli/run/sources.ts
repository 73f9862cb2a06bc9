import { resolve } from 'node:path';
import { staysBehind } from '../../core/enckeys/given.ts';
import type { Found } from '../../core/env/environments.ts';
import { type Handed, handedOf } from '../../core/env/nested.ts';
import type { Loader } from '../../core/env/read.ts';
import { findSecret, lastOnes, type SecretName, withVariables } from '../../core/env/secretnames.ts';
import { LockstepError } from '../../core/errors.ts';
import { type Path, showPath, visible } from '../../core/tree/path.ts';
import { environmentsPath } from '../../core/view/names.ts';
import type { Revision } from '../../node/git/revision.ts';
import type { Call } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { readPath } from '../files/input.ts';
import { openInput } from '../files/opening.ts';
import { readPast } from '../files/revision.ts';
import type { Wish } from './pairs.ts';

/** The values of one file. */
export interface Source {
  /** As a person names the file, fit for a terminal. */
  readonly label: string;
  /** Absolute. */
  readonly path: string;
  /** The commit that it is taken from, shortened. */
  readonly commit: string | undefined;
  readonly values: readonly (Handed & SecretName)[];
}

/** A value and the variable that it goes into. */
export interface Given {
  readonly variable: string;
  readonly value: string;
  readonly from: Source;
  /** Its key path, also as people read it. */
  readonly path: Path;
  readonly name: string;
  /** The name of the encryption key that it is. */
  readonly encryptionKey: string | undefined;
}

/** Names at most in a message. */
const most = 12;

/**
 * Opens files one after the other. @param revision the commit that they are taken from, instead of the disk. Throws AboutFile, Failure.
 */
export async function openSources(
  call: Call,
  files: readonly string[],
  loader: Loader,
  revision: Revision | undefined,
): Promise<Source[]> {
  const sources: Source[] = [];
  for (const file of files) sources.push(await openSource(call, file, loader, revision));
  return sources;
}

async function openSource(call: Call, file: string, loader: Loader, revision: Revision | undefined): Promise<Source> {
  const { io, flags } = call;
  const path = resolve(io.cwd, file);
  const past = revision && (await readPast(revision, file, path));
  const { label, content } = past ?? { label: visible(file), content: await readPath(call, file, exit.noFile) };
  const opened = await openInput(call, { label, path, name: path, content });
  const around = flags.on('pristine') ? {} : io.env;
  const values = await about(label, () => handedOf(opened, loader, around), exit.generic).finally(() =>
    opened.dispose(),
  );
  return { label, path, commit: past?.commit, values };
}

/**
 * The same with the variables that are written down for some secrets, and those of `--rename`, which go before. Throws Failure for a name of
 * `--rename`, or one that is written down, that no secret has.
 */
export function withNames(
  sources: readonly Source[],
  written: Pick<Found<string>, 'variables' | 'required'>,
  renames: readonly Wish[],
): Source[] {
  const all = sources.flatMap((from) => from.values.map((one) => ({ ...one, from })));
  const variables = new Map([...written.variables, ...renames.map(({ variable, name }) => [name, variable] as const)]);
  const { named, unused } = withVariables(all, variables);
  for (const name of unused) {
    if (renames.some((one) => one.name === name)) throw noSecret(sources, all, name);
    if (written.required.has(name)) throw noSecret(sources, all, name, environmentsPath);
  }
  return sources.map((from) => ({ ...from, values: named.filter((one) => one.from === from) }));
}

/** The sources without the encryption keys that stay behind where a program gets everything. */
export const withoutKeys = (sources: readonly Source[]): Source[] =>
  sources.map((from) => ({ ...from, values: from.values.filter((one) => !staysBehind(one)) }));

/**
 * What the program gets: the secrets that `--secret` asks for, else every value. A variable of a later file replaces that of an earlier one
 * where `inOrder`. Throws Failure for names that are not there, or not clear.
 */
export function givenFrom(sources: readonly Source[], wishes: readonly Wish[], inOrder: boolean): Given[] {
  const each = sources.flatMap((from) => from.values.map((one) => ({ ...one, from })));
  const all = inOrder ? lastOnes(each, ({ from }) => from) : each;
  if (wishes.length > 0) return wishes.map(({ variable, name }) => ({ variable, ...find(sources, all, name) }));
  const found = new Map<string, Given & { readonly at: string }>();
  for (const { variable, path, value, from, encryptionKey } of all) {
    const other = found.get(variable);
    const at = `${from.label}: ${showPath(path)}`;
    if (other) throw twice(variable, other.at, at);
    found.set(variable, { variable, value, from, path, name: showPath(path), encryptionKey, at });
  }
  return [...found.values()];
}

const twice = (variable: string, one: string, other: string) =>
  new Failure(
    exit.generic,
    `Two entries would be the variable ${visible(variable)}: ${one} and ${other}.`,
    `Give one of them another variable: --rename VARIABLE=NAME, or variables in ${environmentsPath}. --secret VARIABLE=NAME takes one alone. Files given by -f replace each other in their order.`,
  );

type Known = Handed & { readonly from: Source };

/** The value of a key path, as `db.password`, or of a variable. */
function find(sources: readonly Source[], all: readonly Known[], name: string): Omit<Given, 'variable'> {
  try {
    const { value, from, path, encryptionKey } = findSecret(all, name);
    return { value, from, path, name: showPath(path), encryptionKey };
  } catch (error) {
    if (!(error instanceof LockstepError) || error.code !== 'NO_SUCH_SECRET') throw error;
    if (error.place.what === undefined) throw noSecret(sources, all, name);
    throw new Failure(
      exit.generic,
      `The secret ${visible(name)} is there more than once.`,
      'Use its key path, or choose the file: -f FILE.',
    );
  }
}

/** @param where it is named */
function noSecret(sources: readonly Source[], all: readonly Known[], name: string, where?: string): Failure {
  const names = all.map(({ path }) => showPath(path));
  // As a task has it.
  const other = !where && name.includes('#') ? ` For one of another environment write lockstep:${visible(name)}.` : '';
  const rest = names.length > most ? ` and ${names.length - most} more` : '';
  return new Failure(
    exit.generic,
    `${where ? `${where}: ` : ''}There is no secret ${visible(name)} in ${sources.map(({ label }) => label).join(', ')}.`,
    `${names.length === 0 ? 'There are none.' : `There are: ${names.slice(0, most).join(', ')}${rest}.`}${other}`,
  );
}
