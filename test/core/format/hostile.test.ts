import assert from 'node:assert/strict';
import { LockstepError } from '../../../src/core/errors.ts';
import type { FormatId } from '../../../src/core/format/document.ts';
import { getFormat } from '../../../src/core/format/which.ts';
import { plainLeaves } from '../../../src/core/seal/seal.ts';
import { makeSelector } from '../../../src/core/sops/metadata.ts';
import { lineMasks } from '../../../src/core/view/plain.ts';

const size = 1_000_000;
const cases: [FormatId, string, () => string][] = [
  ['yaml', 'open brackets', () => `a: ${'['.repeat(100_000)}`],
  ['yaml', 'open braces', () => `a: ${'{'.repeat(100_000)}`],
  ['yaml', 'dashes', () => `a:\n${'- '.repeat(100_000)}`],
  ['yaml', 'question marks', () => '? '.repeat(100_000)],
  ['yaml', 'indentation', () => Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')],
  ['yaml', 'an alias to itself', () => `a: &a [${'*a,'.repeat(size / 3)}`],
  [
    'yaml',
    'aliases that multiply',
    () =>
      Array.from(
        { length: 30 },
        (_, i) =>
          `a${i}: &a${i} [${Array(9)
            .fill(i ? `*a${i - 1}` : 'x')
            .join(',')}]\n`,
      ).join(''),
  ],
  ['yaml', 'an open quote', () => `a: "${'x\n '.repeat(size / 3)}`],
  ['yaml', 'quotes', () => `a: ${"'".repeat(size + 1)}`],
  ['yaml', 'NUL', () => 'a: b\0'],
  ['yaml', 'a tab as indentation', () => 'a:\n\tb: 1'],
  ['yaml', 'a huge key', () => `${'x'.repeat(size)}: 1`],
  ['yaml', 'colons', () => 'a: '.repeat(size / 3)],
  ['yaml', 'signs', () => '&!*'.repeat(size / 3)],
  ['yaml', 'comments', () => '#\n'.repeat(size / 2)],
  ['yaml', 'blanks', () => ' '.repeat(size)],
  ['yaml', 'documents', () => '---\n'.repeat(size / 3)],
  ['yaml', 'one key again and again', () => 'a: 1\n'.repeat(size / 10)],
  ['json', 'open brackets', () => `{"a":${'['.repeat(size)}`],
  ['json', 'an open string', () => `{"a":"${'x'.repeat(size)}`],
  ['json', 'a long number', () => `{"a":${'9'.repeat(size)}}`],
  ['json', 'a comment', () => `{/*${'*'.repeat(size)}`],
  ['dotenv', 'nested names', () => `sops_${'__map_'.repeat(size / 6)}=1`],
  ['dotenv', 'no sign', () => 'x\n'.repeat(size / 2)],
  ['ini', 'an open quote', () => `a = """${'x\n'.repeat(size / 2)}`],
  ['ini', 'an open backtick', () => `a = \`${'\n'.repeat(size)}`],
  ['ini', 'quotes that go on', () => `a = """\n${'""" \\\n'.repeat(size / 6)}`],
  ['ini', 'backslashes', () => `${'a = \\\n'.repeat(size / 6)}\n[`],
  ['ini', 'comments', () => '#\n'.repeat(size / 2)],
  ['ini', 'headers', () => '[a] # b\n'.repeat(size / 3)],
  ['ini', 'brackets', () => `[${']'.repeat(size)} x`],
  ['ini', 'a huge name', () => 'x'.repeat(size)],
];

// Processor time, not the clock's, in microseconds, and far above what is needed: only a hang or quadratic work meets it.
const processorTime = 10_000_000;

describe('hostile texts', () => {
  for (const [format, name, make] of cases) {
    it(`${format}: ${name}`, () => {
      const text = make();
      const before = process.cpuUsage();
      assert.throws(
        () => getFormat(format).parse(text),
        (error) => error instanceof LockstepError && error.message.length < 60,
      );
      assert.ok(process.cpuUsage(before).user < processorTime, 'no quadratic work');
    });
  }

  it('large texts that are right', () => {
    const texts = [
      `a: ${'x'.repeat(size)}`,
      `a: 1${'\n'.repeat(size)}`,
      `a: |\n${'  x\n'.repeat(size / 4)}`,
      `a: [${'x, '.repeat(size / 10)}]`,
    ];
    for (const text of texts) {
      const before = process.cpuUsage();
      getFormat('yaml').parse(text);
      assert.ok(process.cpuUsage(before).user < processorTime, 'no quadratic work');
    }
  });

  it('errors name the line and never the text', () => {
    for (const [format, text] of [
      ['yaml', 'a: 1\nSECRET: "x'],
      ['json', '{\n"a": SECRET}'],
      ['dotenv', 'A=1\nSECRET'],
      ['ini', 'A=1\nSECRET'],
    ] as const) {
      assert.throws(
        () => getFormat(format).parse(text),
        (error) => {
          assert.ok(error instanceof LockstepError);
          assert.equal(error.place.line, 2);
          return !error.message.includes('SECRET') && !JSON.stringify(error.place).includes('SECRET');
        },
      );
    }
  });

  it('many comments that could choose what is encrypted, many documents', () => {
    const chosen = makeSelector('encrypted_comment_regex', 'nothing');
    const keys = Array.from({ length: 5000 }, (_, i) => `  k${i}: 1\n`).join('');
    const before = process.cpuUsage();
    plainLeaves(`${'# c\n'.repeat(5000)}m:\n${keys}`, 'yaml', chosen);
    getFormat('yaml').parse('--- # c\n{ # d\n}\n'.repeat(10_000));
    assert.ok(process.cpuUsage(before).user < processorTime, 'no quadratic work');
  });

  it('long names over many entries are refused before they fill the memory', () => {
    const inner = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`k${i}`, 1]));
    assert.throws(() => plainLeaves(JSON.stringify({ ['x'.repeat(size)]: inner }), 'json'), { code: 'TOO_LARGE' });
    const list = `a: &a ${'x'.repeat(size)}\nb: [${'*a, '.repeat(200)}]\n`;
    assert.throws(() => plainLeaves(list, 'yaml'), { code: 'TOO_LARGE' });
  });

  it('a quote without end on a long line is masked', () => {
    for (const format of ['yaml', 'json'] as const)
      assert.equal(lineMasks(`"${'x'.repeat(20 * size)}`, format).length, 1, format);
  });
});
