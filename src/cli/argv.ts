import { exit, Failure } from './failure.ts';
import { globalOptions, type OptionName, optionOf, options } from './options.ts';

const truths = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const untruths = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);

/** What was typed, in one spelling: flags as `--name` or `--name=value`, what comes before the verb moved behind it. */
export interface Spelled {
  /** The words of the verb; empty for `lockstep [flags] FILE`. */
  readonly verb: readonly string[];
  /** Flags and operands in their order. Everything from `--` on is as it was typed. */
  readonly rest: readonly string[];
}

/**
 * Takes the spellings that sops (Go's flag package) takes: `-name` for `--name`, `--switch=false`, `--name value`. Throws
 * Failure for a flag before the verb that sops would pass over in silence there.
 * @param isVerb whether these words are a verb, or the first word of one.
 */
export function spell(argv: readonly string[], isVerb: (words: readonly string[]) => boolean): Spelled {
  const verb: string[] = [];
  const rest: string[] = [];
  const before: OptionName[] = [];
  let open = true;
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (word === '--') {
      rest.push(...argv.slice(i));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      open &&= isVerb([...verb, word]);
      (open ? verb : rest).push(word);
      continue;
    }
    const { flags, name, takesNext } = spellFlag(word, argv[i + 1]);
    if (takesNext) i++;
    if (name && verb.length === 0) before.push(name);
    rest.push(...flags);
  }
  const misplaced = verb.length > 0 && before.find((name) => !Object.hasOwn(globalOptions, name));
  if (misplaced)
    throw new Failure(
      exit.generic,
      `--${misplaced} is before the verb.`,
      `Write it after: lockstep ${verb.join(' ')} --${misplaced} …`,
    );
  return { verb, rest };
}

interface SpelledFlag {
  readonly flags: readonly string[];
  readonly name?: OptionName;
  /** Its value was the next word. */
  readonly takesNext?: true;
}

function spellFlag(word: string, next: string | undefined): SpelledFlag {
  const at = word.indexOf('=');
  const name = optionOf(at < 0 ? word : word.slice(0, at));
  if (!name) return { flags: together(word) ?? [word] };
  const value = at < 0 ? undefined : word.slice(at + 1);
  if (options[name].value === undefined) return { flags: switched(name, value), name };
  if (value !== undefined) return { flags: [`--${name}=${value}`], name };
  const { alone } = options[name];
  if (alone !== undefined) return { flags: [`--${name}=${alone}`], name };
  if (next === undefined) return { flags: [`--${name}`], name };
  return { flags: [`--${name}=${next}`], name, takesNext: true };
}

function switched(name: OptionName, value: string | undefined): string[] {
  if (value !== undefined && untruths.has(value)) {
    if (name === 'enable-local-keyservice')
      throw new Failure(
        exit.generic,
        'Lockstep uses age and PGP keys in this process always.',
        'To start no sops for keys of clouds, set SOPS_ENABLE_LOCAL_KEYSERVICE=false.',
      );
    return [];
  }
  if (value !== undefined && !truths.has(value))
    throw new Failure(exit.generic, `--${name} is a switch: true or false.`, `Write --${name} alone.`);
  return [`--${name}`];
}

/** `-di` as two switches; undefined when a letter is none. */
function together(word: string): string[] | undefined {
  if (!/^-[a-zA-Z]{2,}$/.test(word)) return undefined;
  const names = [...word.slice(1)].map((letter) => optionOf(`-${letter}`));
  return names.every((name) => name !== undefined && options[name].value === undefined)
    ? names.map((name) => `--${name}`)
    : undefined;
}
