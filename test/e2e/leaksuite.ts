import type { AsyncFunc, Suite, Test } from 'mocha';

/**
 * Tests that look for leaks. A leak that comes now and then is one: such a test is never tried again, whatever its stage
 * allows. `Workbench.scan` and `Workbench.spyReport` work in these alone, and a rule test holds the other looks to them.
 */

let current: Test | undefined;

/** As `describe`; no test in it is tried again. */
export function describeLeaks(title: string, tests: (this: Suite) => void): void {
  describe(title, function () {
    this.retries(0);
    beforeEach(function () {
      current = this.currentTest;
    });
    afterEach(() => {
      current = undefined;
    });
    tests.call(this);
  });
}

/** As `it`, for one test that looks for leaks among others that do not. */
export function itLeaks(title: string, work: AsyncFunc): void {
  const test = it(title, async function () {
    current = test;
    try {
      await work.call(this);
    } finally {
      current = undefined;
    }
  });
  test.retries(0);
}

/** Throws where a search for leaks would be tried again. */
export function requireOneTry(): void {
  if (current?.retries() !== 0) {
    throw new Error('A search for leaks belongs in describeLeaks or itLeaks: it is never tried again.');
  }
}
