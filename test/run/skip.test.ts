import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../rules/tree.ts';
import { innerEnvironment } from './environment.mjs';

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

describe('a test that is left out', function () {
  this.timeout(60_000);
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-skip-'));
    writeFileSync(join(folder, 'a.test.ts'), tests);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs them as the runner does, on a stand-in for a platform. */
  function counts(
    env: Record<string, string | undefined>,
    platform: string = process.platform,
  ): Counts & { code: unknown } {
    const file = join(folder, 'counts.json');
    const setting = join(folder, 'platform.cjs');
    writeFileSync(setting, `Object.defineProperty(process, 'platform', { value: ${JSON.stringify(platform)} });`);
    const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
    const reporter = ['--reporter', join(root, 'test', 'run', 'reporter.cjs'), '--reporter-option', `counts=${file}`];
    const args = [mocha, ...reporter, '--require', setting, join(folder, 'a.test.ts')];
    const { status } = spawnSync(process.execPath, args, { cwd: root, env: innerEnvironment(env), encoding: 'utf8' });
    return { code: status, ...JSON.parse(readFileSync(file, 'utf8')) };
  }

  it('is counted, and no failure, where a run may leave things out', () => {
    const { code, passed, failed, skipped } = counts({ CI: undefined, LOCKSTEP_REQUIRE_INTEROP: undefined });
    assert.deepEqual([code, passed, failed, skipped], [0, 3, 0, 6]);
  });

  for (const strict of [{ CI: 'true' }, { LOCKSTEP_REQUIRE_INTEROP: '1' }]) {
    it(`is a failure for want of anything with ${Object.keys(strict)}, not for a reason of the platform`, () => {
      const { code, passed, failed, skipped, failures } = counts(strict, 'win32');
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
