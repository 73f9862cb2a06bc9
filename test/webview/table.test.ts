import assert from 'node:assert/strict';
import { Browser, dress, picture } from './open.ts';
import { focusedRow, row, until } from './page.ts';
import { canary, many, nested } from './samples.ts';
import { StubHost } from './stub.ts';

const browser = new Browser();

describe('the table', () => {
  before(() => browser.start());
  after(() => browser.stop());
  afterEach(() => {
    assert.deepEqual(browser.complaints, []);
    assert.deepEqual(browser.strangers, []);
  });

  it('shows an empty file as one sentence and two buttons', async () => {
    const page = await browser.open(new StubHost([], { format: 'dotenv' }));
    assert.equal(await page.locator('.middle p').textContent(), 'There is no secret in this file yet.');
    assert.deepEqual(await page.locator('.middle button').allTextContents(), ['Add a Secret', 'Paste a .env']);
    await picture(page, 'empty-dark');
    await page.close();
  });

  it('shows one row', async () => {
    const page = await browser.open(new StubHost(many(1)));
    assert.equal(await page.locator('.body > .row').count(), 1);
    assert.equal(await page.locator('.body .mask').textContent(), '••••••••');
    await page.close();
  });

  it('says what its rows are to screen readers', async () => {
    const page = await browser.open(new StubHost(nested()));
    const grid = page.locator('[role=treegrid]');
    const rows = Number(await grid.getAttribute('aria-rowcount'));
    assert.equal(await page.locator('.body > .row').count(), rows - 1);
    const database = row(page, 'database');
    assert.equal(await database.getAttribute('aria-level'), '1');
    assert.equal(await database.getAttribute('aria-expanded'), 'true');
    assert.equal(await database.getAttribute('aria-rowindex'), '3');
    assert.equal(await row(page, 'password').getAttribute('aria-level'), '2');
    assert.equal(await row(page, 'password').getAttribute('aria-expanded'), null);
    assert.equal(await page.locator('.body > .row[tabindex="0"]').count(), 1);
    await picture(page, 'nested-dark');
    await page.close();
  });

  it('shows what does not show in names', async () => {
    const page = await browser.open(new StubHost(nested()));
    const odd = page.locator('.body > .row', { hasText: 'padded' });
    assert.equal(await odd.locator('.label').textContent(), '␣padded\\u{202e}name␣');
    assert.equal(await odd.locator('.badge.odd').count(), 1);
    const long = page.locator('.body > .row', { hasText: 'a_name_that_goes_on_' });
    const box = await long
      .locator('.label')
      .evaluate((e) => [e.scrollWidth > e.clientWidth, e.parentElement!.title.length > 100]);
    assert.deepEqual(box, [true, true]);
    await page.close();
  });

  it('opens and closes groups by key and by mouse', async () => {
    const page = await browser.open(new StubHost(nested()));
    await row(page, 'database').click();
    await page.keyboard.press('ArrowLeft');
    assert.equal(await row(page, 'database').getAttribute('aria-expanded'), 'false');
    assert.equal(await row(page, 'password').count(), 0);
    await page.keyboard.press('ArrowRight');
    assert.equal(await row(page, 'password').count(), 1);
    await row(page, 'database').locator('.twistie').click();
    assert.equal(await row(page, 'password').count(), 0);
    assert.equal(await focusedRow(page), 'database');
    await page.close();
  });

  for (const count of [1_000, 10_000]) {
    it(`draws only what is in view of ${count} rows, and keeps the focus while scrolling`, async () => {
      const page = await browser.open(new StubHost(many(count)));
      assert.ok((await page.locator('.body > .row').count()) < 80);
      await row(page, 'SECRET_00003').click();
      await page.locator('.scroller').evaluate((e) => e.scrollTo(0, e.scrollHeight));
      const last = `SECRET_${String(count - 1).padStart(5, '0')}`;
      await row(page, last).waitFor();
      assert.equal(await focusedRow(page), 'SECRET_00003');
      await page.keyboard.press('ArrowDown');
      assert.equal(await focusedRow(page), 'SECRET_00004');
      assert.ok(await page.locator('.scroller').evaluate((e) => e.scrollTop < 200));
      await page.keyboard.press('End');
      assert.equal(await focusedRow(page), last);
      await page.keyboard.press('Home');
      assert.equal(await focusedRow(page), 'SECRET_00000');
      await page.close();
    });
  }

  it('finds names while typing, and values on request', async () => {
    const host = new StubHost(nested());
    const page = await browser.open(host);
    await row(page, 'stripe_key').click();
    await page.keyboard.type('pass');
    assert.deepEqual(await page.locator('.body .label').allTextContents(), [
      'database',
      'password',
      'copy_of_password',
    ]);
    assert.equal(await page.locator('mark').count(), 2);
    assert.match((await page.locator('.search-count').textContent())!, /^2 of/);
    await picture(page, 'search-dark');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.search-field').inputValue(), '');
    await page.getByRole('button', { name: 'Search in Values Too' }).click();
    await page.keyboard.type('b2c4');
    await page.waitForFunction(() => document.querySelectorAll('.body > .row').length === 1);
    assert.deepEqual(await page.locator('.body .label').allTextContents(), ['stripe_key']);
    assert.ok(await page.locator('.search-field').evaluate((e) => e.classList.contains('masked')));
    await page.keyboard.type('nothing like this');
    await page.locator('.nothing').waitFor();
    await page.close();
  });

  it('shows notices with their buttons', async () => {
    const host = new StubHost(nested(), {
      notice: {
        kind: 'locked',
        text: 'Lockstep is locked. Unlock it to see the names and values.',
        actions: ['unlock', 'openAsText'],
      },
    });
    const page = await browser.open(host);
    assert.equal(await page.locator('.body > .row').count(), 0);
    await picture(page, 'locked-dark');
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.waitForTimeout(50);
    assert.deepEqual(
      host.named('act').map((request) => request.args),
      [{ action: 'unlock' }],
    );
    await host.pushState({ notice: undefined as never });
    await row(page, 'stripe_key').waitFor();
    await page.close();
  });

  it('offers no change when read-only, no reveal while presenting', async () => {
    const host = new StubHost(nested(), { readOnly: true, presenting: true });
    const page = await browser.open(host);
    assert.equal(await page.getByRole('button', { name: 'Add', exact: true }).count(), 0);
    await row(page, 'stripe_key').click();
    const labels = await row(page, 'stripe_key')
      .getByRole('button')
      .evaluateAll((all) => all.map((e) => e.getAttribute('title')));
    assert.deepEqual(labels, ['Copy', 'More Actions']);
    for (const key of ['Space', 'Enter', 'F2', 'Delete', 'Insert', 'Alt+ArrowUp']) await page.keyboard.press(key);
    assert.deepEqual(
      host.asked.map(({ type }) => type).filter((type) => type !== 'hidden'),
      ['ready'],
    );
    assert.equal(await page.locator('.body input, .panel').count(), 0);
    await picture(page, 'presenting-dark');
    await page.close();
  });

  it('searches no values, generates none and shows none that is typed while presenting', async () => {
    const host = new StubHost(nested());
    const page = await browser.open(host);
    const toggle = page.locator('.search [aria-pressed]');
    await toggle.click();
    await page.locator('.search-field').fill(canary.stripe);
    await until(() => host.named('findValues').length === 1);
    await host.pushState({ presenting: true });
    await until(async () => (await toggle.getAttribute('aria-disabled')) === 'true');
    assert.equal(await page.locator('.search-field').inputValue(), '');
    assert.equal(await toggle.getAttribute('aria-pressed'), 'false');
    assert.match((await toggle.getAttribute('title')) ?? '', /values are not searched/);
    await toggle.click({ force: true });
    await page.locator('.toast', { hasText: 'values are not searched' }).waitFor();
    await page.locator('.search-field').fill('stripe');
    await row(page, 'stripe_key').click();
    await page.keyboard.press('Insert');
    await page.getByLabel('Value', { exact: true }).fill('typed');
    for (const name of ['Show What Is Typed', 'Generate…'])
      await page.locator('.panel').getByRole('button', { name }).click();
    assert.equal(await page.getByLabel('Value', { exact: true }).getAttribute('type'), 'password');
    assert.equal(host.named('generate').length, 0);
    assert.equal(host.named('findValues').length, 1);
    await picture(page, 'presenting-add-dark');
    await dress(page, 'light');
    await picture(page, 'presenting-add-light');
    await host.pushState({ presenting: false });
    await until(async () => (await toggle.getAttribute('aria-disabled')) === null);
    await page.close();
  });

  it('goes on to the value that is looked for, also when it is not found yet', async () => {
    const host = new StubHost(nested());
    host.slow.set('findValues', 300);
    const page = await browser.open(host);
    await page.locator('.search [aria-pressed]').click();
    await page.locator('.search-field').fill(canary.stripe);
    await page.locator('.search-field').press('Enter');
    await until(async () => (await focusedRow(page)) === 'stripe_key');
    await page.close();
  });

  it('ignores messages of a wrong shape', async () => {
    const host = new StubHost(nested());
    const page = await browser.open(host);
    const before = await page.locator('.body > .row').count();
    const bad = [
      null,
      1,
      'state',
      {},
      { type: 'other' },
      { type: 'state', rows: [] },
      { ...host.fullState(), rows: [{ id: 1 }] },
      { type: 'toString' },
      { type: 'rows', revision: 9, at: 'x', remove: 0, rows: [] },
      { type: 'answer', request: 99, ok: true, result: null },
    ];
    await page.evaluate((all) => {
      for (const one of all) window.postMessage(one, '*');
    }, bad as unknown[]);
    await page.waitForTimeout(50);
    assert.equal(await page.locator('.body > .row').count(), before);
    await page.close();
  });
});
