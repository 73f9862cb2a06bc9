import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LockstepError } from '../../../src/core/errors.ts';
import { applyEdits } from '../../../src/core/format/document.ts';
import type { Opened } from '../../../src/core/open/open.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import type { Change } from '../../../src/core/seal/sign.ts';
import { keyOf } from '../../../src/core/sops/value.ts';
import { scalar, text } from '../../../src/core/tree/value.ts';
import {
  addNodes,
  duplicateEntry,
  editText,
  markPlain,
  moveNode,
  plainTextOf,
  removeNodes,
  renameNode,
  setComment,
  setPath,
  unsetPath,
} from '../changes.ts';
import { alice, clock, later, reopen } from '../support.ts';
import { places, printed, type TextFormat, textFormats, trees, word } from './trees.ts';

const numRuns = Number(process.env.LOCKSTEP_RUNS ?? 25);

/** Some trees cannot be written in a format, or not be encrypted: those are passed over. */
async function sealed(source: string, format: TextFormat): Promise<Opened> {
  try {
    return await reopen((await seal(source, format, { recipients: [alice.recipient] }, clock)).text, format);
  } catch (error) {
    if (error instanceof LockstepError) return fc.pre(false) as never;
    throw error;
  }
}

const values = (opened: Opened) =>
  opened.sealed.leaves.map((leaf) => [leaf.aad, keyOf(opened.value(leaf.id)), leaf] as const);
const tokenOf = (leaf: Opened['sealed']['leaves'][number]) =>
  String('value' in leaf.node.scalar && leaf.node.scalar.value);

/** The result opens; every value that is still at its key path, and there once before and after, has its ciphertext. */
async function checked(before: Opened, change: Change): Promise<Opened> {
  assert.equal(applyEdits(before.sealed.doc.text, change.edits), change.text);
  const after = await reopen(change.text, before.sealed.format);
  assert.deepEqual(after.verdict, { ok: true });
  const old = new Map(values(before).map(([aad, value, leaf]) => [`${aad}\0${value}`, leaf]));
  const twins = new Set<string>();
  const seen = new Set<string>();
  for (const from of [before, after]) {
    seen.clear();
    for (const [aad, value] of values(from)) {
      if (seen.has(`${aad}\0${value}`)) twins.add(`${aad}\0${value}`);
      seen.add(`${aad}\0${value}`);
    }
  }
  for (const [aad, value, leaf] of values(after)) {
    const was = old.get(`${aad}\0${value}`);
    if (was?.encrypted && leaf.encrypted && !twins.has(`${aad}\0${value}`)) assert.equal(tokenOf(leaf), tokenOf(was));
  }
  return after;
}

for (const format of textFormats) {
  describe(`properties of editing: ${format}`, () => {
    it('a text that did not change gives no edits', async () => {
      await fc.assert(
        fc.asyncProperty(trees(format), fc.boolean(), async (tree, comments) => {
          const opened = await sealed(printed(format, tree, comments), format);
          assert.deepEqual((await editText(opened, await plainTextOf(opened), later)).edits, []);
        }),
        { numRuns },
      );
    }).timeout(120_000);

    it('any other text is what opens afterwards', async () => {
      await fc.assert(
        fc.asyncProperty(trees(format), trees(format), fc.boolean(), async (one, two, both) => {
          const opened = await sealed(printed(format, one), format);
          const wanted = printed(format, both ? { ...one, ...two } : two);
          const target = await sealed(wanted, format);
          const after = await checked(opened, await editText(opened, wanted, later));
          assert.equal(await plainTextOf(after), await plainTextOf(target));
          assert.deepEqual(
            values(after).map(([aad, value]) => [aad, value]),
            values(target).map(([aad, value]) => [aad, value]),
          );
        }),
        { numRuns },
      );
    }).timeout(120_000);

    it('structural changes come to what they say, or are refused', async () => {
      const done = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(
          trees(format),
          fc.nat(),
          fc.nat(),
          fc.nat(),
          fc.nat(),
          word,
          async (tree, op, from, to, before, name) => {
            const opened = await sealed(printed(format, tree), format);
            const all = places(tree);
            const pick = (n: number) => JSON.stringify([0, ...(all[n % all.length] ?? [])]);
            const json = JSON.stringify(name);
            const operations: [string, () => Promise<Change>][] = [
              ['rename', () => renameNode(opened, pick(from), 'renamed', later)],
              ['rename to anything', () => renameNode(opened, pick(from), name, later)],
              ['remove', () => removeNodes(opened, [pick(from), pick(to)], later)],
              ['duplicate', () => duplicateEntry(opened, pick(from), 'copy', later)],
              ['move', () => moveNode(opened, pick(from), { group: pick(to) }, later)],
              [
                'move before',
                () => moveNode(opened, pick(from), { group: parentOf(pick(before)), before: pick(before) }, later),
              ],
              [
                'add',
                () => addNodes(opened, { group: pick(to) }, [{ key: 'added', value: scalar(text(name)) }], later),
              ],
              [
                'add an item',
                () =>
                  addNodes(
                    opened,
                    { group: parentOf(pick(before)), before: pick(before) },
                    [{ key: undefined, value: scalar(text(name)) }],
                    later,
                  ),
              ],
              ['set a tree', () => setPath(opened, all[from % all.length] ?? [], JSON.stringify({ k: name }), later)],
              ['comment', () => setComment(opened, pick(from), name, later)],
              ['mark', () => markPlain(opened, pick(from), true, later)],
              ['set', () => setPath(opened, [...(all[from % all.length] ?? []), 'deep', 0], json, later)],
              ['set there', () => setPath(opened, all[from % all.length] ?? [], json, later)],
              ['unset', () => unsetPath(opened, all[from % all.length] ?? [], later)],
            ];
            const [title, run] = operations[op % operations.length] ?? assert.fail();
            let change: Change;
            try {
              change = await run();
            } catch (error) {
              // A refusal is a known code, and tells nothing of what the file holds.
              assert.ok(error instanceof LockstepError, String(error));
              assert.ok(name.length < 3 || !error.message.includes(name));
              return;
            }
            done.set(title, (done.get(title) ?? 0) + 1);
            const after = await checked(opened, change);
            if (title === 'move' || title === 'move before') {
              const sorted = (of: Opened) =>
                values(of)
                  .map(([, value]) => value)
                  .sort();
              assert.deepEqual(sorted(after), sorted(opened));
            }
            await plainTextOf(after);
          },
        ),
        { numRuns: numRuns * 5 },
      );
      assert.ok(done.size >= 8, [...done.keys()].join());
    }).timeout(240_000);
  });
}

function parentOf(id: string): string {
  return JSON.stringify((JSON.parse(id) as unknown[]).slice(0, -1));
}
