import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Request } from '../../src/protocol/requests.ts';
import { Browser, everything } from './open.ts';
import { choose, field, focusedRow, go, row, until } from './page.ts';
import { nested } from './samples.ts';
import { StubHost } from './stub.ts';

const browser = new Browser();
const typed = 'typed-ahead#1';
const node = (host: StubHost, name: string) => host.nodes.find((one) => one.name === name)!;

/** What was typed is nowhere in the page but in the field that waits for its value, and the search has none of anything. */
async function nothingTyped(page: Page): Promise<void> {
  assert.equal(await page.locator('.search-field').inputValue(), '');
  assert.ok(!(await everything(page, '.field[aria-busy]')).includes('typed-ahead'), 'what was typed is in the page');
}

/** A page on a host that keeps back its answers to a request, and the function that lets them go. */
async function waiting(type: Request['type']): Promise<{ host: StubHost; page: Page; release: () => void }> {
  const host = new StubHost(nested());
  const release = host.hold(type);
  return { host, page: await browser.open(host), release };
}

describe('what is typed before a field is open', () => {
  before(() => browser.start());
  after(() => browser.stop());
  afterEach(() => {
    assert.deepEqual(browser.complaints, []);
    assert.deepEqual(browser.strangers, []);
  });

  for (const way of ['Enter', 'the menu', 'the button', 'a double click'] as const) {
    it(`is in the field and nowhere else, by ${way}`, async () => {
      const { host, page, release } = await waiting('edit');
      const line = await go(page, 'stripe_key');
      if (way === 'Enter') await page.keyboard.press('Enter');
      else if (way === 'the menu') await choose(page, 'stripe_key', 'Edit');
      else if (way === 'the button') await line.getByRole('button', { name: 'Edit' }).click();
      else await line.locator('.cell.type').dblclick();
      await page.keyboard.type(typed);
      await until(() => host.named('edit').length === 1);
      await nothingTyped(page);
      const waits = page.locator('.field[aria-busy]:focus');
      assert.deepEqual([await waits.inputValue(), await waits.getAttribute('type')], [typed, 'password']);
      release();
      await field(page, 'stripe_key').waitFor();
      await page.keyboard.type('-more');
      assert.equal(await field(page, 'stripe_key').inputValue(), `${typed}-more`);
      assert.equal(await field(page, 'stripe_key').getAttribute('type'), 'password');
      assert.equal(await page.locator('.search-field').inputValue(), '');
      await page.keyboard.press('Enter');
      await until(() => node(host, 'stripe_key').value === `${typed}-more`);
      await row(page, 'stripe_key').locator('.mask').waitFor();
      await nothingTyped(page);
      await page.close();
    });
  }

  it('is set by an Enter that was typed with it', async () => {
    const { host, page, release } = await waiting('edit');
    await go(page, 'stripe_key');
    await page.keyboard.press('Enter');
    await page.keyboard.type(`${typed}x`);
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Enter');
    await page.keyboard.type('typed-ahead-lost');
    await nothingTyped(page);
    release();
    await until(() => node(host, 'stripe_key').value === typed);
    await row(page, 'stripe_key').locator('.mask').waitFor();
    assert.equal(await focusedRow(page), 'stripe_key');
    await nothingTyped(page);
    await page.close();
  });

  it('may be pasted, in several lines, and keys of the caret count', async () => {
    const { host, page, release } = await waiting('edit');
    await browser.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.evaluate((text) => navigator.clipboard.writeText(text), `\n${typed}\nend`);
    await go(page, 'empty_one');
    await page.keyboard.press('Enter');
    await page.keyboard.type('b');
    await page.keyboard.press('Home');
    await page.keyboard.type('a');
    await page.keyboard.press('End');
    await page.keyboard.press('Control+v');
    await nothingTyped(page);
    release();
    const area = page.locator('textarea');
    await area.waitFor();
    assert.equal(await area.inputValue(), `ab\n${typed}\nend`);
    await page.keyboard.press('Control+Enter');
    await until(() => node(host, 'empty_one').value === `ab\n${typed}\nend`);
    await page.close();
  });

  it('is dropped when the field is refused', async () => {
    const { host, page, release } = await waiting('edit');
    await go(page, 'stripe_key');
    await page.keyboard.press('Enter');
    await page.keyboard.type(typed);
    host.state = { presenting: true };
    release();
    await page.locator('.toast.error').waitFor();
    await nothingTyped(page);
    assert.equal(await focusedRow(page), 'stripe_key');
    assert.equal(await page.locator('input[type=password]').count(), 0);
    await page.close();
  });

  it('is dropped by Escape, by a lock, and when the row goes', async () => {
    const ways: ((page: Page, host: StubHost) => Promise<unknown>)[] = [
      (page) => page.keyboard.press('Escape'),
      (_, host) => host.pushState({ notice: { kind: 'locked', text: 'Locked.', actions: ['unlock'] } }),
      (_, host) => {
        host.nodes = host.nodes.filter((one) => one.name !== 'stripe_key');
        return host.pushState();
      },
    ];
    for (const act of ways) {
      const { host, page, release } = await waiting('edit');
      await go(page, 'stripe_key');
      await page.keyboard.press('Enter');
      await page.keyboard.type(typed);
      await act(page, host);
      await until(async () => (await page.locator('input[type=password]').count()) === 0);
      release();
      await page.waitForTimeout(50);
      await nothingTyped(page);
      assert.equal(await page.locator('.body .field').count(), 0);
      await page.close();
    }
  });

  it('is not taken by a row that is clicked meanwhile', async () => {
    const { page, release } = await waiting('edit');
    await go(page, 'stripe_key');
    await page.keyboard.press('Enter');
    await page.keyboard.type('typed-');
    await row(page, 'tls_key').locator('.cell.name').click();
    await page.keyboard.type('ahead#1');
    await nothingTyped(page);
    release();
    await until(async () => (await field(page, 'stripe_key').inputValue()) === typed);
    await page.close();
  });

  it('waits for a save: what is saved has it', async () => {
    const { host, page, release } = await waiting('edit');
    await go(page, 'stripe_key');
    await page.keyboard.press('Enter');
    await page.keyboard.type(typed);
    await page.keyboard.press('Control+s');
    await nothingTyped(page);
    assert.equal(host.named('save').length, 0);
    release();
    await until(() => host.named('save').length === 1);
    assert.equal(node(host, 'stripe_key').value, typed);
    await page.close();
  });

  it('is of no use to the generator', async () => {
    const { page, release } = await waiting('edit');
    await choose(page, 'stripe_key', 'Generate…');
    await page.keyboard.type(typed);
    await nothingTyped(page);
    release();
    await page.locator('.strength .bar').waitFor();
    assert.match(await page.locator('.body input.masked').inputValue(), /^generated-/);
    await nothingTyped(page);
    await page.close();
  });

  it('is in the comment', async () => {
    const { host, page, release } = await waiting('comment');
    await choose(page, 'stripe_key', 'Edit Comment');
    await page.keyboard.type(typed);
    await nothingTyped(page);
    release();
    await page.locator('.panel textarea:not([aria-busy])').waitFor();
    await page.keyboard.press('Control+Enter');
    await until(() => node(host, 'stripe_key').comment === typed);
    await page.close();
  });

  it('is in the next field while another value is being set', async () => {
    const { host, page, release } = await waiting('set');
    await go(page, 'stripe_key');
    await page.keyboard.press('Enter');
    await field(page, 'stripe_key').fill('first');
    await row(page, 'session_secret').locator('.cell.type').dblclick();
    await page.keyboard.type(typed);
    await nothingTyped(page);
    release();
    await until(async () => (await field(page, 'session_secret').inputValue()) === typed);
    assert.equal(node(host, 'stripe_key').value, 'first');
    const again = host.hold('set');
    await row(page, 'feature_flags').locator('.cell.name').click();
    await page.keyboard.press('Insert');
    await page.keyboard.type('name-ahead');
    assert.ok(!(await everything(page, '.panel [aria-label=Name]')).includes('name-ahead'));
    again();
    await until(async () => (await page.getByLabel('Name', { exact: true }).inputValue()) === 'name-ahead');
    assert.equal(node(host, 'session_secret').value, typed);
    await page.close();
  });
});
