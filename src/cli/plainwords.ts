import { globalOptions, type OptionName, options } from './options.ts';
import { flagsOf, type Verb } from './verbs.ts';

/** Flags by their names, as `Flags` takes them, and operands. */
export interface Plain {
  readonly given: Readonly<Record<string, true | readonly string[]>>;
  readonly args: readonly string[];
}

/**
 * What commander makes of words that are all as they should be, which takes a fraction of the time; undefined where it has something
 * to say: help, or what is wrong.
 * @param rest in the one spelling of `spell`, up to `--`.
 */
export function plainWords(verb: Verb, rest: readonly string[]): Plain | undefined {
  const given: Record<string, true | string[]> = {};
  const args: string[] = [];
  for (const word of rest) {
    if (!word.startsWith('-') || word === '-') {
      args.push(word);
      continue;
    }
    const at = word.indexOf('=');
    const name = word.slice(2, at < 0 ? undefined : at);
    if (!word.startsWith('--') || !takes(verb, name)) return undefined;
    if (at < 0 !== (options[name].value === undefined)) return undefined;
    const before = given[name];
    if (at < 0) given[name] = true;
    else given[name] = [...(Array.isArray(before) ? before : []), word.slice(at + 1)];
  }
  return { given, args };
}

function takes(verb: Verb, name: string): name is OptionName {
  const all: readonly string[] = [...flagsOf(verb), ...(verb.refuses ?? []), ...Object.keys(globalOptions)];
  return all.includes(name);
}
