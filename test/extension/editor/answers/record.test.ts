import assert from 'node:assert/strict';
import { fake } from '../../../fakes/vscode.ts';
import { Desk } from '../desk.ts';

const yaml = '# top\ndb:\n  password: canary-a # canary-comment\n  port: 5432\nlist: [canary-b]\n';
const token = /\uE000[A-Za-z0-9]+\uE001/g;

describe('what a page of the Secrets Editor gets', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await Desk.make();
  });
  afterEach(() => desk.end());

  const recorded = () => desk.stage.recorded.map(({ purpose, key }) => `${purpose} ${key ?? ''}`.trim());

  it('is in the access log, by key path', async () => {
    const { page, document } = await desk.sealed('a.yaml', yaml, 'yaml');
    assert.deepEqual(recorded(), [], 'rows hold no value');
    const row = page.row('password').id;
    await page.ask('reveal', { row });
    await page.ask('edit', { row });
    await page.ask('copy', { row });
    await page.ask('comment', { row });
    await page.ask('reveal', { row: page.row('[0]').id });
    const { text } = await page.ask('text', {});
    assert.equal(recorded().length, 5, 'tokens hold no value');
    await page.ask('textShow', { tokens: text.match(token) ?? [] });
    await page.ask('markPlain', { row: page.row('port').id, on: true }).catch(() => undefined);
    assert.deepEqual(recorded().slice(0, 5), [
      ...['reveal db.password', 'edit db.password', 'copy db.password', 'reveal comment of db.password'],
      'reveal list[0]',
    ]);
    assert.match(recorded()[5] ?? '', /^reveal .*db\.password.*db\.port.*list\[0\]/);
    assert.ok(
      desk.stage.recorded.every(({ uri, by }) => by === 'Secrets Editor' && String(uri) === String(document.uri)),
    );
    assert.ok(!JSON.stringify(recorded()).includes('canary'));
  });

  it('is there once a minute for searches', async () => {
    const { page } = await desk.sealed('a.yaml', yaml, 'yaml');
    for (const text of ['c', 'ca', 'can']) await page.ask('findValues', { text, matchCase: false });
    assert.deepEqual(recorded(), ['search']);
  });

  it('is not there when it was refused', async () => {
    const { page } = await desk.sealed('a.yaml', yaml, 'yaml');
    const row = page.row('password').id;
    await page.refused('reveal', { row: '[0,"nothing"]' });
    desk.stage.services.presentation.set(true);
    await page.refused('reveal', { row });
    desk.stage.vault.lock();
    await page.refused('copy', { row });
    assert.deepEqual(recorded(), []);
    assert.equal(fake.clipboard, '');
  });
});
