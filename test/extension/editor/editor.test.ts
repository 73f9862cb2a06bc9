import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { fake } from '../../fakes/vscode.ts';
import { Desk } from './desk.ts';

const yaml = `# about the file

db:
  # the password
  password: canary-a
  port: 5432
  hosts:
    - canary-b
    - canary-c
empty: ""
nothing: null
when: 2026-01-02T03:04:05Z
plain_unencrypted: shown
pem: |
  one
  two
`;

describe('the Secrets Editor', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await Desk.make();
  });
  afterEach(() => desk.end());

  it('shows names, kinds and places, and no value', async () => {
    const { page } = await desk.sealed('a.yaml', yaml, 'yaml');
    assert.deepEqual(
      page.rows.map((row) => [row.kind, row.depth, row.name, row.type, row.children]),
      [
        ['comment', 0, '', 'str', 0],
        ['group', 0, 'db', 'str', 3],
        ['entry', 1, 'password', 'str', 0],
        ['entry', 1, 'port', 'int', 0],
        ['group', 1, 'hosts', 'str', 2],
        ['entry', 2, '[0]', 'str', 0],
        ['entry', 2, '[1]', 'str', 0],
        ['entry', 0, 'empty', 'str', 0],
        ['entry', 0, 'nothing', 'null', 0],
        ['entry', 0, 'when', 'time', 0],
        ['entry', 0, 'plain_unencrypted', 'str', 0],
        ['entry', 0, 'pem', 'str', 0],
      ],
    );
    assert.equal(page.row('password').secretComment, true, 'the comment above it is encrypted, too');
    assert.equal(page.row('plain_unencrypted').plain, 'shown');
    assert.equal(page.row('pem').lines, '2-10');
    assert.equal(page.row('empty').empty, true);
    assert.equal(page.row('hosts').list, true);
    assert.equal(page.row('[1]').list, true);
    assert.ok(!JSON.stringify(page.sent).includes('canary'));
    assert.deepEqual([page.state.readers, page.state.readOnly, page.state.notice], [1, false, undefined]);
    const html = page.panel.webview.html.replaceAll('&#39;', "'");
    assert.match(html, /default-src 'none'; script-src 'nonce-[A-Za-z0-9+/=]{32}'/);
  });

  it('gives one value for a reveal, an edit or a copy', async () => {
    const { page } = await desk.sealed('a.yaml', yaml, 'yaml');
    const row = page.row('password').id;
    assert.deepEqual(await page.ask('reveal', { row }), { text: 'canary-a' });
    assert.deepEqual(await page.ask('edit', { row: page.row('port').id }), { text: '5432', type: 'int' });
    assert.equal(await page.ask('copy', { row }), null);
    assert.equal(fake.clipboard, 'canary-a');
    assert.deepEqual(await page.ask('findValues', { text: 'CANARY-', matchCase: false }), {
      rows: [page.row('password').id, page.row('[0]').id, page.row('[1]').id],
    });
    assert.deepEqual(await page.ask('findValues', { text: 'CANARY-', matchCase: true }), { rows: [] });
  });

  it('sets a value as one step of ciphertext, that undo and redo know', async () => {
    const custom = await desk.sealed('a.yaml', yaml, 'yaml');
    const { page, document } = custom;
    const before = document.text;
    const row = page.row('password').id;
    const done = await page.ask('set', { row, text: 'canary-new', as: 'str' });
    assert.equal(done?.focus, row);
    assert.equal(done?.revision, page.revision);
    assert.equal(page.row('password').changed, 'unsaved');
    assert.ok(!document.text.includes('canary'));
    assert.deepEqual([custom.dirty, document.dirty], [true, true]);
    assert.equal(custom.edits.length, 1);
    const after = document.text;
    assert.deepEqual(await page.ask('reveal', { row }), { text: 'canary-new' });
    await custom.undo();
    assert.equal(document.text, before);
    assert.deepEqual([custom.dirty, document.dirty], [false, false]);
    assert.deepEqual(await page.ask('reveal', { row }), { text: 'canary-a' });
    await custom.redo();
    assert.equal(document.text, after);
    assert.equal(custom.dirty, true);
    assert.equal(desk.read('a.yaml'), before, 'saving is the person’s');
    await custom.save();
    assert.equal(desk.read('a.yaml'), after);
    assert.equal(custom.dirty, false);
    assert.equal(page.row('password').changed, undefined);
  });

  it('keeps types, and says what does not fit', async () => {
    const { page } = await desk.sealed('a.yaml', yaml, 'yaml');
    const row = page.row('port').id;
    const problem = await page.refused('set', { row, text: 'canary', as: 'int' });
    assert.equal(problem.code, 'BAD_VALUE');
    assert.match(problem.text, /whole number/);
    assert.ok(!JSON.stringify(problem).includes('canary'));
    for (const [text, as] of [
      ['6', 'int'],
      ['1.5', 'float'],
      ['NaN', 'float'],
      ['+Inf', 'float'],
      ['true', 'bool'],
      ['2026-01-02T03:04:05Z', 'time'],
      ['', 'null'],
      ['text', 'str'],
    ] as const) {
      await page.ask('set', { row, text, as });
      assert.deepEqual(await page.ask('edit', { row }), { text, type: as });
      assert.equal(page.row('port').type, as);
    }
    for (const [text, as] of [
      ['00123', 'int'],
      ['+4917012345678', 'int'],
      ['12345678901234567890123', 'int'],
      ['12345678901234567890123', 'float'],
      ['+1.5', 'float'],
    ] as const) {
      const lost = await page.refused('set', { row, text, as });
      assert.match(lost.text, /would lose zeros, a sign or digits/, text);
      await page.ask('set', { row, text, as: 'str' });
      assert.deepEqual(await page.ask('edit', { row }), { text, type: 'str' });
    }
    const env = await desk.sealed('.env', 'A=1\n', 'dotenv');
    const refused = await env.page.refused('set', { row: env.page.row('A').id, text: '1', as: 'int' });
    assert.match(refused.text, /no values of this type/);
  });

  it('sends changed rows only', async () => {
    const { page } = await desk.sealed('a.yaml', yaml, 'yaml');
    const count = page.sent.length;
    await page.ask('set', { row: page.row('port').id, text: '1', as: 'int' });
    const [rows, ...more] = page.sent.slice(count).filter((one) => one.type !== 'answer');
    assert.deepEqual(more, []);
    assert.ok(rows?.type === 'rows');
    assert.deepEqual([rows.at, rows.remove, rows.rows.length], [3, 1, 1]);
  });

  it('is one document for all its tabs', async () => {
    const custom = await desk.sealed('a.yaml', yaml, 'yaml');
    const first = custom.page;
    const second = await custom.show();
    await second.ask('set', { row: second.row('password').id, text: 'x', as: 'str' });
    assert.equal(first.row('password').changed, 'unsaved');
    assert.deepEqual(first.rows, second.rows);
    assert.equal(first.revision, second.revision);
  });

  it('answers everything that has a number, and tells nothing back', async () => {
    const { page } = await desk.sealed('a.yaml', yaml, 'yaml');
    const row = page.row('password').id;
    const count = page.sent.length;
    for (const message of [
      undefined,
      null,
      7,
      'ready',
      [],
      {},
      { type: 'reveal' },
      { type: 'reveal', args: { row } },
    ]) {
      await page.say(message);
    }
    assert.equal(page.sent.length, count);
    const odd = [
      { type: 'nonsense-canary', request: 900, revision: 1, args: {} },
      { type: '__proto__', request: 901, revision: 1, args: {} },
      { type: 'reveal', request: 902, revision: 1, args: { row: { canary: 1 } } },
      { type: 'reveal', request: 903, revision: 1, args: { row, more: 'canary' } },
      { type: 'set', request: 904, revision: 1, args: { row, text: 'canary', as: 'other' } },
      { type: 'reveal', request: 905, revision: -1, args: { row } },
      { type: 'generate', request: 906, revision: 1, args: { options: { kind: 'uuid', count: 1e9 } } },
    ];
    for (const message of odd) await page.say(message);
    const answers = page.sent.slice(count);
    assert.deepEqual(
      answers.map((one) => one.type === 'answer' && [one.request, one.ok]),
      odd.map(({ request }) => [request, false]),
    );
    assert.ok(!JSON.stringify(answers).includes('canary'));
    assert.ok(!fake.log.join('\n').includes('canary'));
  });

  it('has no rows of another document', async () => {
    const one = await desk.sealed('a.yaml', yaml, 'yaml');
    const other = await desk.sealed('b.yaml', 'other: canary-other\n', 'yaml');
    const { id } = other.page.row('other');
    assert.equal((await one.page.refused('reveal', { row: id })).code, 'NO_SUCH_ENTRY');
    assert.equal((await one.page.refused('remove', { rows: [id] })).code, 'NO_SUCH_ENTRY');
    assert.ok(!JSON.stringify(one.page.sent).includes('canary-other'));
  });

  it('does not take a row for another one that moved there', async () => {
    const { page } = await desk.sealed('a.yaml', yaml, 'yaml');
    const old = page.revision;
    const first = page.row('[0]').id;
    const second = page.row('[1]').id;
    await page.ask('remove', { rows: [first] });
    assert.equal((await page.refused('reveal', { row: first }, old)).code, 'NO_SUCH_ENTRY');
    assert.equal((await page.refused('reveal', { row: second }, old)).code, 'NO_SUCH_ENTRY');
    assert.deepEqual(await page.ask('reveal', { row: page.row('password').id }, old), { text: 'canary-a' });
    assert.deepEqual(await page.ask('reveal', { row: page.row('[0]').id }), { text: 'canary-c' });
  });

  it('reverts to the disk', async () => {
    const custom = await desk.sealed('.env', 'A=1\n', 'dotenv');
    await custom.page.ask('set', { row: custom.page.row('A').id, text: '2', as: 'str' });
    await custom.revert();
    assert.deepEqual([custom.dirty, custom.document.dirty], [false, false]);
    assert.deepEqual(await custom.page.ask('reveal', { row: custom.page.row('A').id }), { text: '1' });
  });

  it('backs up ciphertext, and brings it back while locked', async () => {
    const custom = await desk.sealed('.env', 'A=canary-a\n', 'dotenv');
    await custom.page.ask('set', { row: custom.page.row('A').id, text: 'canary-b', as: 'str' });
    await assert.rejects(custom.backup('cancelled', true));
    assert.ok(!existsSync(desk.at('cancelled')));
    const backup = await custom.backup('store/backup');
    assert.ok(!desk.read('store/backup').includes('canary'));
    const { text } = custom.document;
    custom.close();
    desk.stage.vault.lock();
    const again = await desk.open('.env', backup.id);
    assert.equal(again.page.notice?.kind, 'locked');
    assert.deepEqual([again.dirty, again.document.dirty, again.document.text], [true, true, text]);
    desk.stage.vault.unlock();
    await again.settle();
    assert.deepEqual(await again.page.ask('reveal', { row: again.page.row('A').id }), { text: 'canary-b' });
    await again.page.ask('set', { row: again.page.row('A').id, text: 'c', as: 'str' });
    await again.undo();
    assert.equal(again.dirty, true, 'VS Code counts edits; what was restored is none');
    await again.save();
    assert.equal(desk.read('.env'), text);
    assert.deepEqual(readdirSync(desk.at('store')), [], 'the backup is gone');
  });

  it('brings the newest edits back, whichever backup VS Code names', async () => {
    const custom = await desk.sealed('.env', 'A=1\n', 'dotenv');
    const set = (one: typeof custom, text: string) =>
      one.page.ask('set', { row: one.page.row('A').id, text, as: 'str' });
    await set(custom, '2');
    const first = await custom.backup('store/one');
    custom.close();
    const again = await desk.open('.env', first.id);
    await set(again, '3');
    await again.backup('store/two');
    again.close();
    const last = await desk.open('.env', first.id);
    assert.deepEqual(await last.page.ask('reveal', { row: last.page.row('A').id }), { text: '3' });
    await last.save();
    assert.deepEqual(readdirSync(desk.at('store')), []);
    last.close();
    const clean = await desk.open('.env', first.id);
    assert.deepEqual(await clean.page.ask('reveal', { row: clean.page.row('A').id }), { text: '3' });
    await clean.settle();
    assert.equal(clean.document.dirty, false);
  });

  it('opens the file where a backup cannot be read', async () => {
    const custom = await desk.sealed('.env', 'A=1\n', 'dotenv');
    const backup = await custom.backup('store/one');
    custom.close();
    writeFileSync(desk.at('store/one'), '{}');
    const again = await desk.open('.env', backup.id);
    assert.deepEqual(await again.page.ask('reveal', { row: again.page.row('A').id }), { text: '1' });
  });

  it('forgets on lock, presentation and when the window loses the focus; a lock loses no edit', async () => {
    const custom = await desk.sealed('.env', 'A=canary-a\n', 'dotenv');
    const { page } = custom;
    const row = page.row('A').id;
    await page.ask('set', { row, text: 'canary-b', as: 'str' });
    const forgets = () => page.sent.filter((one) => one.type === 'forget').length;
    desk.stage.vault.lock();
    assert.equal(forgets(), 1);
    assert.equal((await page.refused('reveal', { row })).code, 'LOCKED');
    assert.equal(page.notice?.kind, 'locked');
    assert.deepEqual(page.rows, []);
    desk.stage.vault.unlock();
    await custom.settle();
    assert.deepEqual(await page.ask('reveal', { row }), { text: 'canary-b' });
    desk.stage.services.presentation.set(true);
    assert.equal(forgets(), 2);
    for (const type of ['reveal', 'edit'] as const)
      assert.match((await page.refused(type, { row })).text, /Presentation/);
    desk.stage.services.presentation.set(false);
    fake.events.windowState.fire({ focused: false, active: false });
    assert.equal(forgets(), 3);
  });

  it('changes nothing in Restricted Mode', async () => {
    fake.trusted = false;
    const { page, document } = await desk.sealed('.env', 'A=1\n', 'dotenv');
    const row = page.row('A').id;
    assert.equal(page.state.readOnly, true);
    assert.match((await page.refused('set', { row, text: '2', as: 'str' })).text, /Restricted Mode/);
    assert.equal(document.dirty, false);
    assert.deepEqual(await page.ask('reveal', { row }), { text: '1' });
  });
});
