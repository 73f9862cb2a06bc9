import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { Browser } from './open.ts';
import { choose, go, row, until } from './page.ts';
import type { Node } from './stub.ts';
import { StubHost } from './stub.ts';

const browser = new Browser();
/** Put together here, so that no script of the page holds it. */
const secret = (name: string) => ['held', name, 'in', 'memory'].join('~');

const nodes = (): Node[] => [
  { name: 'one', value: secret('one') },
  { name: 'two', value: `${secret('two')}\nline` },
  { name: 'three', value: 'three', comment: secret('comment'), secretComment: true },
];
const yaml = `one: ${secret('text')}\ntwo: b\n`;

/** Everything that the page's script can still reach, as one text. */
async function heapOf(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  const parts: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => parts.push(chunk));
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await session.detach();
  const heap = parts.join('');
  // A search in nothing finds nothing.
  assert.ok(heap.includes('"snapshot"') && heap.length > 100_000, `a heap of ${heap.length} characters`);
  return heap;
}

describe('the memory of the page', () => {
  before(() => browser.start());
  after(() => browser.stop());

  it('holds a value while it is shown', async () => {
    const page = await browser.open(new StubHost(nodes(), { revealSeconds: 60 }));
    await go(page, 'one');
    await row(page, 'one').getByRole('button', { name: 'Reveal' }).click();
    await row(page, 'one').locator('.shown-value').waitFor();
    assert.ok((await heapOf(page)).includes(secret('one')), 'the search finds nothing');
    await page.close();
  });

  it('holds none that was shown, edited or typed', async () => {
    const host = new StubHost(nodes(), {}, yaml);
    const page = await browser.open(host);
    await go(page, 'one');
    await row(page, 'one').getByRole('button', { name: 'Reveal' }).click();
    await row(page, 'one').locator('.shown-value').waitFor();
    await page.keyboard.press('Escape');
    await go(page, 'two');
    await row(page, 'two').getByRole('button', { name: 'Reveal' }).click();
    await page.locator('.panel .shown-value').waitFor();
    await page.keyboard.press('Escape');
    await go(page, 'two');
    await page.keyboard.press('Enter');
    await page.locator('.panel textarea:not([aria-busy])').waitFor();
    await page.keyboard.press('Escape');
    await choose(page, 'three', 'Edit Comment');
    await page.locator('.panel textarea:not([aria-busy])').waitFor();
    await page.keyboard.press('Escape');
    await go(page, 'one');
    await page.keyboard.press('Enter');
    await page.getByLabel('Value of one').fill(secret('typed'));
    await page.keyboard.press('Enter');
    await until(() => host.nodes[0]!.value === secret('typed'));
    await until(async () => (await page.locator('.body .field, .panel').count()) === 0);
    await page.getByRole('button', { name: 'Text', exact: true }).click();
    await page.locator('.cm-line').first().click();
    await page.locator('.cm-open-value').waitFor();
    await page.locator('.cm-line').nth(1).click();
    await page.getByRole('button', { name: 'Table', exact: true }).click();
    await row(page, 'one').waitFor();
    const heap = await heapOf(page);
    const found = ['one', 'two', 'comment', 'typed', 'text'].filter((name) => heap.includes(secret(name)));
    assert.deepEqual(found, []);
    await page.close();
  });
});
