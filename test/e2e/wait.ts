import { setTimeout as sleep } from 'node:timers/promises';

/** A machine with much else to do has taken 20 seconds for what takes one alone. */
const usual = 60_000;

/**
 * Reads a value again and again until `check` says true of it, and returns it; while `check` says false or throws (it may
 * hold assertions) it reads on. A failure tells the last value. Anything but a boolean is a mistake of the test and ends
 * the wait: a promise, an object and undefined would otherwise pass for a yes.
 */
export async function eventually<T>(
  read: () => Promise<T>,
  check: (value: T) => boolean,
  what = 'the condition',
  timeout = usual,
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

/**
 * Gives an input, and gives it again while nothing is seen of its effect: a window under load drops a click or a key now and
 * then, and a person would click again. Each time is told. Only for inputs that do no harm when they are given twice: one that
 * turns something on and off looks first, and does nothing where it has done its work. An input that throws was not given.
 * Never for a search for leaks.
 * @param patience milliseconds that the effect may take.
 */
export async function act(
  input: () => Promise<unknown>,
  seen: () => Promise<boolean>,
  what: string,
  { patience = 5000, timeout = usual } = {},
): Promise<void> {
  let given = 0;
  for (const end = Date.now() + timeout; ; await sleep(100)) {
    let last: unknown;
    try {
      await input();
      given++;
    } catch (error) {
      last = error;
    }
    // What an earlier one has led to may be why the next one found nothing to click.
    const effect =
      given > 0 && (await eventually(seen, (holds) => holds, what, last ? 0 : patience).catch(unlessMistaken));
    if (effect) return;
    if (Date.now() > end) throw new Error(`${what}: given ${given} times, without effect. ${last ?? ''}`);
    const why = last instanceof Error ? ` (${last.message.split('\n')[0]})` : '';
    console.log(`    ↻ given again: ${what}${why}`);
  }
}

function unlessMistaken(error: unknown): false {
  if (error instanceof TypeError) throw error;
  return false;
}

/** What a condition said. Throws a TypeError when that was neither true nor false. */
export function requireBoolean(said: unknown, what: string): boolean {
  if (typeof said === 'boolean') return said;
  const kind = said instanceof Promise ? 'a promise' : said === null ? 'null' : typeof said;
  throw new TypeError(`${what}: the condition said neither true nor false, but ${kind}`);
}

export const matches = (text: string, wanted: string | RegExp): boolean =>
  typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
