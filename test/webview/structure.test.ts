import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { Browser, everything, picture } from './open.ts';
import { blurWindow, choose, field, filled, focusedRow, go, names, row, until } from './page.ts';
import { canary, nested } from './samples.ts';
import { type Node, StubHost } from './stub.ts';

const browser = new Browser();
const flat = (): Node[] => ['A', 'B', 'C', 'D'].map((name) => ({ name, value: `value of ${name}` }));
const grouped = (): Node[] => [
  {
    name: 'one',
    children: [
      { name: 'a', value: '1' },
      { name: 'b', value: '2' },
    ],
  },
  { name: 'two', children: [] },
  { name: 'c', value: '3' },
];
const open = (host: StubHost) => browser.open(host);
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

describe('changing what is in a file', () => {
  before(() => browser.start());
  after(() => browser.stop());
  afterEach(() => {
    assert.deepEqual(browser.complaints, []);
    assert.deepEqual(browser.strangers, []);
  });

  it('adds the first secret of an empty file', async () => {
    const host = new StubHost([], { format: 'dotenv' });
    const page = await open(host);
    await page.locator('.middle').getByRole('button', { name: 'Add a Secret' }).click();
    assert.ok((await page.locator('.panel').boundingBox())!.height > 80);
    await picture(page, 'empty-add-dark');
    await page.keyboard.type('FIRST');
    await page.keyboard.press('Tab');
    await page.keyboard.type('its value');
    await page.keyboard.press('Enter');
    await row(page, 'FIRST').waitFor();
    assert.deepEqual(host.named('add')[0]!.args, { place: {}, name: 'FIRST', text: 'its value', as: 'str' });
    assert.equal(await focusedRow(page), 'FIRST');
    assert.ok(!(await everything(page)).includes('its value'));
    await page.close();
  });

  it('moves a row as often as the key is pressed, however quickly', async () => {
    const items = ['x', 'y', 'z'].map((value) => ({ name: '', value }));
    const host = new StubHost([...flat(), { name: 'list', list: true, children: items }]);
    host.slow.set('move', 200);
    const page = await open(host);
    await go(page, 'A');
    for (let n = 0; n < 3; n++) await page.keyboard.press('Alt+ArrowDown');
    await until(async () => (await names(page)).slice(0, 4).join() === 'B,C,D,A');
    await until(async () => (await focusedRow(page)) === 'A');
    await go(page, 'list');
    await page.keyboard.press('ArrowDown');
    for (const key of ['Alt+ArrowDown', 'Alt+ArrowDown', 'Alt+ArrowUp']) await page.keyboard.press(key);
    await until(() => host.named('move').length === 6);
    await until(() => host.nodes[4]!.children!.map(({ value }) => value).join() === 'y,x,z');
    await page.close();
  });

  it('adds a secret behind the current row, in its group', async () => {
    const host = new StubHost(grouped());
    const page = await open(host);
    await go(page, 'a');
    await page.keyboard.press('Insert');
    await page.keyboard.type('new');
    await picture(page, 'add-dark');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await row(page, 'new').waitFor();
    assert.deepEqual(await names(page), ['one', 'a', 'new', 'b', 'two', 'c']);
    await page.close();
  });

  it('says what is missing, and what is refused', async () => {
    const page = await open(new StubHost(flat()));
    await go(page, 'B');
    await button(page, 'Add').click();
    await page.keyboard.press('Enter');
    await page.locator('.problem', { hasText: 'A name is needed.' }).waitFor();
    await page.keyboard.type('A');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.locator('.problem', { hasText: 'A exists already.' }).waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await focusedRow(page), 'B');
    await page.close();
  });

  it('asks before what was typed into a form is lost', async () => {
    const page = await open(new StubHost(flat()));
    await go(page, 'B');
    await page.keyboard.press('Insert');
    await page.keyboard.type('half');
    await row(page, 'D').locator('.cell.name').click();
    await page.keyboard.press('Enter');
    await page.locator('.problem', { hasText: 'Discard what you typed?' }).waitFor();
    await picture(page, 'discard-dark');
    await button(page, 'Go On Typing').click();
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'half');
    await page.keyboard.press('Escape');
    await page.close();
  });

  it('adds groups and lists', async () => {
    const host = new StubHost(grouped());
    const page = await open(host);
    await choose(page, 'two', 'Add Group');
    await page.keyboard.type('inner');
    await page.getByLabel(/^A list/).check();
    await page.locator('.panel').getByRole('button', { name: 'Add Group' }).click();
    await row(page, 'inner').waitFor();
    assert.deepEqual(host.named('addGroup')[0]!.args, { place: { group: '["two"]' }, name: 'inner', list: true });
    await choose(page, 'inner', 'Add Secret Inside');
    await page.keyboard.type('item');
    await page.keyboard.press('Enter');
    await row(page, '[0]').waitFor();
    await page.close();
  });

  it('renames in place', async () => {
    const host = new StubHost(flat());
    const page = await open(host);
    await go(page, 'B');
    await page.keyboard.press('F2');
    await page.keyboard.type('A');
    await page.keyboard.press('Enter');
    await page.locator('.toast.error', { hasText: 'A exists already.' }).waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('other');
    await picture(page, 'rename-dark');
    await page.keyboard.press('Enter');
    await row(page, 'other').waitFor();
    assert.equal(await focusedRow(page), 'other');
    await page.close();
  });

  it('deletes after one question, and undo brings it back', async () => {
    const host = new StubHost(flat());
    const page = await open(host);
    await go(page, 'B');
    await page.keyboard.press('Delete');
    await page.locator('.question', { hasText: 'Delete B?' }).waitFor();
    await picture(page, 'delete-dark');
    await page.keyboard.press('Escape');
    assert.equal(host.named('remove').length, 0);
    await page.keyboard.press('Delete');
    await page.keyboard.press('Enter');
    await row(page, 'B').waitFor({ state: 'detached' });
    assert.equal(await focusedRow(page), 'C');
    await page.keyboard.press('Control+z');
    await row(page, 'B').waitFor();
    await page.close();
  });

  it('deletes what is selected', async () => {
    const host = new StubHost(flat());
    const page = await open(host);
    await go(page, 'A');
    await page.keyboard.press('Shift+ArrowDown');
    await row(page, 'D')
      .locator('.cell.name')
      .click({ modifiers: ['Control'] });
    assert.equal(await page.locator('.row[aria-selected=true]').count(), 3);
    await picture(page, 'select-dark');
    await page.keyboard.press('Delete');
    await page.locator('.question', { hasText: 'Delete 3 entries?' }).waitFor();
    await page.keyboard.press('Enter');
    await until(async () => (await names(page)).join() === 'C');
    await page.close();
  });

  it('duplicates', async () => {
    const host = new StubHost(flat());
    const page = await open(host);
    await choose(page, 'B', 'Duplicate');
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'B_copy');
    await page.keyboard.press('Enter');
    await until(async () => (await names(page)).join() === 'A,B,B_copy,C,D');
    await page.close();
  });

  it('moves rows by key', async () => {
    const host = new StubHost(flat());
    const page = await open(host);
    await go(page, 'B');
    await page.keyboard.press('Alt+ArrowDown');
    await until(async () => (await names(page)).join() === 'A,C,B,D');
    assert.equal(await focusedRow(page), 'B');
    await page.keyboard.press('Alt+ArrowDown');
    await until(async () => (await names(page)).join() === 'A,C,D,B');
    await page.keyboard.press('Alt+ArrowUp');
    await until(async () => (await names(page)).join() === 'A,C,B,D');
    await page.close();
  });

  it('moves rows by mouse, also into groups', async () => {
    const host = new StubHost(grouped());
    const page = await open(host);
    await row(page, 'c').locator('.label').dragTo(row(page, 'two').locator('.label'));
    await until(() => host.named('move').length === 1);
    assert.deepEqual(host.named('move')[0]!.args, { row: '["c"]', place: { group: '["two"]' } });
    await until(async () => (await row(page, 'c').getAttribute('aria-level')) === '2');
    await row(page, 'b')
      .locator('.label')
      .dragTo(row(page, 'a').locator('.label'), { targetPosition: { x: 3, y: 3 } });
    await until(async () => (await names(page)).join() === 'one,b,a,two,c');
    await page.close();
  });

  it('moves rows with a picker of groups', async () => {
    const host = new StubHost(grouped());
    const page = await open(host);
    await choose(page, 'a', 'Move to…');
    assert.deepEqual(await page.getByRole('option').allTextContents(), ['Top level', 'two']);
    await picture(page, 'move-to-dark');
    await page.keyboard.type('tw');
    await page.keyboard.press('Enter');
    await until(() => host.named('move').length === 1);
    assert.deepEqual(host.named('move')[0]!.args, { row: '["one","a"]', place: { group: '["two"]' } });
    await until(async () => (await focusedRow(page)) === 'a');
    await page.close();
  });

  it('edits comments, and keeps those that are encrypted hidden', async () => {
    const host = new StubHost(nested());
    const page = await open(host);
    await choose(page, 'password', 'Edit Comment');
    assert.equal(await filled(page, 'Comment of password').inputValue(), 'rotate each quarter');
    await filled(page, 'Comment of password').fill('rotate each month');
    await page.keyboard.press('Control+Enter');
    await row(page, 'password').locator('.comment', { hasText: 'rotate each month' }).waitFor();
    await choose(page, 'session_secret', 'Edit Comment');
    const hidden = filled(page, 'Comment of session_secret');
    assert.equal(await hidden.inputValue(), canary.comment);
    assert.ok(await hidden.evaluate((e) => e.classList.contains('masked')));
    await picture(page, 'comment-dark');
    await page.keyboard.press('Escape');
    assert.ok(!(await everything(page)).includes(canary.comment));
    await page.close();
  });

  it('shows an encrypted comment line by its button, for its time', async () => {
    const host = new StubHost([
      { name: '', comment: 'canary-line', secretComment: true },
      { name: 'a', value: 'x' },
    ]);
    const page = await open(host);
    const line = page.locator('.body > .row').first();
    await line.hover();
    await line.getByRole('button', { name: 'Reveal' }).click();
    await line.getByText('canary-line').waitFor();
    await line.getByRole('button', { name: 'Hide' }).click();
    await until(async () => !(await everything(page)).includes('canary-line'));
    await host.pushState({ presenting: true });
    await until(async () => (await line.getByRole('button', { name: 'Reveal' }).count()) === 0);
    await page.close();
  });

  it('explains what storing a value unencrypted means', async () => {
    const host = new StubHost(flat());
    const page = await open(host);
    await choose(page, 'B', 'Store Unencrypted…');
    await page.locator('.question', { hasText: 'everyone who can read the repository' }).waitFor();
    await picture(page, 'plain-dark');
    await page.keyboard.press('Enter');
    await until(() => host.named('markPlain').length === 1);
    await row(page, 'B').locator('.plain', { hasText: 'value of B' }).waitFor();
    await choose(page, 'B', 'Encrypt This Value');
    await until(() => host.named('markPlain').length === 2);
    await page.close();
  });

  it('offers a menu that keys can use', async () => {
    const page = await open(new StubHost(nested()));
    await go(page, 'password');
    await page.keyboard.press('Shift+F10');
    await picture(page, 'menu-dark');
    const items = await page
      .getByRole('menuitem')
      .evaluateAll((all) => all.map((e) => e.querySelector('.menu-label')!.textContent));
    assert.deepEqual(items, [
      'Reveal',
      'Copy',
      'Copy Name',
      'Edit',
      'Generate…',
      'Show History',
      'Owner and Expiry…',
      'Rename',
      'Edit Comment',
      'Store Unencrypted…',
      'Move Up',
      'Move Down',
      'Move to…',
      'Add Secret Below',
      'Add Group',
      'Duplicate',
      'Delete',
    ]);
    await page.keyboard.press('ArrowUp');
    assert.equal(
      await page.evaluate(() => document.activeElement?.querySelector('.menu-label')?.textContent),
      'Delete',
    );
    await page.keyboard.press('Escape');
    assert.equal(await page.getByRole('menu').count(), 0);
    assert.equal(await focusedRow(page), 'password');
    await page.close();
  });

  it('takes the lines of a .env, and says which exist', async () => {
    const host = new StubHost(flat(), { format: 'dotenv' });
    const page = await open(host);
    await button(page, 'Paste .env').click();
    const area = page.locator('dialog textarea');
    await area.fill('A=canary-example-new-a\nNEW=canary-example-new\n? what');
    await picture(page, 'paste-dark');
    await page.locator('dialog').getByRole('button', { name: 'Add', exact: true }).click();
    await page.locator('dialog', { hasText: '1 secret was added.' }).waitFor();
    // It is in the masked field alone, to be corrected.
    assert.ok(!(await everything(page, 'dialog .masked')).includes('canary-example-new'));
    assert.deepEqual(await page.locator('dialog li').allTextContents(), ['A']);
    await page.locator('dialog', { hasText: 'line 3' }).waitFor();
    await picture(page, 'paste-result-dark');
    await page.getByRole('button', { name: 'Replace It' }).click();
    await until(() => host.named('paste').length === 2);
    assert.equal((host.named('paste')[1]!.args as { replace: boolean }).replace, true);
    await page.close();
  });

  it('adds what is complete when the window loses the focus, and keeps the rest', async () => {
    const host = new StubHost(flat());
    const page = await open(host);
    await go(page, 'B');
    await page.keyboard.press('Insert');
    await page.keyboard.type('half');
    await blurWindow(page);
    assert.equal(host.named('add').length, 0);
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'half');
    await page.keyboard.press('Tab');
    await page.keyboard.type('a value');
    await blurWindow(page);
    await row(page, 'half').waitFor();
    assert.equal(await page.locator('.panel').count(), 0);
    await page.close();
  });

  it('keeps what it could not take of a .env for correction, with the reason for each line', async () => {
    const host = new StubHost(flat());
    const page = await open(host);
    await button(page, 'Paste .env').click();
    const area = page.locator('dialog textarea');
    await area.fill('NEW=1\nnot an assignment\nB=other\nalso not');
    await page.keyboard.press('Control+Enter');
    await page.locator('dialog .reasons p', { hasText: 'Line 2 was not taken: it has no equals sign.' }).waitFor();
    await page.locator('dialog .reasons p', { hasText: 'Line 4 was not taken' }).waitFor();
    await page.locator('dialog [role=status]', { hasText: '1 secret was added.' }).waitFor();
    await picture(page, 'paste-correct-dark');
    assert.equal(await area.inputValue(), 'NEW=1\nnot an assignment\nB=other\nalso not');
    assert.equal(await area.evaluate((e) => e === document.activeElement), true);
    const selected = await area.evaluate((e: HTMLTextAreaElement) => e.value.slice(e.selectionStart, e.selectionEnd));
    assert.equal(selected, 'not an assignment');
    await page.keyboard.type('NOT=2');
    await button(page, 'Replace It').click();
    await page.locator('dialog .reasons p', { hasText: 'Line 4 was not taken' }).waitFor();
    await until(async () => (await page.locator('dialog .reasons p').count()) === 1);
    assert.deepEqual(
      host.nodes.slice(-2).map(({ name, value }) => `${name}=${value}`),
      ['NEW=1', 'NOT=2'],
    );
    assert.equal(host.nodes.find(({ name }) => name === 'B')?.value, 'other');
    await page.keyboard.press('Escape');
    await page.locator('dialog .problem', { hasText: 'Discard' }).waitFor();
    await area.fill('NEW=1\nNOT=2\nB=other\nLAST=3');
    await button(page, 'Add').last().click();
    await page.locator('.toast', { hasText: '1 secret was added.' }).waitFor();
    await page.locator('dialog').waitFor({ state: 'detached' });
    assert.equal(host.nodes.at(-1)?.name, 'LAST');
    await page.close();
  });

  it('adds beside comment lines, and moves past them; they are deleted, and do not move', async () => {
    const comment = (text: string): Node => ({ name: '', comment: text });
    const host = new StubHost([
      { name: 'first', value: '1' },
      ...[comment('one'), comment('two')],
      { name: 'last', value: '2' },
      comment('three'),
    ]);
    const page = await open(host);
    const here = (text: string) => page.locator('.body > .row', { hasText: text }).locator('.cell.name');
    const order = () => host.nodes.map(({ name, comment }) => name || `#${comment}`).join();
    for (const [at, name] of [
      ['# one', 'after_one'],
      ['# three', 'at_end'],
      ['first', 'after_first'],
    ] as const) {
      await (at.startsWith('#') ? here(at) : row(page, at).locator('.cell.name')).click();
      await page.keyboard.press('Insert');
      await page.getByLabel('Name', { exact: true }).fill(name);
      await page.getByLabel('Value', { exact: true }).fill('x');
      await page.keyboard.press('Enter');
      await row(page, name).waitFor();
    }
    assert.equal(order(), 'first,#one,#two,after_first,after_one,last,#three,at_end');
    await go(page, 'first');
    await page.keyboard.press('Alt+ArrowDown');
    await until(() => order() === '#one,#two,after_first,first,after_one,last,#three,at_end');
    await here('# two').click();
    await page.keyboard.press('Alt+ArrowUp');
    assert.equal(await page.locator('.body > .row', { hasText: '# two' }).getAttribute('draggable'), null);
    await page.keyboard.press('Shift+F10');
    assert.ok(!(await page.getByRole('menuitem').allInnerTexts()).some((text) => text.startsWith('Move')));
    await page.keyboard.press('Escape');
    await page.keyboard.press('Delete');
    await page.locator('.question').getByRole('button', { name: 'Delete' }).click();
    await until(() => order() === '#one,after_first,first,after_one,last,#three,at_end');
    assert.equal(host.named('move').length, 1);
    await page.close();
  });

  it('asks before pasted text is thrown away', async () => {
    const page = await open(new StubHost(flat()));
    await button(page, 'Paste .env').click();
    await page.locator('dialog textarea').fill('A=1');
    await page.keyboard.press('Escape');
    await page.locator('dialog .problem', { hasText: 'Discard' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.close();
  });

  it('lists its keys', async () => {
    const page = await open(new StubHost(flat()));
    await go(page, 'A');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await picture(page, 'help-dark');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.equal(await focusedRow(page), 'A');
    await page.close();
  });

  it('says so when an entry goes while its value is typed', async () => {
    const host = new StubHost(flat());
    const page = await open(host);
    await go(page, 'B');
    await page.keyboard.press('Enter');
    await field(page, 'B').fill('canary-example-lost');
    host.nodes = host.nodes.filter((node) => node.name !== 'B');
    await host.pushState();
    await page.locator('.toast', { hasText: 'was not saved' }).waitFor();
    assert.ok(!(await everything(page)).includes('canary-example-lost'));
    await page.close();
  });

  it('lets two sets of changes be chosen from', async () => {
    const host = new StubHost(nested(), { conflict: true });
    host.conflicts = [
      { path: 'database.host', mine: 'same', theirs: 'changed', clash: false },
      { path: 'stripe_key', mine: 'changed', theirs: 'changed', clash: true },
      { path: 'tls_key', mine: 'removed', theirs: 'changed', clash: true },
      { path: 'new_one', mine: 'added', theirs: 'same', clash: false },
    ];
    host.sides = { '1 theirs': canary.stripe };
    const page = await open(host);
    await picture(page, 'conflict-banner-dark');
    await button(page, 'Compare and Choose').click();
    await page.locator('.conflict tbody').waitFor();
    assert.deepEqual(await page.locator('.conflict tbody th').allTextContents(), [
      'stripe_key',
      'tls_key',
      'database.host',
      'new_one',
    ]);
    await button(page, 'Reveal: On disk, stripe_key').click();
    await page.locator('.side-value', { hasText: canary.stripe }).waitFor();
    await picture(page, 'conflict-dark');
    await host.send({ type: 'forget' });
    await until(async () => !(await everything(page)).includes(canary.stripe));
    await button(page, 'Apply').click();
    await page.locator('.problem', { hasText: '2 entries still need a choice.' }).waitFor();
    await button(page, 'Take All From Disk').click();
    await page.getByLabel('tls_key: Here, deleted').check();
    // Its readers are others by now, and the person did not agree to them.
    host.declined = true;
    await button(page, 'Apply').click();
    await page.locator('.toast', { hasText: 'Nothing was changed. The conflict is still open.' }).waitFor();
    assert.equal(await page.getByLabel('tls_key: Here, deleted').isChecked(), true);
    host.declined = false;
    await button(page, 'Apply').click();
    await until(() => host.named('resolve').length === 2);
    await page.locator('.toast', { hasText: 'Both sets of changes are in.' }).waitFor();
    assert.deepEqual(host.named('resolve')[1]!.args, { sides: ['theirs', 'theirs', 'mine', 'mine'] });
    await row(page, 'stripe_key').waitFor();
    await page.close();
  });
});
