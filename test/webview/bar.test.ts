import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { State } from '../../src/protocol/messages.ts';
import { Browser, picture } from './open.ts';
import { go, row, until } from './page.ts';
import { canary, nested } from './samples.ts';
import { StubHost } from './stub.ts';

const browser = new Browser();
const more = (page: Page) => page.getByRole('button', { name: 'More Actions on This File' });
const items = (page: Page) => page.getByRole('menuitem').allInnerTexts();
const verbs = (host: StubHost) => host.named('run').map(({ args }) => args);

describe('what is done with the whole file', () => {
  before(() => browser.start());
  after(() => browser.stop());
  afterEach(() => {
    assert.deepEqual(browser.complaints, []);
    assert.deepEqual(browser.strangers, []);
  });

  it('is in a menu of the bar, for keys alone', async () => {
    const host = new StubHost(nested());
    const page = await browser.open(host);
    await more(page).focus();
    await page.keyboard.press('Enter');
    assert.deepEqual(await items(page), [
      'Update Who Can Read This File',
      'Explain the State of This File',
      'Show Values Readable in Git History',
      'Add Encryption Key…',
      'Generate Encryption Key…',
      'Rotate Data Key',
      'Decrypt File in Place',
      'Open as Text',
    ]);
    await picture(page, 'bar-menu-dark');
    await page.keyboard.press('Escape');
    assert.equal(await more(page).evaluate((button) => button === document.activeElement), true);
    await page.keyboard.press('Enter');
    await page.keyboard.press('r');
    await page.keyboard.press('Enter');
    await until(() => host.named('run').length === 1);
    assert.deepEqual(verbs(host), [{ verb: 'rotate' }]);
    await page.close();
  });

  it('is in one line, in a window of any width but the narrowest', async () => {
    const page = await browser.open(new StubHost(nested()));
    const height = (width: number) =>
      page.setViewportSize({ width, height: 700 }).then(async () => (await page.locator('.bar').boundingBox())?.height);
    const one = await height(1100);
    const heights: Record<number, number | undefined> = {};
    for (let width = 1060; width >= 640; width -= 20) heights[width] = await height(width);
    assert.deepEqual(
      Object.keys(heights).filter((width) => heights[Number(width)] !== one),
      [],
      JSON.stringify(heights),
    );
    await page.close();
  });

  it('begins with who can read it: a button', async () => {
    const host = new StubHost(nested());
    const page = await browser.open(host);
    await page.getByRole('button', { name: 'Encrypted · readable by 3' }).click();
    await until(() => host.named('run').length === 1);
    assert.deepEqual(verbs(host), [{ verb: 'readers' }]);
    await page.close();
  });

  it('has what is typed', async () => {
    const host = new StubHost(nested());
    const page = await browser.open(host);
    await go(page, 'stripe_key');
    await page.keyboard.press('Enter');
    await page.locator('.field:not([aria-busy])').and(page.getByLabel('Value of stripe_key')).fill('typed');
    await more(page).click();
    await page.getByRole('menuitem', { name: 'Rotate Data Key' }).click();
    await until(() => host.named('run').length === 1);
    const order = host.asked.map(({ type }) => type).filter((type) => type === 'set' || type === 'run');
    assert.deepEqual(order, ['set', 'run']);
    await page.close();
  });

  it('is only what can be done', async () => {
    const looks = ['Explain the State of This File', 'Show Values Readable in Git History', 'Open as Text'];
    const damaged = { kind: 'damaged', text: 'Damaged.', actions: ['openAsText'] } as const;
    for (const [state, wanted] of [
      [{ readOnly: true }, looks],
      [{ readOnly: true, notice: damaged }, looks],
    ] as const satisfies readonly (readonly [Partial<State>, readonly string[]])[]) {
      const page = await browser.open(new StubHost(nested(), state));
      await more(page).click();
      assert.deepEqual(await items(page), wanted);
      await page.close();
    }
  });

  it('offers of a file that is none of SOPS the text alone, and no change of its readers', async () => {
    const { features } = new StubHost(nested()).fullState();
    const host = new StubHost(nested(), { features: { ...features, wholeFile: false, textView: false }, readers: 0 });
    const page = await browser.open(host);
    await more(page).click();
    assert.deepEqual(await items(page), ['Open as Text']);
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.facts button').count(), 0);
    assert.equal(await page.getByRole('group', { name: 'View' }).count(), 0);
    await page.close();
  });

  it('can be looked at where there is no table', async () => {
    for (const kind of ['locked', 'unreadable', 'unsupported', 'broken'] as const) {
      const host = new StubHost([], { readOnly: true, notice: { kind, text: 'Why.', actions: ['openAsText'] } });
      const page = await browser.open(host);
      await page.locator('.middle').getByRole('button', { name: 'More Actions on This File' }).click();
      assert.deepEqual(await items(page), ['Explain the State of This File', 'Show Values Readable in Git History']);
      if (kind === 'unreadable') await picture(page, 'notice-menu-dark');
      await page.close();
    }
  });
});

describe('a binary file', () => {
  before(() => browser.start());
  after(() => browser.stop());
  afterEach(() => assert.deepEqual(browser.complaints, []));
  const features = {
    ...{ groups: false, comments: false, lists: false, markPlain: false, wholeFile: true },
    types: ['str'],
  } as const;
  const state = { format: 'binary', fileName: 'store.p12', features: { ...features, textView: false } } as const;
  const open = async (node = { name: 'data', value: 'AAEC', binary: true }) => {
    const host = new StubHost([node], state);
    return { host, page: await browser.open(host) };
  };

  it('is replaced from a file, and saved as a copy', async () => {
    const { host, page } = await open();
    await picture(page, 'binary-dark');
    assert.deepEqual(
      await page.locator('.bar button:visible').evaluateAll((all) => all.map((one) => one.getAttribute('title'))),
      ['Replace From File…', 'Save a Copy…', 'Encrypted · readable by 3', 'More Actions on This File', 'Keys'],
    );
    await page.getByRole('button', { name: 'Replace From File…' }).click();
    await until(() => host.named('replaceFromFile').length === 1);
    await row(page, 'data').locator('.badge.unsaved').waitFor();
    await page.getByRole('button', { name: 'Save a Copy…' }).click();
    await until(() => host.named('saveCopy').length === 1);
    await page.close();
  });

  it('offers nothing that makes no sense', async () => {
    const { host, page } = await open();
    await go(page, 'data');
    assert.equal(await row(page, 'data').getByRole('button', { name: 'Reveal' }).count(), 0);
    await page.keyboard.press('Shift+F10');
    assert.deepEqual(await items(page), ['Copy as Base64\nCtrl+C', 'Show History', 'Owner and Expiry…']);
    await page.keyboard.press('Escape');
    for (const key of ['F2', 'Delete', 'Insert', 'Alt+ArrowUp', 'Enter', ' ', 'Control+v'])
      await page.keyboard.press(key);
    await row(page, 'data').locator('.cell.name').dblclick();
    await row(page, 'data').locator('.cell.comment').dblclick();
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', 'A=1\nB=2');
      document.activeElement!.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    });
    await page.waitForTimeout(100);
    assert.equal(await page.locator('.panel, dialog, .body .field').count(), 0);
    assert.equal(await row(page, 'data').getAttribute('draggable'), null);
    const quiet = new Set(['ready', 'hidden']);
    assert.deepEqual(
      host.asked.filter(({ type }) => !quiet.has(type)),
      [],
    );
    await page.close();
  });

  it('that is a text can be shown and edited', async () => {
    const { host, page } = await open({ name: 'data', value: canary.key, binary: false });
    await go(page, 'data');
    await page.keyboard.press('Shift+F10');
    const some = ['Reveal\nSpace', 'Copy\nCtrl+C', 'Edit\nEnter', 'Show History', 'Owner and Expiry…'];
    assert.deepEqual(await items(page), some);
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    await page.locator('textarea:not([aria-busy])').fill('other');
    await page.keyboard.press('Control+Enter');
    await until(() => host.nodes[0]?.value === 'other');
    await page.close();
  });

  it('is only read in Restricted Mode', async () => {
    const host = new StubHost([{ name: 'data', value: 'AAEC', binary: true }], { ...state, readOnly: true });
    const page = await browser.open(host);
    assert.equal(await page.getByRole('button', { name: 'Replace From File…' }).count(), 0);
    await page.getByRole('button', { name: 'Save a Copy…' }).waitFor();
    await page.close();
  });
});
