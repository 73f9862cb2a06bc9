import type { Suite } from 'mocha';
import { leftOut, story } from './run/strict.cjs';

/**
 * For a suite whose tests are one story: after one that failed, the others are left out, and counted. Mocha's own `bail`
 * would end the run of all files, without a word about those that are left.
 */
export function oneStory(suite: Suite): void {
  suite.afterEach(function () {
    const failed = this.currentTest;
    // A test that will be tried again has no state yet.
    if (failed?.state !== 'failed') return;
    suite.eachTest((test) => {
      if (test.state !== undefined || test === failed) return;
      test.title += leftOut(story);
      test.pending = true;
    });
  });
}
