import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Browser, picture } from './open.ts';
import { go } from './page.ts';
import { nested } from './samples.ts';
import { StubHost } from './stub.ts';

const browser = new Browser();
const editor = join(__dirname, '..', '..', 'media', 'editor');

/** Every sentence that the page has translated, out of its source, in a language that puts marks around each. */
function marked(): Record<string, string> {
  const sources = ['words.ts', 'parts/help.ts'].map((name) => readFileSync(join(editor, name), 'utf8')).join('\n');
  const found = [...sources.matchAll(/\bt\(\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")/g)];
  const sentences = found.map(([, literal = '']) => literal.slice(1, -1).replace(/\\(.)/g, '$1'));
  return Object.fromEntries(sentences.map((one) => [one, `‹${one}›`]));
}

/** Every text of a table of words, with the way to it; functions are called as for none, one and several. */
function* leaves(value: unknown, way: string): Generator<readonly [string, string]> {
  if (typeof value === 'string') yield [way, value];
  else if (typeof value === 'function') {
    for (const first of [0, 1, 2, true]) {
      for (const second of [0, 1, 2]) yield* leaves((value as (...args: unknown[]) => unknown)(first, second), way);
    }
  } else for (const [name, inner] of Object.entries(value as object)) yield* leaves(inner, `${way}.${name}`);
}

/** The words as the page has them in that language. */
async function translated(): Promise<object> {
  const holder = globalThis as { document?: unknown };
  holder.document = { querySelector: () => ({ content: JSON.stringify(marked()) }) };
  try {
    return (await import(join(editor, 'words.ts'))).words;
  } finally {
    delete holder.document;
  }
}

describe('the words of the page', () => {
  before(() => browser.start());
  after(() => browser.stop());

  it('all come in another language, in each number', async () => {
    const plain = [...leaves(await translated(), 'words')].filter(([, text]) => !/^‹[^‹›]*›$/.test(text));
    // A value of one line has nothing to say, and a name is a name in every language.
    assert.deepEqual([...new Set(plain.map(([way]) => way))], ['words.lines.1', 'words.copyOf']);
  });

  it('are those that the host puts in', async () => {
    const host = new StubHost(nested());
    const page = await browser.open(host, { words: marked() });
    assert.equal(await page.locator('html').getAttribute('lang'), 'xx');
    assert.match(await page.locator('.bar').innerText(), /‹Add›/);
    assert.match(await page.locator('.bar').innerText(), /‹Encrypted · readable by 3›/);
    await go(page, 'stripe_key');
    await page.keyboard.press('Delete');
    await page.getByText('‹Delete stripe_key? You can undo this until you close the file.›').last().waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    for (const meaning of await page.locator('dialog dd').allInnerTexts()) assert.match(meaning, /^‹.*›$/);
    await page.keyboard.press('Escape');
    await picture(page, 'translated-dark');
    await page.getByRole('button', { name: '‹Text›' }).click();
    await page.getByLabel('‹Secrets as text, values hidden›').waitFor();
    assert.deepEqual(browser.complaints, []);
    await page.close();
  });
});
