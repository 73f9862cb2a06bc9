import assert from 'node:assert/strict';
import fc from 'fast-check';
import { base64, equal, fromBase64, fromUtf8, randomBytes, tryUtf8, upperHex } from '../../src/core/bytes.ts';

describe('bytes', () => {
  it('reads the base64 that it writes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        assert.deepEqual(fromBase64(base64(bytes)), new Uint8Array(bytes));
        assert.equal(base64(bytes), Buffer.from(bytes).toString('base64'));
      }),
    );
  });

  it('gives out no random byte twice, however they are asked for', () => {
    const seen = new Set<string>();
    for (let i = 0; i < 5_000; i++) {
      const bytes = randomBytes([12, 16, 32, 64, 65][i % 5] ?? 32);
      assert.equal(bytes.byteOffset, 0, 'nobody else has a view of them');
      // Any 8 bytes twice would be a chance of one in 10^11.
      for (let at = 0; at + 8 <= bytes.length; at += 4) seen.add(upperHex(bytes.subarray(at, at + 8)));
    }
    const pieces = [12, 16, 32, 64, 65].map((n) => Math.floor((n - 8) / 4) + 1).reduce((sum, n) => sum + n) * 1_000;
    assert.equal(seen.size, pieces);
  });

  it('is as strict about base64 as Go', () => {
    assert.deepEqual(fromBase64('AAE\r\nC\n'), Uint8Array.of(0, 1, 2));
    for (const bad of [
      'A',
      'AA',
      'AAA',
      'AA=A',
      'AA==AA==',
      'A===',
      '====',
      'AA A',
      'AAA ',
      ' AAAA',
      'AA\tAA',
      'AA-_',
      'AAA\u00e9',
      'AAAA====',
    ]) {
      assert.equal(fromBase64(bad), undefined, JSON.stringify(bad));
    }
  });

  it('reads UTF-8 strictly; only a file loses its byte order mark', () => {
    assert.throws(() => fromUtf8(Uint8Array.of(0xff)), { code: 'NOT_UTF8' });
    assert.equal(tryUtf8(Uint8Array.of(0xc3, 0x28)), undefined);
    const marked = Uint8Array.of(0xef, 0xbb, 0xbf, 0x61);
    assert.equal(fromUtf8(marked), 'a');
    assert.equal(tryUtf8(marked), '\ufeffa');
  });

  it('compares and shows', () => {
    assert.ok(equal(Uint8Array.of(1, 2), Uint8Array.of(1, 2)) && !equal(Uint8Array.of(1), Uint8Array.of(1, 2)));
    assert.equal(upperHex(Uint8Array.of(0, 0xab)), '00AB');
  });
});
