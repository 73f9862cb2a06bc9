import assert from 'node:assert/strict';
import { Browser, picture } from './open.ts';
import { choose, names, row } from './page.ts';
import { type Node, StubHost } from './stub.ts';

const browser = new Browser();

const nodes = (): Node[] => [
  { name: 'NEW_KEY', value: 'canary-1', changed: '3 days ago', days: 3 },
  {
    name: 'db',
    children: [
      { name: 'password', value: 'canary-2', changed: '≥ 4 months ago', days: 120 },
      { name: 'user', value: 'canary-3', changed: 'not committed' },
    ],
  },
  { name: 'OLD_TOKEN', value: 'canary-4', changed: '14 months ago', days: 400 },
];

describe('ages in the table', () => {
  before(() => browser.start());
  after(() => browser.stop());

  for (const theme of ['dark', 'light'] as const)
    it(`can be chosen among, by keyboard, too (${theme})`, async () => {
      const page = await browser.open(new StubHost(nodes()), { theme });
      const shown = () => names(page);
      const heading = page.locator('.head-button');
      await heading.focus();
      await page.keyboard.press('Enter');
      await picture(page, `ages-menu-${theme}`);
      await page.getByRole('menuitem', { name: 'Older than 90 days' }).click();
      assert.deepEqual(await shown(), ['db', 'password', 'OLD_TOKEN']);
      assert.equal(await heading.textContent(), '> 90 days');
      assert.equal(await page.locator('.search-count').textContent(), '2 of 5');
      await picture(page, `ages-${theme}`);
      await page.getByRole('searchbox').fill('token');
      assert.deepEqual(await shown(), ['OLD_TOKEN']);
      await page.getByRole('searchbox').press('Escape');
      assert.equal((await shown()).length, 5);
      assert.equal(await heading.textContent(), 'Changed');
      await page.close();
    });

  it('lead to the history of an entry, which the host shows', async () => {
    const host = new StubHost(nodes());
    const page = await browser.open(host);
    await choose(page, 'OLD_TOKEN', 'Show History');
    await page.waitForTimeout(50);
    assert.deepEqual(
      host.named('past').map(({ args }) => args),
      [{ row: '["OLD_TOKEN"]' }],
    );
    assert.equal(await row(page, 'OLD_TOKEN').locator('.cell.changed').textContent(), '14 months ago');
  });

  it('leave no complaint', () => assert.deepEqual(browser.complaints, []));
});
