import assert from 'node:assert/strict';
import fc from 'fast-check';
import { getFormat } from '../../../src/core/format/which.ts';
import { plainTree, treeOf } from '../../../src/core/open/plaintree.ts';
import { unseal } from '../../../src/core/open/unseal.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { respelled } from '../../../src/core/seal/spelling.ts';
import { alice, clock, reopen } from '../support.ts';

describe('values that come back spelled otherwise', () => {
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
      { numRuns: 60 },
    );
  });
});
