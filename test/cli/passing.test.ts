import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { alice } from '../core/support.ts';
import { skipFor, windows } from '../skip.ts';
import { Lab } from './lab.ts';

/** What debuggers need of `run`: files of their own, and a process that becomes the program. */
describe('run, for a debugger', () => {
  let lab: Lab;
  before(async () => {
    lab = new Lab();
    lab.write('.env', 'TOKEN=canary-token-1\n');
    assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, '.env'])).code, 0);
  });
  after(() => lab.dispose());

  describe('--pass-fd', () => {
    it('gives the program the same file under the same number, hidden output or not', async function () {
      skipFor(this, windows);
      for (const how of [[], ['--no-redact']]) {
        const file = openSync(lab.write('listening', ''), 'w');
        const script = `echo "$TOKEN" > /dev/fd/${file}; echo out`;
        const ran = await lab.run(['run', ...how, '--pass-fd', String(file), '--', 'sh', '-c', script]);
        closeSync(file);
        assert.deepEqual([ran.code, ran.out, lab.read('listening')], [0, 'out\n', 'canary-token-1\n'], ran.err);
      }
    });

    it('gives it no other file', async function () {
      skipFor(this, windows);
      const files = ['one', 'two'].map((name) => openSync(lab.write(name, ''), 'w'));
      const [one = 0, two = 0] = files;
      const script = `(: > /dev/fd/${one}) 2>/dev/null || echo closed; echo on > /dev/fd/${two}`;
      const ran = await lab.run(['run', '--pass-fd', String(two), '--', 'sh', '-c', script]);
      files.map(closeSync);
      assert.deepEqual([ran.out, lab.read('two')], ['closed\n', 'on\n'], ran.err);
    });

    it('must name an open file', async () => {
      for (const [text, why] of [
        ['98', /The file 98 of --pass-fd is not open\.\s+Open it: 98>FILE/],
        ['2', /takes a number from 3 to 99/],
        ['x', /takes a number from 3 to 99/],
        ['-3', /takes a number from 3 to 99/],
      ] as const) {
        const { code, err, out } = await lab.run([
          'run',
          `--pass-fd=${text}`,
          '--',
          process.execPath,
          '-e',
          'console.log(1)',
        ]);
        assert.deepEqual([code, out], [1, '']);
        assert.match(err, why);
      }
    });
  });

  describe('--exec', () => {
    it('becomes the program, by its path, without private keys', async function () {
      skipFor(this, windows);
      const became: { path?: string; args?: readonly string[]; env?: NodeJS.ProcessEnv } = {};
      const become = (path: string, args: readonly string[], env: NodeJS.ProcessEnv) => {
        Object.assign(became, { path, args, env });
      };
      const { code } = await lab.run(['run', '--exec', '--', 'sh', '-c', 'exit'], { become });
      // It comes back only where the system refuses.
      assert.equal(code, 126);
      assert.match(became.path ?? '', /^\/.*\/sh$/);
      assert.deepEqual(became.args, ['sh', '-c', 'exit']);
      assert.equal(became.env?.TOKEN, 'canary-token-1');
      assert.equal(became.env?.SOPS_AGE_KEY, undefined);
    });

    it('is refused where it does not work, and beside what it cannot do', async () => {
      const become = () => assert.fail('it became the program');
      for (const [code, why, words, given] of [
        [1, /--exec does not work here/, [], {}],
        [8, /--exec and --mask contradict/, ['--mask'], { become }],
        [8, /--exec and --pass-fd contradict/, ['--pass-fd', '3'], { become }],
      ] as const) {
        const ran = await lab.run(['run', '--exec', ...words, '--', process.execPath, '-e', ''], given);
        assert.equal(ran.code, code, ran.err);
        assert.match(ran.err, why);
      }
    });
  });
});
