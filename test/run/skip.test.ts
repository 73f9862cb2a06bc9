import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../rules/tree.ts';
import { innerEnvironment } from './environment.mjs';

/** A story that breaks off, and a suite behind it, in a file each. */
const stories = {
  'a.test.ts': `
import { oneStory } from ${JSON.stringify(join(root, 'test', 'story.ts'))};
describe('a story', function () {
  oneStory(this);
  let tries = 0;
  it('begins', () => {});
  it('goes on at the second try', () => { if (tries++ === 0) throw new Error('now and then'); });
  it('breaks off', () => { throw new Error('broken'); });
  it('would go on', () => {});
  describe('later', () => { it('would end', () => {}); });
});
describe('another', () => { it('runs', () => {}); });
`,
  'b.test.ts': `it('runs too', () => {});`,
};

/** Every way to leave a test out, and one that goes round them. */
const tests = `
import { describeUnless, itUnless, missing, skipFor, windows } from ${JSON.stringify(join(root, 'test', 'skip.ts'))};
it('runs', () => {});
itUnless(missing('bash', true), 'has what it wants', () => {});
itUnless(missing('tool', false), 'one', () => {});
describeUnless(missing('tool', false), 'many', () => { it('a', () => {}); it('b', () => {}); });
it('later', function () { skipFor(this, missing('tool', false)); });
describe('a suite', () => { before(function () { skipFor(this, missing('tool', false)); }); it('in it', () => {}); });
it('silent', function () { this.skip(); });
itUnless(windows, 'on POSIX', () => {});
`;

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly { title: string; error: string }[];
}

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-skip-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs tests as the runner does, on a stand-in for a platform. */
function run(
  files: Readonly<Record<string, string>>,
  env: Record<string, string | undefined>,
  { platform = process.platform as string, more = [] as string[] } = {},
): Counts & { code: unknown } {
  const file = join(folder, 'counts.json');
  const setting = join(folder, 'platform.cjs');
  writeFileSync(setting, `Object.defineProperty(process, 'platform', { value: ${JSON.stringify(platform)} });`);
  const paths = Object.entries(files).map(([name, text]) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  });
  const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const reporter = ['--reporter', join(root, 'test', 'run', 'reporter.cjs'), '--reporter-option', `counts=${file}`];
  const args = [mocha, ...reporter, '--require', setting, ...more, ...paths];
  const { status } = spawnSync(process.execPath, args, { cwd: root, env: innerEnvironment(env), encoding: 'utf8' });
  return { code: status, ...JSON.parse(readFileSync(file, 'utf8')) };
}

const lenient = { CI: undefined, LOCKSTEP_REQUIRE_INTEROP: undefined };

describe('a test that is left out', function () {
  this.timeout(60_000);

  it('is counted, and no failure, where a run may leave things out', () => {
    const { code, passed, failed, skipped } = run({ 'a.test.ts': tests }, lenient);
    assert.deepEqual([code, passed, failed, skipped], [0, 3, 0, 6]);
  });

  for (const strict of [{ CI: 'true' }, { LOCKSTEP_REQUIRE_INTEROP: '1' }]) {
    it(`is a failure for want of anything with ${Object.keys(strict)}, not for a reason of the platform`, () => {
      const { code, passed, failed, skipped, failures } = run({ 'a.test.ts': tests }, strict, { platform: 'win32' });
      const titles = failures.map(({ title }) => title);
      assert.deepEqual([passed, failed, skipped], [2, 5, 1], titles.join('\n'));
      assert.notEqual(code, 0);
      for (const name of ['one', 'many', 'later', 'a suite', 'silent']) {
        assert.ok(
          titles.some((title) => title.includes(name)),
          name,
        );
      }
      assert.equal(failures.filter(({ error }) => error.includes('no tool')).length, 4);
    });
  }
});

describe('a story whose test fails', function () {
  this.timeout(60_000);

  for (const [how, more] of [
    ['in one process', []],
    ['in several', ['--parallel', '--jobs', '2']],
  ] as const) {
    it(`leaves out the tests behind it, says so, and ends nothing else: ${how}`, () => {
      for (const env of [lenient, { CI: 'true' }]) {
        const { code, passed, failed, skipped, failures } = run(stories, env, { more: ['--retries', '1', ...more] });
        assert.deepEqual([passed, failed, skipped], [4, 1, 2], JSON.stringify(failures));
        assert.equal(failures[0]?.title, 'a story breaks off');
        assert.notEqual(code, 0);
      }
    });
  }
});
