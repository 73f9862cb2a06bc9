import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { Browser, picture } from './open.ts';
import { choose, focusedRow, go, names, row, until } from './page.ts';
import { canary, many, nested } from './samples.ts';
import { type Node, StubHost } from './stub.ts';

const browser = new Browser();
const narrow = { width: 400, height: 600 };

/** Waits until the row of this name, or what is in it, has the focus. */
const focusOn = (page: Page, name: string) => until(async () => (await focusedRow(page)) === name);

/** Pastes a text where the focus is, as Ctrl+V does. */
async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((given) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', given);
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    if (document.activeElement?.dispatchEvent(event)) document.execCommand('insertText', false, given);
  }, text);
}

/** Where hands and eyes expect things to be. */
describe('habits', () => {
  before(() => browser.start());
  after(() => browser.stop());
  afterEach(() => {
    assert.deepEqual(browser.complaints, []);
    assert.deepEqual(browser.strangers, []);
  });

  describe('the focus', () => {
    it('is in the table from the start, and again when the window comes back', async () => {
      const page = await browser.open(new StubHost(many(3)));
      await focusOn(page, 'SECRET_00000');
      assert.equal(await page.locator('.banner').isVisible(), false);
      await page.keyboard.press('ArrowDown');
      await focusOn(page, 'SECRET_00001');
      await page.evaluate(() => (document.activeElement as HTMLElement).blur());
      await page.evaluate(() => window.dispatchEvent(new Event('focus')));
      await focusOn(page, 'SECRET_00001');
      await page.close();
    });

    it('coming back does not scroll the table away from where it was', async () => {
      const page = await browser.open(new StubHost(many(500)));
      await focusOn(page, 'SECRET_00000');
      await page.locator('.scroller').evaluate((e) => e.scrollTo(0, 4000));
      await row(page, 'SECRET_00190').waitFor();
      await page.evaluate(() => (document.activeElement as HTMLElement).blur());
      await page.evaluate(() => window.dispatchEvent(new Event('focus')));
      await focusOn(page, 'SECRET_00000');
      assert.equal(await page.locator('.scroller').evaluate((e) => e.scrollTop), 4000);
      await page.close();
    });

    it('is on a notice, never on a button that changes the file, and on the same row once it is back', async () => {
      const notice = { kind: 'locked', text: 'Locked.', actions: ['unlock'] } as const;
      const host = new StubHost(many(3));
      const page = await browser.open(host);
      const { nodes } = host;
      await go(page, 'SECRET_00002');
      await page.keyboard.press('Enter');
      await page.locator('.body .field:focus').waitFor();
      await page.keyboard.type('half');
      host.nodes = [];
      await host.pushState({ notice });
      await until(() => page.evaluate(() => document.activeElement?.tagName === 'H2'));
      await page.getByText('What you typed was not saved, because the file cannot be edited now.').first().waitFor();
      host.nodes = nodes;
      await host.pushState({ notice: undefined as never });
      await focusOn(page, 'SECRET_00002');
      await page.close();
    });

    it('goes to what undo and redo changed, and into view', async () => {
      const page = await browser.open(new StubHost(many(200)));
      await go(page, 'SECRET_00003');
      await page.keyboard.press('Delete');
      await page.keyboard.press('Enter');
      await row(page, 'SECRET_00003').waitFor({ state: 'detached' });
      await page.keyboard.press('End');
      await focusOn(page, 'SECRET_00199');
      await page.keyboard.press('Control+z');
      await focusOn(page, 'SECRET_00003');
      assert.ok(await page.locator('.scroller').evaluate((e) => e.scrollTop < 100));
      await page.keyboard.press('End');
      await page.keyboard.press('Control+y');
      await focusOn(page, 'SECRET_00004');
      await page.close();
    });

    it('goes to what the second of two undos changed, also when both were on their way', async () => {
      const host = new StubHost(many(200));
      const page = await browser.open(host);
      for (const name of ['SECRET_00003', 'SECRET_00006']) {
        await go(page, name);
        await page.keyboard.press('Delete');
        await page.keyboard.press('Enter');
        await row(page, name).waitFor({ state: 'detached' });
      }
      await page.keyboard.press('End');
      await focusOn(page, 'SECRET_00199');
      const release = host.hold('undo');
      await page.keyboard.press('Control+z');
      await page.keyboard.press('Control+z');
      await until(() => host.asked.filter(({ type }) => type === 'undo').length === 2);
      release();
      await focusOn(page, 'SECRET_00003');
      await page.close();
    });

    it('goes to a value in a group whose change is undone', async () => {
      const host = new StubHost(nested());
      const page = await browser.open(host);
      await choose(page, 'password', 'Duplicate');
      await page.locator('.panel .field:focus').waitFor();
      await page.keyboard.press('Enter');
      await focusOn(page, 'password_copy');
      await go(page, 'tls_key');
      await page.keyboard.press('Control+z');
      await focusOn(page, 'replicas');
      await page.keyboard.press('Control+y');
      await focusOn(page, 'password_copy');
      await page.close();
    });

    it('comes back from the list of keys to the view that it was asked for in', async () => {
      const page = await browser.open(new StubHost(nested(), {}, 'a: b\n'));
      await page.getByRole('button', { name: 'Text', exact: true }).click();
      await page.locator('.cm-content:focus').waitFor();
      await page.getByRole('button', { name: 'Keys' }).click();
      await page.getByText('Find and replace', { exact: false }).waitFor();
      await page.keyboard.press('Escape');
      await page.locator('.cm-content:focus').waitFor();
      await page.close();
    });
  });

  describe('adding', () => {
    it('goes to the end of the file while no row was chosen', async () => {
      const page = await browser.open(new StubHost(many(3)));
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await page.locator('.panel .field:focus').waitFor();
      await page.keyboard.type('NEW');
      await page.keyboard.press('Enter');
      await page.locator('.panel input[type=password]:focus').waitFor();
      await page.keyboard.type('v');
      await page.keyboard.press('Enter');
      await focusOn(page, 'NEW');
      assert.equal((await names(page)).at(-1), 'NEW');
      await page.close();
    });

    it('Enter in the name goes on to the value; a value may be left empty', async () => {
      const host = new StubHost(many(3));
      const page = await browser.open(host);
      await go(page, 'SECRET_00001');
      await page.keyboard.press('Insert');
      await page.locator('.panel .field:focus').waitFor();
      await page.keyboard.type('NEW');
      await page.keyboard.press('Enter');
      await page.locator('.panel input[type=password]:focus').waitFor();
      assert.equal(host.named('add').length, 0);
      await page.keyboard.press('Enter');
      await focusOn(page, 'NEW');
      assert.equal(host.nodes[2]?.name, 'NEW');
      await page.close();
    });

    it('takes a pasted NAME=value apart, and never shows the value in the name', async () => {
      const page = await browser.open(new StubHost(many(3)));
      await go(page, 'SECRET_00001');
      await page.keyboard.press('Insert');
      await page.locator('.panel .field:focus').waitFor();
      await paste(page, `export STRIPE_KEY=${canary.stripe}\n`);
      await page.locator('.panel input[type=password]:focus').waitFor();
      assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'STRIPE_KEY');
      assert.equal(await page.locator('.panel input[type=password]').inputValue(), canary.stripe);
      await page.close();
    });

    it('opens the form for a whole .env when one is pasted as a name', async () => {
      const page = await browser.open(new StubHost(many(3)));
      await go(page, 'SECRET_00001');
      await page.keyboard.press('Insert');
      await page.locator('.panel .field:focus').waitFor();
      await paste(page, `A=${canary.stripe}\nB=2\n`);
      await page.locator('dialog textarea').waitFor();
      assert.equal(await page.locator('dialog textarea').inputValue(), `A=${canary.stripe}\nB=2\n`);
      await page.close();
    });
  });

  it('an INI file takes entries in its sections, and sections beside each other', async () => {
    const host = new StubHost(
      [
        { name: 'DEFAULT', children: [] },
        { name: 'db', children: [{ name: 'host', value: 'x' }] },
      ],
      { format: 'ini' },
    );
    const page = await browser.open(host);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.locator('.panel .title', { hasText: 'In db' }).waitFor();
    await page.keyboard.press('Escape');
    await go(page, 'DEFAULT');
    await page.keyboard.press('Insert');
    await page.locator('.panel .title', { hasText: 'In DEFAULT' }).waitFor();
    await page.keyboard.press('Escape');
    await go(page, 'host');
    await page.getByRole('button', { name: 'Add Group' }).click();
    await page.locator('.panel .title', { hasText: 'At the top level' }).waitFor();
    await page.keyboard.press('Escape');
    await choose(page, 'host', 'Move to…');
    await page.locator('.option').first().waitFor();
    assert.deepEqual(await page.locator('.option').allTextContents(), ['DEFAULT']);
    await page.keyboard.press('Escape');
    assert.equal(await page.getByRole('button', { name: 'Paste .env' }).count(), 0);
    await page.close();
  });

  describe('pasting on a row', () => {
    it('puts one value into its field, masked, and Enter sets it', async () => {
      const host = new StubHost(nested());
      const page = await browser.open(host);
      await go(page, 'stripe_key');
      await paste(page, 'new-example-value==\n');
      await page.locator('.body .field:focus').waitFor();
      await until(async () => (await page.locator('.body .field').inputValue()) === 'new-example-value==');
      assert.equal(await page.locator('.body .field').getAttribute('type'), 'password');
      assert.equal(host.named('set').length, 0);
      await page.keyboard.press('Enter');
      await until(() => host.nodes.some(({ value }) => value === 'new-example-value=='));
      await page.close();
    });

    it('keeps the lines of a key, and Escape leaves all as it was', async () => {
      const host = new StubHost(nested());
      const page = await browser.open(host);
      await go(page, 'stripe_key');
      await paste(page, canary.key);
      await until(async () => (await page.locator('.panel textarea').inputValue()) === canary.key);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await focusOn(page, 'stripe_key');
      assert.equal(host.named('set').length, 0);
      await page.close();
    });

    it('adds lines of a .env', async () => {
      const page = await browser.open(new StubHost(nested()));
      await go(page, 'stripe_key');
      await paste(page, 'A=1\nB=2\n');
      await page.locator('dialog textarea').waitFor();
      await page.close();
    });
  });

  it('Tab past the last control of a value sets it and stays in the table, Shift+Tab before the first one too', async () => {
    const host = new StubHost(many(3));
    const page = await browser.open(host);
    await go(page, 'SECRET_00001');
    await page.keyboard.press('Enter');
    await page.locator('.body .field:focus').waitFor();
    await page.keyboard.type('typed');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.locator('.body .select').waitFor();
    await page.keyboard.press('Tab');
    await page.locator('.body .select:focus').waitFor();
    await page.keyboard.press('Tab');
    await focusOn(page, 'SECRET_00001');
    await page.locator('.body .field').waitFor({ state: 'detached' });
    await until(() => host.nodes[1]?.value === 'typed');
    await page.keyboard.press('Enter');
    await page.locator('.body .field:focus').waitFor();
    await page.keyboard.press('Shift+Tab');
    await page.locator('.body .field').waitFor({ state: 'detached' });
    await focusOn(page, 'SECRET_00001');
    await page.close();
  });

  it('goes back where the person was when it is made anew', async () => {
    const host = new StubHost(many(500));
    const page = await browser.open(host);
    await go(page, 'SECRET_00003');
    await page.keyboard.press('End');
    await focusOn(page, 'SECRET_00499');
    const last = JSON.stringify(['SECRET_00499']);
    await until(() => (host.kept.at(-1) as { row?: string } | undefined)?.row === last);
    const again = await browser.open(host);
    await focusOn(again, 'SECRET_00499');
    await again.close();
    await page.close();
  });

  it('names can be read however deep they are', async () => {
    const deep = (n: number): Node =>
      n === 0 ? { name: 'leaf', value: 'x' } : { name: `g${n}`, children: [deep(n - 1)] };
    const page = await browser.open(new StubHost([deep(16)]));
    await page.setViewportSize(narrow);
    await row(page, 'leaf').waitFor();
    const widths = await page.locator('.body .label').evaluateAll((all) => all.map((e) => e.clientWidth));
    assert.ok(Math.min(...widths) > 10, `${widths}`);
    await page.close();
  });

  it('double click edits what was clicked: name, value or comment', async () => {
    const page = await browser.open(new StubHost(nested()));
    await row(page, 'password').locator('.cell.comment').dblclick();
    await until(async () => (await page.locator('.panel textarea').inputValue()) === 'rotate each quarter');
    await page.keyboard.press('Escape');
    await row(page, 'password').locator('.cell.name').dblclick();
    await until(async () => (await page.locator('.body .field:focus').inputValue()) === 'password');
    await page.keyboard.press('Escape');
    await row(page, 'password').locator('.cell.value .mask').dblclick();
    await until(async () => (await page.locator('.body .field:focus').getAttribute('type')) === 'password');
    await page.close();
  });

  it('a value that stands in clear text in the file is not hidden from who edits it', async () => {
    const page = await browser.open(new StubHost(nested()));
    await go(page, 'port');
    await page.keyboard.press('Enter');
    await until(async () => (await page.locator('.body .field:focus').getAttribute('type')) === 'text');
    assert.equal(await page.locator('.body .field').getAttribute('autocomplete'), 'off');
    await page.keyboard.type('1');
    assert.equal(await page.locator('.body .field').inputValue(), '1', 'what is typed takes the place of all');
    await page.close();
  });

  it('what is empty or nothing says so, and there is nothing to reveal', async () => {
    const page = await browser.open(
      new StubHost([
        { name: 'blank', value: '' },
        { name: 'none', value: '', type: 'null' },
        { name: 'full', value: 'x' },
      ]),
    );
    const shown = async (name: string) => (await row(page, name).locator('.cell.value > span').first().textContent())!;
    assert.deepEqual([await shown('blank'), await shown('none'), await shown('full')], ['empty', 'null', '••••••••']);
    for (const name of ['blank', 'none']) assert.equal(await row(page, name).locator('[data-act=reveal]').count(), 0);
    // A new value is a secret: its field is masked.
    await go(page, 'blank');
    await page.keyboard.press('Enter');
    await until(async () => (await page.locator('.body .field:focus').getAttribute('type')) === 'password');
    await page.close();
  });

  it('a file whose readers have to be looked at is edited below what is said about it; a conflict is said first', async () => {
    const notice = { kind: 'readers', text: 'Somebody may have changed who can read it.', actions: [] } as const;
    const host = new StubHost(nested(), { notice });
    const page = await browser.open(host);
    await page.locator('.banner', { hasText: 'Somebody may have changed' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Add', exact: true }).isVisible(), true);
    await host.pushState({ conflict: true });
    await page.locator('.banner', { hasText: 'Somebody may have changed' }).waitFor({ state: 'hidden' });
    assert.equal(await page.locator('.banner').isVisible(), true);
    await page.close();
  });

  it('a damaged file can be read below what is said about it, and not changed', async () => {
    const host = new StubHost(nested(), {
      readOnly: true,
      notice: { kind: 'damaged', text: '1 entry does not match its seal.', actions: ['openAsText', 'reload'] },
    });
    const page = await browser.open(host);
    await page.locator('.banner', { hasText: '1 entry does not match its seal.' }).waitFor();
    assert.equal(await row(page, 'broken_value').locator('.badge.damaged').count(), 1);
    await go(page, 'stripe_key');
    await row(page, 'stripe_key').locator('[data-act=reveal]').click();
    await row(page, 'stripe_key').locator('.shown-value').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Text', exact: true }).isVisible(), false);
    assert.equal(await page.getByRole('button', { name: 'Add', exact: true }).isVisible(), false);
    await picture(page, 'damaged-dark');
    await page.getByRole('button', { name: 'Open as Text' }).click();
    await until(() => host.named('act').length === 1);
    await host.pushState({ notice: undefined as never, readOnly: false });
    await page.locator('.banner').waitFor({ state: 'hidden' });
    await page.close();
  });

  it('opens and closes all groups, by button and by key; what was current stays in view', async () => {
    const page = await browser.open(new StubHost(many(60, true)));
    await go(page, 'SECRET_00003');
    await page.keyboard.press('Control+ArrowLeft');
    await focusOn(page, 'group_0');
    assert.deepEqual(await names(page), ['group_0', 'group_1', 'group_2']);
    await page.getByRole('button', { name: 'Open All Groups' }).click();
    await row(page, 'SECRET_00003').waitFor();
    await page.getByRole('button', { name: 'Close All Groups' }).click();
    await row(page, 'SECRET_00003').waitFor({ state: 'detached' });
    await focusOn(page, 'group_0');
    await page.keyboard.press('Control+ArrowRight');
    await row(page, 'SECRET_00003').waitFor();
    await page.close();
  });

  it('Escape on a row ends a search, and stays on the row', async () => {
    const page = await browser.open(new StubHost(nested()));
    await go(page, 'tls_key');
    await page.keyboard.type('pass');
    await page.keyboard.press('Enter');
    await focusOn(page, 'password');
    await page.keyboard.press('Escape');
    await row(page, 'tls_key').waitFor();
    await focusOn(page, 'password');
    assert.equal(await page.locator('.search-field').inputValue(), '');
    await page.close();
  });

  it('the menu of several rows offers what can be done with all of them', async () => {
    const host = new StubHost(nested());
    const page = await browser.open(host);
    await go(page, 'host');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+F10');
    await page.locator('.menu').waitFor();
    assert.deepEqual(await page.locator('.menu-label').allTextContents(), ['Delete 2 Entries']);
    await page.keyboard.press('Enter');
    await page.getByText('Delete 2 entries?', { exact: false }).first().waitFor();
    await page.close();
  });

  it('copies a name as it is', async () => {
    const page = await browser.open(new StubHost(nested()));
    await choose(page, 'stripe_key', 'Copy Name');
    await until(() => page.evaluate(async () => (await navigator.clipboard.readText()) === 'stripe_key'));
    await page.close();
  });

  it('a name tells where it stands', async () => {
    const page = await browser.open(new StubHost(nested()));
    assert.equal(await row(page, 'password').locator('.cell.name').getAttribute('title'), 'database › password');
    await page.close();
  });

  it('beside another editor everything is within reach', async () => {
    const page = await browser.open(new StubHost(nested()));
    await page.setViewportSize(narrow);
    await go(page, 'password');
    const height = async () => (await page.locator('.bar').boundingBox())!.height;
    assert.ok((await height()) < 70, `the bar is ${await height()} high`);
    await page.setViewportSize({ width: 600, height: 600 });
    assert.ok((await height()) < 40, `the bar is ${await height()} high`);
    await page.setViewportSize(narrow);
    await page.keyboard.press('Enter');
    await page.locator('.body .field:focus').waitFor();
    const select = await page.locator('.body .select').boundingBox();
    assert.ok(select!.x + select!.width <= narrow.width, 'the type can be chosen');
    assert.ok(await page.locator('.scroller').evaluate((e) => e.scrollWidth <= e.clientWidth), 'nothing is cut off');
    await picture(page, 'narrow-edit-dark');
    await page.close();
  });

  it('a flat file starts at the column of its names', async () => {
    const page = await browser.open(new StubHost(many(2), { format: 'dotenv' }));
    const left = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((e) => {
          const range = document.createRange();
          range.selectNodeContents(e);
          return Math.round(range.getBoundingClientRect().left);
        });
    assert.ok(Math.abs((await left('.head .name')) - (await left('.body .label'))) <= 4);
    await page.close();
  });
});
