import assert from 'node:assert/strict';
import { change } from '../../../src/core/change/change.ts';
import { applyEdits, type FormatId } from '../../../src/core/format/document.ts';
import type { Opened } from '../../../src/core/open/open.ts';
import { unseal } from '../../../src/core/open/unseal.ts';
import { seal, sealBytes } from '../../../src/core/seal/seal.ts';
import { scalar, text } from '../../../src/core/tree/value.ts';
import { alice, bob, clock, later, reopen } from '../support.ts';

const recipients = [alice.recipient];

async function sealed(plain: string, format: FormatId): Promise<Opened> {
  return reopen((await seal(plain, format, { recipients }, clock)).text, format);
}

const mark = '\ufeff';

describe('a change of a file', () => {
  it('takes several steps as one, each on what the ones before it left', async () => {
    const opened = await sealed('# head\na: 1\nb: two\nc: three # why\n', 'yaml');
    const done = await change(
      opened,
      [
        { kind: 'set', id: '[0,"a"]', value: text('x') },
        { kind: 'set', id: '[0,"b"]', value: { type: 'int', value: 2n } },
        { kind: 'reword', comment: 1, text: ' because' },
        { kind: 'rename', id: '[0,"b"]', key: 'd' },
        { kind: 'add', to: { group: '[0]' }, members: [{ key: 'e', value: scalar(text('new')) }] },
        { kind: 'move', id: '[0,"d"]', to: { group: '[0]' } },
      ],
      later,
    );
    assert.equal(applyEdits(opened.sealed.doc.text, done.edits), done.text);
    const after = await reopen(done.text, 'yaml');
    assert.deepEqual(after.verdict, { ok: true });
    assert.equal((await unseal(after)).text, '# head\na: x\nc: three # because\ne: new\nd: 2\n');
  });

  it('that is only new values swaps ciphertexts, however many', async () => {
    const opened = await sealed('a: 1\nb: two\nc: three\n', 'yaml');
    const steps = ['a', 'b'].map((key) => ({ kind: 'set', id: `[0,"${key}"]`, value: text('x') }) as const);
    const { edits, text: after } = await change(opened, steps, later);
    assert.equal(edits.length, 4, 'two values, mac and lastmodified');
    assert.equal((await unseal(await reopen(after, 'yaml'))).text, 'a: x\nb: x\nc: three\n');
  });

  it('is refused as a whole where one of its steps cannot be taken', async () => {
    const opened = await sealed('a: 1\nb: two\n', 'yaml');
    const set = { kind: 'set', id: '[0,"a"]', value: text('x') } as const;
    await assert.rejects(change(opened, [set, { ...set, id: '[0,"gone"]' }], later), { code: 'NO_SUCH_ENTRY' });
    await assert.rejects(change(opened, [set, { kind: 'reword', comment: 0, text: 'x' }], later), {
      code: 'NO_SUCH_ENTRY',
    });
    await assert.rejects(change(opened, [set, { kind: 'rename', id: '[0,"b"]', key: 'a' }], later), {
      code: 'ENTRY_EXISTS',
    });
    assert.deepEqual((await change(opened, [], later)).edits, []);
  });

  it('of any kind is refused where the MAC does not hold', async () => {
    const whole = await sealed('a: 1\nb_unencrypted: open\n', 'yaml');
    const opened = await reopen(whole.sealed.doc.text.replace(': open', ': other'), 'yaml');
    for (const intent of [
      { kind: 'set', id: '[0,"a"]', value: text('x') },
      { kind: 'remove', ids: ['[0,"a"]'] },
      { kind: 'text', text: 'a: 2\n' },
      { kind: 'bytes', bytes: new Uint8Array() },
      { kind: 'rotate' },
      { kind: 'readers', groups: [[{ kind: 'age', name: bob.recipient }]], threshold: 0 },
    ] as const)
      await assert.rejects(change(opened, intent, later), { code: 'EDIT_LOCKED' }, intent.kind);
  });

  it('lets a swap pass behind a hidden mark, and nothing that may put another entry first', async () => {
    const shown = await sealed(`${mark}A=one\nB_unencrypted=two\n`, 'dotenv');
    const opened = await reopen(shown.sealed.doc.text.slice(1), 'dotenv');
    assert.deepEqual(opened.verdict, { ok: true });
    for (const value of ['three', '']) {
      const { text: after } = await change(opened, { kind: 'set', id: '[0,"A"]', value: text(value) }, later);
      assert.deepEqual((await reopen(mark + after, 'dotenv')).value(`[0,"${mark}A"]`), text(value));
    }
    const refused = { code: 'UNSUPPORTED_VALUE' };
    for (const intent of [
      { kind: 'set', id: '[0,"B_unencrypted"]', value: text('x') },
      { kind: 'rename', id: '[0,"A"]', key: 'C' },
      { kind: 'put', entries: [{ name: 'C', value: text('x') }] },
      { kind: 'text', text: 'C=x\nA=one\n' },
    ] as const)
      await assert.rejects(change(opened, intent, later), refused, intent.kind);
  });

  it('keeps values that a flat format has with a type, beside what it changes', async () => {
    for (const [format, plain, id, group] of [
      ['dotenv', 'A=one\nB=two\n', '[0,"A"]', '[0]'],
      ['ini', '[s]\nA = one\nB = two\n', '[0,"s","A"]', '[0,"s"]'],
    ] as const) {
      for (const value of [
        { type: 'int', value: 5n },
        { type: 'bool', value: true },
        { type: 'float', value: 1.5 },
      ] as const) {
        const typed = await change(await sealed(plain, format), { kind: 'set', id, value }, later);
        const opened = await reopen(typed.text, format);
        const members = [{ key: 'C', value: scalar(text('three')) }];
        const { text: after } = await change(opened, { kind: 'add', to: { group }, members }, later);
        const enc = /ENC\[[^\]]*type:(?:int|bool|float)\]/.exec(typed.text)?.[0] ?? assert.fail();
        assert.ok(after.includes(enc), `${format} ${value.type}`);
        assert.deepEqual((await reopen(after, format)).value(id), value);
      }
    }
  });

  it('of a binary file is one of its bytes', async () => {
    const { text: file } = await sealBytes(new Uint8Array(), 'binary', { recipients }, clock);
    const opened = await reopen(file, 'binary');
    const bytes = new Uint8Array([0xff, 0]);
    const filled = await reopen((await change(opened, { kind: 'bytes', bytes }, later)).text, 'binary');
    assert.deepEqual(filled.value('[0,"data"]'), { type: 'str', value: bytes });
    const emptied = await change(filled, { kind: 'bytes', bytes: new Uint8Array() }, later);
    assert.deepEqual((await reopen(emptied.text, 'binary')).value('[0,"data"]'), text(''));
    await assert.rejects(change(filled, { kind: 'remove', ids: ['[0,"data"]'] }, later), { code: 'BAD_VALUE' });
  });

  it('by its whole text leaves nothing in clear text that nobody has seen', async () => {
    const opened = await sealed('a: 1\nb_unencrypted: open\n', 'yaml');
    const plain = 'a: 1\nb_unencrypted: 1\n';
    const at = plain.lastIndexOf('1');
    const unseen = [{ start: at, end: at + 1 }];
    await assert.rejects(change(opened, { kind: 'text', text: plain, unseen }, later), {
      code: 'NOT_SELECTED',
      place: { offset: at },
    });
    const hidden = [{ start: 3, end: 4 }];
    await change(opened, { kind: 'text', text: 'a: 2\nb_unencrypted: open\n', unseen: hidden }, later);
  });
});
