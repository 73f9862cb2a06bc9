import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Reads a value again and again until `check` says true of it, and returns it; while `check` says false or throws (it may
 * hold assertions) it reads on. A failure tells the last value. Anything but a boolean is a mistake of the test and ends
 * the wait: a promise, an object and undefined would otherwise pass for a yes.
 */
export async function eventually<T>(
  read: () => Promise<T>,
  check: (value: T) => boolean,
  what = 'the condition',
  timeout = 30_000,
): Promise<T> {
  let last: unknown;
  for (const end = Date.now() + timeout; ; await sleep(100)) {
    let value: T;
    let holds: unknown;
    try {
      value = await read();
      last = value;
      holds = check(value);
    } catch (error) {
      last = error;
      holds = false;
    }
    if (requireBoolean(holds, what)) return value!;
    if (Date.now() > end) {
      const shown = last instanceof Error ? last.message : JSON.stringify(last, null, 1);
      throw new Error(`${what} did not come true in ${timeout / 1000} s. Last: ${shown?.slice(0, 3000)}`);
    }
  }
}

/** Waits until the condition says true, and fails when it throws. Anything but a boolean is a mistake of the test here too. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what = String(holds),
  timeout = 20_000,
): Promise<void> {
  for (const end = Date.now() + timeout; !requireBoolean(await holds(), what); await sleep(20)) {
    if (Date.now() > end) throw new Error(`not within ${timeout / 1000} s: ${what}`);
  }
}

/** What a condition said. Throws a TypeError when that was neither true nor false. */
export function requireBoolean(said: unknown, what: string): boolean {
  if (typeof said === 'boolean') return said;
  const kind = said instanceof Promise ? 'a promise' : said === null ? 'null' : typeof said;
  throw new TypeError(`${what}: the condition said neither true nor false, but ${kind}`);
}

export const matches = (text: string, wanted: string | RegExp): boolean =>
  typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
