import { visible } from '../../core/tree/path.ts';
import { exit, Failure } from '../failure.ts';
import type { Flags } from '../flags.ts';

/** What `--secret ENV=name` asks for: a variable, and the secret that goes into it. */
export interface Wish {
  readonly variable: string;
  readonly name: string;
}

/** The two sides of `--secret` and `--env`, each as often as they are given. */
interface Pairs {
  readonly wishes: readonly Wish[];
  /** Variables with plain values. */
  readonly plain: Readonly<Record<string, string>>;
}

/**
 * Reads `--secret` and `--env`. Every pair is checked before anything starts. Throws Failure, which names the flag and its position and never
 * what is behind the `=`: somebody may have typed a value there.
 */
export function pairsOf(flags: Flags): Pairs {
  const secrets = flags.list('secret').map((text, i) => split('secret', 'ENV=NAME', text, i));
  const plain = flags.list('env').map((text, i) => split('env', 'NAME=VALUE', text, i));
  const empty = secrets.find(([, name]) => name === '');
  if (empty)
    throw new Failure(exit.generic, `--secret ${visible(empty[0])}= names no secret.`, 'Write --secret ENV=NAME.');
  const taken = new Set<string>();
  for (const [variable] of [...secrets, ...plain]) {
    if (taken.has(variable))
      throw new Failure(exit.generic, `The variable ${visible(variable)} is given twice.`, 'Give each variable once.');
    taken.add(variable);
  }
  return { wishes: secrets.map(([variable, name]) => ({ variable, name })), plain: Object.fromEntries(plain) };
}

function split(flag: string, form: string, text: string, index: number): readonly [variable: string, rest: string] {
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
