import assert from 'node:assert/strict';
import { isOurs } from '../../../src/core/errors.ts';
import type { Opened } from '../../../src/core/open/open.ts';
import { Session } from '../../../src/core/session/session.ts';
import { type FileState, requireOpen, requireOpened } from '../../../src/core/session/state.ts';
import { alice, keyringOf } from '../support.ts';
import { type Known, makeTexts, World } from './world.ts';

const code = (code: string) => (error: unknown) => isOurs(error) && error.code === code;

describe('a session', () => {
  let texts: readonly Known[];
  let handed: [Opened, Opened][];
  let world: World;
  const [one, moved, otherKey, , damaged, broken, missing, plain] = [0, 1, 2, 3, 4, 5, 6, 7] as const;

  before(async () => {
    texts = await makeTexts();
  });
  beforeEach(async () => {
    handed = [];
    world = await World.make(texts, { handOver: (...both) => handed.push(both) });
    world.gate.wide = true;
  });
  afterEach(() => world.session.dispose());

  const now = async (text: number): Promise<FileState> => {
    world.edit(text);
    await world.session.ready();
    return world.session.state;
  };

  it('is nothing before the first look', async () => {
    assert.equal(world.session.tracked, undefined);
    assert.deepEqual(world.session.state, { kind: 'none' });
    assert.equal((await world.session.ready())?.state.kind, 'open');
  });

  it('looks once for all who ask, and not again for a text that it knows', async () => {
    const [first, second] = await Promise.all([world.session.ready(), world.session.ready()]);
    assert.equal(first, second);
    assert.equal(await world.session.ready(), first);
    assert.notEqual(await world.session.look(), first);
  });

  it('keeps a decryption over broken and missing texts, and hands it over to the next', async () => {
    const first = requireOpen(await now(one));
    assert.equal((await now(broken)).kind, 'broken');
    assert.equal((await now(missing)).kind, 'broken');
    first.dataKey.requireAlive();
    const second = requireOpen(await now(moved));
    assert.deepEqual(handed, [[first, second]]);
    assert.throws(() => first.dataKey.requireAlive());
    assert.equal(requireOpened(await now(otherKey)), handed[1]?.[1]);
  });

  it('lets go of a decryption for a text that is none', async () => {
    const first = requireOpen(await now(one));
    assert.equal((await now(plain)).kind, 'none');
    assert.throws(() => first.dataKey.requireAlive());
    assert.throws(() => world.session.opened(), code('NO_METADATA'));
  });

  it('says why there is no text', async () => {
    await now(missing);
    assert.throws(() => world.session.opened(), code('NOT_UTF8'));
  });

  it('keeps its state when a hand-over fails, and lets go of what was to come', async () => {
    const first = requireOpen(await now(one));
    world.handOverFails = true;
    world.edit(moved);
    await assert.rejects(world.session.ready(), code('VALUE_DAMAGED'));
    assert.equal(world.session.opened(), first);
    first.dataKey.requireAlive();
    assert.throws(() => handed[0]?.[1].dataKey.requireAlive());
    world.handOverFails = false;
    assert.equal((await world.session.ready())?.version, world.version);
  });

  it('is locked at once, and holds nothing', async () => {
    const first = requireOpen(await now(one));
    world.locked = true;
    world.session.keysChanged();
    assert.equal(world.session.state.kind, 'locked');
    assert.throws(() => world.session.opened(), code('LOCKED'));
    assert.throws(() => first.dataKey.requireAlive());
  });

  it('throws away what a lock has overtaken, also when it is over by then', async () => {
    world.gate.wide = false;
    const running = world.session.ready();
    for (const locked of [true, false, true]) {
      world.locked = locked;
      world.session.keysChanged();
    }
    await world.settle();
    assert.equal((await running)?.state.kind, 'locked');
    world.locked = false;
    world.session.keysChanged();
    const again = world.session.ready();
    world.locked = true;
    world.session.keysChanged();
    world.locked = false;
    world.session.keysChanged();
    let put = 0;
    world.watch({ changed: () => put++ });
    await world.settle();
    assert.equal((await again)?.state.kind, 'open');
    assert.equal(put, 1, 'the look from before the lock put no state');
  });

  it('opens a damaged file, and has none that may be changed', async () => {
    const state = await now(damaged);
    assert.equal(world.session.opened().verdict.ok, false);
    assert.throws(() => requireOpen(state), code('EDIT_LOCKED'));
  });

  it('answers nobody any more once it is disposed of', async () => {
    const running = world.session.ready();
    world.session.dispose();
    assert.equal(await running, undefined);
    assert.equal(await world.session.look(), undefined);
    assert.deepEqual(world.session.state, { kind: 'none' });
  });

  it('opens a text with what a kin has decrypted, and leaves the kin alone', async () => {
    const kin = requireOpen(await now(one));
    const session = new Session({
      source: { path: 'b.yaml', version: 0, text: () => texts[moved]?.text ?? '' },
      keys: { locked: false, keyring: await keyringOf(alice.identity) },
      rule: async () => undefined,
      kin: () => kin,
      handOver: async () => assert.fail('nothing is handed over'),
    });
    const before = kin.memo;
    await session.ready();
    session.opened();
    session.dispose();
    kin.dataKey.requireAlive();
    assert.equal(kin.memo, before);
    assert.deepEqual(kin.valueAt(0), { type: 'str', value: 'one' });
  });
});
