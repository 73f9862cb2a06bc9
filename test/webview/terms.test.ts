import assert from 'node:assert/strict';
import { Browser, picture } from './open.ts';
import { choose, row } from './page.ts';
import { type Node, StubHost } from './stub.ts';

const browser = new Browser();

const nodes = (): Node[] => [
  { name: 'API_KEY', value: 'canary-1', term: { text: 'overdue since 2026-11-01, Maria', state: 'overdue' } },
  { name: 'TOKEN', value: 'canary-2', term: { text: 'due in 3 days, Bob', state: 'due' } },
  { name: 'DEBUG', value: 'true', term: { text: '<b>team</b>\u202e' } },
  { name: 'OTHER', value: 'canary-3', changed: '3 days ago' },
];

describe('owners and expiry in the table', () => {
  before(() => browser.start());
  after(() => browser.stop());

  it('have a column where somebody agreed on some, and none otherwise', async () => {
    const page = await browser.open(new StubHost(nodes()));
    const header = page.getByRole('columnheader', { name: 'Owner' });
    assert.equal(await header.isVisible(), true);
    const cell = (name: string) => row(page, name).locator('.cell.term');
    assert.equal(await cell('API_KEY').textContent(), 'overdue since 2026-11-01, Maria');
    assert.equal(await cell('DEBUG').textContent(), '<b>team</b>\\u{202e}');
    assert.equal(await cell('OTHER').textContent(), '');
    const signs = (name: string) => cell(name).locator('.badge').count();
    assert.deepEqual(await Promise.all(['API_KEY', 'TOKEN', 'DEBUG'].map(signs)), [1, 0, 0]);
    const heads = await page
      .locator('.head .cell:visible')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
    const cells = await row(page, 'OTHER')
      .locator('.cell:visible')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
    assert.deepEqual(cells, heads, 'each below its heading');
    await picture(page, 'terms-dark');
    const cut = (name: string) => cell(name).evaluate((one) => one.scrollWidth > one.clientWidth);
    assert.equal(await cut('API_KEY'), false, 'who it is, and since when');
    await page.setViewportSize({ width: 770, height: 500 });
    assert.equal(await row(page, 'API_KEY').locator('.cell.comment').isVisible(), false, 'makes room');
    await cell('API_KEY').evaluate((one) =>
      one.querySelector('span')?.lastChild?.replaceWith('overdue since 2026-11-01'),
    );
    assert.equal(await cut('API_KEY'), false, 'since when');
    await page.setViewportSize({ width: 600, height: 500 });
    assert.equal(await header.isVisible(), false, 'no room for it');
    const bare = await browser.open(new StubHost(nodes().map(({ term: _, ...node }) => node)));
    assert.equal(await bare.getByRole('columnheader', { name: 'Owner' }).isVisible(), false);
    assert.equal(await bare.locator('.head .cell:visible').count(), 5);
  });

  it('are asked for by the host, from the menu of an entry', async () => {
    const host = new StubHost(nodes());
    const page = await browser.open(host, { theme: 'light' });
    await picture(page, 'terms-light');
    await choose(page, 'TOKEN', 'Owner and Expiry…');
    await page.waitForTimeout(50);
    assert.deepEqual(
      host.named('agree').map(({ args }) => args),
      [{ row: '["TOKEN"]' }],
    );
  });

  it('leave no complaint', () => assert.deepEqual(browser.complaints, []));
});
