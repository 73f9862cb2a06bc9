import assert from 'node:assert/strict';
import { Browser, everything, picture } from './open.ts';
import { choose, field, go, row, until } from './page.ts';
import { type Node, StubHost } from './stub.ts';

const browser = new Browser();

const nodes = (): Node[] => [
  { name: 'api_token', value: 'canary-example-token' },
  {
    name: 'encryption_keys',
    children: [
      { name: 'orders', value: 'canary-example-key', encryptionKey: true },
      { name: 'users', value: 'canary-example-other', encryptionKey: true },
    ],
  },
];

describe('named encryption keys in the table', () => {
  before(() => browser.start());
  after(() => browser.stop());
  afterEach(() => assert.deepEqual(browser.complaints, []));

  it('have a menu of their own, and the host asks before one goes', async () => {
    const host = new StubHost(nodes());
    const page = await browser.open(host);
    const items = async (name: string) => {
      await row(page, name).click({ button: 'right' });
      const labels = await page.getByRole('menuitem').allInnerTexts();
      if (name === 'orders') await picture(page, 'encryption-key-menu-dark');
      await page.keyboard.press('Escape');
      return labels.map((label) => label.split('\n')[0]);
    };
    const own = await items('orders');
    assert.ok(own.includes('Reset Encryption Key…'), own.join());
    assert.ok(!own.some((label) => label?.startsWith('Generate')), own.join());
    assert.ok(!(await items('api_token')).includes('Reset Encryption Key…'));
    await choose(page, 'orders', 'Reset Encryption Key…');
    await until(() => host.named('key').length === 1);
    await go(page, 'users');
    await page.keyboard.press('Delete');
    await until(() => host.named('key').length === 2);
    assert.deepEqual(
      host.named('key').map(({ args }) => args),
      [
        { row: '["encryption_keys","orders"]', verb: 'reset' },
        { row: '["encryption_keys","users"]', verb: 'remove' },
      ],
    );
    assert.equal(host.named('remove').length, 0);
    assert.ok(!(await everything(page)).includes('canary'));
    await page.close();
  });

  it('stay, and nothing is said to be done, where a person says no to the host', async () => {
    const host = new StubHost(nodes());
    host.refusedByPerson.add('set').add('remove');
    const page = await browser.open(host);
    await go(page, 'encryption_keys');
    await page.keyboard.press('Delete');
    await page.locator('.question').waitFor();
    await page.keyboard.press('Enter');
    await until(() => host.named('remove').length === 1);
    // The answer is here once that of a later question is.
    await go(page, 'orders');
    await page.keyboard.press('Enter');
    await field(page, 'orders').waitFor();
    assert.equal(await page.getByText('Deleted. You can undo this.').count(), 0);
    const other = Buffer.alloc(16, 7).toString('base64');
    await page.keyboard.press('Control+a');
    await page.keyboard.type(other);
    await page.keyboard.press('Enter');
    await until(() => host.named('set').length === 1);
    await field(page, 'orders').waitFor();
    assert.equal(await field(page, 'orders').inputValue(), other, 'what was typed comes back');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    assert.ok(await row(page, 'users').isVisible());
    await page.close();
  });

  it('are added from the menu of the file', async () => {
    const host = new StubHost(nodes());
    const page = await browser.open(host, { theme: 'light' });
    for (const name of ['Add Encryption Key…', 'Generate Encryption Key…']) {
      await page.getByRole('button', { name: 'More Actions on This File' }).click();
      await picture(page, 'encryption-key-file-menu-light');
      await page.getByRole('menuitem', { name }).click();
    }
    await until(() => host.named('run').length === 2);
    assert.deepEqual(
      host.named('run').map(({ args }) => args),
      [{ verb: 'addKey' }, { verb: 'generateKey' }],
    );
    await page.close();
  });
});
