import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LockstepError } from '../../../src/core/errors.ts';
import { getFormat } from '../../../src/core/format/which.ts';
import { plainTree, treeOf } from '../../../src/core/open/plaintree.ts';
import { unseal } from '../../../src/core/open/unseal.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { pathAtOffset, quoteNumbers, respelled } from '../../../src/core/seal/spelling.ts';
import { makeSelector } from '../../../src/core/sops/metadata.ts';
import { showPath } from '../../../src/core/tree/path.ts';
import { alice, clock, reopen } from '../support.ts';

/** Milliseconds that the processor has worked for this process. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const changes = (text: string, format: 'yaml' | 'json' = 'yaml') =>
  respelled(text, format).map(({ path, change }) => `${showPath(path)} ${change}`);

describe('values that come back spelled otherwise', () => {
  // What sops 3.13.3 prints of each stands beside it.
  it('are told by kind, as sops has them', () => {
    for (const [written, change] of [
      ['12345678901234567890123', 'digits'], // 1.2345678901234568e+22
      ['-9223372036854775809', 'digits'], // -9.223372036854776e+18
      ['3.14159265358979323846', 'digits'], // 3.141592653589793
      ['+491701234567890123456', 'digits'], // 4.9170123456789014e+20
      ['9223372036854775808', 'too-large'], // refused
      ['00123', 'octal'], // 83
      ['0777', 'octal'], // 511
      ['0_7', 'underscores'], // 7
      ['0899', 'zeros'], // 899
      ['000', 'zeros'], // 0
      ['0000.5', 'zeros'], // 0.5
      ['+49170123', 'sign'], // 49170123
      ['+.5', 'sign'], // 0.5
      ['-0', 'sign'], // 0
      ['1.10', 'fraction'], // 1.1
      ['1.0', 'fraction'], // 1
      ['5.', 'fraction'], // 5
      ['1_000', 'underscores'], // 1000
      ['0x1F', 'base'], // 31
      ['0o17', 'base'], // 15
      ['0b101', 'base'], // 5
      ['7e45', 'exponent'], // 7e+45
      ['2024-01-01', 'time'], // 2024-01-01T00:00:00Z
      ['2024-01-01 10:00:00', 'time'], // 2024-01-01T10:00:00Z
      ['!foo bar', 'tag'], // bar
      ['!!binary aGVsbG8=', 'tag'], // hello
    ] as const)
      assert.deepEqual(changes(`a:\n  b: [x, ${written}]\n`), [`a.b[1] ${change}`], written);
  });

  it('are none of those that mean the same', () => {
    const same = [
      '0',
      '5',
      '-5',
      '9223372036854775807',
      '0.5',
      '.5',
      '-1.25',
      '1e-7',
      '1.5e3',
      '.inf',
      '-.INF',
      '.nan',
    ];
    const texts = ['"00123"', "'1.10'", '12:30', '1.2.3', '0o8', '0x', '1e400', 'yes', '!!str 00123', '|\n  007'];
    const others = ['true', 'True', '~', 'null', '', '2024-01-01T10:00:00+02:00', '!!float 3', '!!int "3"', '{}', '[]'];
    for (const written of [...same, ...texts, ...others]) assert.deepEqual(changes(`a: ${written}\n`), [], written);
    assert.deepEqual(changes('a: &x b\nm: !map {c: d}\n'), []);
  });

  it('are aliases as well, told once', () => {
    assert.deepEqual(changes('a: &a {b: 1, c: 01}\nd: *a\n<<: *a\n'), ['a.c octal', 'd alias', '["<<"] alias']);
  });

  it('are in JSON those that lose digits, because its readers look at the number', () => {
    assert.deepEqual(
      changes(
        '{"a": {"b": [1, 12345678901234567890123, 18446744073709551615]}, "c": 1.10, "d": 1e3, "e": -0, "f": 0.1, "g": 9007199254740993}',
        'json',
      ),
      ['a.b[1] digits', 'a.b[2] digits'],
    );
  });

  it('are not those that stay in clear text', () => {
    const text = 'a: 007\nb: 007\nc: &c 1\nd: *c\n';
    const only = (name: string) =>
      respelled(text, 'yaml', makeSelector('encrypted_regex', `^${name}$`)).map(({ path }) => path[0]);
    assert.deepEqual(only('a'), ['a']);
    assert.deepEqual(only('d'), ['d']);
    assert.deepEqual(respelled('a: 007\n', 'dotenv'), []);
  });

  it('stay as they stand, in quotes, when that is asked for', async () => {
    const yaml =
      'id: 00123 # who\nlist: [+49, 1.10, x]\nbig: 18446744073709551615\nkeep: 5\nanchored: &a 0899\ntag: !!int 07\ntext: "01"\n';
    const quoted = quoteNumbers(yaml, 'yaml');
    assert.equal(
      quoted,
      'id: "00123" # who\nlist: ["+49", "1.10", x]\nbig: "18446744073709551615"\nkeep: 5\nanchored: &a "0899"\ntag: !!int 07\ntext: "01"\n',
    );
    assert.equal(
      quoteNumbers('{"a": 12345678901234567890123, "b": "1234567890123456789012", "c": [1e400, 2]}', 'json'),
      '{"a": "12345678901234567890123", "b": "1234567890123456789012", "c": ["1e400", 2]}',
    );
    const { text } = await seal(quoted, 'yaml', { recipients: [alice.recipient] }, clock);
    assert.equal(
      (await unseal(await reopen(text, 'yaml'))).text,
      quoted.replace('&a ', '').replace(', x]', ', "x"]').replace('!!int 07', '7'),
    );
  });

  it('have a path where the file is refused for them', () => {
    for (const [text, format, path] of [
      ['a:\n  b: [1, 18446744073709551615]\n', 'yaml', 'a.b[1]'],
      ['a:\n  b: !!int x\n', 'yaml', 'a.b'],
      ['a:\n  b: !!binary "%"\n', 'yaml', 'a.b'],
      ['{"a": {"b": [0, 1e400]}}', 'json', 'a.b[1]'],
    ] as const) {
      try {
        getFormat(format).parse(text);
        assert.fail(text);
      } catch (error) {
        assert.ok(error instanceof LockstepError && error.code === 'UNSUPPORTED_VALUE', String(error));
        assert.equal(showPath(pathAtOffset(text, format, error.place.offset ?? -1) ?? []), path);
      }
    }
    assert.equal(pathAtOffset('a: [', 'yaml', 3), undefined);
  });

  it('are all of them: what is not told comes back with the same digits', async () => {
    const digits = fc
      .array(fc.constantFrom(...'0123456789'), { minLength: 1, maxLength: 24 })
      .map((all) => all.join(''));
    const written = fc
      .tuple(fc.constantFrom('', '', '+', '-'), digits, fc.option(digits), fc.constantFrom('', '', 'e5', 'E-3', '_1'))
      .map(([sign, whole, fraction, end]) => `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${end}`);
    await fc.assert(
      fc.asyncProperty(fc.array(written, { minLength: 20, maxLength: 20 }), async (values) => {
        const told = new Set(
          respelled(values.map((one, i) => `k${i}: ${one}\n`).join(''), 'yaml').map(({ path }) => path[0]),
        );
        const quiet = values.map((one, i) => [`k${i}`, one] as const).filter(([key]) => !told.has(key));
        if (quiet.length === 0) return;
        const text = quiet.map(([key, one]) => `${key}: ${one}\n`).join('');
        const sealed = await seal(text, 'yaml', { recipients: [alice.recipient] }, clock);
        const opened = await reopen(sealed.text, 'yaml');
        const [before, after] = [treeOf(getFormat('yaml').parse(text)), await plainTree(opened)];
        assert.deepEqual(after, before);
        for (const [key, one] of quiet) {
          const line = (await unseal(opened)).text.split('\n').find((other) => other.startsWith(`${key}: `));
          const back = (line ?? '').slice(key.length + 2).replace(/^"|"$/g, '');
          // The same number, in the same order of digits.
          const plain = (number: string) =>
            number
              .toLowerCase()
              .replace(/[.+]/g, '')
              .replace(/e.*/, '')
              .replace(/^(-?)0+|0+$/g, '$1');
          assert.equal(plain(back), plain(one), `${one} → ${back}`);
        }
      }),
      { numRuns: 60, seed: 20261126 },
    );
  });

  it('of a hostile file take no more time and memory than the file', function () {
    this.timeout(60_000);
    const depth = 450;
    const deep = (leaf: string) => `${'{a: '.repeat(depth)}{${leaf}}${'}'.repeat(depth)}`;
    for (const [text, format] of [
      [deep(Array.from({ length: 30_000 }, (_, i) => `k${i}: 007`).join(', ')), 'yaml'],
      [`a: ${'0'.repeat(2_000_000)}1\nb: 1.${'0'.repeat(2_000_000)}1\nc: 1${'0'.repeat(2_000_000)}\n`, 'yaml'],
      [`[${'1'.repeat(200_000)}, ${'1e400, '.repeat(5_000)}1]`.replace(/^/, '{"a": ').replace(/$/, '}'), 'json'],
      [`${'[['.repeat(100_000)}1e400`, 'json'],
      [`a: ${'*'.repeat(100_000)}\n`, 'yaml'],
    ] as const) {
      const clocked = (work: () => unknown) => {
        const start = processorTime();
        try {
          work();
        } catch (error) {
          assert.ok(error instanceof LockstepError, String(error));
        }
        return processorTime() - start;
      };
      const parsing = clocked(() => getFormat(format).parse(text));
      const before = process.memoryUsage().heapUsed;
      const looking = clocked(() => respelled(text, format));
      const bytes = process.memoryUsage().heapUsed - before;
      const all = looking + clocked(() => [quoteNumbers(text, format), pathAtOffset(text, format, text.length - 5)]);
      assert.ok(
        all < 10 * parsing + 4_000,
        `${text.slice(0, 20)}: ${Math.round(all)} ms, parsing ${Math.round(parsing)}`,
      );
      assert.ok(bytes < 300_000_000, `${text.slice(0, 20)}: ${bytes} bytes`);
    }
  });
});
