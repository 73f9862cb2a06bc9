import assert from 'node:assert/strict';
import { LockstepError } from '../../../src/core/errors.ts';
import type { Opener } from '../../../src/core/keys/opener.ts';
import { PluginMemory } from '../../../src/extension/vault/plugins.ts';

describe('what plugins made of wrapped keys', () => {
  const fault = new LockstepError('PLUGIN', { what: 'missing', plugin: 'x' });
  const wrapped = (enc: string) => ({ kind: 'age', name: 'age1x1a', enc }) as const;
  let calls: string[];
  let answer: (enc: string) => Promise<Uint8Array | undefined>;
  const opener = (): Opener => ({
    kind: 'age',
    label: 'token',
    recipient: 'age1x1a',
    source: { kind: 'secret-storage', name: 'SecretStorage' },
    unwrap: async ({ enc }) => {
      calls.push(enc);
      return answer(enc);
    },
  });
  beforeEach(() => {
    calls = [];
    answer = async (enc) => (enc === 'mine' ? Uint8Array.of(1, 2, 3) : undefined);
  });

  it('is remembered, also that it was nothing, and each gets a copy', async () => {
    const memory = new PluginMemory();
    for (let n = 0; n < 3; n++) {
      const key = await memory.remembering(opener()).unwrap(wrapped('mine'));
      assert.deepEqual(key, Uint8Array.of(1, 2, 3));
      key?.fill(0);
      assert.equal(await memory.remembering(opener()).unwrap(wrapped('other')), undefined);
    }
    assert.deepEqual(calls, ['mine', 'other']);
  });

  it('is wiped and gone after a lock, also what comes later', async () => {
    const memory = new PluginMemory();
    let come: (key: Uint8Array) => void = () => {};
    answer = () => new Promise((resolve) => (come = resolve));
    const late = memory.remembering(opener()).unwrap(wrapped('mine'));
    memory.clear();
    come(Uint8Array.of(7));
    await late;
    answer = async () => Uint8Array.of(8);
    assert.deepEqual(await memory.remembering(opener()).unwrap(wrapped('mine')), Uint8Array.of(8));
    memory.clear();
    await memory.remembering(opener()).unwrap(wrapped('mine'));
    assert.equal(calls.length, 3);
  });

  it('is not asked for again after a failure, before somebody says so', async () => {
    const memory = new PluginMemory();
    answer = async () => {
      throw fault;
    };
    for (let n = 0; n < 3; n++) assert.equal(await memory.remembering(opener()).unwrap(wrapped('mine')), undefined);
    assert.equal(calls.length, 1);
    assert.equal(memory.faultOf('age1x1a'), fault);
    memory.clear();
    assert.equal(memory.faultOf('age1x1a'), undefined);
    await memory.remembering(opener()).unwrap(wrapped('mine'));
    assert.equal(calls.length, 2);
  });

  it('has an end', async () => {
    const memory = new PluginMemory();
    answer = async () => Uint8Array.of(1);
    for (let n = 0; n < 201; n++) await memory.remembering(opener()).unwrap(wrapped(`${n}`));
    await memory.remembering(opener()).unwrap(wrapped('200'));
    assert.equal(calls.length, 201);
    await memory.remembering(opener()).unwrap(wrapped('0'));
    assert.equal(calls.length, 202);
  });
});
