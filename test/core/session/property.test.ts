import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Opened } from '../../../src/core/open/open.ts';
import type { Tracked } from '../../../src/core/session/state.ts';
import { KeyCount, type Known, makeTexts, type Name, World } from './world.ts';

type Event =
  | { readonly kind: 'edit'; readonly text: number }
  | { readonly kind: 'ask' | 'look' | 'lock' | 'unlock' | 'rule' | 'fail' | 'drop' | 'finish' | 'settle' }
  | { readonly kind: 'key'; readonly name: Name };

type Plain = Exclude<Event['kind'], 'edit' | 'key'>;

/** How often each comes: a world that is mostly open and in which most looks come to their end. */
const weights: Readonly<Record<Plain, number>> = {
  ask: 8,
  look: 1,
  finish: 4,
  settle: 8,
  lock: 2,
  unlock: 4,
  rule: 1,
  fail: 1,
  drop: 1,
};

const eventOf = (texts: number): fc.Arbitrary<Event> =>
  fc.oneof(
    ...Object.entries(weights).map(([kind, weight]) => ({
      weight,
      arbitrary: fc.constant<Event>({ kind: kind as Plain }),
    })),
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('edit' as const), text: fc.nat({ max: texts - 1 }) }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('key' as const), name: fc.constantFrom('alice' as const, 'bob') }),
    },
  );

/** A session in a world, and what must hold of it at every moment. */
class Play {
  readonly count = new KeyCount();
  readonly #asked: Promise<void>[] = [];
  world!: World;
  #put = -1;

  static async of(texts: readonly Known[]): Promise<Play> {
    const play = new Play();
    play.world = await World.make(texts, {
      changed: () => play.#changed(),
      handOver: (previous, next) => play.#handedOver(previous, next),
    });
    return play;
  }

  /** A result that a lock, other keys or another rule overtook would not be what is expected now. */
  #changed(): void {
    const { session } = this.world;
    const { version, state } = session.tracked as Tracked;
    assert.equal(state.kind, this.world.expected(version));
    assert.ok(version >= this.#put, 'the state went back to an older text');
    this.#put = version;
  }

  #handedOver(previous: Opened, next: Opened): void {
    previous.dataKey.requireAlive();
    next.dataKey.requireAlive();
    assert.notEqual(previous, next);
  }

  async run(one: Event): Promise<void> {
    const { world } = this;
    if (one.kind === 'edit') world.edit(one.text);
    else if (one.kind === 'ask') this.#ask(world.session.ready());
    else if (one.kind === 'look') this.#ask(world.session.look());
    else if (one.kind === 'finish') world.gate.open();
    else if (one.kind === 'settle') await world.settle();
    else if (one.kind === 'fail') world.handOverFails = !world.handOverFails;
    else if (one.kind === 'drop') {
      world.renew();
      this.#put = -1;
    } else if (one.kind === 'rule') {
      world.ruled = !world.ruled;
      world.session.outdate();
    } else this.#changeKeys(one);
    // Sometimes an event comes in the middle of what the last one began.
    await Promise.resolve();
    this.check();
  }

  #changeKeys(one: Event): void {
    const { world } = this;
    const { state } = world.session;
    const before = 'opened' in state ? state.opened : undefined;
    if (one.kind !== 'key') world.locked = one.kind === 'lock';
    else if (!world.keys.delete(one.name)) world.keys.add(one.name);
    world.session.keysChanged();
    if (!world.locked || !before) return;
    assert.throws(() => before.dataKey.requireAlive(), 'it outlived the lock');
    assert.equal(before.valueAt(0), undefined);
  }

  /** What is asked for is the state of the text that was there, or of a later one. */
  #ask(promise: Promise<Tracked | undefined>): void {
    const { world } = this;
    const { session, version: wanted } = world;
    const checked = promise.then((tracked) => {
      if (!tracked) return assert.notEqual(world.session, session, 'only a dropped session has no state');
      assert.ok(tracked.version >= wanted, `version ${tracked.version} for ${wanted}`);
      if ('sealed' in tracked.state)
        assert.equal(tracked.state.sealed.doc.text, world.versions[tracked.version]?.text, 'the state of another text');
    });
    this.#asked.push(
      checked.catch((error) => {
        if (!(error instanceof Error && 'code' in error && error.code === 'VALUE_DAMAGED')) throw error;
      }),
    );
  }

  check(): void {
    const { world, count } = this;
    const { session } = world;
    const { state } = session;
    for (const times of count.made.values()) assert.ok(times <= 1, 'disposed of twice');
    if ('opened' in state) {
      assert.equal(world.locked, false, 'open while locked');
      state.opened.dataKey.requireAlive();
    }
    const held = world.locked ? 0 : 1;
    assert.ok(count.alive.length <= held + world.looks, 'more is alive than is held, and on its way');
  }

  async end(): Promise<void> {
    const { world, count } = this;
    world.handOverFails = false;
    world.gate.wide = true;
    world.gate.open();
    const last = await world.session.ready();
    assert.equal(last?.version, world.version);
    assert.equal(last?.state.kind, world.expected());
    this.check();
    await Promise.all(this.#asked);
    world.session.dispose();
    assert.equal(world.session.state.kind, 'none');
    assert.ok(
      [...count.made.values()].every((times) => times === 1),
      'something was not let go of, or twice',
    );
  }
}

describe('a session under a sequence of events that chance made', () => {
  it('holds nothing after a lock, lets go of everything once, and answers for the text that it was asked for', async () => {
    const texts = await makeTexts();
    await fc.assert(
      fc.asyncProperty(fc.array(eventOf(texts.length), { minLength: 20, maxLength: 60 }), async (events) => {
        const play = await Play.of(texts);
        play.count.start();
        try {
          for (const one of events) await play.run(one);
          await play.end();
        } finally {
          play.count.stop();
        }
      }),
      { numRuns: 80 },
    );
  }).timeout(120_000);
});
