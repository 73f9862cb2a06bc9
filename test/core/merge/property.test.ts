import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isUsable, keysOf } from '../../../src/core/enckeys/keys.ts';
import { mergeThree, type Side } from '../../../src/core/merge/three.ts';
import { mergeVersions } from '../../../src/core/merge/versions.ts';
import { flatText } from '../../../src/core/tree/flattext.ts';
import { applyMerge, plainTextOf } from '../changes.ts';
import { later, reopen } from '../support.ts';
import { versions } from './versions.ts';

describe('merging three versions that chance made', () => {
  it('comes to what merging the values by hand does', async () => {
    const keys = ['a', 'b', 'c', 'd'];
    const tree = fc.dictionary(
      fc.constantFrom(...keys),
      fc.oneof(
        fc.constantFrom('v1', 'v2', 'v3'),
        fc.dictionary(fc.constantFrom('x', 'z'), fc.constantFrom('v1', 'v2'), { noNullPrototype: true }),
      ),
      { noNullPrototype: true },
    );
    type Tree = Record<string, unknown>;
    const isMap = (value: unknown): value is Tree => typeof value === 'object' && value !== null;
    const merge = (b: unknown, m: unknown, t: unknown): unknown => {
      const all = [b, m, t].filter((side) => side !== undefined);
      if (all.every(isMap) && all.some((side) => Object.keys(side as Tree).length > 0)) {
        const out: Tree = {};
        for (const key of keys.concat('x', 'z')) {
          const of = (side: unknown) => (isMap(side) ? side[key] : undefined);
          const value = merge(of(b), of(m), of(t));
          if (value !== undefined) out[key] = value;
        }
        return Object.keys(out).length > 0 || (m !== undefined && t !== undefined) || b === undefined ? out : undefined;
      }
      const text = (value: unknown) => JSON.stringify(value);
      return text(m) === text(b) ? t : m;
    };
    await fc.assert(
      fc.asyncProperty(tree, tree, tree, async (b, m, t) => {
        const yaml = (value: Tree) => JSON.stringify(value, null, 2);
        const all = await versions(yaml(b), yaml(m), yaml(t), 'json');
        const { entries } = await mergeThree(all.base, all.mine, all.theirs);
        const sides = entries.filter((entry) => entry.state === 'conflict').map((): Side => 'mine');
        const change = await applyMerge(all.base, all.mine, all.theirs, sides, later);
        const after = await reopen(change.text, 'json');
        assert.deepEqual(after.verdict, { ok: true });
        const leaves = (value: unknown, path = ''): string[] =>
          isMap(value)
            ? Object.entries(value).flatMap(([key, one]) => leaves(one, `${path}/${key}`))
            : [`${path}=${String(value)}`];
        assert.deepEqual(leaves(JSON.parse(await plainTextOf(after))).sort(), leaves(merge(b, m, t)).sort());
      }),
      { numRuns: 100 },
    );
  }).timeout(60_000);

  it('loses no named encryption key of a side without a conflict, or a choice that is said to lose it', async () => {
    const [x, y, z] = [1, 2, 3].map((byte) => Buffer.alloc(16, byte).toString('base64')) as [string, string, string];
    const file = fc.record({
      a: fc.constantFrom('1', '2'),
      encryption_keys: fc.option(
        fc.oneof(
          { weight: 6, arbitrary: fc.dictionary(fc.constantFrom('k', 'l', 'm'), fc.constantFrom(x, y, z, 'none')) },
          { weight: 1, arbitrary: fc.constantFrom('text', x) },
        ),
        { nil: undefined },
      ),
    });
    const side = fc.constantFrom(undefined, 'ours' as const, 'theirs' as const);
    let quiet = 0;
    let chosen = 0;
    await fc.assert(
      fc.asyncProperty(file, file, file, side, async (b, o, t, side) => {
        const all = await versions(
          ...([b, o, t].map((one) => JSON.stringify(one, null, 2)) as [string, string, string]),
          'json',
        );
        const { base, mine: ours, theirs } = all;
        const { text, conflicts, lost } = await mergeVersions({ base, ours, theirs }, later, { side: () => side });
        const after = await reopen(text, 'json');
        assert.deepEqual(after.verdict, { ok: true });
        const kept = new Set(after.sealed.leaves.map(({ id }) => flatText(after.value(id) ?? { type: 'null' })));
        const keys = [ours, theirs].flatMap(keysOf).filter(({ key }) => isUsable(key) && !kept.has(key));
        const isOpen = conflicts.some((one) => one.kind === 'entry' && one.isKey);
        const isOurs = keysOf(ours).some(({ key }) => isUsable(key) && !kept.has(key));
        if (isOurs && side === undefined) assert.ok(isOpen);
        if (!isOpen) assert.deepEqual(new Set(lost), new Set(keys.map(({ name }) => name)));
        if (keys.length > 0 && side) chosen++;
        if (conflicts.length === 0 && keys.length === 0) quiet++;
      }),
      { numRuns: 100 },
    );
    assert.ok(quiet > 5 && chosen > 5, `${quiet} ${chosen}`);
  }).timeout(60_000);
});
