import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Reads a value again and again until `check` neither returns false nor throws (it may hold assertions); returns it.
 * A failure tells the last value.
 */
export async function eventually<T>(
  read: () => Promise<T>,
  check: (value: T) => unknown,
  what = 'the condition',
  timeout = 30_000,
): Promise<T> {
  let last: unknown;
  for (const end = Date.now() + timeout; ; await sleep(100)) {
    try {
      const value = await read();
      last = value;
      if (check(value) !== false) return value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      const shown = last instanceof Error ? last.message : JSON.stringify(last, null, 1);
      throw new Error(`${what} did not come true in ${timeout / 1000} s. Last: ${shown?.slice(0, 3000)}`);
    }
  }
}

export const matches = (text: string, wanted: string | RegExp): boolean =>
  typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
