import assert from 'node:assert/strict';
import fc from 'fast-check';
import { spell } from '../../src/cli/argv.ts';
import { Failure } from '../../src/cli/failure.ts';
import { Flags } from '../../src/cli/flags.ts';
import { type OptionName, options } from '../../src/cli/options.ts';
import { parserFor } from '../../src/cli/parser.ts';
import { plainWords } from '../../src/cli/plainwords.ts';
import { bare, isVerb, type Verb, verbs } from '../../src/cli/verbs.ts';

const names = Object.keys(options) as OptionName[];

interface Seen {
  readonly args: readonly string[];
  readonly flags: Flags;
}

/** Through commander; undefined where it has something to say. */
function judged(verb: readonly string[], rest: readonly string[]): Seen | undefined {
  let seen: Seen | undefined;
  const silent = { writeOut: () => undefined, writeErr: () => undefined };
  const chosen = (_: Verb, given: Record<string, unknown>, args: readonly string[]) => {
    seen = { args, flags: new Flags(given, {}) };
  };
  try {
    parserFor({ verb, rest }, chosen, silent, verb.length === 0, 'lockstep').parse([...verb, ...rest], {
      from: 'user',
    });
  } catch {
    return undefined;
  }
  return seen;
}

const told = ({ args, flags }: Seen) => ({
  args,
  flags: names.map((name) => [name, flags.on(name), flags.list(name)]),
});

const operand = fc.constantFrom('a.yaml', '-', '', 'help', 'decrypt', 'x=y', '["a"]', ' ', 'set');
const flag = fc
  .tuple(fc.constantFrom(...names), fc.constantFrom('', '=', '=1', '=a=b', '=true', '=-x', '=--age'))
  .map(([name, value]) => `--${name}${value}`);
const odd = fc.constantFrom(
  '-h',
  '--help',
  '--version',
  '-v',
  '-d',
  '-1',
  '--nothing',
  '--no-age',
  '--__proto__',
  '-dq',
);

describe('words that are as they should be', () => {
  for (const name of [...Object.keys(verbs), ''])
    it(`are to ${name || 'a file'} what commander makes of them`, () => {
      const verb = name === '' ? bare : (verbs[name] as Verb);
      const path = name === '' ? [] : name.split(' ');
      // Half of the flags are the verb's own.
      const own = fc
        .tuple(fc.constantFrom(...verb.options, 'verbose' as const), fc.constantFrom('v', '', '--x'))
        .map(([flag, value]) => (options[flag].value === undefined ? `--${flag}` : `--${flag}=${value}`));
      const word = fc.oneof({ weight: 6, arbitrary: own }, { weight: 4, arbitrary: operand }, flag, odd);
      let plain = 0;
      fc.assert(
        fc.property(fc.array(word, { maxLength: 6 }), (words) => {
          const rest = spelled(path, words);
          const found = rest && plainWords(verb, rest);
          // `lockstep help` is no file.
          if (!rest || !found || (name === '' && found.args[0] === 'help')) return;
          plain++;
          const seen = judged(path, rest);
          assert.ok(seen, rest.join(' '));
          assert.deepEqual(told({ args: found.args, flags: new Flags(found.given, {}) }), told(seen), rest.join(' '));
        }),
        { numRuns: 60 },
      );
      assert.ok(plain > 10, `${plain}`);
    });

  it('are not so where commander has something to say', () => {
    const decrypt = verbs.decrypt as Verb;
    for (const words of [['--help'], ['-h'], ['--nothing'], ['--age=x'], ['--verbose=1'], ['--output'], ['-x'], ['--']])
      assert.equal(plainWords(decrypt, words), undefined, words.join(' '));
  });
});

function spelled(verb: readonly string[], words: readonly string[]): readonly string[] | undefined {
  try {
    const { verb: found, rest } = spell([...verb, ...words], isVerb);
    return found.length === verb.length ? rest : undefined;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return undefined;
  }
}
