import type { Frame, Page } from 'playwright-core';

interface Dump {
  readonly text: string;
  /** Entries that were read in IndexedDB. */
  readonly entries: number;
}

/**
 * Runs in a frame: every IndexedDB store, cache, localStorage and sessionStorage as one text, binary values as Latin-1.
 * Whatever cannot be read is an error. A frame without an origin has no storage.
 */
const dump = `(async () => {
  if (self.origin === 'null') return { text: '', entries: 0 };
  const lines = [];
  let entries = 0;
  const latin1 = (bytes) => Array.from(bytes, (b) => String.fromCharCode(b)).join('');
  const show = async (value, seen = new Set()) => {
    if (value instanceof ArrayBuffer) return latin1(new Uint8Array(value));
    if (ArrayBuffer.isView(value)) return latin1(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    if (value instanceof Blob) return latin1(new Uint8Array(await value.arrayBuffer()));
    if (typeof value !== 'object' || value === null) return String(value);
    if (seen.has(value)) return '[again]';
    seen.add(value);
    const pairs = value instanceof Map ? [...value] : value instanceof Set ? [...value].map((one) => ['', one]) : Object.entries(value);
    const parts = [value instanceof Date || value instanceof RegExp || value instanceof Error ? String(value) : ''];
    for (const [key, inner] of pairs) parts.push((await show(key, seen)) + '=' + (await show(inner, seen)));
    return parts.join('\\n');
  };
  const wait = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error('blocked'));
  });
  // One that went meanwhile is not made anew.
  const open = (name) => {
    const request = indexedDB.open(name);
    let gone = false;
    request.onupgradeneeded = () => { gone = true; request.transaction.abort(); };
    return wait(request).catch((error) => { if (!gone) throw error; });
  };
  for (const [name, area] of [['localStorage', localStorage], ['sessionStorage', sessionStorage]]) {
    for (const [key, value] of Object.entries(area)) lines.push(name + ' ' + key + ' ' + value);
  }
  lines.push('cookie ' + document.cookie, 'window ' + window.name, 'history ' + (await show(history.state)));
  for (const { name } of await indexedDB.databases()) {
    const db = await open(name);
    if (!db) continue;
    for (const store of db.objectStoreNames) {
      const objects = db.transaction(store).objectStore(store);
      const [keys, values] = await Promise.all([wait(objects.getAllKeys()), wait(objects.getAll())]);
      for (const [at, key] of keys.entries()) {
        entries++;
        lines.push('IndexedDB ' + name + ' ' + store + ' ' + (await show(key)) + ' ' + (await show(values[at])));
      }
    }
    db.close();
  }
  for (const name of self.caches ? await caches.keys() : []) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const response = await cache.match(request);
      lines.push('cache ' + name + ' ' + request.url + ' ' + (response ? await show(await response.arrayBuffer()) : ''));
    }
  }
  return { text: lines.join('\\n'), entries };
})()`;

/** Undefined for a frame that has gone. A document that was left while it was read is read again, as there is another now. */
async function dumpFrame(frame: Frame): Promise<Dump | undefined> {
  for (let n = 0; ; n++) {
    try {
      return await frame.evaluate<Dump>(dump);
    } catch (error) {
      if (frame.isDetached()) return undefined;
      const left = /context was destroyed|navigat/i.test((error as Error).message);
      if (!left || n === 5) throw new Error(`the web storage of ${frame.url()} could not be read: ${error}`);
    }
  }
}

/** The live web storage of the page and of every frame in it, as text. Throws when any of it cannot be read, and for a page without an entry in IndexedDB: VS Code has some. */
export async function dumpStorage(page: Page): Promise<string> {
  const main = await dumpFrame(page.mainFrame());
  if (!main?.entries) throw new Error('the web storage could not be read: IndexedDB has no entry');
  const parts = [main.text];
  for (const frame of page.frames()) if (frame !== page.mainFrame()) parts.push((await dumpFrame(frame))?.text ?? '');
  return parts.join('\n');
}

/** Puts a text into every kind of storage that lasts: of two bytes a letter, as a mask in it makes a text. */
export async function layDecoy(page: Page, decoy: string): Promise<void> {
  const text = JSON.stringify(`\u2022 ${decoy}`);
  await page.evaluate(`new Promise((resolve, reject) => {
    localStorage.setItem('decoy', ${text});
    const opening = indexedDB.open('decoy');
    opening.onerror = () => reject(opening.error);
    opening.onupgradeneeded = () => opening.result.createObjectStore('decoy');
    opening.onsuccess = () => {
      const change = opening.result.transaction('decoy', 'readwrite');
      change.objectStore('decoy').put(${text}, 'decoy');
      change.onabort = () => reject(change.error);
      change.oncomplete = () => { opening.result.close(); resolve(); };
    };
  })`);
}
