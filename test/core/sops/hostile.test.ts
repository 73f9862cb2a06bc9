import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { LockstepError } from '../../../src/core/errors.ts';
import { getFormat } from '../../../src/core/format/which.ts';
import { Effort } from '../../../src/core/pattern/effort.ts';
import { compilePattern } from '../../../src/core/pattern/regex.ts';
import { programSize } from '../../../src/core/pattern/size.ts';
import { matchRule, parseConfig } from '../../../src/core/rules/rules.ts';
import { plainLeaves } from '../../../src/core/seal/seal.ts';
import { makeSelector } from '../../../src/core/sops/metadata.ts';
import { boundByCpuTime, cpuTime } from '../shared.ts';

const age = 'age1lzd99uklcjnc0e7d860axevet2cz99ce9pq6tzuzd05l5nr28ams36nvun';

/** What no hostile pattern may go over. This machine may be busy; without the bounds each case takes tens of seconds to hours. */
const bound = 10_000;

/** The code of what `work` throws, if it throws; fails when it takes longer than the bound. */
function codeWithin(work: () => unknown, name: string): string | undefined {
  const start = cpuTime();
  try {
    work();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof LockstepError, String(error));
    return error.code;
  } finally {
    assert.ok(cpuTime() - start < bound, `${name}: ${Math.round(cpuTime() - start)} ms`);
  }
}

const rules = (count: number, regex: (i: number) => string) =>
  `creation_rules:\n${Array.from({ length: count }, (_, i) => `  - path_regex: '${regex(i)}'\n    age: ${age}\n`).join('')}`;

const nested = '(?:(?:[ab]?{10}){10}){10}'.replace('?{', '{');

/** Two letters by a chance that is the same each time: nothing drives RE2 into more states. */
function chance(length: number): string {
  let state = 7;
  let out = '';
  for (let i = 0; i < length; i++) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    out += state & 65_536 ? 'a' : 'b';
  }
  return out;
}

describe('patterns of others', () => {
  boundByCpuTime();

  it('are measured before they are compiled: never smaller than what RE2 makes of them', () => {
    const { pattern } = fc.letrec<{ pattern: string; atom: string; piece: string }>((tie) => ({
      atom: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(
          ...['a', 'é', '.', '\\d', '\\pL', '\\x{1F600}', '[a-z]', '[]x]', '[^\\]]', '^', '$', '\\b', '\\.'],
        ),
        fc.constantFrom('\\Q{9}*\\E', '[[:alpha:]]', '\\x41', '{', 'x{', '{,3}', '\\{2}', '(?i)'),
        tie('pattern').map((one) => `(${one})`),
        tie('pattern').map((one) => `(?:${one})`),
        tie('pattern').map((one) => `(?P<n>${one})`),
      ),
      piece: fc
        .tuple(tie('atom'), fc.constantFrom('', '', '', '*', '+?', '?', '{3}', '{2,5}', '{0,7}?', '{4,}', '{0}', '{1}'))
        .map((parts) => parts.join('')),
      pattern: fc
        .array(fc.oneof({ weight: 4, arbitrary: tie('piece') }, { weight: 1, arbitrary: fc.constant('|') }), {
          maxLength: 5,
        })
        .map((parts) => parts.join('')),
    }));
    let compiled = 0;
    fc.assert(
      fc.property(pattern, (source) => {
        let size: number;
        try {
          size = RE2JS.compile(source).programSize();
        } catch {
          return;
        }
        compiled++;
        assert.ok(programSize(source) >= size, `${source}: ${programSize(source)} < ${size}`);
      }),
      { numRuns: 4_000 },
    );
    assert.ok(compiled > 2_000, String(compiled));
  });

  it('that people write are measured as what they are', () => {
    for (const source of [
      '^(data|stringData)$',
      '\\.env$|(^|/)secrets[^/]*\\.(ya?ml|json)$',
      '(?i)pass(word)?|token|key$',
    ])
      assert.ok(programSize(source) < 3 * RE2JS.compile(source).programSize() + 10, source);
  });

  it('are refused when they are a burden, whichever way they became one', function () {
    this.timeout(60_000);
    for (const source of [
      nested.repeat(100),
      'x{1000}'.repeat(100),
      '(?:.?){1000}'.repeat(60),
      '((((((((((a{2}){2}){2}){2}){2}){2}){2}){2}){2}){2})'.repeat(200),
      '\\pL'.repeat(5_000),
      `(?i)${'[C-\\x{1E942}]'.repeat(1_000)}`,
      `(?i)${'[Ā-\u{1E900}]'.repeat(1_000)}`,
      `${'('.repeat(9_000)}a${')'.repeat(9_000)}`,
      `(?:${'a|'.repeat(30_000)}b)`,
      'a{1000}{1000}{1000}',
      '(?:(?:(?:x{1000}){1000}){1000}){1000}',
    ])
      assert.equal(
        codeWithin(() => compilePattern(source, 'path_regex'), source.slice(0, 30)),
        'BAD_REGEX',
        source.slice(0, 30),
      );
  });

  it('of one .sops.yaml are bounded together', function () {
    this.timeout(60_000);
    const large = rules(200, () => nested.repeat(100));
    assert.equal(
      codeWithin(() => parseConfig(large), 'nested repetitions, 615 KB'),
      'BAD_REGEX',
    );
    for (const [name, text] of [
      ['nested repetitions, 3,000 rules', rules(3_000, (i) => `${nested}${i}`)],
      ['3,000 rules of one size below the limit of each', rules(3_000, (i) => `(?:(?:[ab]{9}){9}){9}${i}`)],
      ['nested repetitions of selectors', rules(3_000, (i) => `x'\n    encrypted_regex: '${nested}${i}`)],
    ] as const)
      assert.equal(
        codeWithin(() => parseConfig(text), name),
        'BAD_CONFIG',
        name,
      );
  });

  it('that stand in many rules are compiled once', function () {
    this.timeout(60_000);
    const text = rules(3_000, () => '(?:(?:[ab]{9}){9}){9}');
    assert.equal(
      codeWithin(() => parseConfig(text), 'the same pattern'),
      undefined,
    );
    assert.equal(compilePattern('^once$', 'path_regex'), compilePattern('^once$', 'encrypted_regex'));
  });

  it('of many rules are held against a path for a moment at most', function () {
    this.timeout(60_000);
    // Every rule is small, and none of them can say no before the end.
    const config = parseConfig(rules(500, (i) => `(?:[a-z/]?[a-y/]?){60}[${i % 10}!]$`));
    for (const length of [300, 4_000, 60_000])
      assert.ok(
        ['TOO_LARGE', undefined].includes(
          codeWithin(() => matchRule(config, 'a/'.repeat(length / 2)), `path of ${length}`),
        ),
      );
    const ordinary = parseConfig(rules(2_000, (i) => `(^|/)services/billing${i}/[^/]+\\.enc\\.(ya?ml|json|env)$`));
    assert.equal(matchRule(ordinary, 'services/billing1999/a.enc.yaml')?.index, 1999);
    assert.equal(matchRule(ordinary, `${'deep/'.repeat(40)}a.enc.yaml`), undefined);
  });

  it('that a file chooses by are held against its names and comments for a moment at most', function () {
    this.timeout(60_000);
    const pool = chance(120_000);
    const part = (i: number, length: number) => {
      const at = (i * 613) % (pool.length - length);
      return pool.slice(at, at + length);
    };
    const keys = (count: number, length: number) =>
      JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`${part(i, length)}${i}`, 1])));
    const comments = (count: number, length: number) =>
      Array.from({ length: count }, (_, i) => `# ${part(i, length)}\n`).join('');
    for (const [name, kind, source, text, format] of [
      ['one name of 10 MB', 'encrypted_regex', 'a.{20}b.{20}[cd]', `{"${'ab'.repeat(5_000_000)}": 1}`, 'json'],
      ['many long names', 'encrypted_regex', '(?:.?){900}[cd]', keys(500, 20_000), 'json'],
      ['very many names', 'encrypted_regex', '(?:a?b?a?.?){200}[cd]', keys(100_000, 60), 'json'],
      ['long comments', 'encrypted_comment_regex', 'a.{40}b.{40}[cd]', `${comments(40, 100_000)}k: v\n`, 'yaml'],
      ['many comments', 'unencrypted_comment_regex', '(?:a?b?.?){200}[cd]', `${comments(20_000, 200)}k: v\n`, 'yaml'],
    ] as const) {
      const code = codeWithin(() => plainLeaves(text, format, makeSelector(kind, source)), name);
      assert.equal(code, 'TOO_LARGE', name);
    }
  });

  it('are not the only burden: fields that nobody knows are looked at for a moment, too', function () {
    this.timeout(60_000);
    const many = (indent: string) =>
      Array.from({ length: 15_000 }, (_, i) => `${indent}encrypted_rege${i}: 1\n`).join('');
    for (const text of [
      `creation_rules:\n  - age: ${age}\n${many('    ')}`,
      `${many('').replaceAll('encrypted_rege', 'creation_rule')}creation_rules: []\n`,
      `stores:\n${many('  ')}`,
      `r: &r\n${many('  ').split('\n').slice(0, 2_000).join('\n')}\ncreation_rules: [${'*r, '.repeat(50)}*r]\n`,
    ]) {
      const start = cpuTime();
      getFormat('yaml').parse(text);
      const parsing = cpuTime() - start;
      const notes = parseConfig(text).notes ?? [];
      assert.ok(notes.length <= 50 && notes.length > 0, String(notes.length));
      assert.ok(cpuTime() - start < 4 * parsing + 2_000, `${cpuTime() - start} ms, parsing ${parsing}`);
    }
  });

  it('of an ordinary file choose as before, however large it is', () => {
    const many = JSON.stringify(
      Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`service_${i}_password`, 1])),
    );
    const usual = makeSelector('encrypted_regex', '^(data|stringData|.*[Pp]assword|.*_token|private_key)$');
    const leaves = plainLeaves(many, 'json', usual);
    assert.equal(leaves.filter((leaf) => leaf.encrypted).length, 60_000);
  });

  it('may take a second, and a share of time for each text and character', () => {
    let now = 0;
    const effort = new Effort(() => now);
    const slow = { ...compilePattern('x', 'path_regex'), size: 9_000 };
    const text = 'y'.repeat(900);
    const find = () => effort.find(slow, text);
    assert.equal(find(), undefined);
    now = 1_000.5;
    assert.equal(find(), undefined, 'a second, and a little for two texts');
    now = 1_003;
    assert.throws(find, { code: 'TOO_LARGE' });
    assert.throws(() => new Effort().find(slow, 'y'.repeat(2_000)), { code: 'TOO_LARGE' }, 'one text alone');
  });
});
