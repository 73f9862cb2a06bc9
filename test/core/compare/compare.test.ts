import assert from 'node:assert/strict';
import { utf8 } from '../../../src/core/bytes.ts';
import { type Comparison, compareSides, isChanged, type Row } from '../../../src/core/compare/compare.ts';
import { Fingerprints, shortMark } from '../../../src/core/compare/fingerprints.ts';
import { closedSide, openedSide, readVersion, type Side } from '../../../src/core/compare/side.ts';
import type { FormatId } from '../../../src/core/format/document.ts';
import { rotate } from '../../../src/core/keys/rotate.ts';
import { updateKeys } from '../../../src/core/keys/updatekeys.ts';
import { openVersion } from '../../../src/core/merge/opening.ts';
import { sealBytes } from '../../../src/core/seal/seal.ts';
import { showPath } from '../../../src/core/tree/path.ts';
import { editText } from '../changes.ts';
import { sealed } from '../merge/versions.ts';
import { alice, bob, clock, keyringOf, later, reopen } from '../support.ts';

const prints = new Fingerprints();
const names: Readonly<Record<FormatId, string>> = {
  ...{ yaml: 'a.yaml', json: 'a.json', dotenv: '.env', ini: 'a.ini', binary: 'a.bin' },
};
const shown = ({ path, from, changes }: Row) =>
  `${from ? `${showPath(from)} → ` : ''}${showPath(path)}: ${changes.join(' ')}`;
const changesOf = ({ rows }: Comparison) => rows.filter(({ changes }) => changes.length > 0).map(shown);

/** An encrypted file and the same after its plain text was edited. */
async function edited(format: FormatId, before: string, after: string): Promise<Comparison> {
  const one = await sealed(before, format);
  const two = await reopen((await editText(one, after, later)).text, format);
  return compareSides(await openedSide(one, prints), await openedSide(two, prints));
}

async function closed(text: string, name = 'a.yaml'): Promise<Side> {
  return closedSide(readVersion(name, utf8(text)), prints);
}

describe('two versions of a file', () => {
  it('are compared value by value in every format', async () => {
    assert.deepEqual(changesOf(await edited('yaml', 'a: 1\nb: old\nc: x\n', 'a: 1\nb: new\nd: y\n')), [
      'b: value',
      'c: removed',
      'd: added',
    ]);
    assert.deepEqual(changesOf(await edited('json', '{"a": {"b": "x", "n": 1}}', '{"a": {"b": "y", "n": "1"}}')), [
      'a.b: value',
      'a.n: kind',
    ]);
    assert.deepEqual(changesOf(await edited('dotenv', 'A=1\nB=2\n', 'A=1\nB=3\n')), ['B: value']);
    assert.deepEqual(changesOf(await edited('ini', '[s]\na = 1\nb = 2\n', '[s]\na = 1\nb = 3\n')), ['s.b: value']);
    const bytes = async (text: string) =>
      openedSide(
        await reopen((await sealBytes(utf8(text), 'binary', { recipients: [alice.recipient] }, clock)).text, 'binary'),
        prints,
      );
    assert.deepEqual(changesOf(compareSides(await bytes('one'), await bytes('two'))), ['data: value']);
  });

  it('show what moved, was renamed, changed its kind or its comment, and what went to clear text', async () => {
    const before = '# first\na: canary-a\ng:\n  b: canary-b\n  c: canary-c\nh:\n  z: 1\nn: 5\nq: canary-q\n';
    const after = '# other\na: canary-a\ng:\n  c2: canary-c\nh:\n  z: 1\n  b: canary-b\nn: "5"\nq: canary-q\n';
    assert.deepEqual(changesOf(await edited('yaml', before, after)), [
      'a: comment',
      'g.c → g.c2: renamed',
      'g.b → h.b: moved',
      'n: kind',
    ]);
    const [hidden, open] = [await sealed('q: canary-q\n', 'yaml'), await sealed('q_unencrypted: canary-q\n', 'yaml')];
    assert.deepEqual(changesOf(compareSides(await openedSide(hidden, prints), await openedSide(open, prints))), [
      'q → q_unencrypted: renamed cleared',
    ]);
    assert.deepEqual(changesOf(await edited('yaml', 'a: 1\nb: 2\nc: 3\n', 'b: 2\nc: 3\na: 1\n')), ['a: moved']);
    assert.deepEqual(changesOf(await edited('yaml', 'a: same-val\nb: same-val\n', 'c: same-val\nd: same-val\n')), [
      ...['a: removed', 'b: removed', 'c: added', 'd: added'],
    ]);
    assert.deepEqual(changesOf(await edited('yaml', 'a: canary-x\n', 'a:\n  b: canary-x\n')), ['a → a.b: moved']);
  });

  it('pair the items of a list by what they say', async () => {
    const list = (...items: string[]) => `l:\n${items.map((one) => `  - ${one}\n`).join('')}`;
    const of = async (a: string[], b: string[]) => changesOf(await edited('yaml', list(...a), list(...b)));
    assert.deepEqual(await of(['aa', 'bb', 'cc'], ['xx', 'aa', 'bb', 'cc']), ['l[0]: added']);
    assert.deepEqual(await of(['aa', 'bb', 'cc'], ['aa', 'cc']), ['l[1]: removed']);
    assert.deepEqual(await of(['aa', 'bb', 'cc'], ['aa', 'b2', 'cc', 'dd']), ['l[1]: value', 'l[3]: added']);
    const users = (...all: string[]) => list(...all.map((one) => `{n: ${one}, p: pw-${one}}`));
    assert.deepEqual(changesOf(await edited('yaml', users('ada', 'bob'), users('eve', 'ada', 'bob'))), [
      ...['l[0].n: added', 'l[0].p: added'],
    ]);
  });

  it('show who can read it, a new data key and what was encrypted anew without a change', async () => {
    const one = await sealed('a: canary-1\nb: canary-2\n', 'yaml');
    const groups = [[{ kind: 'age', name: bob.recipient } as const, { kind: 'age', name: alice.recipient } as const]];
    const two = await reopen((await updateKeys(one.sealed, one.dataKey, groups, 0)).text, 'yaml');
    const readers = compareSides(await openedSide(one, prints), await openedSide(two, prints));
    assert.deepEqual(readers.file.readers, { added: [{ kind: 'age', name: bob.recipient }], removed: [] });
    assert.deepEqual(changesOf(readers), []);
    assert.ok(isChanged(readers) && !readers.file.dataKey);
    const three = await reopen((await rotate(two, later)).text, 'yaml');
    const rotated = compareSides(await openedSide(two, prints), await openedSide(three, prints));
    assert.deepEqual(changesOf(rotated), ['a: resealed', 'b: resealed']);
    assert.ok(rotated.file.dataKey);
    const same = compareSides(await openedSide(one, prints), await openedSide(one, prints));
    assert.ok(!isChanged(same));
  });

  it('are compared by ciphertext without a key, and say that', async () => {
    const one = await sealed('a: canary-1\nb: canary-2\nc: 3\nd_unencrypted: x\n', 'yaml');
    const two = await reopen(
      (await editText(one, 'a: canary-1\nb: canary-9\ne: 3\nd_unencrypted: y\n', later)).text,
      'yaml',
    );
    const [before, after] = [await closed(one.sealed.doc.text), await closed(two.sealed.doc.text)];
    assert.equal(before.how, 'sealed');
    for (const compared of [
      compareSides(before, after),
      compareSides(await openedSide(one, prints), after),
      compareSides(before, await openedSide(two, prints)),
    ]) {
      assert.ok(compared.byCiphertext);
      assert.deepEqual(changesOf(compared), ['b: ciphertext', 'c: removed', 'e: added', 'd_unencrypted: value']);
    }
  });

  it('may be in plaintext, emptied, or not there', async () => {
    const one = await sealed('a: canary-1\nb: canary-2\n', 'yaml');
    const plain = await closed('a: canary-1\nb: other\n');
    assert.equal(plain.how, 'plain');
    const compared = compareSides(plain, await openedSide(one, prints));
    assert.deepEqual(changesOf(compared), ['a: encrypted', 'b: encrypted value']);
    assert.equal(compared.file.sealed, 'encrypted');
    assert.deepEqual(changesOf(compareSides(undefined, plain)), ['a: added', 'b: added']);
    assert.equal(compareSides(plain, undefined).file.presence, 'removed');
    assert.deepEqual((await closed('')).entries, []);
  });

  it('never say more of a value than a fingerprint that nobody can try values against', async () => {
    const one = await openedSide(await sealed('a: canary-1\nb: canary-1\n# canary-3\nc: canary-2\n', 'yaml'), prints);
    assert.ok(!JSON.stringify(one.entries).includes('canary'));
    const [a, b, c] = one.entries;
    assert.ok(a?.mark && a.mark === b?.mark && a.mark !== c?.mark);
    assert.match(shortMark(a.mark), /^[0-9a-f]{8}$/);
    const again = await openedSide(await sealed('a: canary-1\n', 'yaml'), new Fingerprints());
    assert.notEqual(again.entries[0]?.mark, a.mark);
  });

  it('share a decryption where their data key is the same', async () => {
    const one = await sealed('a: canary-1\n', 'yaml');
    const two = await editText(one, 'a: canary-2\n', later);
    const read = readVersion('a.yaml', utf8(two.text));
    assert.ok(read.kind === 'sealed');
    const opened = await openVersion(read.sealed, await keyringOf(), [one]);
    assert.equal((await openedSide(opened, prints)).how, 'opened');
  });

  it('differ as an independent reading of their values does', async function () {
    this.timeout(60_000);
    let seed = 7;
    const random = (n: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % n;
    };
    const make = () => {
      const values: Record<string, string> = {};
      for (let i = 0; i < 8; i++) if (random(3) > 0) values[`K${i}`] = `value-${random(3)}-of-K${i}`;
      return { K: 'anchor-value', ...values };
    };
    for (let round = 0; round < 60; round++) {
      const [before, after] = [make(), make()] as Record<string, string>[] as [
        Record<string, string>,
        Record<string, string>,
      ];
      const format = (['yaml', 'json', 'dotenv'] as const)[round % 3] as FormatId;
      const write = (all: Record<string, string>) => {
        const lines = Object.entries(all);
        if (format === 'json') return JSON.stringify(all);
        return lines.map(([key, value]) => (format === 'yaml' ? `${key}: ${value}\n` : `${key}=${value}\n`)).join('');
      };
      const expected = [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
        const [old, now] = [before[key], after[key]];
        if (old === now) return [];
        return [`${key}: ${old === undefined ? 'added' : now === undefined ? 'removed' : 'value'}`];
      });
      const found = changesOf(await edited(format, write(before), write(after)));
      assert.deepEqual([...found].sort(), expected.sort(), `${names[format]} ${write(before)} ${write(after)}`);
    }
  });
});
