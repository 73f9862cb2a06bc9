import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Request } from '../../src/protocol/requests.ts';
import { Browser, everything } from './open.ts';
import { choose, field, focusedRow, go, row, until } from './page.ts';
import { nested } from './samples.ts';
import { StubHost } from './stub.ts';

const browser = new Browser();
const typed = 'typed-after';
const node = (host: StubHost, name: string) => host.nodes.find((one) => one.name === name)!;
const searched = (page: Page) => page.locator('.search-field').inputValue();

/** None of what was typed is anywhere in the page but in a field that waits for its value. */
async function nothingTyped(page: Page): Promise<void> {
  assert.equal(await searched(page), '');
  assert.ok(!(await everything(page, '.field[aria-busy]')).includes(typed), 'what was typed is in the page');
}

/** A page on a host that keeps back its answers to a request, and the function that lets them go. */
async function waiting(type: Request['type']): Promise<{ host: StubHost; page: Page; release: () => void }> {
  const host = new StubHost(nested());
  const release = host.hold(type);
  return { host, page: await browser.open(host), release };
}

/** Keys in one go, each as soon as the last one is done. */
function type(page: Page, text: string): Promise<void> {
  return page.evaluate((keys) => {
    for (const key of keys) {
      const init = { key, bubbles: true, cancelable: true };
      document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', init));
    }
  }, text);
}

describe('what is typed after Enter, before the field is closed', () => {
  before(() => browser.start());
  after(() => browser.stop());
  afterEach(() => {
    assert.deepEqual(browser.complaints, []);
    assert.deepEqual(browser.strangers, []);
  });

  const fields: Readonly<Record<string, { request: Request['type']; open(page: Page): Promise<unknown> }>> = {
    'of a value': {
      request: 'set',
      open: async (page) => {
        await go(page, 'stripe_key');
        await page.keyboard.press('Enter');
        await field(page, 'stripe_key').fill('first');
      },
    },
    'of a value that is shown': {
      request: 'set',
      open: async (page) => {
        await go(page, 'stripe_key');
        await page.keyboard.press('Enter');
        await field(page, 'stripe_key').fill('first');
        await row(page, 'stripe_key').getByRole('button', { name: 'Show What Is Typed' }).click();
        await field(page, 'stripe_key').focus();
      },
    },
    'of a name': {
      request: 'rename',
      open: async (page) => {
        await go(page, 'stripe_key');
        await page.keyboard.press('F2');
        await page.getByLabel('New name of stripe_key').fill('stripe_key_2');
      },
    },
    'of a new secret': {
      request: 'add',
      open: async (page) => {
        await go(page, 'stripe_key');
        await page.keyboard.press('Insert');
        await page.getByLabel('Name', { exact: true }).fill('new_one');
        await page.getByLabel('Value', { exact: true }).fill('first');
      },
    },
    'of a comment': {
      request: 'setComment',
      open: async (page) => {
        await choose(page, 'stripe_key', 'Edit Comment');
        await page.locator('.panel textarea').fill('a comment');
      },
    },
  };

  for (const [name, { request, open }] of Object.entries(fields)) {
    it(`reaches no field ${name}, and is not searched for`, async () => {
      const { host, page, release } = await waiting(request);
      await open(page);
      await page.keyboard.press('Control+Enter');
      await until(() => host.named(request).length === 1);
      await page.keyboard.type(typed);
      await nothingTyped(page);
      release();
      await until(async () => (await page.locator('.panel, .body .field').count()) === 0);
      await until(async () => (await focusedRow(page)) !== undefined);
      await nothingTyped(page);
      assert.equal(host.named(request).length, 1);
      await page.close();
    });
  }

  it('goes to the field that its keys open', async () => {
    const { host, page, release } = await waiting('set');
    await go(page, 'stripe_key');
    await page.keyboard.press('Enter');
    await field(page, 'stripe_key').fill('first');
    await page.keyboard.press('Enter');
    for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
    await page.keyboard.type(typed);
    await nothingTyped(page);
    release();
    await until(async () => (await field(page, 'session_secret').inputValue()) === typed);
    await page.keyboard.press('Enter');
    await until(() => node(host, 'session_secret').value === typed);
    assert.equal(node(host, 'stripe_key').value, 'first');
    await page.close();
  });

  it('is dropped when the value is refused, and the field has the keyboard again', async () => {
    const { host, page, release } = await waiting('set');
    await go(page, 'stripe_key');
    await page.keyboard.press('Enter');
    await field(page, 'stripe_key').fill('refuse');
    await page.keyboard.press('Enter');
    await page.keyboard.type(typed);
    await page.keyboard.press('Enter');
    release();
    await page.locator('.problem', { hasText: 'cannot be stored' }).waitFor();
    await until(() => page.evaluate(() => document.activeElement?.matches('.body .field') ?? false));
    assert.equal(await field(page, 'stripe_key').inputValue(), 'refuse');
    await nothingTyped(page);
    assert.equal(host.named('set').length, 1);
    await page.close();
  });

  it('does not take the keyboard from what is clicked meanwhile', async () => {
    const { page, release } = await waiting('set');
    await go(page, 'stripe_key');
    await page.keyboard.press('Enter');
    await field(page, 'stripe_key').fill('first');
    await page.keyboard.press('Enter');
    await go(page, 'feature_flags');
    release();
    await until(async () => (await page.locator('.body .field').count()) === 0);
    assert.equal(await focusedRow(page), 'feature_flags');
    await page.close();
  });

  it('is not searched for when it goes on after the field has closed, until another key', async () => {
    const { page, release } = await waiting('set');
    release();
    await go(page, 'stripe_key');
    await page.keyboard.press('Enter');
    await field(page, 'stripe_key').fill('first');
    await page.evaluate((text) => {
      const press = (key: string) =>
        document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      press('Enter');
      const observer = new MutationObserver(() => {
        if (document.querySelector('.body .field')) return;
        observer.disconnect();
        setTimeout(() => {
          for (const key of text) press(key);
          document.body.dataset.pressed = document.activeElement?.className;
        });
      });
      observer.observe(document.body, { subtree: true, childList: true });
    }, typed);
    await page.locator('body[data-pressed]').waitFor();
    assert.match((await page.locator('body').getAttribute('data-pressed')) ?? '', /\brow\b/);
    await nothingTyped(page);
    await page.locator('.toast', { hasText: 'not searched for' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await type(page, 'x');
    assert.equal(await searched(page), 'x');
    await page.close();
  });

  it('is not searched for when its row goes, nor when the Tab key has left the field', async () => {
    const ways: ((page: Page, host: StubHost) => Promise<unknown>)[] = [
      (_, host) => {
        host.nodes = host.nodes.filter((one) => one.name !== 'stripe_key');
        return host.pushState();
      },
      async (page) => {
        await page.keyboard.press('Tab');
        assert.equal(await page.evaluate(() => document.activeElement?.matches('.body button')), true);
      },
    ];
    for (const act of ways) {
      const host = new StubHost(nested());
      const page = await browser.open(host);
      await go(page, 'stripe_key');
      await page.keyboard.press('Enter');
      await field(page, 'stripe_key').fill('first');
      await page.keyboard.press('a');
      await act(page, host);
      await until(() => page.evaluate(() => document.activeElement?.matches('.body .field') === false));
      await type(page, typed);
      await nothingTyped(page);
      await page.close();
    }
  });
});
