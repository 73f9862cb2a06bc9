import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { utf8 } from '../../../src/core/bytes.ts';
import { fitsInt64 } from '../../../src/core/format/number.ts';
import { DataKey } from '../../../src/core/keys/datakey.ts';
import {
  envelopeType,
  goFloat,
  parseEnvelope,
  readTime,
  readValue,
  showEnvelope,
  valueBytes,
} from '../../../src/core/sops/value.ts';
import { fitting } from '../../../src/core/tree/typed.ts';
import { fixtures } from '../shared.ts';

describe('value envelope', () => {
  it('writes floats as Go does, without an exponent', () => {
    const table: [number, string][] = [
      [1, '1'],
      [1e22, '10000000000000000000000'],
      [1e-7, '0.0000001'],
      [-0, '-0'],
      [1.5, '1.5'],
      [123456789.125, '123456789.125'],
      [5e-324, `0.${'0'.repeat(323)}5`],
      [1.25e21, '1250000000000000000000'],
      [-1.5e-9, '-0.0000000015'],
      [Infinity, '+Inf'],
      [-Infinity, '-Inf'],
      [Number.NaN, 'NaN'],
    ];
    for (const [x, text] of table) assert.equal(goFloat(x), text);
  });

  it('writes every finite float so that it reads back the same', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        const text = goFloat(x);
        assert.ok(!/e/i.test(text));
        assert.ok(Object.is(Number(text), x));
      }),
    );
  });

  it('keeps times as RFC 3339 with their offset', () => {
    assert.equal(readTime('2024-01-01T00:00:00Z'), '2024-01-01T00:00:00Z');
    assert.equal(readTime('2024-01-01T00:00:00.120+02:00'), '2024-01-01T00:00:00.12+02:00');
    assert.equal(readTime('2024-01-01T00:00:00+00:00'), '2024-01-01T00:00:00Z');
    for (const bad of [
      '2024-02-30T00:00:00Z',
      '2023-02-29T00:00:00Z',
      '2024-01-01t00:00:00z',
      '2024-01-01',
      '2024-01-01T24:00:00Z',
      '',
    ]) {
      assert.equal(readTime(bad), undefined, bad);
    }
  });

  it('reads what SOPS reads, and refuses the rest by code', () => {
    const read = (type: string, text: string) => readValue(type, utf8(text));
    assert.deepEqual(read('bool', 'True'), { type: 'bool', value: true });
    assert.deepEqual(read('bool', 'f'), { type: 'bool', value: false });
    assert.deepEqual(read('int', '-9223372036854775808'), { type: 'int', value: -(2n ** 63n) });
    assert.deepEqual(read('float', '1e3'), { type: 'float', value: 1000 });
    assert.deepEqual(read('float', '-Inf'), { type: 'float', value: -Infinity });
    assert.deepEqual(read('bytes', 'x'), { type: 'str', value: 'x' });
    assert.deepEqual(readValue('str', Uint8Array.of(0xff)), { type: 'str', value: Uint8Array.of(0xff) });
    for (const [type, text] of [
      ['bool', 'yes'],
      ['int', '1.0'],
      ['int', '9223372036854775808'],
      ['float', 'x'],
      ['time', 'x'],
      ['object', 'x'],
    ] as const) {
      assert.throws(() => read(type, text), { code: 'BAD_VALUE_TYPE' });
    }
  });

  // Whoever knows a public key can make a file for it. A pattern in which a digit fits several parts would need hours for these.
  it('is not kept busy by a value that is almost one of its type', () => {
    const many = '1'.repeat(100_000);
    for (const text of [`${many}x`, `${many}.${many}x`, `${'1_'.repeat(100_000)}x`, `${many}e${many}x`]) {
      assert.throws(() => readValue('float', utf8(text)), { code: 'BAD_VALUE_TYPE' });
      assert.equal(fitting(text, 'float'), undefined);
    }
    assert.throws(() => readValue('int', utf8(many.repeat(100))), { code: 'BAD_VALUE_TYPE' });
    const read = (type: string, text: string) => readValue(type, utf8(text));
    assert.deepEqual(read('float', '1.'), { type: 'float', value: 1 });
    assert.deepEqual(read('float', '-.5E+1'), { type: 'float', value: -5 });
    assert.deepEqual(read('int', `-${'0'.repeat(100_000)}7`), { type: 'int', value: -7n });
    assert.deepEqual(read('int', '+00'), { type: 'int', value: 0n });
    assert.deepEqual(read('int', '9223372036854775807'), { type: 'int', value: 2n ** 63n - 1n });
  });

  it('keeps a byte order mark that is part of a value', () => {
    assert.deepEqual(readValue('str', Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)), { type: 'str', value: '\ufeffa' });
  });

  it('takes an envelope apart as SOPS does', () => {
    const enc = 'ENC[AES256_GCM,data:dGVzdA==,iv:AAAA,tag:AAAAAAAAAAAAAAAAAAAAAA==,type:str]';
    assert.equal(envelopeType(enc), 'str');
    assert.equal(showEnvelope(parseEnvelope(enc) ?? assert.fail()), enc);
    assert.ok(parseEnvelope(`${enc} ignored`), 'text after the bracket is ignored');
    for (const bad of [
      ` ${enc}`,
      enc.replace('data:dGVzdA==', 'data:dGVzdA'),
      enc.replace('AAAA,', 'A*AA,'),
      enc.slice(0, -1),
      enc.replace('dGVzdA==', ''),
    ]) {
      assert.equal(parseEnvelope(bad), undefined);
    }
  });

  it('tells 64-bit integers from larger ones', () => {
    assert.ok(fitsInt64(2n ** 63n - 1n) && fitsInt64(-(2n ** 63n)) && !fitsInt64(2n ** 63n));
  });

  it('agrees with every leaf of the vectors made by sops', async () => {
    interface File {
      data_key_hex: string;
      leaves: { aad: string; enc: string; plain_b64: string }[];
    }
    let count = 0;
    for (const set of ['generated/vectors.json', 'earlier/vectors.json', 'pgp/vectors.json']) {
      const files = JSON.parse(readFileSync(join(fixtures, set), 'utf8')) as Record<string, File>;
      for (const file of Object.values(files)) {
        const key = await DataKey.from(Uint8Array.from(Buffer.from(file.data_key_hex, 'hex')));
        for (const leaf of file.leaves) {
          const plain = await key.open(leaf.enc, leaf.aad);
          assert.equal(Buffer.from(valueBytes(plain)).toString('base64'), leaf.plain_b64);
          count++;
        }
      }
    }
    assert.ok(count > 100, `${count} leaves`);
  });
});
