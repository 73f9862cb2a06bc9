import assert from 'node:assert/strict';
import { LockstepError } from '../../../src/core/errors.ts';
import type { Opener } from '../../../src/core/keys/opener.ts';
import { PgpMemory } from '../../../src/extension/vault/pgp.ts';

describe('what gpg made of wrapped keys', () => {
  const pgp = (enc: string, name = 'FALSE') => ({ kind: 'pgp', name, enc }) as const;
  const asleep = new LockstepError('PGP', { what: 'asleep' });
  let calls: string[];
  let answer: (enc: string, ask: boolean) => Promise<Uint8Array | undefined>;
  const gpg = {
    openers: async ([wanted]: readonly { enc: string }[], ask: boolean): Promise<Opener[]> => {
      calls.push(`${wanted?.enc}${ask ? ' asked' : ''}`);
      const unwrap = ({ enc }: { enc: string }) => answer(enc, ask);
      return [{ kind: 'pgp', label: '', recipient: 'ADA', source: { kind: 'program', name: 'gpg' }, unwrap }];
    },
  };
  let memory: PgpMemory;
  beforeEach(() => {
    memory = new PgpMemory();
    calls = [];
    answer = async (enc) => (enc === 'mine' ? Uint8Array.of(1, 2, 3) : undefined);
  });

  it('is remembered under the name of whoever opened it, also that it was nothing, and each gets a copy', async () => {
    for (let n = 0; n < 3; n++) {
      const [opener, ...more] = await memory.openers(gpg, [
        pgp('mine'),
        pgp('theirs'),
        { kind: 'age', name: 'a', enc: 'b' },
      ]);
      assert.equal(opener?.recipient, 'ADA');
      assert.deepEqual(more, []);
      assert.equal(await opener?.unwrap(pgp('theirs')), undefined);
      const key = await opener?.unwrap(pgp('mine'));
      assert.deepEqual(key, Uint8Array.of(1, 2, 3));
      key?.fill(0);
    }
    assert.deepEqual(calls, ['mine', 'theirs']);
  });

  it('is asked for once by two who want it at the same time', async () => {
    await Promise.all([memory.openers(gpg, [pgp('mine')]), memory.openers(gpg, [pgp('mine')])]);
    assert.deepEqual(calls, ['mine']);
  });

  it('sleeps until a person unlocks it, and is asked for by nobody else', async () => {
    answer = async (_, ask) => {
      if (!ask) throw asleep;
      return Uint8Array.of(9);
    };
    const wanted = [pgp('mine', 'ADA')];
    assert.equal(memory.isAsleep(wanted), false);
    for (let n = 0; n < 2; n++) {
      const [opener] = await memory.openers(gpg, wanted);
      await assert.rejects(opener?.unwrap(pgp('mine', 'ADA')) ?? assert.fail(), asleep);
    }
    assert.equal(memory.isAsleep(wanted), true);
    await memory.wake(gpg, wanted);
    assert.equal(memory.isAsleep(wanted), false);
    assert.deepEqual(await (await memory.openers(gpg, wanted))[0]?.unwrap(pgp('mine', 'ADA')), Uint8Array.of(9));
    assert.deepEqual(calls, ['mine', 'mine asked']);
  });

  it('sleeps on where the person gives up', async () => {
    answer = async (_, ask) => {
      throw ask ? new LockstepError('PGP', { what: 'cancelled' }) : asleep;
    };
    const wanted = [pgp('mine')];
    await memory.openers(gpg, wanted);
    for (let n = 0; n < 2; n++)
      await assert.rejects(memory.wake(gpg, wanted), { code: 'PGP', place: { what: 'cancelled' } });
    assert.equal(memory.isAsleep(wanted), true);
  });

  it('is asked for again after a failure, not at each look', async () => {
    let now = 0;
    memory = new PgpMemory(() => now);
    answer = async () => {
      throw new LockstepError('PGP', { what: 'no-secret' });
    };
    for (now = 0; now < 10_000; now += 4_000) await memory.openers(gpg, [pgp('mine')]);
    assert.deepEqual(calls, ['mine']);
    answer = async () => Uint8Array.of(4);
    for (; now < 40_000; now += 4_000) await memory.openers(gpg, [pgp('mine')]);
    assert.deepEqual(calls, ['mine', 'mine']);
  });

  it('is wiped and gone after a lock, also what comes later', async () => {
    let come: (key: Uint8Array) => void = () => {};
    const held = Uint8Array.of(7, 7);
    answer = () => new Promise((resolve) => (come = resolve));
    const late = memory.openers(gpg, [pgp('mine')]);
    await new Promise(setImmediate);
    memory.clear();
    come(held);
    assert.deepEqual(await late, []);
    assert.deepEqual(held, Uint8Array.of(0, 0));
    answer = async () => Uint8Array.of(8);
    const [opener] = await memory.openers(gpg, [pgp('mine')]);
    memory.clear();
    assert.equal(await opener?.unwrap(pgp('mine')), undefined);
    assert.deepEqual(calls, ['mine', 'mine']);
  });
});
