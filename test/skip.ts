import type { Context, Suite } from 'mocha';
import { leftOut, platforms, strict } from './run/strict.cjs';

/**
 * Tests that cannot run here say why: the reason goes into the title, which the reporter prints. There are two kinds of
 * reasons, and no test can make one of the first kind: those of the platform, which stand here, and `missing`, which is a
 * failure where a run is strict.
 */
class Reason {
  readonly #words: string;
  readonly #failure: string | undefined;

  constructor(words: string, failure?: string) {
    this.#words = words;
    this.#failure = failure;
  }

  /** What comes behind the title. Throws where nothing may be left out for this reason. */
  title(): string {
    if (this.#failure !== undefined) throw new Error(this.#failure);
    return leftOut(this.#words);
  }
}

/** Undefined where the test can run. */
export type WhyNot = Reason | undefined;

/** What needs signals, modes, links or a shell of POSIX. */
export const windows: WhyNot = process.platform === 'win32' ? new Reason(platforms.windows) : undefined;

/** What needs a disk in memory, or /proc. */
export const notLinux: WhyNot = process.platform === 'linux' ? undefined : new Reason(platforms.others);

/** For want of something that this machine could have. */
export function missing(what: string, there: boolean): WhyNot {
  if (there) return undefined;
  return new Reason(`no ${what}`, strict ? `There is no ${what} here, and this run may leave nothing out` : undefined);
}

/** What only root may do. */
export const needsRoot = (): WhyNot => missing('root', process.getuid?.() === 0);

/** Leaves out the test that calls this; in a `before`, all tests of its suite. */
export function skipFor(context: Context, why: WhyNot): void {
  if (why === undefined) return;
  const { test } = context;
  const isHook = test && 'type' in test && test.type === 'hook';
  const named = isHook ? test.parent : test;
  if (named) named.title += why.title();
  context.skip();
}

/** As `describe`. */
export function describeUnless(why: WhyNot, title: string, tests: (this: Suite) => void): void {
  if (why === undefined) describe(title, tests);
  else register(why, (reason) => describe.skip(title + reason, tests), title);
}

/** As `it`. */
export function itUnless(why: WhyNot, title: string, test: Mocha.AsyncFunc | Mocha.Func): void {
  if (why === undefined) it(title, test as Mocha.AsyncFunc);
  else register(why, (reason) => it.skip(title + reason, test as Mocha.AsyncFunc), title);
}

/** Where nothing may be left out a test that fails takes the place. */
function register(why: Reason, skip: (reason: string) => void, title: string): void {
  try {
    skip(why.title());
  } catch (error) {
    it(title, () => {
      throw error;
    });
  }
}
