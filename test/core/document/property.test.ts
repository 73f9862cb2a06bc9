import assert from 'node:assert/strict';
import fc from 'fast-check';
import { World } from './world.ts';

/** What may happen, and how often. */
const happenings: Readonly<Record<string, readonly [weight: number, happen: (world: World) => void]>> = {
  proceed: [40, (world) => void world.proceed()],
  rest: [8, (world) => world.rest()],
  edit: [8, (world) => world.edit()],
  undo: [6, (world) => world.undo()],
  redo: [4, (world) => world.redo()],
  save: [5, (world) => world.save()],
  saveAs: [1, (world) => world.saveAs()],
  revert: [2, (world) => world.revert()],
  outside: [4, (world) => world.outside()],
  conflict: [
    2,
    (world) => {
      world.edit();
      world.rest();
      world.outside();
      world.rest();
    },
  ],
  remove: [1, (world) => world.remove()],
  empty: [1, (world) => world.empty()],
  resolve: [3, (world) => world.resolve()],
  openText: [4, (world) => world.openText()],
  typeText: [5, (world) => world.typeText()],
  saveText: [3, (world) => void world.saveText()],
  closeText: [1, (world) => world.closeText()],
  lock: [1, (world) => world.lock(true)],
  unlock: [2, (world) => world.lock(false)],
  keepDraft: [2, (world) => world.keepDraft()],
  dropDraft: [2, (world) => world.moveDraft('none')],
  undoDraft: [1, (world) => world.moveDraft('undo')],
  redoDraft: [1, (world) => world.moveDraft('redo')],
  away: [1, (world) => Object.assign(world, { active: false })],
  restricted: [
    1,
    (world) => {
      world.rest();
      world.trusted = false;
    },
  ],
  trusted: [2, (world) => Object.assign(world, { trusted: true })],
  readFails: [1, (world) => world.failing.add('readDisk')],
  writeFails: [1, (world) => world.failing.add('writeDisk')],
  textFails: [1, (world) => world.failing.add('writeText')],
  restart: [
    1,
    (world) => {
      world.rest();
      world.restart();
    },
  ],
  damagedBackup: [
    1,
    (world) => {
      world.rest();
      world.damage();
      world.restart();
    },
  ],
  rename: [
    1,
    (world) => {
      world.rest();
      world.rename();
    },
  ],
};

describe('the document of the Secrets Editor, in whatever order things happen', () => {
  it('loses nothing, knows what is unsaved, and writes over nothing that was not read', () => {
    const names = fc.oneof(
      ...Object.entries(happenings).map(([name, [weight]]) => ({ arbitrary: fc.constant(name), weight })),
    );
    const happened = new Map<string, number>();
    fc.assert(
      fc.property(fc.array(names, { maxLength: 60, size: 'max' }), (all) => {
        const world = new World();
        for (const name of all) happenings[name]?.[1](world);
        world.rest();
        for (const [what, count] of world.happened) happened.set(what, (happened.get(what) ?? 0) + count);
      }),
      {
        numRuns: 3000,
        // A revert to a saved step that an undo and another edit took away.
        examples: [['edit edit save rest undo proceed proceed edit undo rest revert edit'.split(' ')]],
      },
    );
    for (const what of ['travel', 'resolve', 'clean', 'tellChange', 'writeText', 'saveText', 'requireOpen', 'refuse']) {
      assert.ok((happened.get(what) ?? 0) > 5, `${what} happened ${happened.get(what) ?? 0} times`);
    }
  }).timeout(60_000);
});
