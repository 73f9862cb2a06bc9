import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { Browser, dress, everything, picture } from './open.ts';
import { choose, field, focusedRow, go, row, until } from './page.ts';
import { nested } from './samples.ts';
import { StubHost } from './stub.ts';

const browser = new Browser();
const node = (host: StubHost, name: string) => host.nodes.find((one) => one.name === name)!;
const waits = (page: Page) => page.locator('.field[aria-busy]:focus');

/** The field of a value whose old text is on its way, and the function that lets it come. */
async function waiting(value: string): Promise<{ host: StubHost; page: Page; release: () => void }> {
  const host = new StubHost([{ name: 'one', value }, { name: 'two', value: 'other' }, ...nested()]);
  const release = host.hold('edit');
  const page = await browser.open(host);
  await go(page, 'one');
  await page.keyboard.press('Enter');
  await waits(page).waitFor();
  return { host, page, release };
}

/** A name that is being sent, with a double click on the next row behind it, and the function that lets the answer come. */
async function renaming(): Promise<{ host: StubHost; page: Page; release: () => void }> {
  const host = new StubHost([
    { name: 'a', value: 'old' },
    { name: 'b', value: 'old' },
  ]);
  const page = await browser.open(host);
  const release = host.hold('rename');
  await go(page, 'a');
  await page.keyboard.press('F2');
  await page.getByLabel('New name of a').fill('c');
  await row(page, 'b').locator('.cell.type').dblclick();
  return { host, page, release };
}

/** What is typed, key by key; one character is itself. */
async function press(page: Page, keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

const selected = (page: Page, name: string) =>
  field(page, name).evaluate((e: HTMLInputElement) => [e.selectionStart, e.selectionEnd]);

describe('a field whose value is on its way', () => {
  before(() => browser.start());
  after(() => browser.stop());
  afterEach(() => {
    assert.deepEqual(browser.complaints, []);
    assert.deepEqual(browser.strangers, []);
  });

  it('is there at once, empty and masked, says that it waits, and has all of its value selected then', async () => {
    const { page, release } = await waiting('old');
    assert.equal(await waits(page).getAttribute('type'), 'password');
    assert.equal(await waits(page).getAttribute('placeholder'), 'Opening the field…');
    assert.equal(await waits(page).inputValue(), '');
    await page.waitForTimeout(350);
    await picture(page, 'loading-dark');
    await dress(page, 'light');
    await picture(page, 'loading-light');
    release();
    await field(page, 'one').waitFor();
    assert.equal(await field(page, 'one').inputValue(), 'old');
    assert.deepEqual(await selected(page, 'one'), [0, 3]);
    assert.equal(await field(page, 'one').getAttribute('placeholder'), null);
    await page.close();
  });

  /** Keys before the value `old` arrives, and what is in the field afterwards, with `|` for the caret. */
  const lines: Readonly<Record<string, readonly [readonly string[], string]>> = {
    'typing takes its place': [['a', 'b'], 'ab|'],
    'typing that was deleted again leaves nothing': [['a', 'Backspace'], '|'],
    'Backspace deletes it': [['Backspace'], '|'],
    'Delete deletes it': [['Delete', 'a'], 'a|'],
    'after End it stays, and typing goes behind it': [['End', 'a', 'b'], 'oldab|'],
    'after the right arrow, too': [['ArrowRight', 'a', 'ArrowLeft', 'b'], 'oldb|a'],
    'after Home typing goes before it': [['Home', 'a', 'b'], 'ab|old'],
    'after the left arrow, too': [['ArrowLeft', 'a'], 'a|old'],
    'Ctrl+A selects it again': [['End', 'Control+a', 'a'], 'a|'],
  };
  for (const [name, [keys, text]] of Object.entries(lines)) {
    it(`in one line: ${name}`, async () => {
      const { host, page, release } = await waiting('old');
      await press(page, keys);
      release();
      await field(page, 'one').waitFor();
      assert.equal(await field(page, 'one').inputValue(), text.replace('|', ''));
      await press(page, ['x', 'Enter']);
      await until(() => node(host, 'one').value === text.replace('|', 'x'));
      await page.close();
    });
  }

  it('in several lines: typing goes behind it, and after Ctrl+A takes its place', async () => {
    for (const [keys, text] of [
      [['a', 'b'], 'one\ntwo\nab'],
      [['Control+Home', 'a'], 'aone\ntwo\n'],
      [['Control+a', 'a'], 'a'],
    ] as const) {
      const { host, page, release } = await waiting('one\ntwo\n');
      await press(page, keys);
      release();
      await field(page, 'one').waitFor();
      assert.equal(await field(page, 'one').inputValue(), text);
      await page.keyboard.press('Control+Enter');
      await until(() => node(host, 'one').value === text);
      await page.close();
    }
  });

  it('an Enter before it sets what the keys made of it, and nothing when they made nothing', async () => {
    const { host, page, release } = await waiting('old');
    await press(page, ['End', '2', 'Enter']);
    assert.equal(await focusedRow(page), 'one');
    assert.equal(await page.locator('.body .field').count(), 0);
    release();
    await until(() => node(host, 'one').value === 'old2');
    const again = host.hold('edit');
    await press(page, ['Enter', 'Enter']);
    again();
    await until(() => host.named('edit').length === 2);
    await page.waitForTimeout(100);
    assert.equal(host.named('set').length, 1);
    await page.close();
  });

  it('what is being composed is not broken off', async () => {
    const { host, page, release } = await waiting('one\ntwo\n');
    const session = await page.context().newCDPSession(page);
    await session.send('Input.imeSetComposition', { text: 'に', selectionStart: 1, selectionEnd: 1 });
    release();
    await until(() => host.named('edit').length === 1);
    await page.waitForTimeout(100);
    assert.equal(await waits(page).inputValue(), 'に');
    await session.send('Input.insertText', { text: '日' });
    await field(page, 'one').waitFor();
    assert.equal(await field(page, 'one').inputValue(), 'one\ntwo\n日');
    await page.close();
  });

  it('a key that is held down does not close it, and nothing of it is left after Escape', async () => {
    const { host, page, release } = await waiting('old-canary');
    await page.keyboard.press('Escape');
    release();
    const again = host.hold('edit');
    await page.keyboard.down('Enter');
    await waits(page).waitFor();
    await page.keyboard.down('Enter');
    await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    assert.equal(await waits(page).count(), 1);
    await page.keyboard.type('typed-canary');
    await page.keyboard.press('Escape');
    again();
    await page.waitForTimeout(100);
    assert.equal(await focusedRow(page), 'one');
    assert.ok(!(await everything(page)).includes('canary'));
    assert.equal(host.named('set').length, 0);
    await page.close();
  });

  it('one value after the other, faster than the host', async () => {
    const host = new StubHost(['a', 'b', 'c', 'd'].map((name) => ({ name, value: 'old' })));
    for (const type of ['edit', 'set'] as const) host.slow.set(type, 150);
    const page = await browser.open(host);
    await go(page, 'a');
    for (const text of ['1', '2', '3', '4']) await press(page, ['Enter', text, text, 'Enter', 'ArrowDown']);
    await until(() => host.named('set').length === 4);
    await until(() => host.nodes.map(({ value }) => value).join() === '11,22,33,44');
    await page.close();
  });

  it('goes when what was open before is refused and comes back', async () => {
    const host = new StubHost([
      { name: 'a', value: 'old' },
      { name: 'b', value: 'old' },
    ]);
    const page = await browser.open(host);
    const release = host.hold('set');
    await go(page, 'a');
    await page.keyboard.press('Enter');
    await field(page, 'a').fill('refuse');
    await press(page, ['Enter', 'ArrowDown', 'Enter']);
    await page.keyboard.type('typed-canary');
    release();
    await page.locator('.problem', { hasText: 'cannot be stored' }).waitFor();
    assert.equal(await field(page, 'a').inputValue(), 'refuse');
    assert.equal(await page.locator('.body .field').count(), 1);
    assert.ok(!(await everything(page)).includes('canary'));
    await until(async () => (await page.locator('.body .field:focus').count()) === 1);
    assert.equal(host.named('edit').length, 1);
    await page.keyboard.press('Escape');
    assert.equal(host.named('set').length, 1);
    await page.close();
  });

  it('is set all the same when it was left before that came back', async () => {
    const host = new StubHost([
      { name: 'a', value: 'old' },
      { name: 'b', value: 'old' },
    ]);
    const page = await browser.open(host);
    const release = host.hold('set');
    await go(page, 'a');
    await page.keyboard.press('Enter');
    await field(page, 'a').fill('refuse');
    await press(page, ['Enter', 'ArrowDown', 'Enter', 'n', 'e', 'w', 'Enter']);
    release();
    await page.locator('.problem', { hasText: 'cannot be stored' }).waitFor();
    await until(() => node(host, 'b').value === 'new');
    assert.equal(await field(page, 'a').inputValue(), 'refuse');
    assert.equal(node(host, 'a').value, 'old');
    await page.close();
  });

  it('keeps every value that is refused: one comes back after the other', async () => {
    const host = new StubHost(['a', 'b', 'c'].map((name) => ({ name, value: 'old' })));
    const page = await browser.open(host);
    const release = host.hold('set');
    await go(page, 'a');
    await page.keyboard.press('Enter');
    await field(page, 'a').fill('refuse');
    await press(page, ['Enter', 'ArrowDown', 'Enter', ...'refuse', 'Enter']);
    release();
    await field(page, 'b').waitFor();
    await page.locator('.problem', { hasText: 'cannot be stored' }).waitFor();
    assert.equal(await field(page, 'b').inputValue(), 'refuse');
    assert.equal(await page.locator('.body .field').count(), 1);
    await field(page, 'b').fill('second');
    await page.keyboard.press('Enter');
    await until(() => node(host, 'b').value === 'second');
    await field(page, 'a').waitFor();
    assert.equal(await field(page, 'a').inputValue(), 'refuse');
    await page.locator('.problem', { hasText: 'cannot be stored' }).waitFor();
    await field(page, 'a').fill('first');
    await page.keyboard.press('Enter');
    await until(() => node(host, 'a').value === 'first');
    assert.equal(await page.locator('.body .field').count(), 0);
    await page.close();
  });

  it('comes back masked while presenting, also where the value is plaintext in the file', async () => {
    const host = new StubHost([{ name: 'a', value: 'old', plain: true }]);
    const page = await browser.open(host);
    const release = host.hold('set');
    await go(page, 'a');
    await page.keyboard.press('Enter');
    await field(page, 'a').fill('refuse');
    assert.equal(await field(page, 'a').getAttribute('type'), 'text');
    await page.keyboard.press('Enter');
    await host.pushState({ presenting: true });
    release();
    await page.locator('.problem', { hasText: 'cannot be stored' }).waitFor();
    assert.equal(await field(page, 'a').getAttribute('type'), 'password');
    await page.close();
  });

  it('what is sent while the file is locked does not come back, and that is said', async () => {
    const host = new StubHost([{ name: 'a', value: 'old' }]);
    const page = await browser.open(host);
    const release = host.hold('set');
    await go(page, 'a');
    await page.keyboard.press('Enter');
    await field(page, 'a').fill('refuse');
    await page.keyboard.press('Enter');
    const { nodes } = host;
    host.nodes = [];
    await host.pushState({ notice: { kind: 'locked', text: 'Locked.', actions: ['unlock'] } });
    host.nodes = nodes;
    release();
    await page.locator('.toast', { hasText: 'because the file cannot be edited now' }).waitFor();
    assert.equal(await page.locator('.body .field').count(), 0);
    assert.ok(!(await everything(page)).includes('refuse'));
    await page.close();
  });

  it('does not open for the rest of a value whose first letters went nowhere', async () => {
    const { host, page, release } = await renaming();
    await page.keyboard.type('typed-canary');
    release();
    await row(page, 'c').waitFor();
    await page.waitForTimeout(100);
    assert.equal(await page.locator('.search-field').inputValue(), '');
    assert.equal(await page.locator('.field.masked').count(), 0);
    assert.equal(host.named('edit').length, 0);
    await page.close();
  });

  it('opens once a name is set, when nothing was typed meanwhile', async () => {
    const { page, release } = await renaming();
    release();
    await field(page, 'b').waitFor();
    await page.close();
  });

  it('of a comment that is encrypted is masked', async () => {
    const host = new StubHost([{ name: 'a', value: 'x', comment: 'old', secretComment: true }]);
    const release = host.hold('comment');
    const page = await browser.open(host);
    await choose(page, 'a', 'Edit Comment');
    await page.keyboard.type('new');
    assert.match((await waits(page).getAttribute('class')) ?? '', /\bmasked\b/);
    release();
    await page.locator('.panel textarea:not([aria-busy])').waitFor();
    assert.equal(await page.locator('.panel textarea').inputValue(), 'oldnew');
    await page.keyboard.press('Escape');
    await page.close();
  });

  it('stays, with what is typed, when a value arrives that was to be shown', async () => {
    for (const [other, name] of [
      ['one', 'Value of one'],
      ['two', 'Value of two'],
    ] as const) {
      const host = new StubHost([{ name: 'one', value: 'first' }, { name: 'two', value: 'second' }, ...nested()]);
      const release = host.hold('reveal');
      const page = await browser.open(host);
      await go(page, 'one');
      await row(page, 'one').getByRole('button', { name: 'Reveal' }).click();
      await go(page, other);
      await page.keyboard.press('Enter');
      await page.getByLabel(name).fill('typed');
      release();
      await page.waitForTimeout(150);
      assert.equal(await page.getByLabel(name).inputValue(), 'typed');
      assert.equal(await page.locator('.shown-value').count(), 0);
      await page.keyboard.press('Enter');
      await until(() => node(host, other).value === 'typed');
      await page.close();
    }
  });
});
