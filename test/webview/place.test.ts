import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Place } from '../../media/editor/place.ts';
import { Browser } from './open.ts';
import { choose, field, filled, focusedRow, go, names, row, until } from './page.ts';
import { canary, many, nested } from './samples.ts';
import { StubHost } from './stub.ts';

const browser = new Browser();
const yaml = `one: ${canary.database}\n${'name: value\n'.repeat(200)}last: ${canary.stripe}\n`;
const top = (page: Page) => page.locator('.scroller').evaluate((scroller) => Math.round(scroller.scrollTop));
const activeLine = (page: Page) => page.locator('.cm-activeLine').first().textContent();
const locked = { kind: 'locked', text: 'Locked.', actions: ['unlock'] } as const;

/** VS Code has been given a place of which `holds` says true, for the page that comes next. */
const kept = (host: StubHost, holds: (place: Place) => boolean) =>
  until(() => {
    const last = host.kept.at(-1) as Place | undefined;
    return last !== undefined && holds(last);
  }, `a place that is kept: ${holds}`);

/** A page in the middle of a long file with two groups closed. */
async function settled(host: StubHost): Promise<Page> {
  const page = await browser.open(host);
  for (const name of ['group_0', 'group_1']) {
    await go(page, name);
    await page.keyboard.press('ArrowLeft');
  }
  await page.getByRole('searchbox').fill('SECRET_00500');
  await go(page, 'SECRET_00500');
  await page.keyboard.press('Escape');
  await until(async () => (await focusedRow(page)) === 'SECRET_00500' && (await top(page)) > 5000);
  const here = await top(page);
  await kept(host, (place) => place.closed.length === 2 && place.row !== undefined && Math.round(place.top) === here);
  return page;
}

async function lock(host: StubHost): Promise<void> {
  const { nodes } = host;
  host.nodes = [];
  await host.pushState({ notice: locked, readOnly: true });
  host.nodes = nodes;
}

async function same(page: Page, before: number): Promise<void> {
  await until(async () => (await focusedRow(page)) === 'SECRET_00500');
  assert.equal(await top(page), before);
  await page.keyboard.press('Control+Home');
  assert.deepEqual((await names(page)).slice(0, 3), ['group_0', 'group_1', 'group_2']);
}

describe('the place of a person', () => {
  before(() => browser.start());
  after(() => browser.stop());
  afterEach(() => assert.deepEqual(browser.complaints, []));

  it('is the same when the page is made anew', async () => {
    const host = new StubHost(many(1000, true));
    const page = await settled(host);
    const before = await top(page);
    await page.close();
    const again = await browser.open(host);
    await same(again, before);
    await again.close();
  });

  it('is the same after a lock', async () => {
    const host = new StubHost(many(1000, true));
    const page = await settled(host);
    const before = await top(page);
    await lock(host);
    await page.locator('.middle h2').waitFor();
    await host.pushState({ notice: undefined as never, readOnly: false });
    await same(page, before);
    await page.close();
  });

  it('is the same when the page was made anew while locked', async () => {
    const host = new StubHost(many(1000, true));
    const page = await settled(host);
    const before = await top(page);
    await page.close();
    const { nodes } = host;
    host.nodes = [];
    host.state = { notice: locked, readOnly: true };
    const again = await browser.open(host);
    await again.locator('.middle h2').waitFor();
    await again.waitForTimeout(300);
    host.nodes = nodes;
    await host.pushState({ notice: undefined as never, readOnly: false });
    await same(again, before);
    await again.close();
  });

  it('is in the Text view, too, at its line', async () => {
    const host = new StubHost(nested(), {}, yaml);
    const page = await browser.open(host);
    await page.getByRole('button', { name: 'Text', exact: true }).click();
    await page.locator('.cm-line').first().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('ArrowUp');
    await until(async () => (await activeLine(page))?.startsWith('last: ') ?? false);
    await lock(host);
    await page.locator('.middle h2').waitFor();
    await host.pushState({ notice: undefined as never, readOnly: false });
    await until(async () => (await activeLine(page))?.startsWith('last: ') ?? false);
    assert.equal(host.text.plain, yaml);
    await kept(host, ({ view, line }) => view === 'text' && line === 202);
    await page.close();
    const again = await browser.open(host);
    await until(async () => (await activeLine(again))?.startsWith('last: ') ?? false);
    await again.getByRole('button', { name: 'Table', exact: true }).click();
    await row(again, 'stripe_key').waitFor();
    await kept(host, ({ view }) => view === 'table');
    await again.close();
    const third = await browser.open(host);
    await row(third, 'stripe_key').waitFor();
    await third.close();
  });

  it('says so when a lock takes what is typed as text', async () => {
    const host = new StubHost(nested(), {}, yaml);
    const page = await browser.open(host);
    await page.getByRole('button', { name: 'Text', exact: true }).click();
    await page.locator('.cm-line').first().click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('typed: canary');
    host.refuses.add('textSet');
    await lock(host);
    await page.locator('.toast', { hasText: 'because the file cannot be edited now' }).waitFor();
    assert.equal(host.text.plain, yaml);
    await page.close();
  });

  it('gives way to the row that the host names', async () => {
    const host = new StubHost(many(1000, true));
    const page = await settled(host);
    await page.close();
    const again = await browser.open(host);
    await host.send({ type: 'focus', row: JSON.stringify(['group_1', 'SECRET_00021']) });
    await until(async () => (await focusedRow(again)) === 'SECRET_00021');
    await again.close();
  });

  it('holds no value, and an odd one is no place', async () => {
    const host = new StubHost(nested(), {}, yaml);
    const page = await browser.open(host);
    await go(page, 'stripe_key');
    await row(page, 'stripe_key').getByRole('button', { name: 'Reveal' }).click();
    await go(page, 'stripe_key');
    await page.keyboard.press('Enter');
    await field(page, 'stripe_key').fill('canary-typed');
    await page.waitForTimeout(300);
    await page.keyboard.press('Escape');
    await choose(page, 'session_secret', 'Edit Comment');
    await filled(page, 'Comment of session_secret').fill('canary-typed');
    await page.waitForTimeout(300);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Search in Values Too' }).click();
    await page.keyboard.type('canary');
    await page.waitForTimeout(300);
    await page.getByRole('button', { name: 'Text', exact: true }).click();
    await page.locator('.cm-line').first().click();
    await page.keyboard.press('End');
    await page.keyboard.type('canary');
    await page.waitForTimeout(300);
    assert.ok(host.kept.length >= 3, String(host.kept.length));
    for (const kept of host.kept) {
      assert.ok(!/canary|x9/.test(JSON.stringify(kept)), JSON.stringify(kept));
      assert.deepEqual(Object.keys(kept as object).sort(), ['closed', 'line', 'row', 'top', 'view']);
    }
    await page.close();
    for (const odd of [null, 7, 'x', { view: 'other' }, { view: 'table', closed: [1], top: 'x', line: 1 }]) {
      host.kept = [odd];
      const again = await browser.open(host);
      await row(again, 'stripe_key').waitFor();
      await again.close();
    }
  });
});
