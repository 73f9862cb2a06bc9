import assert from 'node:assert/strict';
import { Browser, everything, picture } from './open.ts';
import { go, row } from './page.ts';
import { type Node, StubHost } from './stub.ts';

const browser = new Browser();

/** What the stub answers for a row that is revealed is its value: here what the manager has. */
const nodes = (): Node[] => [
  {
    name: 'database',
    children: [
      {
        name: 'password',
        value: 'canary-fetched-1',
        reference: { manager: '1Password', where: 'Private/db.example.com/password' },
        changed: '12 days ago',
      },
      {
        name: 'tls_key',
        value: 'canary-line-1\ncanary-line-2\n',
        reference: { manager: 'HashiCorp Vault', where: `secret/team/${'a-long-path/'.repeat(12)}app#key` },
      },
      { name: 'host', value: 'db.example.com', plain: true },
    ],
  },
  {
    name: 'api_token',
    value: 'canary-fetched-2',
    plain: true,
    reference: { manager: 'AWS Secrets Manager', where: 'prod/api#<b>\u202etoken' },
  },
  { name: 'session_secret', value: 'canary-own-3', changed: '3 months ago' },
  { name: 'hidden_place', value: 'canary-fetched-4', reference: { manager: 'Bitwarden', where: '' } },
];

describe('references to other managers in the table', () => {
  before(() => browser.start());
  after(() => browser.stop());

  it('say who has the secret and where, and not what it is', async () => {
    const host = new StubHost(nodes());
    const page = await browser.open(host);
    const value = (name: string) => row(page, name).locator('.cell.value');
    assert.match((await value('password').textContent()) ?? '', /1Password.*Private\/db\.example\.com\/password/);
    assert.match((await value('api_token').textContent()) ?? '', /AWS Secrets Manager.*prod\/api#<b>\\u\{202e\}token/);
    assert.equal(await value('hidden_place').locator('.where').count(), 0);
    assert.equal(await value('session_secret').locator('.manager').count(), 0);
    assert.equal(await value('password').locator('.mask').count(), 0, 'it is no mask, which would mean a value here');
    assert.doesNotMatch(await everything(page), /canary/);
    assert.deepEqual(host.named('reveal'), []);
    await go(page, 'password');
    await picture(page, 'managers-dark');
    const light = await browser.open(new StubHost(nodes()), { theme: 'light' });
    await go(light, 'password');
    await picture(light, 'managers-light');
  });

  it('are revealed as their secret, with as many lines as that has', async () => {
    const page = await browser.open(new StubHost(nodes()));
    const line = await go(page, 'api_token');
    await line.getByRole('button', { name: 'Reveal' }).click();
    await line.locator('.shown-value').waitFor();
    assert.equal(await line.locator('.shown-value').textContent(), 'canary-fetched-2');
    assert.equal(await line.getByRole('button', { name: 'Copy' }).count(), 0, 'it would copy the reference');
    const several = await go(page, 'tls_key');
    await several.getByRole('button', { name: 'Reveal' }).click();
    await page.locator('.shown-value.box').waitFor();
    assert.match((await page.locator('.shown-value.box').textContent()) ?? '', /canary-line-1.*canary-line-2/s);
    await picture(page, 'managers-revealed-dark');
  });

  it('leave no complaint', () => assert.deepEqual(browser.complaints, []));
});
