import assert from 'node:assert/strict';
import { LockstepError } from '../../../src/core/errors.ts';
import { getFormat } from '../../../src/core/format/which.ts';
import { unseal } from '../../../src/core/open/unseal.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { pathAtOffset, quoteNumbers, respelled } from '../../../src/core/seal/spelling.ts';
import { makeSelector } from '../../../src/core/sops/metadata.ts';
import { showPath } from '../../../src/core/tree/path.ts';
import { alice, clock, reopen } from '../support.ts';

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
});
