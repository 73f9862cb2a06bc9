import type { Context, Suite } from 'mocha';

/**
 * Tests that cannot run here say why: the reason goes into the title, which the reporter prints. Each `why` is undefined
 * where the test can run.
 */

/** What needs signals, modes, links or a shell of POSIX. */
export const windows = process.platform === 'win32' ? 'not on Windows' : undefined;

/** Leaves out the test that calls this; in a `before`, all tests of its suite. */
export function skipFor(context: Context, why: string | undefined): void {
  if (why === undefined) return;
  const { test } = context;
  const isHook = test && 'type' in test && test.type === 'hook';
  const named = isHook ? test.parent : test;
  if (named) named.title += reason(why);
  context.skip();
}

/** As `describe`. */
export function describeUnless(why: string | undefined, title: string, tests: (this: Suite) => void): void {
  if (why === undefined) describe(title, tests);
  else describe.skip(title + reason(why), tests);
}

/** As `it`. */
export function itUnless(why: string | undefined, title: string, test: Mocha.AsyncFunc | Mocha.Func): void {
  if (why === undefined) it(title, test as Mocha.AsyncFunc);
  else it.skip(title + reason(why), test as Mocha.AsyncFunc);
}

const reason = (why: string) => ` (not run: ${why})`;
