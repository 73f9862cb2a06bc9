// Progress lines: every long step says that it started, that it still runs, and how long it took.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** Runs `work`, printing its title, a line every 20 seconds, and the time at the end. Rethrows. */
export async function step(title, work) {
  const start = Date.now();
  console.log(`… ${title}`);
  const beat = setInterval(() => console.log(`  … ${title}: ${seconds(start)}`), 20_000);
  beat.unref();
  try {
    const result = await work();
    console.log(`✓ ${title} (${seconds(start)})`);
    return result;
  } catch (error) {
    console.log(`✗ ${title} (${seconds(start)})`);
    throw error;
  } finally {
    clearInterval(beat);
  }
}

/**
 * Has `work` fill a folder, unless it was filled for the same key. What is there of another key, or of a run that was cut off, goes first.
 * @param {string} folder
 * @param {unknown} key what is installed, with versions, as data
 */
export async function installOnce(folder, key, title, work) {
  const stamp = join(folder, 'installed.json');
  const wanted = JSON.stringify(key);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await step(title, work);
  writeFileSync(stamp, wanted);
}

/** A failure with a text for people: it is printed without a stack. */
export class Stop extends Error {}
