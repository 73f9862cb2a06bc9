import assert from 'node:assert/strict';
import type { FormatId } from '../../../src/core/format/document.ts';
import { mergeThree, type Side } from '../../../src/core/merge/three.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { makeSelector } from '../../../src/core/sops/metadata.ts';
import { showPath } from '../../../src/core/tree/path.ts';
import { applyMerge, editText, plainTextOf } from '../changes.ts';
import { extract } from '../extract.ts';
import { alice, later, reopen } from '../support.ts';
import { sealed, versions } from './versions.ts';

async function merged(base: string, mine: string, theirs: string, sides: Side[] = [], format: FormatId = 'yaml') {
  const all = await versions(base, mine, theirs, format);
  const { entries } = await mergeThree(all.base, all.mine, all.theirs);
  const change = await applyMerge(all.base, all.mine, all.theirs, sides, later);
  const after = await reopen(change.text, format);
  assert.deepEqual(after.verdict, { ok: true });
  assert.ok(after.dataKey.equals(all.theirs.dataKey));
  const states = Object.fromEntries(entries.map((entry) => [showPath(entry.path), entry.state]));
  return { text: await plainTextOf(after), states, entries, all, change };
}

const base = `# head
a: one
g:
  b: two
  c: three
l: [1, 2]
`;

describe('merging three versions', () => {
  it('takes over what one side changed, and what both changed to the same', async () => {
    const mine = base.replace('one', 'mine').replace('three', 'both').replace('l:', '# new\nd: added\nl:');
    const theirs = base.replace('two', 'theirs').replace('three', 'both').replace('[1, 2]', '[1, 2, 3]');
    const { text, states, change, all } = await merged(base, mine, theirs);
    assert.equal(text, theirs.replace('one', 'mine').replace('l:', '# new\nd: added\nl:'));
    assert.deepEqual(states, {
      a: 'mineOnly',
      'g.b': 'theirsOnly',
      'g.c': 'bothSame',
      l: 'theirsOnly',
      d: 'mineOnly',
    });
    const old = new Set(all.theirs.sealed.doc.text.match(/ENC\[[^\]]*\]/g));
    const fresh = (change.text.match(/ENC\[[^\]]*\]/g) ?? []).filter((token) => !old.has(token));
    assert.equal(fresh.length, 4, 'the changed value, the added one, its comment, the MAC');
  });

  it('asks for a side where both changed an entry, and takes the one that was chosen', async () => {
    const mine = base.replace('one', 'mine').replace('  b: two\n', '');
    const theirs = base.replace('one', 'theirs').replace('two', 'other');
    for (const [a, b] of [
      ['mine', 'mine'],
      ['theirs', 'mine'],
      ['mine', 'theirs'],
      ['theirs', 'theirs'],
    ] as const) {
      const { text, entries } = await merged(base, mine, theirs, [a, b]);
      assert.deepEqual(
        entries.filter((entry) => entry.state === 'conflict').map(({ mine: m, theirs: t }) => [m, t]),
        [
          ['changed', 'changed'],
          ['removed', 'changed'],
        ],
      );
      const expected = theirs.replace('theirs', a).replace('  b: other\n', b === 'mine' ? '' : '  b: other\n');
      assert.equal(text, expected);
    }
    const all = await versions(base, mine, theirs);
    await assert.rejects(applyMerge(all.base, all.mine, all.theirs, ['mine'], later), { code: 'BAD_VALUE' });
  });

  it('gives no edits when nothing of mine is left to do', async () => {
    const { change } = await merged(base, base, base.replace('one', 'theirs'));
    assert.deepEqual(change.edits, []);
    const same = await merged(base, base.replace('one', 'x1'), base.replace('one', 'x1'));
    assert.deepEqual(same.change.edits, []);
  });

  it('adds and removes groups as a whole', async () => {
    const group = 'nn:\n  x: one\n  y: {}\n';
    assert.equal((await merged(base, base + group, base)).text, base + group);
    const without = base.replace('g:\n  b: two\n  c: three\n', '');
    assert.equal((await merged(base, without, base)).text, without);
    assert.equal((await merged(base, base, without)).text, without);
    const inner = await merged(base, without, base.replace('two', 'new'), ['theirs']);
    assert.equal(inner.text, base.replace('two', 'new').replace('  c: three\n', ''));
  });

  it('takes a place as one where a value became a group on one side', async () => {
    const mine = base.replace('a: one', 'a:\n  deep: value');
    const { states, text } = await merged(base, mine, base.replace('one', 'theirs'), ['mine']);
    assert.equal(states.a, 'conflict');
    assert.equal(text, mine);
  });

  it('puts what I added where it was in my version', async () => {
    const mine = base.replace('  c:', '  new: value\n  c:');
    assert.equal((await merged(base, mine, base.replace('two', 'theirs'))).text, mine.replace('two', 'theirs'));
    const first = `z: value\n${base}`;
    assert.ok((await merged(base, first, base)).text.includes('z: value\n'));
  });

  it('tells of changed comments', async () => {
    const all = await versions(base, base.replace('# head', '# other'), base);
    assert.equal((await mergeThree(all.base, all.mine, all.theirs)).commentsChanged, true);
    assert.equal((await mergeThree(all.base, all.theirs, all.mine)).commentsChanged, false);
  });

  it('merges dotenv, JSON and INI', async () => {
    assert.equal((await merged('A=1\nB=2\n', 'A=1\nB=3\nC=4\n', 'A=9\nB=2\n', [], 'dotenv')).text, 'A=9\nB=3\nC=4\n');
    assert.deepEqual(
      JSON.parse((await merged('{"a":{"b":1},"c":2}', '{"a":{"b":3,"x":[]},"c":2}', '{"a":{"b":1}}', [], 'json')).text),
      { a: { b: 3, x: [] } },
    );
    assert.equal(
      (await merged('[s]\na = 1\nb = 2\n', '[s]\na = 5\nb = 2\n', '[s]\na = 1\nb = 6\n', [], 'ini')).text,
      '[s]\na = 5\nb = 6\n',
    );
  });

  it('refuses what their selector would leave in clear text', async () => {
    const mine = 'a: one\n# canary-note\nfresh: canary-new\ng:\n  deep: canary-deep\n';
    for (const pattern of ['^a$', '^(a|fresh)$']) {
      const opened = await sealed('a: one\n', 'yaml');
      const options = { recipients: [alice.recipient], selector: makeSelector('encrypted_regex', pattern) };
      const theirs = await reopen((await seal('a: two\n', 'yaml', options, later)).text, 'yaml');
      const own = await reopen((await editText(opened, mine, later)).text, 'yaml');
      await assert.rejects(applyMerge(opened, own, theirs, [], later), { code: 'NOT_SELECTED' });
    }
    const theirs = 'a: one\nshown_unencrypted: x\n';
    assert.equal((await merged('a: one\n', 'a: two\n', theirs)).text, theirs.replace('one', 'two'));
  });

  it('refuses a comment that their selector would leave in clear text', async () => {
    const opened = await sealed('a: one\n', 'yaml');
    const options = { recipients: [alice.recipient], selector: makeSelector('encrypted_regex', '^(a|b)$') };
    const theirs = await reopen((await seal('a: two\n', 'yaml', options, later)).text, 'yaml');
    const own = await reopen((await editText(opened, 'a: one\n# canary-note\nb: new\n', later)).text, 'yaml');
    await assert.rejects(applyMerge(opened, own, theirs, [], later), { code: 'NOT_SELECTED' });
  });

  it('holds no values in what it tells', async () => {
    const all = await versions(base, base.replace('one', 'secret1'), base.replace('one', 'secret2'));
    const told = JSON.stringify(await mergeThree(all.base, all.mine, all.theirs));
    for (const word of ['one', 'secret1', 'secret2']) assert.ok(!told.includes(word));
  });

  it('leads to the values of a side', async () => {
    const all = await versions('a: one\n---\nb: two\n', 'a: one\n---\nb: mine\n', 'a: one\n---\nb: theirs\n');
    const { entries } = await mergeThree(all.base, all.mine, all.theirs);
    const entry = entries.find(({ state }) => state === 'conflict') ?? assert.fail();
    assert.deepEqual(extract(all.mine, entry.path, entry.document), {
      kind: 'scalar',
      scalar: { type: 'str', value: 'mine' },
    });
  });
});
