import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { Browser, picture, type Theme } from './open.ts';
import { choose, field, filled, go, row } from './page.ts';
import { type Node, StubHost } from './stub.ts';

const browser = new Browser();
const pem = (lines: number, width: number) =>
  ['-----BEGIN KEY-----', ...Array.from({ length: lines }, (_, n) => 'x'.repeat(width + n)), '-----END KEY-----'].join(
    '\n',
  );

/** All below the bar, whose borders are drawn a shade otherwise now and then. */
async function look(page: Page): Promise<string> {
  const content = page.locator('.content');
  const now = async () => (await content.screenshot({ animations: 'disabled' })).toString('base64');
  let [before, after] = ['', await now()];
  // Until it is at rest.
  while (before !== after) {
    await page.waitForTimeout(60);
    [before, after] = [after, await now()];
  }
  return after;
}

/** Whether two pictures show the same. Chromium draws round corners a shade otherwise now and then. */
function alike(page: Page, one: string, other: string): Promise<boolean> {
  return page.evaluate(
    async (pictures) => {
      const shade = 3;
      const [a, b] = await Promise.all(
        pictures.map(async (picture) => {
          const bytes = Uint8Array.from(atob(picture), (character) => character.charCodeAt(0));
          const image = await createImageBitmap(new Blob([bytes]));
          const context = new OffscreenCanvas(image.width, image.height).getContext('2d')!;
          context.drawImage(image, 0, 0);
          return context.getImageData(0, 0, image.width, image.height).data;
        }),
      );
      return a!.length === b!.length && a!.every((value, at) => Math.abs(value - b![at]!) <= shade);
    },
    [one, other],
  );
}

/** What it looks like with each value, and that this is the same. */
async function looksAlike(
  values: readonly Partial<Node>[],
  open: (page: Page) => Promise<void>,
  { theme = 'dark', forced = false, name = '' }: { theme?: Theme; forced?: boolean; name?: string } = {},
): Promise<void> {
  const looks: string[] = [];
  for (const value of values) {
    const host = new StubHost([
      { name: 'one', ...value },
      { name: 'two', value: 'x' },
    ]);
    const page = await browser.open(host, { theme });
    if (forced) await page.emulateMedia({ forcedColors: 'active' });
    await go(page, 'one');
    await open(page);
    await page.mouse.move(5, 600);
    looks.push(await look(page));
    if (name !== '') await picture(page, name);
    assert.ok(await alike(page, looks[0]!, looks.at(-1)!), 'two values look different');
    await page.close();
  }
}

const short = { value: 'a' };
const long = { value: 'canary-'.repeat(40) };
const edit = async (page: Page) => {
  await page.keyboard.press('Enter');
  await field(page, 'one').waitFor();
};
const press =
  (...keys: string[]) =>
  async (page: Page) => {
    await edit(page);
    for (const key of keys) await page.keyboard.press(key);
  };

describe('how long a value is', () => {
  before(() => browser.start());
  after(() => browser.stop());
  afterEach(() => assert.deepEqual(browser.complaints, []));

  it('cannot be seen when it is opened for editing', async () => {
    await looksAlike([short, { value: 'abc' }, long], edit, { name: 'edit-fixed-dark' });
    await looksAlike([short, long], edit, { theme: 'hcLight', name: 'edit-fixed-hcLight' });
    await looksAlike([short, long], edit, { forced: true, name: 'edit-fixed-forced' });
  });

  it('nor when keys and the mouse go through it', async () => {
    for (const keys of [['End'], ['Home', 'ArrowRight'], ['Home', 'Shift+ArrowRight'], ['End', 'Control+ArrowLeft']]) {
      await looksAlike([{ value: 'two words' }, long], press(...keys));
    }
    await looksAlike([{ value: 'two words' }, long], async (page) => {
      await edit(page);
      await field(page, 'one').dblclick({ position: { x: 20, y: 12 } });
    });
  });

  it('nor how many lines it has, and how long each is', async () => {
    const keys = [{ value: pem(1, 4) }, { value: pem(3, 60) }, { value: pem(7, 8) }];
    await looksAlike(keys, edit, { name: 'edit-fixed-lines-dark' });
    await looksAlike(keys, press('Control+Home', 'ArrowDown'));
    await looksAlike([{ value: pem(11, 4) }, { value: pem(60, 60) }], press('Control+End'), { theme: 'light' });
  });

  it('nor of a comment that is encrypted', async () => {
    const comments = ['a', 'canary-canary', pem(8, 30)].map((comment) => ({
      value: 'x',
      comment,
      secretComment: true,
    }));
    await looksAlike(comments, async (page) => {
      await choose(page, 'one', 'Edit Comment');
      await filled(page, 'Comment of one').waitFor();
      await page.mouse.move(5, 600);
    });
  });

  it('nor of what was pasted, over it or as a .env', async () => {
    const paste = (text: string) => async (page: Page) => {
      await page.evaluate((text) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', text);
        document.activeElement!.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
      }, text);
      await page.locator('.untouched').waitFor();
    };
    const looks: string[] = [];
    for (const text of ['A=1\nB=2', `A=${'canary'.repeat(20)}\nB=2\nC=3`]) {
      const page = await browser.open(new StubHost([{ name: 'one', value: 'x' }]));
      await go(page, 'one');
      await paste(text)(page);
      looks.push(await look(page));
      assert.ok(await alike(page, looks[0]!, looks.at(-1)!), 'two pasted texts look different');
      await page.close();
    }
    await page_(async (page) => {
      await edit(page);
      await page.evaluate(() => navigator.clipboard.writeText('pasted'));
      await page.keyboard.press('Control+v');
      assert.equal(await field(page, 'one').inputValue(), 'pasted');
      assert.equal(await page.locator('.untouched').count(), 1);
    });
  });

  it('is seen once it is typed into, or shown', async () => {
    await page_(async (page) => {
      await edit(page);
      const fixed = await look(page);
      await page.keyboard.press('End');
      await page.keyboard.type('1');
      assert.equal(await page.locator('.untouched').count(), 0);
      assert.equal(await alike(page, fixed, await look(page)), false);
      assert.equal(await field(page, 'one').inputValue(), `${long.value}1`);
      await page.keyboard.press('Escape');
      await edit(page);
      assert.equal(await page.locator('.untouched').count(), 1);
      await page.getByRole('button', { name: 'Show What Is Typed' }).click();
      assert.equal(await page.locator('.untouched').count(), 0);
      await page.getByRole('button', { name: 'Hide What Is Typed' }).click();
      assert.equal(await page.locator('.untouched').count(), 1);
      await field(page, 'one').press('Control+a');
      await page.keyboard.type('new');
      assert.equal(await field(page, 'one').inputValue(), 'new');
    });
  });

  it('cannot be seen in the table while presenting', async () => {
    const looks: string[] = [];
    for (const value of ['a', pem(2, 4), pem(40, 9)]) {
      const page = await browser.open(new StubHost([{ name: 'one', value }], { presenting: true }));
      assert.equal(await row(page, 'one').locator('.cell.value').innerText(), '••••••••\nhidden');
      looks.push(await look(page));
      await page.close();
    }
    for (const one of looks) assert.ok(one === looks[0]);
    const host = new StubHost([{ name: 'one', value: pem(2, 4) }]);
    const page = await browser.open(host);
    await row(page, 'one').getByText('2–10 lines').waitFor();
    await host.pushState({ presenting: true });
    await row(page, 'one').getByText('2–10 lines').waitFor({ state: 'detached' });
    await page.close();
  });

  async function page_(work: (page: Page) => Promise<void>): Promise<void> {
    const page = await browser.open(new StubHost([{ name: 'one', ...long }]));
    await go(page, 'one');
    await work(page);
    await page.close();
  }
});
