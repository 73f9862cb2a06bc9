import assert from 'node:assert/strict';
import { act, eventually, until } from '../e2e/wait.ts';

const read = async () => 'read';
// Each is refused by its type too: without an error of TypeScript the next line would not compile.
// @ts-expect-error a promise is no boolean
const promise: () => boolean = async () => false;
// @ts-expect-error an object is no boolean
const object: () => boolean = () => ({});
// @ts-expect-error an array is no boolean
const array: () => boolean = () => [];
// @ts-expect-error nothing is no boolean
const nothing: () => boolean = () => undefined;
const odd = { promise, object, array, nothing };

describe('waiting for a condition', () => {
  it('ends with the value of which it is true, and reads on when it throws', async () => {
    let n = 0;
    const value = await eventually(
      async () => ++n,
      (now) => {
        assert.ok(now > 1);
        return now > 2;
      },
    );
    assert.equal(value, 3);
  });

  it('tells the last value when it never comes true', async () => {
    const never = () => eventually(read, () => false, 'the moon', 1);
    await assert.rejects(never, /the moon did not come true in 0.001 s. Last: "read"/);
  });

  for (const [name, check] of Object.entries(odd)) {
    it(`fails at once when a condition says ${name}`, async () => {
      await assert.rejects(() => eventually(read, check, 'it', 10_000), { name: 'TypeError', message: /^it: / });
      if (name !== 'promise') await assert.rejects(() => until(check, 'it', 10_000), { name: 'TypeError' });
    });
  }

  it('waits for a condition that promises its answer, which may be false', async () => {
    let n = 0;
    await until(async () => ++n > 2);
    assert.equal(n, 3);
    await assert.rejects(() => until(async () => false, 'the moon', 1), /not within 0.001 s: the moon/);
  });

  it('gives an input again, and says so, until its effect is seen; an input that throws was not given', async () => {
    const told: string[] = [];
    const { log } = console;
    console.log = (line: string) => told.push(line);
    let n = 0;
    const input = async () => {
      if (++n === 1) throw new Error('nothing to click');
    };
    try {
      await act(input, async () => n > 2, 'a click', { patience: 1 });
    } finally {
      console.log = log;
    }
    assert.equal(n, 3);
    assert.deepEqual(told, ['    ↻ given again: a click (nothing to click)', '    ↻ given again: a click']);
    const never = () =>
      act(
        async () => undefined,
        async () => false,
        'the moon',
        { patience: 1, timeout: 0 },
      );
    await assert.rejects(never, /the moon: given 1 times, without effect/);
    await act(
      async () => undefined,
      async () => true,
      'a click',
    );
  });
});
