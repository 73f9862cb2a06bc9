import { visible } from '../../core/tree/path.ts';
import { exit, Failure } from '../failure.ts';
import type { Flags } from '../flags.ts';

/** What `--secret ENV=name` asks for: a variable, and the secret that goes into it. */
export interface Wish {
  readonly variable: string;
  readonly name: string;
}

/** The two sides of `--secret`, `--rename` and `--env`, each as often as they are given. */
interface Pairs {
  readonly wishes: readonly Wish[];
  /** Secrets that go into another variable than their own. */
  readonly renames: readonly Wish[];
  /** Variables with plain values. */
  readonly plain: Readonly<Record<string, string>>;
}

/**
 * Reads `--secret`, `--rename` and `--env`. Every pair is checked before anything starts. Throws Failure, which names the flag and its position and never
 * what is behind the `=`: somebody may have typed a value there.
 */
export function pairsOf(flags: Flags): Pairs {
  const secrets = flags.list('secret').map((text, i) => split('secret', 'ENV=NAME', text, i));
  const renames = flags.list('rename').map((text, i) => split('rename', 'ENV=NAME', text, i));
  const plain = flags.list('env').map((text, i) => split('env', 'NAME=VALUE', text, i));
  for (const [flag, pairs] of [['secret', secrets] as const, ['rename', renames] as const]) {
    const empty = pairs.find(([, name]) => name === '');
    if (empty)
      throw new Failure(exit.generic, `--${flag} ${visible(empty[0])}= names no secret.`, `Write --${flag} ENV=NAME.`);
  }
  refuseTwice([...secrets, ...plain]);
  refuseTwice([...renames, ...plain]);
  return { wishes: wishesOf(secrets), renames: wishesOf(renames), plain: Object.fromEntries(plain) };
}

type Pair = readonly [variable: string, rest: string];

const wishesOf = (pairs: readonly Pair[]): Wish[] => pairs.map(([variable, name]) => ({ variable, name }));

function refuseTwice(pairs: readonly Pair[]): void {
  const taken = new Set<string>();
  for (const [variable] of pairs) {
    if (taken.has(variable))
      throw new Failure(exit.generic, `The variable ${visible(variable)} is given twice.`, 'Give each variable once.');
    taken.add(variable);
  }
}

function split(flag: string, form: string, text: string, index: number): Pair {
  const at = text.indexOf('=');
  const variable = text.slice(0, at);
  if (at < 1)
    throw new Failure(
      exit.generic,
      `--${flag} number ${index + 1} is not of the form ${form}.`,
      `Write --${flag} ${form}.`,
    );
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable))
    throw new Failure(
      exit.generic,
      `--${flag} number ${index + 1}: ${visible(variable)} is no name for a variable.`,
      'Use letters A-Z and a-z, digits and _, and no digit first.',
    );
  return [variable, text.slice(at + 1)];
}
