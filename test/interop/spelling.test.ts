import assert from 'node:assert/strict';
import { parseConfig } from '../../src/core/rules/rules.ts';
import { seal, sealBytes } from '../../src/core/seal/seal.ts';
import { quoteNumbers, respelled } from '../../src/core/seal/spelling.ts';
import { alice, clock } from '../core/support.ts';
import { Bench } from './tools.ts';

const values = [
  ...['12345678901234567890123', '-9223372036854775809', '9223372036854775807', '3.14159265358979323846', '0.1'],
  ...['00123', '0777', '0899', '000', '0000.5', '0_7', '0', '7', '-7', '4111111111111111', '123456789012345678'],
  ...['+49170123', '+5', '+.5', '-0', '-0.0', '-1.25', '1.10', '1.0', '5.', '.5', '0.50', '100.0'],
  ...['1_000', '1_', '0x1F', '0X1f', '0o17', '0b101', '7e45', '1e3', '1E10', '1e-7', '1.5e3', '1e400'],
  ...['.inf', '-.INF', '.nan', '12:30', '190:20:30', '1.2.3', '0o8', '2024-01-01', '2024-01-01 10:00:00'],
  ...[
    '2024-01-01T10:00:00+02:00',
    '2024-01-01T10:00:00.500Z',
    '!foo bar',
    '!!binary aGVsbG8=',
    '!!str 007',
    '!!int "3"',
  ],
];

/** A number's digits without what says the same in another way: point, exponent, zeros that an exponent stands for. */
const digits = (text: string) => String(Number(text)) + (/[1-9]/.exec(text) ? '' : text.length);

describe('values that come back spelled otherwise, beside sops', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.dispose());

  const bySops = (text: string) => {
    bench.write('x.yaml', text);
    bench.write('x.yaml', bench.sops(['encrypt', '--age', alice.recipient, 'x.yaml']));
    return bench.sops(['decrypt', 'x.yaml']);
  };

  it('are those that sops prints otherwise; of the rest it prints the same number or the same text', () => {
    const text = values.map((value, i) => `k${i}: ${value}\n`).join('');
    const told = new Set(respelled(text, 'yaml').map(({ path }) => path[0]));
    const printed = bySops(text).split('\n');
    values.forEach((value, i) => {
      const back = (printed[i] ?? '').replace(/^k\d+: /, '').replace(/^"(.*)"$/, '$1');
      if (told.has(`k${i}`)) assert.notEqual(back, value, `${value} is told, and does not change`);
      else {
        const plain = value
          .replace(/^!!\w+ /, '')
          .replace(/^"(.*)"$/, '$1')
          .toLowerCase();
        const same =
          back.toLowerCase() === plain || Number(back) === Number(plain) || Date.parse(back) === Date.parse(plain);
        assert.ok(same, `${value} is not told, and becomes ${back}`);
        if (/^-?\d+$/.test(value)) assert.equal(digits(back), digits(value), value);
      }
    });
  });

  it('stay as they stand for sops too when they are texts', async () => {
    const numbers = values.filter((value) => !value.startsWith('!'));
    const text = quoteNumbers(
      `${numbers.map((value, i) => `k${i}: ${value}\n`).join('')}big: 18446744073709551615\n`,
      'yaml',
    );
    assert.deepEqual(respelled(text, 'yaml'), []);
    bench.write('ours.yaml', (await seal(text, 'yaml', { recipients: [alice.recipient] }, clock)).text);
    const printed = bench.sops(['decrypt', 'ours.yaml']);
    assert.equal(printed, bySops(text));
    for (const value of ['12345678901234567890123', '00123', '+49170123', '1.10', '2024-01-01', '18446744073709551615'])
      assert.ok(printed.includes(`: "${value}"\n`), value);
  });

  it('are in JSON those of which sops prints another number', () => {
    const written = [
      '12345678901234567890123',
      '9223372036854775807',
      '9223372036854775808',
      '1.10',
      '1e3',
      '0.1',
      '3.14159265358979323846',
    ];
    const text = `{${written.map((value, i) => `"k${i}": ${value}`).join(', ')}}`;
    bench.write('x.json', text);
    bench.write('x.json', bench.sops(['encrypt', '--age', alice.recipient, 'x.json']));
    const printed = bench.sops(['decrypt', 'x.json']);
    const told = respelled(text, 'json').map(({ path }) => path[0]);
    assert.deepEqual(told, ['k0', 'k2', 'k6']);
    written.forEach((value, i) => {
      const back = new RegExp(`"k${i}": (.*?),?\\n`).exec(printed)?.[1] ?? '';
      const exact = (number: string) => (/[.e]/i.test(number) ? String(Number(number)) : String(BigInt(number)));
      if (told.includes(`k${i}`)) assert.notEqual(back, value);
      else assert.equal(exact(back), exact(value));
    });
  });
});

describe('the indentation of stores, beside sops', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.dispose());

  /** Without what differs each time: ciphertext, lines of base64, times. */
  const bare = (text: string) =>
    text.replace(/ENC\[[^\]]*\]|[\w+/=\\]{40,}|(?<=lastmodified"?: ).*|^ *[\w+/]*==?$/gm, '…');

  it('is the same in a binary file and in the metadata of YAML', async () => {
    for (const [yaml, binary] of [
      [2, 2],
      [3, 0],
      [0, -1],
      [9, 7],
      [12, 1],
    ]) {
      const rules = `stores:\n  yaml: {indent: ${yaml}}\n  json_binary: {indent: ${binary}}\ncreation_rules:\n  - age: ${alice.recipient}\n`;
      bench.write('.sops.yaml', rules);
      const [rule] = parseConfig(rules).rules ?? [];
      assert.ok(rule);
      for (const [name, content, format] of [
        ['a.yaml', 'a: 1\n', 'yaml'],
        ['a.bin', 'bytes', 'binary'],
      ] as const) {
        bench.write(name, content);
        const theirs = bench.sops(['--config', '.sops.yaml', 'encrypt', name]);
        const { text } = await sealBytes(Buffer.from(content), format, rule, clock);
        assert.equal(bare(text), bare(theirs), `${name}, ${yaml}, ${binary}`);
        bench.write(name, text);
        assert.equal(bench.sops(['decrypt', name]), content);
      }
    }
  });
});
