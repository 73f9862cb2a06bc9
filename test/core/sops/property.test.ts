import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DataKey } from '../../../src/core/keys/datakey.ts';
import { combineParts, splitKey } from '../../../src/core/keys/shamir.ts';
import { keptThreshold, updateKeys } from '../../../src/core/keys/updatekeys.ts';
import { type Plain, parseEnvelope } from '../../../src/core/sops/value.ts';
import { changed, formats, groupsOf, names, openFor, sealed } from './people.ts';

describe('value envelope', () => {
  it('opens what it sealed, at the same key path only', async () => {
    const key = await DataKey.generate();
    const value = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }).map((text): Plain => ({ type: 'str', value: text })),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((x): Plain => ({ type: 'int', value: x })),
      fc.double().map((x): Plain => ({ type: 'float', value: x })),
      fc.boolean().map((x): Plain => ({ type: 'bool', value: x })),
    );
    await fc.assert(
      fc.asyncProperty(value, fc.string(), async (plain, aad) => {
        const enc = await key.seal(plain, aad);
        assert.deepEqual(await key.open(enc, aad), plain);
        await assert.rejects(key.open(enc, `${aad}x`), { code: 'VALUE_DAMAGED' });
        assert.ok(parseEnvelope(enc)?.iv.length === 32);
      }),
      { numRuns: 200 },
    );
  });
});

describe("Shamir's parts", () => {
  it('give the key back from any of them that are enough, in any order, and another from too few', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.integer({ min: 2, max: 6 }),
        fc.integer({ min: 2, max: 6 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 5 })),
        async (key, a, b, order) => {
          const [threshold, groups] = [Math.min(a, b), Math.max(a, b)];
          const parts = await splitKey(key, groups, threshold);
          assert.ok(parts.every((part) => part.length === 33));
          const shuffled = [...parts].sort(() => (order.next().value ?? 0) - 2.5);
          assert.deepEqual(await combineParts(shuffled.slice(0, threshold)), key);
          assert.deepEqual(await combineParts(shuffled), key);
          if (threshold > 2) assert.notDeepEqual(await combineParts(shuffled.slice(0, threshold - 1)), key);
        },
      ),
      { numRuns: 40 },
    );
  });
});

for (const format of formats)
  describe(`who can read a file of one group: ${format}`, () => {
    it('survives any way of people coming and going', async () => {
      const some = fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { maxLength: 3 });
      const shape = fc.array(some, { minLength: 1, maxLength: 3 });
      await fc.assert(
        fc.asyncProperty(fc.array(shape, { minLength: 1, maxLength: 3 }), async (steps) => {
          let file = await sealed(format, [[0]]);
          for (const step of steps) {
            // One person is in every group, so that the file can always be opened.
            const groups = step.map((group) => [0, ...group]);
            file = await changed(file, [0], (at, key) =>
              updateKeys(
                at,
                key,
                groups.map((group) => names(...group)),
                keptThreshold(at.metadata, groups.length),
              ),
            );
            assert.deepEqual(
              groupsOf(file).map((group) => group.sort()),
              groups.map((group) => group.sort()),
            );
            const opened = await openFor(file, 0);
            assert.deepEqual(opened.verdict, { ok: true });
          }
        }),
        { numRuns: 12 },
      );
    });
  });
