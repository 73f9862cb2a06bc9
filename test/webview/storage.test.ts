import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { canary } from '../e2e/lab.ts';
import { scanBytes, scanFolders } from '../e2e/scanner.ts';
import { dumpStorage } from '../e2e/storage.ts';
import { Browser } from './open.ts';

const origin = 'https://storage.test';

/** Puts a value into IndexedDB, by a text that runs in the page. */
const put = (page: Page, value: string, key = "'key'") =>
  page.evaluate(`new Promise((resolve, reject) => {
    const opening = indexedDB.open('base');
    opening.onupgradeneeded = () => opening.result.createObjectStore('store');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const change = opening.result.transaction('store', 'readwrite');
      change.objectStore('store').put(${value}, ${key});
      change.oncomplete = () => { opening.result.close(); resolve(); };
      change.onabort = () => reject(change.error);
    };
  })`);

describe('the search of the web storage', () => {
  const browser = new Browser();
  let page: Page;
  before(() => browser.start());
  after(() => browser.stop());
  beforeEach(async () => {
    page = await browser.context.newPage();
    await page.route(`${origin}/**`, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<iframe sandbox srcdoc="no origin"></iframe>' }),
    );
    await page.goto(`${origin}/`);
    await put(page, "'usual'");
  });
  afterEach(() => page.close());

  const text = (value: string) => JSON.stringify(value);
  const bytes = (value: string) => `new TextEncoder().encode(${text(value)})`;
  const ways: Record<string, (value: string) => Promise<unknown>> = {
    'a text': (value) => put(page, text(value)),
    'an object in a map in a list': (value) => put(page, `[new Map([[{ a: ${text(value)} }, 1]])]`),
    'a key': (value) => put(page, '1', text(value)),
    bytes: (value) => put(page, bytes(value)),
    'a buffer': (value) => put(page, `${bytes(value)}.buffer`),
    'a blob': (value) => put(page, `new Blob([${text(value)}])`),
    'an object that holds itself': (value) =>
      put(page, `(() => { const a = { b: ${text(value)} }; a.a = a; return a; })()`),
    localStorage: (value) => page.evaluate(`localStorage.setItem('a', ${text(value)})`),
    sessionStorage: (value) => page.evaluate(`sessionStorage.setItem(${text(value)}, 1)`),
    'the state of the history': (value) => page.evaluate(`history.replaceState({ a: ${text(value)} }, '')`),
    'a cookie': (value) => page.evaluate(`void (document.cookie = 'a=' + ${text(value)})`),
    'a cache': (value) => page.evaluate(`caches.open('a').then((one) => one.put('/a', new Response(${text(value)})))`),
  };
  for (const [name, write] of Object.entries(ways)) {
    it(`finds a value in ${name}`, async () => {
      const value = canary();
      assert.deepEqual(scanBytes('a', await dumpStorage(page), [value]), []);
      await write(value);
      assert.equal(scanBytes('a', await dumpStorage(page), [value]).length, 1);
    });
  }

  const broken = {
    'IndexedDB is refused': `indexedDB.open = () => { throw new Error('refused'); }`,
    'the list of the databases is refused': `indexedDB.databases = () => Promise.reject(new Error('refused'))`,
    'a store cannot be read': `IDBObjectStore.prototype.getAll = () => { throw new Error('refused'); }`,
    'a read fails': `IDBObjectStore.prototype.getAllKeys = function () {
      const request = this.openCursor();
      this.transaction.abort();
      return request;
    }`,
    'localStorage is refused': `Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused'); } })`,
    'the caches are refused': `caches.keys = () => Promise.reject(new Error('refused'))`,
  };
  for (const [name, code] of Object.entries(broken)) {
    it(`fails when ${name}`, async () => {
      await page.evaluate(`void (() => { ${code} })()`);
      await assert.rejects(() => dumpStorage(page), /could not be read/);
    });
  }

  it('fails for a frame that cannot be read, and for a page without an entry in IndexedDB', async () => {
    await page.evaluate(`void (() => {
      const frame = document.body.appendChild(document.createElement('iframe'));
      frame.contentWindow.indexedDB.databases = () => Promise.reject(new Error('refused'));
    })()`);
    await assert.rejects(() => dumpStorage(page), /about:blank could not be read/);
    const empty = await browser.context.newPage();
    await empty.route('https://empty.test/**', (route) => route.fulfill({ contentType: 'text/html', body: 'empty' }));
    await empty.goto('https://empty.test/');
    await assert.rejects(() => dumpStorage(empty), /IndexedDB has no entry/);
    await empty.close();
  });

  it('finds in the profile on the disk what the browser has written of it', async () => {
    const value = canary();
    const large = canary();
    await put(page, `'\u2022 ' + ${text(value)}`);
    // Chromium packs large values.
    await put(page, `${text(large)} + 'and more of it '.repeat(9000)`, "'large'");
    await page.evaluate(`localStorage.setItem('a', '\u2022 ' + ${text(value)})`);
    await browser.context.close();
    const found = scanFolders([browser.profile], [value, large]);
    for (const [place, wanted] of [
      ['IndexedDB', value],
      ['IndexedDB', large],
      ['Local Storage', value],
    ] as const) {
      assert.ok(
        found.some(({ path, canary }) => path.includes(place) && canary === wanted),
        `${place}: ${found.map(({ path, form }) => `${path} ${form}`).join('\n')}`,
      );
    }
  });
});
