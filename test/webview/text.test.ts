import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { Browser, everything, picture } from './open.ts';
import { blurWindow, until } from './page.ts';
import { StubHost } from './stub.ts';

const browser = new Browser();
const yaml = `# Values of production
database:
  host: db.example.com
  password: canary-example-one
stripe: canary-example-two
key: |
  canary-example-three
  line two
last: canary-example-four
`;
const dots = '••••••••';

async function openText(host: StubHost): Promise<Page> {
  const page = await browser.open(host);
  await page.getByRole('button', { name: 'Text', exact: true }).click();
  await page.locator('.cm-content').waitFor();
  return page;
}
const text = (page: Page) =>
  page.locator('.cm-line').evaluateAll((lines) =>
    lines.map((line) => {
      const copy = line.cloneNode(true) as HTMLElement;
      for (const hidden of copy.querySelectorAll('.spoken')) hidden.remove();
      return copy.textContent;
    }),
  );
const line = (page: Page, part: string) => page.locator('.cm-line', { hasText: part });
const secrets = ['one', 'two', 'three', 'four'].map((name) => `canary-example-${name}`);
async function shownSecrets(page: Page): Promise<string[]> {
  const all = await everything(page);
  return secrets.filter((secret) => all.includes(secret));
}

describe('the Text view', () => {
  before(() => browser.start());
  after(() => browser.stop());
  afterEach(() => {
    assert.deepEqual(browser.complaints, []);
    assert.deepEqual(browser.strangers, []);
  });

  it('shows dots in place of values', async () => {
    const host = new StubHost([], {}, yaml);
    const page = await openText(host);
    assert.deepEqual(await text(page), [
      '# Values of production',
      'database:',
      `  host: ${dots}`,
      `  password: ${dots}`,
      `stripe: ${dots}`,
      `key: ${dots}`,
      `last: ${dots}`,
      '',
    ]);
    assert.deepEqual(await shownSecrets(page), []);
    assert.equal(host.named('textShow').length, 0);
    const content = page.locator('.cm-content');
    for (const [name, value] of [
      ['spellcheck', 'false'],
      ['autocorrect', 'off'],
      ['autocapitalize', 'off'],
      ['autocomplete', 'off'],
    ]) {
      assert.equal(await content.getAttribute(name!), value);
    }
    await picture(page, 'text-dark');
    await page.close();
  });

  it('shows the line with the cursor, and hides it when the cursor leaves', async () => {
    const host = new StubHost([], {}, yaml);
    const page = await openText(host);
    await line(page, 'stripe').click();
    await until(async () => (await shownSecrets(page)).join() === 'canary-example-two');
    await picture(page, 'text-line-dark');
    await page.keyboard.press('ArrowUp');
    await until(async () => (await shownSecrets(page)).join() === 'canary-example-one');
    await line(page, 'database').click();
    await until(async () => (await shownSecrets(page)).length === 0);
    await line(page, 'key').click();
    await until(async () => (await shownSecrets(page)).join() === 'canary-example-three');
    assert.ok((await text(page)).includes('  line two'));
    await page.keyboard.press('Control+End');
    await until(async () => (await shownSecrets(page)).length === 0);
    assert.equal(host.named('textSet').length, 0);
    await page.close();
  });

  it('hides it on blur, on the word of the host, and after the time of a reveal', async () => {
    const host = new StubHost([], { revealSeconds: 60 }, yaml);
    const page = await openText(host);
    for (const leave of [
      () => blurWindow(page),
      () => host.send({ type: 'forget' }),
      () => host.pushState({ presenting: true }),
    ]) {
      await line(page, 'last').click();
      await line(page, 'stripe').click();
      await until(async () => (await shownSecrets(page)).length === 1);
      await leave();
      await until(async () => (await shownSecrets(page)).length === 0);
    }
    await line(page, 'stripe').click();
    await page.waitForTimeout(200);
    assert.deepEqual(await shownSecrets(page), []);
    await host.pushState({ presenting: false, revealSeconds: 0.5 });
    await line(page, 'last').click();
    await until(async () => (await shownSecrets(page)).length === 1);
    await until(async () => (await shownSecrets(page)).length === 0);
    await page.close();
  });

  it('looks for no value while presenting, and leaves none that was looked for', async () => {
    const host = new StubHost([], {}, yaml);
    const page = await openText(host);
    await page.keyboard.press('Control+f');
    const toggle = page.locator('.find').getByRole('button', { name: 'Search in Values Too' });
    const find = page.getByLabel('Find', { exact: true });
    for (const end of [() => toggle.click(), () => host.pushState({ presenting: true })]) {
      await toggle.click();
      await find.fill('canary-example');
      await until(async () => (await page.locator('.cm-found, .cm-found-now').count()) > 0);
      await end();
      await until(async () => (await page.locator('.cm-found, .cm-found-now').count()) === 0);
      assert.equal(await find.inputValue(), '');
      assert.equal(await toggle.getAttribute('aria-pressed'), 'false');
    }
    const asked = host.named('textFind').length;
    await toggle.click({ force: true });
    await page.locator('.toast', { hasText: 'values are not searched' }).waitFor();
    await find.fill('canary-example');
    await page.waitForTimeout(200);
    assert.equal(host.named('textFind').length, asked);
    await picture(page, 'text-presenting-dark');
    await page.close();
  });

  it('sends what was typed when the cursor leaves the line', async () => {
    const host = new StubHost([], {}, yaml);
    const page = await openText(host);
    await line(page, 'stripe').click();
    await until(async () => (await shownSecrets(page)).length === 1);
    await page.keyboard.press('End');
    await page.keyboard.type('-more');
    assert.equal(host.named('textSet').length, 0);
    await line(page, 'database').click();
    await until(async () => (await text(page))[4] === `stripe: ${dots}`);
    await until(() => host.text.plain.includes('stripe: canary-example-two-more\n'));
    assert.equal(host.named('textSet').length, 1);
    const sent = (host.named('textSet')[0]!.args as { text: string }).text;
    assert.ok(!sent.includes('canary-example-one'), 'untouched values travel as tokens');
    await page.close();
  });

  describe('masks a line that was typed as soon as the cursor leaves it', () => {
    const typed = 'canary-typed';
    const shows = async (page: Page) => (await everything(page)).includes(typed);

    it('before the host has answered, and shows it again where the cursor is', async () => {
      const host = new StubHost([], {}, yaml);
      const page = await openText(host);
      const release = host.hold('textSet');
      await line(page, 'last').click();
      await page.keyboard.press('Control+End');
      await page.keyboard.type(`new: ${typed}`);
      assert.ok(await shows(page));
      await page.keyboard.press('ArrowUp');
      assert.ok(!(await shows(page)), 'it can be read');
      assert.equal((await text(page)).at(-1), `new: ${dots}`);
      await picture(page, 'text-left-dark');
      await page.keyboard.press('ArrowDown');
      assert.ok(await shows(page));
      await page.keyboard.press('Control+Home');
      assert.ok(!(await shows(page)));
      release();
      await until(async () => host.text.plain.endsWith(`new: ${typed}`));
      await until(async () => (await text(page)).at(-1) === `new: ${dots}`);
      assert.ok(!(await shows(page)));
      await page.close();
    });

    it('with Enter, and by a paste of several lines', async () => {
      const host = new StubHost([], { format: 'dotenv' }, 'A=x\n');
      const page = await openText(host);
      await page.evaluate(
        (typed) => navigator.clipboard.writeText(`B=${typed}1\n# ${typed}2\n${typed}3==\nC=4\n`),
        typed,
      );
      await line(page, 'A=').click();
      await page.keyboard.press('Control+End');
      await page.keyboard.press('Control+v');
      await until(async () => (await text(page)).length === 6);
      assert.ok(!(await shows(page)));
      assert.deepEqual((await text(page)).slice(1), [`B=${dots}`, dots, dots, `C=${dots}`, '']);
      await page.keyboard.type(`D=${typed}`);
      assert.ok(await shows(page));
      await page.keyboard.press('Enter');
      assert.ok(!(await shows(page)));
      await page.evaluate(() => navigator.clipboard.writeText(''));
      await page.close();
    });

    it('also while the host is busy, and when it refuses', async () => {
      const host = new StubHost([], {}, yaml);
      const page = await openText(host);
      const release = host.hold('textShow');
      await line(page, 'stripe').click();
      await until(() => host.named('textShow').length === 1);
      await page.keyboard.press('Control+End');
      await page.keyboard.type(`new: ${typed}`);
      await page.keyboard.press('Control+Home');
      assert.ok(!(await shows(page)));
      host.refuses.add('textSet');
      release();
      await page.locator('.toast.error').waitFor();
      assert.ok(!(await shows(page)));
      await page.keyboard.press('Control+End');
      assert.ok(await shows(page), 'it is kept');
      host.refuses.clear();
      await page.keyboard.type('1');
      await page.keyboard.press('Control+Home');
      await until(() => host.text.plain.endsWith(`new: ${typed}1`));
      assert.ok(!(await shows(page)));
      await page.close();
    });

    it('and when the window loses the focus', async () => {
      const host = new StubHost([], {}, yaml);
      const page = await openText(host);
      const release = host.hold('textSet');
      await line(page, 'last').click();
      await page.keyboard.press('Control+End');
      await page.keyboard.type(`new: ${typed}`);
      await blurWindow(page);
      await until(async () => !(await shows(page)));
      release();
      await until(async () => host.text.plain.endsWith(`new: ${typed}`));
      await page.close();
    });

    it('and when no value may be shown any more, while the host is busy', async () => {
      for (const leave of [
        (host: StubHost) => host.send({ type: 'forget' }),
        (_: StubHost, page: Page) => blurWindow(page),
      ]) {
        const host = new StubHost([], {}, yaml);
        const page = await openText(host);
        await line(page, 'stripe').click();
        await until(async () => (await shownSecrets(page)).length === 1);
        const release = host.hold('text');
        await host.pushState();
        await until(() => host.named('text').length === 2);
        await leave(host, page);
        await page.waitForTimeout(300);
        assert.deepEqual(await shownSecrets(page), []);
        release();
        await page.close();
      }
    });

    it('but not the other lines of a value that is being edited', async () => {
      const host = new StubHost([], {}, yaml);
      const page = await openText(host);
      await line(page, 'key').click();
      await until(async () => (await shownSecrets(page)).length === 1);
      await page.keyboard.press('ArrowUp');
      await page.keyboard.type(typed);
      assert.ok((await text(page)).includes('  line two'));
      assert.ok(await shows(page));
      await page.close();
    });
  });

  it('a click on the dots puts the cursor there', async () => {
    const host = new StubHost([], {}, yaml);
    const page = await openText(host);
    await line(page, 'database').click();
    for (const [name, value] of [
      ['stripe', 'canary-example-two'],
      ['password', 'canary-example-one'],
    ] as const) {
      await line(page, name).locator('.mask').click();
      await until(async () => (await page.locator('.cm-activeLine').textContent())?.includes(name) ?? false);
      await until(async () => (await shownSecrets(page)).join() === value);
    }
    await page.close();
  });

  it('takes a whole .env, and loses nothing that is typed meanwhile', async () => {
    const host = new StubHost([], { format: 'dotenv' }, 'A=canary-example-one\n');
    host.slow.set('textSet', 250);
    const page = await openText(host);
    await page.evaluate(() => navigator.clipboard.writeText('B=canary-example-two\nC=canary-example-three\n'));
    await line(page, 'A=').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Control+v');
    await until(async () => (await text(page)).length === 4);
    await line(page, 'A=').click();
    await until(() => host.named('textSet').length === 1);
    await page.keyboard.press('End');
    await page.keyboard.type('99');
    await until(async () => (await text(page)).filter((one) => one?.endsWith(dots)).length >= 2);
    await page.keyboard.press('Control+End');
    await until(() => host.named('textSet').length === 2);
    await until(() => host.text.plain.includes('99'));
    await until(async () => (await shownSecrets(page)).length === 0);
    assert.equal(host.text.plain, 'A=canary-example-one99\nB=canary-example-two\nC=canary-example-three\n');
    await page.evaluate(() => navigator.clipboard.writeText(''));
    await page.close();
  });

  it('says what a text was made of when another one came while it was typed', async () => {
    const host = new StubHost([], {}, yaml);
    const page = await openText(host);
    const given = host.text.state().text;
    await typeUnder(host, page);
    await line(page, 'database').click();
    await until(() => host.named('textSet').length === 1);
    assert.equal((host.named('textSet')[0]!.args as { from: string }).from, given);
    await page.close();
  });

  it('catches up with the host once what was typed meanwhile is taken back', async () => {
    const host = new StubHost([], {}, yaml);
    const page = await openText(host);
    await typeUnder(host, page);
    await page.keyboard.press('Backspace');
    await line(page, 'database').click();
    await until(async () => (await text(page))[0] === `more: ${dots}`);
    assert.equal(host.named('textSet').length, 0);
    await page.close();
  });

  /** Types in a line while the host's new text, which somebody else made, is on its way. */
  async function typeUnder(host: StubHost, page: Page): Promise<void> {
    await line(page, 'stripe').click();
    await until(async () => (await shownSecrets(page)).length === 1);
    const release = host.hold('text');
    host.text.plain = `more: canary-example-five\n${yaml}`;
    await host.pushState();
    await until(() => host.named('text').length === 2);
    await page.keyboard.press('End');
    await page.keyboard.type('x');
    release();
    await page.waitForTimeout(200);
    assert.equal((await text(page))[0], '# Values of production');
  }

  it('keeps what does not parse as a draft, and says where', async () => {
    const host = new StubHost([], {}, yaml);
    const page = await openText(host);
    await line(page, 'database').click();
    await page.keyboard.press('Home');
    await page.keyboard.type('!');
    await page.keyboard.press('Control+End');
    await page.locator('.text-problem', { hasText: 'Line 2: A name is missing.' }).waitFor();
    await page.locator('.cm-lint-marker-error').waitFor();
    await picture(page, 'text-problem-dark');
    await page.close();
  });

  it('copies dots, and brings values along when its own lines are pasted', async () => {
    const host = new StubHost([], {}, yaml);
    const page = await openText(host);
    await line(page, 'database').click();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+c');
    await page.locator('.toast', { hasText: 'Values are not copied from here' }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(copied.includes(`stripe: ${dots}`));
    assert.ok(!/[\uE000\uE001]/.test(copied) && !copied.includes('canary'));
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Control+v');
    await until(async () => (await text(page)).length === 15);
    await line(page, 'database').first().click();
    await until(() => host.text.plain === yaml + yaml);
    await page.evaluate(() => navigator.clipboard.writeText('x: ••••••••'));
    await page.keyboard.press('Control+v');
    await page.locator('.toast', { hasText: 'Nothing was pasted' }).waitFor();
    await page.evaluate(() => navigator.clipboard.writeText(''));
    await page.close();
  });

  it('undoes typing in the line, and beyond it what the host did', async () => {
    const host = new StubHost([], {}, yaml);
    const page = await openText(host);
    await line(page, 'stripe').click();
    await until(async () => (await shownSecrets(page)).length === 1);
    await page.keyboard.press('End');
    await page.keyboard.type('x');
    await page.keyboard.press('Control+z');
    await until(async () => (await line(page, 'stripe').textContent()) === 'stripe: canary-example-two');
    assert.equal(host.named('undo').length, 0);
    await page.keyboard.press('Control+z');
    await until(() => host.named('undo').length === 1);
    assert.equal(await line(page, 'stripe').textContent(), 'stripe: canary-example-two');
    await page.close();
  });

  it('does not bring a value back by its own undo', async () => {
    const host = new StubHost([], {}, yaml);
    const page = await openText(host);
    await line(page, 'stripe').click();
    await until(async () => (await shownSecrets(page)).length === 1);
    await line(page, 'database').click();
    await until(async () => (await shownSecrets(page)).length === 0);
    await page.keyboard.press('Control+z');
    await page.waitForTimeout(100);
    assert.deepEqual(await shownSecrets(page), []);
    await page.close();
  });

  it('brings the first match into view while it is typed, and undoes what does not parse', async () => {
    const host = new StubHost([], {}, `${Array.from({ length: 300 }, (_, n) => `key_${n}: v\n`).join('')}last: v\n`);
    const page = await openText(host);
    await page.keyboard.press('Control+f');
    await page.keyboard.type('last');
    await page.locator('.cm-found-now').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.cm-content:focus').waitFor();
    await page.keyboard.press('Control+z');
    await until(() => host.named('undo').length === 1);
    assert.deepEqual(host.named('undo')[0]!.args, { text: true });
    await page.close();
  });

  it('finds and replaces names here, values through the host', async () => {
    const host = new StubHost([], {}, yaml);
    const page = await openText(host);
    await line(page, 'database').click();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('st');
    await page.locator('.find .search-count', { hasText: /of 3/ }).waitFor();
    await page.getByRole('button', { name: 'Search in Values Too' }).click();
    await page.getByLabel('Find', { exact: true }).fill('canary');
    await page.locator('.find .search-count', { hasText: /of 4/ }).waitFor();
    assert.deepEqual(await shownSecrets(page), []);
    assert.equal(await page.locator('.mask:is(.cm-found, .cm-found-now)').count(), 4);
    await picture(page, 'text-find-dark');
    await page.getByLabel('Replace by').fill('other');
    await page.getByRole('button', { name: 'Replace All' }).click();
    await until(() => host.named('textReplace').length === 1);
    await until(() => !host.text.plain.includes('canary'));
    await page.keyboard.press('Escape');
    await page.close();
  });

  describe('replaces what is asked for, in the text as it is then', () => {
    const find = (page: Page) => page.getByLabel('Find', { exact: true });
    const count = (page: Page) => page.locator('.find .search-count');
    const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
    /** The search for a name is done, and found one. */
    async function openFind(host: StubHost): Promise<Page> {
      const page = await openText(host);
      await line(page, 'database').click();
      await page.keyboard.press('Control+f');
      await find(page).fill('stripe');
      await count(page).filter({ hasText: '1 of 1' }).waitFor();
      await page.getByLabel('Replace by').fill('other');
      return page;
    }

    it('pressed before the new search has its answer', async () => {
      const host = new StubHost([], {}, yaml);
      host.slow.set('textFind', 400);
      const page = await openFind(host);
      await button(page, 'Search in Values Too').click();
      // Before the search that waits for the typing to rest: the hands of a person or of a slow machine.
      await find(page).evaluate((input: HTMLInputElement) => {
        input.value = 'canary';
        input.dispatchEvent(new InputEvent('input'));
        [...document.querySelectorAll('button')].find(({ innerText }) => innerText === 'Replace All')?.click();
      });
      await page.locator('.toast', { hasText: 'Replaced' }).waitFor();
      assert.equal(host.text.plain, yaml.replaceAll('canary', 'other'));
      await count(page).filter({ hasText: 'No match' }).waitFor();
      await page.close();
    });

    it('pressed while the text changes under it', async () => {
      const host = new StubHost([], {}, yaml);
      host.slow.set('text', 300);
      const page = await openFind(host);
      await button(page, 'Search in Values Too').click();
      await count(page).filter({ hasText: '1 of 1' }).waitFor();
      host.slow.set('textFind', 200);
      await button(page, 'Replace All').click();
      await until(() => host.named('textFind').length >= 2);
      host.text.plain = `first: canary-example-five\n${yaml}`;
      await host.pushState();
      await page.locator('.toast', { hasText: 'Replaced' }).waitFor();
      // Whether such a text still fits the file is for the host to say.
      const { text: sent } = host.named('textSet')[0]!.args as { text: string };
      assert.deepEqual(
        sent.replace(/\uE000\w+\uE001/g, dots).split('\n'),
        (await text(page)).filter((one) => !one?.startsWith('first')),
      );
      assert.match(sent, /^ {2}password: .*\nother: .*\nkey: /m);
      await page.close();
    });

    it('in a value, too, whose name has it', async () => {
      const host = new StubHost([], {}, yaml.replace('stripe', 'canary'));
      const page = await openText(host);
      await line(page, 'database').click();
      await page.keyboard.press('Control+f');
      await button(page, 'Search in Values Too').click();
      await find(page).fill('canary');
      await count(page).filter({ hasText: '1 of 5' }).waitFor();
      await page.getByLabel('Replace by').fill('other');
      host.slow.set('textSet', 300);
      await button(page, 'Replace All').click();
      // What is typed meanwhile stays.
      await until(() => host.named('textSet').length + host.named('textReplace').length > 0);
      await page.locator('.cm-line').last().click();
      await page.keyboard.type('# mine');
      await page.locator('.toast', { hasText: 'Replaced' }).waitFor();
      await line(page, 'database').click();
      await until(() => host.text.plain.includes('mine'));
      assert.equal(host.text.plain, `${yaml.replace('stripe', 'canary').replaceAll('canary', 'other')}# mine`);
      await page.close();
    });

    it('not at all when the values cannot be searched', async () => {
      const host = new StubHost([], {}, yaml);
      const page = await openFind(host);
      host.odd.add('textFind');
      await button(page, 'Search in Values Too').click();
      await find(page).fill('canary');
      await button(page, 'Replace All').click();
      await page.locator('.toast.error').waitFor();
      await until(() => host.named('textFind').length >= 2);
      assert.deepEqual([await count(page).innerText(), host.text.plain], ['', yaml]);
      assert.equal(await page.locator('.cm-found, .cm-found-now').count(), 0);
      await page.close();
    });

    it('and says how many, and whether the file has them', async () => {
      const host = new StubHost([], {}, yaml);
      const page = await openFind(host);
      await page.getByRole('button', { name: 'Search in Values Too' }).click();
      await find(page).fill('canary');
      await page.getByLabel('Replace by').fill('other');
      await button(page, 'Replace All').click();
      await page.locator('.toast', { hasText: '4 matches replaced. You can undo this.' }).waitFor();
      await page.getByRole('button', { name: 'Search in Values Too' }).click();
      await find(page).fill('last');
      await page.getByLabel('Replace by').fill('!');
      await button(page, 'Replace All').click();
      await page.locator('.toast', { hasText: '1 match replaced. The text is not in the file yet.' }).waitFor();
      await page.close();
    });

    it('and says so when there is nothing to replace', async () => {
      const host = new StubHost([], {}, yaml);
      const page = await openFind(host);
      await find(page).fill('nowhere');
      await button(page, 'Replace All').click();
      await page.locator('.toast', { hasText: 'No match' }).waitFor();
      assert.equal(host.text.plain, yaml);
      await page.close();
    });
  });

  it('goes on to a match of what is looked for now, and shows no count of what was', async () => {
    const host = new StubHost([], {}, yaml);
    const page = await openText(host);
    host.slow.set('textFind', 400);
    await page.keyboard.press('Control+f');
    const find = page.getByLabel('Find', { exact: true });
    const count = page.locator('.find .search-count');
    await find.fill('database');
    await count.filter({ hasText: '1 of 1' }).waitFor();
    await page.locator('.find').getByRole('button', { name: 'Search in Values Too' }).click();
    await find.fill('example-four');
    assert.equal(await count.innerText(), '');
    await find.press('Enter');
    await page.locator('.cm-found-now').waitFor();
    await until(async () => (await page.locator('.cm-activeLine').textContent())?.startsWith('last: ') ?? false);
    await page.close();
  });

  it('saves what is typed before it leaves for the table or for the disk', async () => {
    const host = new StubHost([], {}, yaml);
    const page = await openText(host);
    await line(page, 'last').click();
    await until(async () => (await shownSecrets(page)).length === 1);
    await page.keyboard.press('End');
    await page.keyboard.type('1');
    await page.keyboard.press('Control+s');
    await until(() => host.named('save').length === 1);
    await line(page, 'database').click();
    await page.keyboard.press('End');
    await page.keyboard.type(' # 2');
    await page.getByRole('button', { name: 'Table', exact: true }).click();
    await until(() => host.text.plain.includes('database: # 2\n'));
    assert.ok(host.text.plain.includes('last: canary-example-four1\n'));
    assert.equal(host.named('textSet').length, 2);
    assert.deepEqual(await shownSecrets(page), []);
    await page.close();
  });
});
