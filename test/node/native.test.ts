import assert from 'node:assert/strict';
import fc from 'fast-check';
import { base64, fromBase64 } from '../../src/core/bytes.ts';
import { nodeBase64 } from '../../src/node/native.ts';

describe("base64 by Node's own binding", () => {
  const decoded = (text: string) => (text.length % 4 === 0 ? nodeBase64.decode(text) : undefined);
  const agree = (text: string) => assert.deepEqual(decoded(text), fromBase64(text), JSON.stringify(text));

  it('is what core makes of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        assert.equal(nodeBase64.encode(bytes), base64(bytes));
        assert.deepEqual(nodeBase64.decode(base64(bytes)), new Uint8Array(bytes));
      }),
      { seed: 20261126 },
    );
  });

  it('refuses what core refuses', () => {
    for (const text of [
      '',
      'AA==AA==',
      'A===',
      '====',
      'AA A',
      'AAA ',
      'AA-_',
      'AAA\u00e9',
      'AAAA====',
      'AA=A',
      'AB==',
      'A\tAA',
      'AAA\0',
    ])
      agree(text);
    const letters = fc.constantFrom(...'AQgw09+/=-_ \t.\u00e9\u0141');
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 12 }), (parts) => agree(parts.join(''))),
      { seed: 20261126, numRuns: 20_000 },
    );
  });
});
