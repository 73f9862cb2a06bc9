import assert from 'node:assert/strict';
import type { FormatId } from '../../../src/core/format/document.ts';
import type { Opened } from '../../../src/core/open/open.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { makeSelector } from '../../../src/core/sops/metadata.ts';
import type { Selector } from '../../../src/core/sops/selection.ts';
import { markPlain, plainTextOf, setComment } from '../changes.ts';
import { alice, clock, later, reopen } from '../support.ts';

const id = (...path: (string | number)[]) => JSON.stringify([0, ...path]);

async function sealed(source: string, format: FormatId, selector?: Selector): Promise<Opened> {
  return reopen((await seal(source, format, { recipients: [alice.recipient], selector }, clock)).text, format);
}

const yaml = `# top
# of it
a: xx

group: # inner
  # one
  b: yy # end
  c: |
    text
list:
  - 1 # first
  - k: v1
`;

describe('setting comments', () => {
  const set = async (at: string, text: string, source = yaml, format: FormatId = 'yaml') => {
    const opened = await sealed(source, format);
    const change = await setComment(opened, at, text, later);
    const again = await reopen(change.text, format);
    assert.deepEqual(again.verdict, { ok: true });
    if (text.length > 3) assert.ok(!change.text.includes(text));
    return plainTextOf(again);
  };

  it('replaces the lines above, and takes them away', async () => {
    assert.equal(await set(id('a'), 'new comment'), yaml.replace('# top\n# of it\n', '# new comment\n'));
    assert.equal(await set(id('a'), ''), yaml.replace('# top\n# of it\n', ''));
    assert.equal(await set(id('a'), 'x\n\n  y'), yaml.replace('# top\n# of it\n', '# x\n#\n#  y\n'));
  });

  it('adds lines above, indented as the entry', async () => {
    assert.equal(await set(id('group', 'c'), 'what'), yaml.replace('  c: |', '  # what\n  c: |'));
    assert.equal(await set(id('list'), 'what'), yaml.replace('list:', '# what\nlist:'));
    assert.equal(await set(id('list', 1), 'what'), yaml.replace('  - k', '  # what\n  - k'));
  });

  it('keeps one line at the end of the line where it was', async () => {
    assert.equal(await set(id('group'), 'other'), yaml.replace('# inner', '# other'));
    assert.equal(await set(id('list', 0), 'other'), yaml.replace('# first', '# other'));
    assert.equal(await set(id('list', 0), ''), yaml.replace(' # first', ''));
    assert.equal(await set(id('group'), 'two\nlines'), yaml.replace('group: # inner', '# two\n# lines\ngroup:'));
  });

  it('makes one comment of those above and at the end', async () => {
    assert.equal(await set(id('group', 'b'), 'all'), yaml.replace('# one', '# all').replace(' # end', ''));
  });

  it('knows dotenv and INI, and that JSON has none', async () => {
    assert.equal(await set(id('B'), 'why', 'A=1\nB=2\n', 'dotenv'), 'A=1\n# why\nB=2\n');
    assert.equal(await set(id('B'), '', 'A=1\n# x\nB=2\n', 'dotenv'), 'A=1\nB=2\n');
    assert.equal(await set(id('s', 'b'), 'why', '[s]\na = 1\nb = 2\n', 'ini'), '[s]\na = 1\n; why\nb = 2\n');
    await assert.rejects(set(id('a'), 'why', '{"a": 1}', 'json'), { code: 'BAD_VALUE' });
  });

  it('refuses control characters, and places without a line of their own', async () => {
    for (const text of ['a\u0000b', 'a\u0085b', 'a\rb', 'a\u2028b'])
      await assert.rejects(set(id('a'), text), { code: 'BAD_VALUE' });
    await assert.rejects(set(id('list', 1, 'k'), 'x'), { code: 'UNSUPPORTED_VALUE' });
  });

  it('refuses to take away the comment that an entry is encrypted by', async () => {
    const opened = await sealed('# mark\na: xx\nb: yy\n', 'yaml', makeSelector('encrypted_comment_regex', 'mark'));
    await assert.rejects(setComment(opened, id('a'), 'other', later), { code: 'NOT_SELECTED' });
  });
});

describe('marking as not encrypted', () => {
  const mark = async (source: string, at: string, on: boolean, selector?: Selector, format: FormatId = 'yaml') => {
    const change = await markPlain(await sealed(source, format, selector), at, on, later);
    const again = await reopen(change.text, format);
    assert.deepEqual(again.verdict, { ok: true });
    return { plain: await plainTextOf(again), secret: again.sealed.leaves.map((leaf) => leaf.encrypted) };
  };

  it('renames where the selector goes by a suffix', async () => {
    const source = 'a: xx\nb_unencrypted: yy\ng:\n  c: zz\n';
    const on = await mark(source, id('a'), true);
    assert.deepEqual(on, { plain: source.replace('a:', 'a_unencrypted:'), secret: [false, false, true] });
    const off = await mark(source, id('b_unencrypted'), false);
    assert.deepEqual(off, { plain: source.replace('b_unencrypted:', 'b:'), secret: [true, true, true] });
    assert.deepEqual((await mark(source, id('g'), true)).secret, [true, false, false]);
    assert.equal((await mark('A=1\n', id('A'), true, undefined, 'dotenv')).plain, 'A_unencrypted=1\n');
    const suffix = makeSelector('encrypted_suffix', '_secret');
    assert.equal((await mark('a_secret: xx\nb: yy\n', id('a_secret'), true, suffix)).plain, 'a: xx\nb: yy\n');
    assert.equal((await mark('a_secret: xx\nb: yy\n', id('b'), false, suffix)).plain, 'a_secret: xx\nb_secret: yy\n');
  });

  it('writes or removes a comment where the selector goes by comments', async () => {
    const plainMark = makeSelector('unencrypted_comment_regex', '^ ?sops: plain$');
    const word = makeSelector('unencrypted_comment_regex', 'public');
    assert.deepEqual(await mark('a: xx\nb: yy\n', id('b'), true, word), {
      plain: 'a: xx\n# public\nb: yy\n',
      secret: [true, false],
    });
    assert.deepEqual(await mark('a: xx\n# public\nb: yy\n', id('b'), false, word), {
      plain: 'a: xx\nb: yy\n',
      secret: [true, true],
    });
    const encrypted = makeSelector('encrypted_comment_regex', 'secret');
    assert.deepEqual((await mark('a: xx # secret\nb: yy\n', id('a'), true, encrypted)).plain, 'a: xx\nb: yy\n');
    await assert.rejects(mark('a: xx\n', id('a'), true, plainMark), { code: 'NOT_SELECTED' });
  });

  it('says so where the selector does not allow it', async () => {
    const what = (reason: string) => (error: { code?: string; place?: { what?: string } }) =>
      error.code === 'NOT_SELECTED' && error.place?.what === reason;
    await assert.rejects(mark('a: xx\n', id('a'), true, makeSelector('encrypted_regex', 'a')), what('regex'));
    await assert.rejects(mark('g_unencrypted:\n  a: xx\n', id('g_unencrypted', 'a'), false), what('suffix'));
    await assert.rejects(mark('l:\n  - xx\n', id('l', 0), true), what('suffix'));
    const word = makeSelector('unencrypted_comment_regex', 'public');
    await assert.rejects(mark('# public\ng:\n  a: xx\n', id('g', 'a'), false, word), what('comment'));
  });
});
