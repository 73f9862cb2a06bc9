import assert from 'node:assert/strict';
import { coded, readChecklist, withTicks, writeChecklist } from '../../../src/core/checklist/form.ts';

describe('a checklist as a text', () => {
  const item = { commit: '3f2a1bc4d5', formerly: undefined, gone: false };
  const made = writeChecklist({
    name: 'Maria',
    recipients: ['age1one', 'age1two'],
    today: '2026-11-27',
    files: [
      {
        path: 'config/prod.yaml',
        gone: false,
        items: [
          { ...item, entry: 'database.password' },
          { ...item, entry: 'old["a`b"]', gone: true, formerly: 'config/old.yaml' },
          { ...item, entry: 'new', commit: undefined },
        ],
      },
      { path: '.env', gone: true, items: [{ ...item, entry: 'A' }] },
    ],
    notes: ['A note.'],
  });

  it('lists names and commits, and reads them back', () => {
    assert.ok(made.startsWith('# Maria: values to replace\n\n- Recipient: `age1one`\n- Recipient: `age1two`\n'));
    assert.ok(made.includes('\n## `config/prod.yaml`\n\n- [ ] `database.password`: in `3f2a1bc4d5`\n'));
    assert.ok(made.includes('- [ ] `old["a\\u{60}b"]`: in `3f2a1bc4d5` as `config/old.yaml`, no longer in the file\n'));
    assert.ok(made.includes('- [ ] `new`: in no commit\n'));
    assert.ok(made.includes('\n## `.env` (no longer here)\n'));
    const read = readChecklist(made);
    assert.equal(read?.name, 'Maria');
    assert.deepEqual(read?.recipients, ['age1one', 'age1two']);
    assert.deepEqual(
      read?.items.map(({ file, entry, tick }) => [file, entry, tick]),
      [
        ['config/prod.yaml', 'database.password', undefined],
        ['config/prod.yaml', 'old["a\\u{60}b"]', undefined],
        ['config/prod.yaml', 'new', undefined],
        ['.env', 'A', undefined],
      ],
    );
  });

  it('ticks an item and takes the tick away, and keeps every other character', () => {
    const text = made
      .replace('`new`: in no commit', '`new`: in no commit (Ada asks the bank)')
      .replaceAll('\n', '\r\n');
    const line = readChecklist(text)?.items[2]?.line ?? 0;
    const ticked = withTicks(text, new Map([[line, 'changed']]), '2026-11-28');
    assert.equal(
      ticked,
      text.replace(
        '- [ ] `new`: in no commit (Ada asks the bank)',
        '- [x] `new`: in no commit (Ada asks the bank); changed on 2026-11-28',
      ),
    );
    assert.equal(readChecklist(ticked)?.items[2]?.tick, 'changed');
    const byHand = withTicks(ticked, new Map([[line, 'by hand']]), '2026-11-29');
    assert.equal(byHand.match(/on 2026/g)?.length, 1 + (text.match(/on: 2026/g)?.length ?? 0) - 1);
    assert.equal(readChecklist(byHand)?.items[2]?.tick, 'by hand');
    assert.equal(withTicks(byHand, new Map([[line, undefined]]), '2026-11-29'), text);
    assert.equal(withTicks(text, new Map([[0, 'changed']]), '2026-11-28'), text, 'what is no item stays');
  });

  it('takes a tick that somebody typed for one by hand', () => {
    const typed = made.replace('- [ ] `new`', '- [X] `new`');
    assert.equal(readChecklist(typed)?.items[2]?.tick, 'by hand');
  });

  it('is no checklist without a title or a recipient', () => {
    assert.equal(readChecklist(made.replace(/^#.*/, '')), undefined);
    assert.equal(readChecklist(made.replaceAll('- Recipient', '- Reader')), undefined);
    assert.equal(readChecklist(''), undefined);
    assert.deepEqual(readChecklist(made.slice(0, made.indexOf('##')))?.items, []);
  });

  it('holds a hostile name on one line, without markup', () => {
    const text = writeChecklist({
      name: 'x\n- [x] `a` ![](http://evil) <b>\u202e',
      recipients: ['age1one'],
      today: '2026-11-27',
      files: [{ path: 'a`\n## b', gone: false, items: [{ ...item, entry: 'k' }] }],
      notes: [],
    });
    const first = text.slice(0, text.indexOf('\n'));
    assert.equal(first, '# x - \\[x\\] \\`a\\` \\!\\[\\](http://evil) \\<b\\>\\\\u{202e}: values to replace');
    const read = readChecklist(text);
    assert.equal(read?.items.length, 1);
    assert.equal(read?.name, 'x - [x] `a` ![](http://evil) <b>\\u{202e}');
    assert.equal(coded('a`\n'), '`a\\u{60}\\u{a}`');
  });
});
