import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './setup.mjs';

/** A suite for the run in a process of its own: how often each test is begun tells whether it is tried again. */
const suite = `
import { describeLeaks, itLeaks, requireOneTry } from ${JSON.stringify(join(root, 'test/e2e/leaksuite.ts'))};
const begun = (name: string) => console.log('begun: ' + name);
const fails = (name: string) => () => { begun(name); requireOneTry(); throw new Error('found'); };
describeLeaks('leaks', () => {
  it('whole', fails('whole'));
  it('asks for more', function () { this.retries(1); begun('asks'); requireOneTry(); });
});
describe('others', () => {
  itLeaks('one', async () => fails('one')());
  it('usual', fails('usual'));
});
`;

describe('describeLeaks', () => {
  it('tries no test again, and a search in any other test fails', () => {
    const folder = mkdtempSync(join(tmpdir(), 'leaksuite-'));
    const file = join(folder, 'made.test.ts');
    const counts = join(folder, 'counts.json');
    writeFileSync(file, suite);
    const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
    const reporter = ['--reporter', 'test/run/reporter.cjs', '--reporter-option', `counts=${counts}`];
    const { stdout } = spawnSync(process.execPath, [mocha, ...reporter, '--retries', '1', file], {
      cwd: root,
      encoding: 'utf8',
    });
    const begun = [...stdout.matchAll(/begun: (\w+)/g)].map((found) => found[1]);
    const { failures } = JSON.parse(readFileSync(counts, 'utf8'));
    rmSync(folder, { recursive: true });
    assert.deepEqual(begun, ['whole', 'asks', 'asks', 'one', 'usual', 'usual']);
    const errors = failures.map(({ error }: { error: string }) => error.split('\n')[0]);
    assert.deepEqual(errors.sort(), [
      ...Array(2).fill('Error: A search for leaks belongs in describeLeaks or itLeaks: it is never tried again.'),
      ...Array(2).fill('Error: found'),
    ]);
  });
});
