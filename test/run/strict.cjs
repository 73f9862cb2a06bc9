// What a run may leave out. Plain CommonJS: the runner, mocha's reporter, tests and the extension host load it.

/** True when a run may not skip what it lacks. */
const strict = process.env.CI === 'true' || process.env.LOCKSTEP_REQUIRE_INTEROP === '1';

/** Reasons of the platform, which nothing that could be installed would change. There is no other list of them. */
const platforms = { windows: 'not on Windows', others: 'only on Linux' };

/** The reason of a story's later tests: the one that failed is the failure. */
const story = 'one before it failed';

const leftOut = (words) => ` (not run: ${words})`;

/** True for the title of a test that its platform leaves out, or a failure. */
const allowed = (title) => [...Object.values(platforms), story].some((words) => title.includes(leftOut(words)));

/** The error of a test that was left out, or undefined where that is allowed. */
const forbidden = (title) =>
  strict && !allowed(title)
    ? 'It was left out, and not for a reason of the platform: a strict run does not allow that.'
    : undefined;

module.exports = { strict, platforms, story, leftOut, forbidden };
