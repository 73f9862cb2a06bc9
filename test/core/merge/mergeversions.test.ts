import assert from 'node:assert/strict';
import type { FormatId } from '../../../src/core/format/document.ts';
import { rotate } from '../../../src/core/keys/rotate.ts';
import { addRecipients, removeRecipients } from '../../../src/core/keys/updatekeys.ts';
import { type Decisions, mergeVersions } from '../../../src/core/merge/versions.ts';
import type { Opened } from '../../../src/core/open/open.ts';
import { unsealBytes } from '../../../src/core/open/unseal.ts';
import { seal, sealBytes } from '../../../src/core/seal/seal.ts';
import { makeSelector } from '../../../src/core/sops/metadata.ts';
import { showPath } from '../../../src/core/tree/path.ts';
import { editBytes, editText, plainTextOf } from '../changes.ts';
import { alice, bob, carol, clock, later, reopen } from '../support.ts';
import { sealed } from './versions.ts';

const people = (opened: Opened) => opened.sealed.metadata.groups.map((group) => group.map(({ name }) => name).sort());
const tokens = (text: string) => text.match(/ENC\[[^\]]*\]/g) ?? [];

async function edit(from: Opened, text: string): Promise<Opened> {
  return reopen((await editText(from, text, later)).text, from.sealed.format);
}

const again = (text: string, format: FormatId = 'yaml') => reopen(text, format);

async function merged(base: Opened | undefined, ours: Opened, theirs: Opened, decisions?: Decisions) {
  const result = await mergeVersions({ base, ours, theirs }, later, decisions);
  const after = await again(result.text, ours.sealed.format);
  assert.deepEqual(after.verdict, { ok: true });
  const conflicts = result.conflicts.map((one) => (one.kind === 'entry' ? showPath(one.path) || '(file)' : one.kind));
  return { ...result, after, plain: Buffer.from(await unsealBytes(after)).toString('utf8'), conflicts };
}

const plain = `# head
a: one
b: two
g:
  c: three
  d: four
l:
  - x
  - z
`;

describe('merging two versions of an encrypted file', () => {
  it('takes what each side changed, and keeps the ciphertext of both byte for byte', async () => {
    const base = await sealed(plain, 'yaml');
    const ours = await edit(base, plain.replace('one', 'ours'));
    const theirs = await edit(base, plain.replace('two', 'theirs').replace('four', 'other'));
    const { plain: text, conflicts, text: file } = await merged(base, ours, theirs);
    assert.deepEqual(conflicts, []);
    assert.equal(text, plain.replace('one', 'ours').replace('two', 'theirs').replace('four', 'other'));
    const known = new Set([...tokens(ours.sealed.doc.text), ...tokens(theirs.sealed.doc.text)]);
    assert.deepEqual(tokens(file).filter((token) => !known.has(token)).length, 1, 'the MAC alone is new');
  });

  it('takes entries and comments that each side added beside the other, with their ciphertext', async () => {
    const base = await sealed(plain, 'yaml');
    const ours = await edit(base, `${plain}# mine\nm: new\n`.replace('# head', '# other head'));
    const theirs = await edit(
      base,
      `${plain}# yours\nt: new\n`.replace('  c: three\n', '').replace('b: two', '# said\nb: 2'),
    );
    const { plain: text, conflicts, text: file } = await merged(base, ours, theirs);
    assert.deepEqual(conflicts, []);
    const known = new Set([...tokens(ours.sealed.doc.text), ...tokens(theirs.sealed.doc.text)]);
    assert.deepEqual(tokens(file).filter((token) => !known.has(token)).length, 1, 'the MAC alone is new');
    assert.deepEqual(
      text.split('\n').sort(),
      `${plain}# mine\nm: new\n# yours\nt: new\n`
        .replace('# head', '# other head')
        .replace('  c: three\n', '')
        .replace('b: two', '# said\nb: 2')
        .split('\n')
        .sort(),
    );
  });

  it('keeps ours where both changed an entry, merges the rest, and says where without a value', async () => {
    const base = await sealed(plain, 'yaml');
    const ours = await edit(base, plain.replace('one', 'canary-ours').replace('  d: four\n', ''));
    const theirs = await edit(
      base,
      plain.replace('one', 'canary-theirs').replace('four', 'other').replace('two', 'new'),
    );
    const result = await merged(base, ours, theirs);
    assert.deepEqual(result.conflicts, ['a', 'g.d']);
    assert.equal(result.plain, plain.replace('one', 'canary-ours').replace('  d: four\n', '').replace('two', 'new'));
    const { conflicts } = await mergeVersions({ base, ours, theirs }, later);
    assert.ok(!JSON.stringify(conflicts).includes('canary'));
    const decided = await merged(base, ours, theirs, { side: (path) => (path[0] === 'a' ? 'theirs' : undefined) });
    assert.deepEqual([decided.conflicts, decided.decided], [['g.d'], 1]);
    assert.ok(decided.plain.includes('a: canary-theirs'));
    const all = await merged(base, ours, theirs, { side: () => 'theirs' });
    assert.deepEqual([all.conflicts, all.decided], [[], 2]);
    assert.equal(all.plain, plain.replace('one', 'canary-theirs').replace('four', 'other').replace('two', 'new'));
  });

  it('goes on from the side with the new data key, and from ours where both have one', async () => {
    const base = await sealed(plain, 'yaml');
    const edited = await edit(base, plain.replace('one', 'ours'));
    const rotated = await edit(await again((await rotate(base, later)).text), plain.replace('two', 'theirs'));
    const wanted = plain.replace('one', 'ours').replace('two', 'theirs');
    for (const [ours, theirs] of [
      [edited, rotated],
      [rotated, edited],
    ] as const) {
      const { plain: text, after, conflicts } = await merged(base, ours, theirs);
      assert.deepEqual([text, conflicts], [wanted, []]);
      assert.ok(after.dataKey.equals(rotated.dataKey));
    }
    const both = await edit(await again((await rotate(base, later)).text), plain.replace('one', 'ours'));
    const { plain: text, after } = await merged(base, both, rotated);
    assert.equal(text, wanted);
    assert.ok(after.dataKey.equals(both.dataKey));
  });

  it('merges who can read the file, and never lets in more than ours says unless that was agreed to', async () => {
    const two = [alice.recipient, bob.recipient];
    const base = await again((await seal(plain, 'yaml', { recipients: two }, clock)).text);
    const fewer = await again((await removeRecipients(base.sealed, base.dataKey, [bob.recipient])).text);
    const more = await again((await addRecipients(base.sealed, base.dataKey, [carol.recipient])).text);
    const edited = await edit(base, plain.replace('one', 'mine'));
    assert.deepEqual(people((await merged(base, edited, fewer)).after), [[alice.recipient]]);
    assert.deepEqual(people((await merged(base, fewer, edited)).after), [[alice.recipient]]);
    const there = await merged(base, more, edited);
    assert.deepEqual(people(there.after), [[...two, carol.recipient].sort()]);
    assert.deepEqual(
      there.joining.map(({ name }) => name),
      [carol.recipient],
    );
    const wider = await merged(base, edited, more);
    assert.deepEqual([wider.conflicts, wider.text], [['readers'], edited.sealed.doc.text]);
    const agreed = await merged(base, edited, more, { readers: true });
    assert.deepEqual([agreed.conflicts, people(agreed.after)], [[], [[...two, carol.recipient].sort()]]);
    assert.ok(agreed.plain.includes('a: mine'));
  });

  it('makes a new data key where each side shut somebody out with one of its own', async () => {
    const all = [alice.recipient, bob.recipient, carol.recipient];
    const base = await again((await seal(plain, 'yaml', { recipients: all }, clock)).text);
    const ours = await again((await rotate(base, later, { rmAge: [bob.recipient] })).text);
    const theirs = await again((await rotate(base, later, { rmAge: [carol.recipient] })).text);
    const { after, conflicts } = await merged(base, ours, theirs);
    assert.deepEqual([conflicts, people(after)], [[], [[alice.recipient]]]);
    for (const side of [base, ours, theirs]) assert.ok(!after.dataKey.equals(side.dataKey));
    await assert.rejects(reopen(after.sealed.doc.text, 'yaml', bob.identity), { code: 'NOT_A_RECIPIENT' });
    await assert.rejects(reopen(after.sealed.doc.text, 'yaml', carol.identity), { code: 'NOT_A_RECIPIENT' });
  });

  it('does not wrap a new data key for a name that somebody without a key put into a version', async () => {
    const base = await sealed(plain, 'yaml');
    const entry = /- enc: \|[\s\S]*?recipient: age1\w+\n/.exec(base.sealed.doc.text)?.[0] ?? assert.fail();
    const forged = base.sealed.doc.text.replace(
      entry,
      `${entry}        ${entry.replace(alice.recipient, carol.recipient)}`,
    );
    const theirs = await again(forged);
    assert.deepEqual(people(theirs), [[alice.recipient, carol.recipient].sort()]);
    const ours = await edit(base, plain.replace('one', 'ours'));
    assert.deepEqual((await merged(base, ours, theirs)).conflicts, ['readers']);
    const rotated = await again((await rotate(ours, later)).text);
    assert.deepEqual((await merged(base, theirs, rotated)).conflicts, ['readers']);
    assert.deepEqual((await merged(base, rotated, theirs)).conflicts, ['readers']);
  });

  it('goes on from the side that changed what is encrypted; both is a conflict', async () => {
    const base = await sealed(plain, 'yaml');
    const other = async (pattern: string, text: string) =>
      again(
        (
          await seal(
            text,
            'yaml',
            { recipients: [alice.recipient], selector: makeSelector('encrypted_regex', pattern) },
            later,
          )
        ).text,
      );
    const theirs = await other('^(a|g|l)$', plain.replace('three', 'new'));
    const ours = await edit(base, plain.replace('one', 'mine'));
    const { plain: text, after, conflicts } = await merged(base, ours, theirs);
    assert.deepEqual([text, conflicts], [plain.replace('one', 'mine').replace('three', 'new'), []]);
    assert.equal(after.sealed.metadata.selector.kind, 'encrypted_regex');
    assert.deepEqual((await merged(base, await other('^b$', plain), theirs)).conflicts, ['selector']);
    // What ours changed and theirs leaves in clear text.
    const hidden = await edit(base, plain.replace('two', 'canary'));
    await assert.rejects(mergeVersions({ base, ours: hidden, theirs }, later), { code: 'NOT_SELECTED' });
    // Ours has a data key of its own besides.
    const rotated = await edit(await again((await rotate(base, later)).text), plain.replace('one', 'mine'));
    const renewed = await merged(base, rotated, theirs);
    assert.deepEqual([renewed.plain, renewed.conflicts], [plain.replace('one', 'mine').replace('three', 'new'), []]);
  });

  it('merges two files that were made apart: what is the same, or on one side', async () => {
    const ours = await sealed('a: one\nb: two\nboth: 1\n', 'yaml');
    const theirs = await sealed('a: other\nc: three\nboth: 1\n', 'yaml');
    const { plain: text, conflicts } = await merged(undefined, ours, theirs);
    assert.deepEqual(conflicts, ['a']);
    assert.deepEqual(text.trim().split('\n').sort(), ['a: one', 'b: two', 'both: 1', 'c: three']);
    const bobs = await again(
      (await seal('a: one\n', 'yaml', { recipients: [alice.recipient, bob.recipient] }, clock)).text,
    );
    for (const [o, t] of [
      [ours, bobs],
      [bobs, ours],
    ] as const)
      assert.deepEqual((await merged(undefined, o, t)).conflicts, ['readers']);
  });

  it('takes a binary file as one value', async () => {
    const make = async (text: string) =>
      again((await sealBytes(Buffer.from(text), 'binary', { recipients: [alice.recipient] }, clock)).text, 'binary');
    const base = await make('base');
    const to = async (text: string) => again((await editBytes(base, Buffer.from(text), later)).text, 'binary');
    const [one, other] = [await to('ours'), await to('theirs')];
    assert.equal((await merged(base, base, other)).plain, 'theirs');
    assert.equal((await merged(base, one, base)).text, one.sealed.doc.text);
    const both = await merged(base, one, other);
    assert.deepEqual([both.plain, both.conflicts], ['ours', ['(file)']]);
    assert.equal((await merged(base, one, other, { side: () => 'theirs' })).plain, 'theirs');
  });

  it('keeps the line ends of the file that it goes on from', async () => {
    for (const format of ['yaml', 'ini'] as const) {
      const source = format === 'ini' ? '[s]\na = 1\nb = 2\nc = 3\n' : 'a: 1\nb: 2\nc: 3\n';
      const base = await sealed(source, format);
      const crlf = source.replaceAll('\n', '\r\n');
      const windows = await again((await seal(crlf, format, { recipients: [alice.recipient] }, clock)).text, format);
      const ours = await edit(windows, crlf.replace('1', '7'));
      const theirs = await edit(base, source.replace('3', '8').concat(format === 'ini' ? 'd = 4\n' : 'd: 4\n'));
      const { plain: text, conflicts } = await merged(base, ours, theirs);
      assert.deepEqual(conflicts, []);
      assert.equal(
        text,
        crlf
          .replace('1', '7')
          .replace('3', '8')
          .concat(format === 'ini' ? 'd = 4\r\n' : 'd: 4\r\n'),
      );
    }
  });

  it('merges documents that one side added', async () => {
    const base = await sealed('a: one\n---\nb: two\n', 'yaml');
    const ours = await edit(base, 'a: mine\n---\nb: two\n');
    const theirs = await edit(base, 'a: one\n---\nb: two\n---\nc: three\n');
    assert.equal((await merged(base, ours, theirs)).plain, 'a: mine\n---\nb: two\n---\nc: three\n');
  });

  it('refuses a version whose MAC does not hold', async () => {
    const base = await sealed('a: one\nb_unencrypted: x\n', 'yaml');
    const theirs = await again(base.sealed.doc.text.replace('b_unencrypted: x', 'b_unencrypted: z'));
    await assert.rejects(mergeVersions({ base, ours: base, theirs }, later), { code: 'EDIT_LOCKED' });
    await assert.rejects(mergeVersions({ base: theirs, ours: base, theirs: base }, later), { code: 'EDIT_LOCKED' });
  });

  describe('with named encryption keys', () => {
    const [x, y, z] = [1, 2, 3].map((byte) => Buffer.alloc(16, byte).toString('base64'));
    const files: [FormatId, (key: string) => string][] = [
      ['yaml', (key) => `a: one\nb: two\n${key && `encryption_keys:\n  orders: ${key}\n`}`],
      ['dotenv', (key) => `a=one\nb=two\n${key && `ENCRYPTION_KEY_ORDERS=${key}\n`}`],
      ['ini', (key) => `[s]\na = one\nb = two\n${key && `\n[encryption_keys]\norders = ${key}\n`}`],
      ['json', (key) => JSON.stringify({ a: 'one', b: 'two', ...(key && { encryption_keys: { orders: key } }) })],
    ];
    for (const [format, file] of files)
      for (const key of ['', y ?? ''])
        it(`loses none in ${format} that ours has as it was: ${key ? 'reset' : 'removed'} in theirs`, async () => {
          const base = await sealed(file(x ?? ''), format);
          const changed = await edit(base, file(key).replace('one', '1st'));
          const same = await edit(base, file(x ?? '').replace('two', '2nd'));
          const { conflicts, plain: text, lost } = await merged(base, same, changed);
          assert.match(conflicts.join(), /orders$/i);
          assert.deepEqual([conflicts.length, lost], [1, []]);
          assert.ok(text.includes(x ?? ''), 'ours is there');
          assert.ok(text.includes('1st') && text.includes('2nd'));
          for (const side of ['ours', 'theirs'] as const) {
            const taken = await merged(base, same, changed, { side: () => side });
            assert.deepEqual([taken.conflicts, taken.decided], [[], 1]);
            assert.equal(taken.plain.includes(x ?? ''), side === 'ours');
            assert.equal(taken.plain.includes(y ?? ''), side === 'theirs' && key !== '');
            // That one side has the new key is lost, too.
            assert.equal(taken.lost.length, side === 'ours' && key === '' ? 0 : 1);
          }
          const before = await merged(base, changed, same);
          assert.deepEqual([before.conflicts.length, before.lost.length], [0, 1]);
          assert.equal(before.plain.includes(x ?? ''), false, 'ours lost it before');
          assert.ok(before.plain.includes('1st') && before.plain.includes('2nd'));
        });

    it('says what is lost of two new ones, and nothing of one that both reset alike, renamed or added', async () => {
      const file = (keys: Record<string, string | undefined>) => JSON.stringify({ a: 'one', encryption_keys: keys });
      const base = await sealed(file({ orders: x, users: x }), 'json');
      const version = (keys: Record<string, string | undefined>, a: string) => edit(base, file(keys).replace('one', a));
      const ours = await version({ orders: y, users: x }, 'one');
      const reset = await version({ orders: z, users: x }, '2');
      assert.deepEqual((await merged(base, ours, reset)).lost, []);
      assert.deepEqual((await merged(base, ours, reset, { side: () => 'theirs' })).lost, ['orders']);
      const alike = await version({ orders: y, users: x }, '2');
      assert.deepEqual((await merged(base, ours, alike)).conflicts, []);
      const one = await sealed(file({ orders: x }), 'json');
      const renamed = await edit(one, file({ orders: y, old: x }));
      const added = await edit(one, file({ orders: x, users: z }));
      const { conflicts, plain: text } = await merged(one, renamed, added);
      assert.deepEqual(conflicts, []);
      for (const key of [x, y, z]) assert.ok(text.includes(key ?? ''));
      const none = await sealed(file({ orders: 'no key', group: 'x' }), 'json');
      const [two, three] = [file({ group: 'x' }), file({ orders: 'no key' })];
      assert.deepEqual((await merged(none, await edit(none, two), await edit(none, three))).conflicts, []);
    });

    it('asks about a group that is something else on one side', async () => {
      const base = await sealed(`a: one\nencryption_keys:\n  orders: ${x}\n`, 'yaml');
      const ours = await edit(base, 'a: one\nencryption_keys: none\n');
      const theirs = await edit(base, `a: 2\nencryption_keys:\n  orders: ${x}\n`);
      const { conflicts } = await merged(base, theirs, ours);
      assert.deepEqual(conflicts, ['encryption_keys']);
      const { lost } = await merged(base, theirs, ours, { side: () => 'theirs' });
      assert.deepEqual(lost, ['orders']);
    });
  });

  it('says that comments of one side could not come along', async () => {
    const base = await sealed('# note\na: one\n', 'yaml');
    const ours = await edit(base, '# ours\na: one\n');
    const theirs = await edit(base, '# theirs\na: one\n');
    assert.deepEqual((await merged(base, ours, theirs)).conflicts, ['comments']);
    assert.deepEqual((await merged(base, ours, ours)).conflicts, []);
    assert.deepEqual((await merged(base, ours, base)).conflicts, []);
    const more = await edit(base, '# theirs\n# more\na: two\n');
    const { conflicts, plain: text } = await merged(base, ours, more);
    assert.deepEqual([conflicts, text], [['comments'], '# theirs\n# more\na: two\n']);
    assert.equal(await plainTextOf(base), '# note\na: one\n');
  });

  it('keeps a comment that both have, where the entry below it goes and others come', async () => {
    const cases = [
      ['C=2\nA=1\n', 'B=1\n', 'C=2\nE=1\n', 'B=1\nE=1\n'],
      ['D=1\n', 'D=1\nC=3\n', 'C=3\n', 'C=3\n'],
    ];
    for (const [before, one, two, wanted] of cases) {
      const base = await sealed(`#top\n${before}`, 'dotenv');
      const [ours, theirs] = [await edit(base, `#top\n${one}`), await edit(base, `#top\n${two}`)];
      for (const sides of [[ours, theirs] as const, [theirs, ours] as const]) {
        const { conflicts, plain: text } = await merged(base, ...sides);
        assert.deepEqual([conflicts, text], [[], `#top\n${wanted}`]);
      }
    }
  });

  it('takes the comment of an entry along that the other side removed', async () => {
    const base = await sealed('#top\nA=1\n\n#of b\nB=2\nC=3\n', 'dotenv');
    const ours = await edit(base, '#top\nA=1\n\n#of b\nB=2\nC=4\n');
    const theirs = await edit(base, '#top\nA=1\nC=3\nD=5\n');
    for (const sides of [[ours, theirs] as const, [theirs, ours] as const]) {
      const { conflicts, plain: text } = await merged(base, ...sides);
      assert.deepEqual([conflicts, text.includes('of b'), text.includes('#top')], [[], false, true]);
    }
  });
});
