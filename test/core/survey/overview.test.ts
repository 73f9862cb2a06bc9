import assert from 'node:assert/strict';
import { change } from '../../../src/core/change/change.ts';
import { parseConfig } from '../../../src/core/rules/rules.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { environmentOf } from '../../../src/core/survey/environment.ts';
import { type EncryptedFacts, surveyFile } from '../../../src/core/survey/facts.ts';
import { readersOf } from '../../../src/core/survey/people.ts';
import { rotationOf } from '../../../src/core/survey/rotation.ts';
import { text as str } from '../../../src/core/tree/value.ts';
import { alice, bob, carol, clock, later, reopen } from '../support.ts';

describe('the environment of a file', () => {
  for (const [path, wanted] of [
    ['.env.production', 'production'],
    ['config/prod.yaml', 'production'],
    ['staging/db/secrets.yaml', 'staging'],
    ['production/old/test-data.json', 'testing'],
    ['deploy/eu-live/a.env', 'production'],
    ['.env.local', 'development'],
    ['.env', undefined],
    ['products/latest.yaml', undefined],
    ['src/contest/devices.json', undefined],
  ] as const)
    it(`${path}: ${wanted}`, () => assert.equal(environmentOf(path), wanted));
});

describe('who reads what', () => {
  const factsOf = async (text: string, ...people: { recipient: string }[]) =>
    surveyFile(
      'a.yaml',
      async () => Buffer.from(text),
      async () => parseConfig(`creation_rules:\n  - age: ${people.map((one) => one.recipient).join(',')}\n`).rules?.[0],
    );

  it('each reader with the files, and what the rules say of them', async () => {
    const text = (await seal('a: x\n', 'yaml', { recipients: [alice.recipient, bob.recipient] }, clock)).text;
    const readers = readersOf([
      { file: 'one', facts: await factsOf(text, alice, bob) },
      { file: 'two', facts: await factsOf(text, alice, carol) },
      { file: 'three', facts: { kind: 'conflict', line: 1 } },
    ]);
    const shown = readers.map(({ key, files }) => [key.name, files.map(({ file, kind }) => `${file} ${kind}`)]);
    assert.deepEqual(shown, [
      [alice.recipient, ['one has', 'two has']],
      [bob.recipient, ['one has', 'two extra']],
      [carol.recipient, ['two lacks']],
    ]);
  });

  it('of 200 files and 40 people takes no time', async () => {
    const groups = [Array.from({ length: 40 }, (_, i) => ({ kind: 'age', name: `age1example${i}` }) as const)];
    const known = await factsOf((await seal('a: x\n', 'yaml', { recipients: [alice.recipient] }, clock)).text, alice);
    const facts = { ...(known as EncryptedFacts), groups };
    const start = performance.now();
    const readers = readersOf(Array.from({ length: 200 }, (_, file) => ({ file, facts })));
    assert.equal(readers.length, 40);
    assert.ok(readers.every(({ files }) => files.length === 200));
    assert.ok(performance.now() - start < 500, `${performance.now() - start} ms`);
  });
});

describe('the last rotation of a file', () => {
  const day = (n: number) => new Date(Date.UTC(2026, 0, n));
  async function* versions(...all: (readonly [string, Date])[]) {
    for (const [text, time] of all) yield { bytes: Buffer.from(text), time };
  }
  let first: string;
  let set: string;
  let rotated: string;
  let after: string;
  before(async () => {
    first = (await seal('a: one\n', 'yaml', { recipients: [alice.recipient] }, clock)).text;
    const changed = async (text: string, intent: Parameters<typeof change>[1]) =>
      (await change(await reopen(text, 'yaml'), intent, later)).text;
    const setTo = async (text: string, value: string) => {
      const { sealed } = await reopen(text, 'yaml');
      const id = sealed.leaves[0]?.id as string;
      return changed(text, { kind: 'set', id, value: str(value) } as Parameters<typeof change>[1]);
    };
    set = await setTo(first, 'two');
    rotated = await changed(set, { kind: 'rotate' } as Parameters<typeof change>[1]);
    after = await setTo(rotated, 'three');
  });
  const of = async (text: string, ...all: Parameters<typeof versions>) =>
    rotationOf('a.yaml', Buffer.from(text), versions(...all));

  it('is the first commit under the same data key, though every value is another one', async () => {
    assert.deepEqual(await of(after, [after, day(9)], [rotated, day(7)], [set, day(5)], [first, day(3)]), {
      kind: 'committed',
      time: day(7),
    });
    assert.deepEqual(await of(set, [set, day(5)], [first, day(3)]), { kind: 'committed', time: day(3) });
  });

  it('is not hidden by another branch, nor by a version that does not parse', async () => {
    const all = [
      [set, day(8)],
      ['a: [', day(8)],
      [rotated, day(7)],
      [first, day(3)],
    ] as const;
    assert.deepEqual(await of(after, ...all), { kind: 'committed', time: day(7) });
  });

  it('may not be committed yet', async () => {
    assert.deepEqual(await of(rotated, [set, day(5)]), { kind: 'uncommitted' });
    assert.deepEqual(await of(rotated), { kind: 'uncommitted' });
  });
});
