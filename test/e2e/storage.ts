import type { Page } from 'playwright-core';

/** Runs in a frame: every IndexedDB store, localStorage and sessionStorage as one text. Binary values as Latin-1. */
const dump = `(async () => {
  const lines = [];
  const show = (value) => {
    const text = (bytes) => Array.from(bytes, (b) => String.fromCharCode(b)).join('');
    if (value instanceof ArrayBuffer) return text(new Uint8Array(value));
    if (ArrayBuffer.isView(value)) return text(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    if (value instanceof Blob) return '[blob]';
    if (typeof value === 'object' && value !== null) return Object.entries(value).map(([k, v]) => k + '=' + show(v)).join('\\n');
    return String(value);
  };
  const wait = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  for (const [name, area] of [['localStorage', () => localStorage], ['sessionStorage', () => sessionStorage]]) {
    try { for (const [key, value] of Object.entries(area())) lines.push(name + ' ' + key + ' ' + value); } catch {}
  }
  try {
    for (const { name } of await indexedDB.databases()) {
      const db = await wait(indexedDB.open(name));
      for (const store of db.objectStoreNames) {
        const objects = db.transaction(store).objectStore(store);
        const [keys, values] = await Promise.all([wait(objects.getAllKeys()), wait(objects.getAll())]);
        keys.forEach((key, at) => lines.push('IndexedDB ' + name + ' ' + store + ' ' + show(key) + ' ' + show(values[at])));
      }
      db.close();
    }
  } catch (error) { lines.push('IndexedDB failed: ' + error); }
  return lines.join('\\n');
})()`;

/** The live web storage of the page and of every frame in it, as text. */
export async function dumpStorage(page: Page): Promise<string> {
  const parts: string[] = [];
  for (const frame of page.frames()) {
    // A frame without an origin has no storage.
    parts.push(await frame.evaluate<string>(dump).catch(() => ''));
  }
  const text = parts.join('\n');
  if (!text.includes('IndexedDB')) throw new Error('the web storage could not be read');
  return text;
}
