import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { Browser, everything, picture } from './open.ts';
import { blurWindow, choose, field, focusedRow, go, row, until } from './page.ts';
import { canary, many, nested } from './samples.ts';
import { StubHost } from './stub.ts';

const browser = new Browser();
const values = Object.values(canary).flatMap((value) => value.split('\n').filter((line) => line.startsWith('canary')));

async function nothingLeft(page: Page): Promise<void> {
  const all = await everything(page);
  for (const value of values) assert.ok(!all.includes(value), 'a value is in the page');
}
const shown = (page: Page) => page.locator('.shown-value').first();

describe('values', () => {
  before(() => browser.start());
  after(() => browser.stop());
  afterEach(() => {
    assert.deepEqual(browser.complaints, []);
    assert.deepEqual(browser.strangers, []);
  });

  it('are asked for only when somebody reveals one', async () => {
    const host = new StubHost(nested());
    const page = await browser.open(host);
    await nothingLeft(page);
    assert.deepEqual(
      host.asked.map(({ type }) => type),
      ['ready'],
    );
    await page.close();
  });

  it('are shown by their button and hidden by it', async () => {
    const host = new StubHost(nested());
    const page = await browser.open(host);
    const line = await go(page, 'stripe_key');
    await line.getByRole('button', { name: 'Reveal' }).click();
    await shown(page).waitFor();
    assert.equal(await shown(page).textContent(), canary.stripe);
    assert.equal(await line.locator('.countdown').count(), 1);
    await picture(page, 'reveal-dark');
    await line.getByRole('button', { name: 'Hide' }).click();
    await nothingLeft(page);
    assert.equal(await focusedRow(page), 'stripe_key');
    await page.close();
  });

  it('are shown while Space is down', async () => {
    const page = await browser.open(new StubHost(nested()));
    await go(page, 'password');
    await page.keyboard.down('Space');
    await shown(page).waitFor();
    await page.keyboard.up('Space');
    await shown(page).waitFor({ state: 'detached' });
    await nothingLeft(page);
    await page.close();
  });

  it('are not shown when Space is up again before the answer', async () => {
    const host = new StubHost(nested());
    host.slow.set('reveal', 150);
    const page = await browser.open(host);
    await go(page, 'password');
    await page.keyboard.press('Space');
    await page.waitForTimeout(300);
    assert.equal(await shown(page).count(), 0);
    await nothingLeft(page);
    await page.close();
  });

  it('are hidden by time, blur, the host, scrolling, another row and another reveal', async () => {
    const host = new StubHost([...nested(), ...many(200)], { revealSeconds: 1 });
    const page = await browser.open(host);
    const reveal = async (seconds = 60) => {
      await host.pushState({ revealSeconds: seconds });
      const line = await go(page, 'stripe_key');
      await line.getByRole('button', { name: 'Reveal' }).click();
      await shown(page).waitFor();
    };
    const ways: (readonly [string, () => Promise<unknown>])[] = [
      ['blur', () => blurWindow(page)],
      ['the host', () => host.send({ type: 'forget' })],
      ['presenting', () => host.pushState({ presenting: true }).then(() => host.pushState({ presenting: false }))],
      ['scrolling', () => page.locator('.scroller').evaluate((e) => e.scrollTo(0, 2000))],
      ['another row', () => page.keyboard.press('ArrowDown').then(() => page.keyboard.press('ArrowDown'))],
      ['the text view', () => page.getByRole('button', { name: 'Text', exact: true }).click()],
    ];
    for (const [name, act] of ways) {
      await reveal();
      await act();
      await shown(page)
        .waitFor({ state: 'detached' })
        .catch(() => assert.fail(`${name} did not hide it`));
      await nothingLeft(page);
    }
    await page.getByRole('button', { name: 'Table', exact: true }).click();
    await reveal();
    await row(page, 'password').hover();
    await row(page, 'password').getByRole('button', { name: 'Reveal' }).click();
    await until(async () => (await shown(page).textContent()) === canary.database);
    assert.ok(!(await everything(page)).includes(canary.stripe));
    await reveal(1);
    await shown(page).waitFor({ state: 'detached' });
    await nothingLeft(page);
    await page.close();
  });

  it('with several lines open in a box, with what does not show as escapes', async () => {
    const page = await browser.open(new StubHost(nested()));
    const line = await go(page, 'tls_key');
    await line.getByRole('button', { name: 'Reveal' }).click();
    const box = page.locator('.box');
    await box.waitFor();
    assert.equal(await box.textContent(), canary.key);
    await picture(page, 'reveal-lines-dark');
    await page.locator('.panel').getByRole('button', { name: 'Hide' }).click();
    await nothingLeft(page);
    assert.equal(await focusedRow(page), 'tls_key');
    await page.close();
  });

  it('that are long are cut, and shown in full on request', async () => {
    const long = `a\u202eb\u0000c\u200bd${'x'.repeat(5000)}end`;
    const page = await browser.open(new StubHost([{ name: 'long', value: long }]));
    const line = await go(page, 'long');
    await line.getByRole('button', { name: 'Reveal' }).click();
    assert.ok((await shown(page).textContent())!.startsWith('a\\u{202e}b\\u{0}c\\u{200b}dxxx'));
    assert.ok((await shown(page).textContent())!.length < 500);
    await page.getByRole('button', { name: 'Show All' }).click();
    assert.ok((await page.locator('.box').textContent())!.endsWith('xend'));
    assert.ok((await page.locator('.box').boundingBox())!.height <= 240);
    await page.keyboard.press('Escape');
    await page.close();
  });

  it('are copied by the host', async () => {
    const host = new StubHost(nested());
    const page = await browser.open(host);
    await go(page, 'stripe_key');
    await page.keyboard.press('Control+c');
    await until(() => host.clipboard.length === 1);
    assert.deepEqual(host.clipboard, [canary.stripe]);
    await page.locator('.toast').waitFor();
    await nothingLeft(page);
    await page.close();
  });

  it('are edited in place, in a password field', async () => {
    const host = new StubHost(nested());
    const page = await browser.open(host);
    await go(page, 'stripe_key');
    await page.keyboard.press('Enter');
    await field(page, 'stripe_key').waitFor();
    assert.equal(await field(page, 'stripe_key').getAttribute('type'), 'password');
    assert.equal(await field(page, 'stripe_key').getAttribute('autocomplete'), 'off');
    assert.equal(await field(page, 'stripe_key').inputValue(), canary.stripe);
    await picture(page, 'edit-dark');
    await page.keyboard.type('new value');
    await page.keyboard.press('Enter');
    await field(page, 'stripe_key').waitFor({ state: 'detached' });
    await until(() => host.named('set').length > 0);
    assert.deepEqual(
      host.named('set').map(({ args }) => args),
      [{ row: '["stripe_key"]', text: 'new value', as: 'str' }],
    );
    assert.equal(await focusedRow(page), 'stripe_key');
    assert.ok(!(await everything(page)).includes('new value'));
    await nothingLeft(page);
    await page.close();
  });

  it('stay as they are on Escape, and when nothing was typed', async () => {
    const host = new StubHost(nested());
    const page = await browser.open(host);
    await go(page, 'stripe_key');
    for (const keys of [['x', 'Escape'], ['Enter']]) {
      await page.keyboard.press('Enter');
      await field(page, 'stripe_key').waitFor();
      for (const key of keys) await page.keyboard.press(key);
      await field(page, 'stripe_key').waitFor({ state: 'detached' });
    }
    assert.equal(host.named('set').length, 0);
    await nothingLeft(page);
    await page.close();
  });

  it('stay in their field when they are shown there, in one line and in several', async () => {
    const host = new StubHost(nested());
    const page = await browser.open(host);
    for (const [name, more] of [
      ['stripe_key', ''],
      ['session_secret', 'Shift+Enter'],
    ] as const) {
      await go(page, name);
      await page.keyboard.press('Enter');
      await field(page, name).waitFor();
      await page.keyboard.type('one');
      if (more) await page.keyboard.press(more);
      for (const label of ['Show What Is Typed', 'Hide What Is Typed']) {
        await page.getByRole('button', { name: label }).click();
        assert.equal(await page.getByRole('button', { name: label }).count(), 0);
        assert.equal(await field(page, name).count(), 1);
      }
      assert.equal(host.named('set').length, 0);
      await field(page, name).press('Escape');
      if (more) await field(page, name).press('Escape');
      await until(async () => (await page.locator('.body .field, .panel').count()) === 0);
    }
    await page.close();
  });

  it('are set when the focus goes elsewhere, and kept open when they are refused', async () => {
    const host = new StubHost(nested());
    const page = await browser.open(host);
    await go(page, 'stripe_key');
    await page.keyboard.press('Enter');
    await field(page, 'stripe_key').fill('typed');
    await row(page, 'password').locator('.cell.name').click();
    await until(() => host.named('set').length === 1);
    await field(page, 'stripe_key').waitFor({ state: 'detached' });
    await go(page, 'stripe_key');
    await page.keyboard.press('Enter');
    await field(page, 'stripe_key').fill('refuse');
    await row(page, 'password').locator('.cell.name').click();
    await page.locator('.problem', { hasText: 'The value cannot be stored.' }).waitFor();
    assert.equal(await field(page, 'stripe_key').inputValue(), 'refuse');
    await picture(page, 'edit-refused-dark');
    await page.close();
  });

  it('are set before the window loses the focus, so that a hidden page loses nothing', async () => {
    const host = new StubHost(nested());
    const page = await browser.open(host);
    await go(page, 'stripe_key');
    await page.keyboard.press('Enter');
    await field(page, 'stripe_key').fill('half');
    await blurWindow(page);
    await until(() => host.named('set').length === 1);
    await host.send({ type: 'forget' });
    await field(page, 'stripe_key').waitFor({ state: 'detached' });
    assert.ok(!(await everything(page)).includes('half'));
    assert.equal(host.named('hidden').length, 1);
    await page.close();
  });

  it('have a type that is checked in words', async () => {
    const host = new StubHost(nested());
    const page = await browser.open(host);
    await go(page, 'port');
    await page.keyboard.press('Enter');
    await field(page, 'port').fill('many');
    await page.keyboard.press('Enter');
    await page.locator('.problem', { hasText: 'whole number' }).waitFor();
    assert.equal(host.named('set').length, 0);
    await page.getByLabel('Type of port').selectOption('str');
    await page.getByLabel('Type of port').press('Enter');
    await until(() => host.named('set').length === 1);
    assert.deepEqual(host.named('set')[0]!.args, { row: '["database","port"]', text: 'many', as: 'str' });
    await page.close();
  });

  it('with several lines are edited in a masked box, and keep their line ends', async () => {
    const host = new StubHost([{ name: 'key', value: 'one\r\ntwo\r\n' }]);
    const page = await browser.open(host);
    await go(page, 'key');
    await page.keyboard.press('Enter');
    const area = field(page, 'key');
    await area.waitFor();
    assert.equal(
      await area.evaluate((e) => [e.tagName, getComputedStyle(e).getPropertyValue('-webkit-text-security')].join()),
      'TEXTAREA,disc',
    );
    await picture(page, 'edit-lines-dark');
    await page.keyboard.press('Control+End');
    await page.keyboard.type('three');
    await page.keyboard.press('Control+Enter');
    await area.waitFor({ state: 'detached' });
    await until(() => host.named('set').length > 0);
    assert.deepEqual(host.named('set')[0]!.args, { row: '["key"]', text: 'one\r\ntwo\r\nthree', as: 'str' });
    await page.close();
  });

  it('keep their line breaks when they are pasted into one line', async () => {
    const host = new StubHost(nested());
    const page = await browser.open(host);
    await page.evaluate(() => navigator.clipboard.writeText('first\nsecond'));
    await go(page, 'stripe_key');
    await page.keyboard.press('Enter');
    await field(page, 'stripe_key').waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+v');
    await page.locator('.panel textarea').waitFor();
    assert.equal(await field(page, 'stripe_key').inputValue(), 'first\nsecond');
    await page.keyboard.press('Escape');
    await page.locator('.problem', { hasText: 'Discard' }).waitFor();
    await page.keyboard.press('Escape');
    await field(page, 'stripe_key').waitFor({ state: 'detached' });
    assert.equal(host.named('set').length, 0);
    await page.evaluate(() => navigator.clipboard.writeText(''));
    await page.close();
  });

  it('are generated no more once something is typed', async () => {
    const host = new StubHost(nested());
    const page = await browser.open(host);
    const release = host.hold('generate');
    await choose(page, 'stripe_key', 'Generate…');
    await until(() => host.named('generate').length === 1);
    await field(page, 'stripe_key').fill('typed');
    release();
    await page.waitForTimeout(200);
    assert.equal(await field(page, 'stripe_key').inputValue(), 'typed');
    await page.close();
  });

  it('are generated, with their strength in words', async () => {
    const host = new StubHost(nested());
    const page = await browser.open(host);
    await choose(page, 'stripe_key', 'Generate…');
    await page.locator('.strength', { hasText: 'Very strong: 208 bits.' }).waitFor();
    assert.match(await field(page, 'stripe_key').inputValue(), /^generated-characters/);
    await picture(page, 'generate-dark');
    await page.getByLabel('UUID').check();
    await page.locator('.strength', { hasText: 'Fair: 77 bits.' }).waitFor();
    await field(page, 'stripe_key').press('Enter');
    await until(() => host.named('set').length === 1);
    assert.match((host.named('set')[0]!.args as { text: string }).text, /^generated-uuid/);
    await field(page, 'stripe_key').waitFor({ state: 'detached' });
    assert.ok(!(await everything(page)).includes('generated-'));
    await page.close();
  });

  it('are saved with the file when the field is still open', async () => {
    const host = new StubHost(nested());
    const page = await browser.open(host);
    await go(page, 'stripe_key');
    await page.keyboard.press('Enter');
    await field(page, 'stripe_key').fill('typed');
    await page.keyboard.press('Control+s');
    await until(() => host.named('save').length === 1);
    const order = host.asked.map(({ type }) => type).filter((type) => type === 'set' || type === 'save');
    assert.deepEqual(order, ['set', 'save']);
    await go(page, 'stripe_key');
    await page.keyboard.press('Control+z');
    await until(() => host.named('undo').length === 1);
    await page.keyboard.press('Control+y');
    await until(() => host.named('redo').length === 1);
    await page.close();
  });

  it('are not kept by the browser', async () => {
    const page = await browser.open(new StubHost(nested()));
    const kept = await page.evaluate(async () => [
      localStorage.length,
      sessionStorage.length,
      (await indexedDB.databases()).length,
    ]);
    assert.deepEqual(kept, [0, 0, 0]);
    const loose = await page.evaluate(
      () =>
        [...document.querySelectorAll('input, textarea')].filter((e) => e.getAttribute('autocomplete') !== 'off')
          .length,
    );
    assert.equal(loose, 0);
    await page.close();
  });

  it('say when there is no answer, or an odd one', async () => {
    const host = new StubHost(nested());
    host.odd.add('reveal');
    host.silent.add('rename');
    const page = await browser.open(host, { wait: false });
    await page.clock.install();
    await row(page, 'stripe_key').waitFor();
    await go(page, 'stripe_key');
    await row(page, 'stripe_key').getByRole('button', { name: 'Reveal' }).click();
    await page.locator('.toast.error', { hasText: 'could not be understood' }).waitFor();
    await page.keyboard.press('F2');
    await page.getByLabel('New name of stripe_key').fill('other');
    await page.keyboard.press('Enter');
    await until(() => host.named('rename').length === 1);
    await page.clock.runFor(21_000);
    await page.locator('.toast.error', { hasText: 'There was no answer' }).waitFor();
    await page.close();
  });
});
