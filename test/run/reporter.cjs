// A mocha reporter: a line for each top-level suite (or for each test, with the option `each`), failures at the end,
// and the counts as JSON, with the failures, in the file named by the option `counts`.
const { writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');
const { forbidden } = require('./strict.cjs');

const { EVENT_SUITE_END, EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING, EVENT_TEST_RETRY, EVENT_RUN_END } =
  Runner.constants;
const { EVENT_TEST_END, EVENT_HOOK_END } = Runner.constants;

module.exports = class Reporter extends reporters.Base {
  constructor(runner, options) {
    super(runner, options);
    // Where several processes share the files, events of a file come together at its end, and a suite is known by its id.
    runner.linkPartialObjects(true);
    const { counts, each } = options.reporterOptions ?? {};
    const say = (mark, test) =>
      console.log(`  ${mark} ${test.fullTitle()}${test.duration > 200 ? ` (${test.duration} ms)` : ''}`);
    let passed = 0;
    let failed = 0;
    let skipped = 0;
    let told = '';
    const failures = [];
    let suite = { passed: 0, failed: 0, skipped: 0, ms: 0 };
    for (const event of [EVENT_TEST_END, EVENT_HOOK_END])
      runner.on(event, ({ duration = 0 }) => {
        suite.ms += duration;
      });
    runner.on(EVENT_TEST_PASS, (test) => {
      passed++;
      suite.passed++;
      if (each) say('✓', test);
    });
    const fail = (test, error) => {
      failed++;
      suite.failed++;
      failures.push({ title: test.fullTitle(), error });
      say('✗', test);
    };
    runner.on(EVENT_TEST_PENDING, (test) => {
      const error = forbidden(test.fullTitle());
      if (error) return fail(test, error);
      skipped++;
      suite.skipped++;
      if (each) return say('-', test);
      // Left out with its suite: that is said once.
      const title = /^(.* \(not run: [^)]*\)) /.exec(test.fullTitle())?.[1] ?? test.fullTitle();
      if (title !== told) console.log(`  - ${title}`);
      told = title;
    });
    runner.on(EVENT_TEST_RETRY, (test, error) => {
      say('↻', test);
      console.log(`    tried again after: ${error.message.split('\n')[0]}`);
    });
    // A file that could not be loaded, or whose process died, has no test to be named.
    runner.on(EVENT_TEST_FAIL, (test, error) =>
      fail(test, `${error?.file ? `${error.file}: ` : ''}${error?.stack ?? error}`),
    );
    runner.on(EVENT_SUITE_END, (ended) => {
      if (each || !ended.parent?.root) return;
      const parts = [`${suite.passed} ok`];
      if (suite.failed) parts.push(`${suite.failed} FAILED`);
      if (suite.skipped) parts.push(`${suite.skipped} not run`);
      console.log(`  ${suite.failed ? '✗' : '✓'} ${ended.title}: ${parts.join(', ')} (${suite.ms} ms)`);
      suite = { passed: 0, failed: 0, skipped: 0, ms: 0 };
    });
    runner.once(EVENT_RUN_END, () => {
      if (this.failures.length > 0) reporters.Base.list(this.failures);
      if (counts) writeFileSync(counts, JSON.stringify({ passed, failed, skipped, failures }));
    });
  }
};
