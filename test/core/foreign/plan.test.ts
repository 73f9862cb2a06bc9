import assert from 'node:assert/strict';
import { change } from '../../../src/core/change/change.ts';
import { LockstepError } from '../../../src/core/errors.ts';
import { isSettled, stepsOf, treeFor } from '../../../src/core/foreign/apply.ts';
import type { Found } from '../../../src/core/foreign/found.ts';
import { leftOver } from '../../../src/core/foreign/left.ts';
import { type Decision, type Planned, planImport } from '../../../src/core/foreign/plan.ts';
import { readDotenv } from '../../../src/core/foreign/read/dotenv.ts';
import { parseTree, readTree } from '../../../src/core/foreign/read/tree.ts';
import { spelledFor } from '../../../src/core/foreign/spelled.ts';
import type { FormatId } from '../../../src/core/format/document.ts';
import { nodeValue } from '../../../src/core/format/nodevalue.ts';
import { getFormat } from '../../../src/core/format/which.ts';
import { unseal } from '../../../src/core/open/unseal.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { sealTree } from '../../../src/core/seal/tree.ts';
import type { Value } from '../../../src/core/tree/value.ts';
import { alice, clock, reopen } from '../support.ts';

const yaml = (text: string): Found[] => readTree(parseTree(text, 'yaml'));
const valueIn = (text: string, format: FormatId): Value => {
  const [root] = getFormat(format).parse(text).documents;
  return root ? nodeValue(root) : { kind: 'map', members: [] };
};
const none: Value = { kind: 'map', members: [] };

/** `path fate` of each. */
const told = (plan: readonly Planned[]) =>
  plan.map(({ path, fate, within }) => `${path.join('/')} ${fate}${within ? ' within' : ''}`);
const decided = (...decisions: [number, Decision][]) => new Map(decisions);

/** Carries a plan out on an encrypted file; its plaintext afterwards. */
async function carriedOut(
  target: string,
  format: FormatId,
  found: readonly Found[],
  decisions = decided(),
): Promise<string> {
  const { text } = await seal(target, format, { recipients: [alice.recipient] }, clock);
  const there = valueIn(target, format);
  const plan = planImport(found, there, format, decisions);
  const opened = await reopen(text, format);
  const after = await change(opened, stepsOf(plan, there), clock);
  return (await unseal(await reopen(after.text, format))).text;
}

describe('the plan of an import', () => {
  it('finds what is new, there already, another value, and in the way', () => {
    const there = valueIn('a: same\nb: old\ndb: {port: 1}\nplain: x\nlist: [1, 2]\n', 'yaml');
    const found = yaml('a: same\nb: new\ndb: {port: 1, host: h}\nplain: {in: 1}\nlist: [1, 3]\nnested: {deep: 1}\n');
    assert.deepEqual(told(planImport(found, there, 'yaml')), [
      'a same',
      'b clash',
      'db/port same',
      'db/host new',
      'plain/in blocked',
      'list clash',
      'nested/deep new',
    ]);
    assert.deepEqual(told(planImport(yaml('db: text\n'), there, 'yaml')), ['db blocked']);
    const empty = valueIn('e: {}\nf: {g: 1}\n', 'yaml');
    assert.deepEqual(told(planImport(yaml('e: {x: 1}\nf: {}\ne2: {}\n'), empty, 'yaml')), [
      'e/x new',
      'f same',
      'e2 new',
    ]);
  });

  it('leaves out what stands in the place of the metadata', () => {
    const found = readDotenv('sops=1\nA=2\n');
    assert.deepEqual(told(planImport(found, none, 'yaml')), ['sops none', 'A new']);
    assert.deepEqual(told(planImport(found, none, 'dotenv')), ['sops new', 'A new']);
  });

  it('gives no name that a .env cannot hold', () => {
    const [found, there] = [yaml('A: 1\n'), valueIn('A=2\n', 'dotenv')];
    for (const [name, made] of [
      ['a b', 'A_B'],
      ['1x', '_1X'],
      ['sops_x', 'SOPS_X'],
      ['own', 'own'],
    ] as const)
      assert.deepEqual(told(planImport(found, there, 'dotenv', decided([0, { rename: name }]))), [`${made} new`]);
  });

  it('keeps, replaces or renames, and a new name can clash again', () => {
    const there = valueIn('a: old\nb: other\n', 'yaml');
    const found = yaml('a: new\n');
    const withOne = (decision: Decision) => told(planImport(found, there, 'yaml', decided([0, decision])));
    assert.deepEqual(withOne('keep'), ['a kept']);
    assert.deepEqual(withOne('replace'), ['a replaced']);
    assert.deepEqual(withOne({ rename: 'c' }), ['c new']);
    assert.deepEqual(withOne({ rename: 'b' }), ['b clash']);
    const blocked = planImport(yaml('a: {x: 1}\n'), there, 'yaml', decided([0, 'replace']));
    assert.deepEqual(told(blocked), ['a/x blocked'], 'a value never takes a group along, nor a group a value');
    assert.deepEqual(told(planImport(yaml('a: {x: 1}\n'), there, 'yaml', decided([0, { rename: 'c' }]))), ['c/x new']);
  });

  it('asks about entries of one source that come to the same name, and the later one wins when it replaces', () => {
    const found = yaml('db: {password: one}\nDB_PASSWORD: two\nDB: {PASSWORD: one}\n');
    assert.deepEqual(told(planImport(found, none, 'dotenv')), [
      'DB_PASSWORD new',
      'DB_PASSWORD clash within',
      'DB_PASSWORD same within',
    ]);
    const replaced = planImport(found, none, 'dotenv', decided([1, 'replace'], [2, 'keep']));
    assert.deepEqual(told(replaced), ['DB_PASSWORD kept', 'DB_PASSWORD new within', 'DB_PASSWORD kept within']);
    assert.deepEqual(told(planImport(readDotenv('A=1\nA=1\nA=2\n'), none, 'yaml', decided([2, 'replace']))), [
      'A kept',
      'A kept within',
      'A new within',
    ]);
  });

  it('makes one change of a file, with its comments and the rest as they were', async () => {
    const target = '# head\na: old # why\ndb:\n    port: 1\nlist:\n    - 1\n# tail\n';
    const found = yaml('a: new\ndb: {host: h, deep: {er: true}}\nlist: [x]\nextra: 5\nother: {one: 1, two: 2}\n');
    const after = await carriedOut(target, 'yaml', found, decided([0, 'replace'], [3, 'replace']));
    assert.deepEqual(
      valueIn(after, 'yaml'),
      valueIn(
        'a: new\ndb: {port: 1, host: h, deep: {er: true}}\nlist: [x]\nextra: 5\nother: {one: 1, two: 2}\n',
        'yaml',
      ),
    );
    assert.match(after, /^# head\na: new # why\n/);
    assert.match(after, /# tail/);
  });

  it('goes into JSON, INI and a .env with what these can hold', async () => {
    const found = yaml('db: {password: "pa ss#wörd", hosts: [h1, h2]}\nat: 2026-01-02T03:04:05Z\nnil: ~\nnumber: 5\n');
    const json = await carriedOut('{"a": "1"}\n', 'json', found);
    assert.deepEqual(JSON.parse(json), {
      a: '1',
      db: { password: 'pa ss#wörd', hosts: ['h1', 'h2'] },
      at: '2026-01-02T03:04:05Z',
      nil: null,
      number: 5,
    });
    const env = await carriedOut('A=1\n', 'dotenv', found);
    assert.equal(
      env,
      "A=1\nDB_PASSWORD='pa ss#wörd'\nDB_HOSTS_0=h1\nDB_HOSTS_1=h2\nat=2026-01-02T03:04:05Z\nnil=\nnumber=5\n",
    );
    const ini = await carriedOut('[old]\na = 1\n', 'ini', found);
    assert.deepEqual(
      readTree(parseTree(ini, 'ini')).map(({ path }) => path.join('/')),
      ['DEFAULT/at', 'DEFAULT/nil', 'DEFAULT/number', 'old/a', 'db/password', 'db/hosts.0', 'db/hosts.1'],
    );
  });

  it('makes a new file of each format', async () => {
    const found = yaml('db: {password: canary-one}\nlist: [a, b]\n');
    for (const format of ['yaml', 'json', 'dotenv', 'ini'] as const) {
      const plan = planImport(found, none, format);
      const { text } = await sealTree([treeFor(plan)], format, { recipients: [alice.recipient] }, clock);
      const plain = (await unseal(await reopen(text, format))).text;
      assert.match(plain, /canary-one/, format);
      assert.ok(!text.includes('canary-one'), format);
    }
  });

  it('writes nothing while something is left to be decided', () => {
    const there = valueIn('a: old\n', 'yaml');
    const plan = planImport(yaml('a: new\n'), there, 'yaml');
    assert.equal(isSettled(plan), false);
    for (const work of [() => stepsOf(plan, there), () => treeFor(plan)])
      assert.throws(work, (error) => error instanceof LockstepError && error.code === 'ENTRY_EXISTS');
  });

  it('keeps the quotes of a .env, and knows a value with and without them', async () => {
    const found = readDotenv('A="one # two"\nB=\'x y\'\nC="l1\nl2"\nD=plain\n');
    assert.equal(await carriedOut('E=1\n', 'dotenv', found), 'E=1\nA="one # two"\nB=\'x y\'\nC="l1\\nl2"\nD=plain\n');
    assert.deepEqual(told(planImport(readDotenv('A="x y"\n'), valueIn('A=x y\n', 'dotenv'), 'dotenv')), ['A same']);
  });

  it('leaves an escaped line break as it stands in a .env, and is a line break elsewhere', async () => {
    const found = readDotenv('PEM="-----BEGIN\\nMIIB\\n-----END"\nODD=\'x\\ny\'\n');
    assert.equal(
      await carriedOut('E=1\n', 'dotenv', found),
      'E=1\nPEM="-----BEGIN\\nMIIB\\n-----END"\nODD=\'x\\ny\'\n',
    );
    const json = JSON.parse(await carriedOut('{"e": 1}\n', 'json', found));
    assert.deepEqual([json.PEM, json.ODD], ['-----BEGIN\nMIIB\n-----END', 'x\\ny']);
  });

  it('quotes for a .env what its loaders would read as something else', () => {
    const quoted = {
      'a#b': "'a#b'",
      ' x ': "' x '",
      $HOME: "'$HOME'",
      plain: 'plain',
      'a\nb': '"a\nb"',
    };
    for (const [value, form] of Object.entries(quoted)) assert.equal(spelledFor(value), form, value);
  });

  it('names what is left of the source', () => {
    const source = { system: 'yaml', keyFiles: [], isAll: true, found: [] } as const;
    const all = planImport(yaml('a: 1\nb: 2\n'), valueIn('b: 2\n', 'yaml'), 'yaml');
    assert.equal(leftOver(source, all).whole, true);
    const kept = planImport(yaml('a: 1\nb: 2\n'), valueIn('b: 3\n', 'yaml'), 'yaml', decided([1, 'keep']));
    const { whole, entries, kept: only } = leftOver(source, kept);
    assert.deepEqual([whole, told(entries), told(only)], [false, ['a new'], ['b kept']]);
    const unset = planImport([{ path: ['k'], kind: 'fernet', why: 'key', value: undefined }], none, 'yaml');
    assert.deepEqual([leftOver(source, unset).whole, told(leftOver(source, unset).unset)], [false, ['k none']]);
    assert.equal(leftOver({ ...source, isAll: false }, all).whole, false);
  });
});
