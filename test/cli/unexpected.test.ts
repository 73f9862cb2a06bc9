import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { alice } from '../core/support.ts';
import { builtCli, startCli } from './built.ts';
import { Lab } from './lab.ts';

const canary = 'canary-3306-unexpected';

describe('an error that nobody expected', function () {
  this.timeout(60_000);
  let lab: Lab;
  let cli: string;
  before(async () => {
    cli = await builtCli();
    lab = new Lab();
    lab.write('a.env', 'A=1\n');
    assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, 'a.env'])).code, 0);
  });
  after(() => {
    rmSync(cli);
    lab.dispose();
  });

  const throwing = {
    'thrown by a callback': `process.stdin.once('data', () => setImmediate(() => { throw new RangeError('${canary}') }))`,
    'in a promise of nobody': `process.stdin.once('data', () => { Promise.reject(new RangeError('${canary}')) })`,
  };
  for (const [how, script] of Object.entries(throwing)) {
    it(`${how} is told by its name`, async () => {
      const more = lab.write('throwing.cjs', script);
      const run = startCli(cli, ['decrypt', '-'], lab.folder, lab.env({ NODE_OPTIONS: `--require ${more}` }));
      run.child.stdin?.write(`${canary}\n`);
      assert.equal(await run.ended, 1);
      assert.equal(run.output(), 'lockstep: RangeError, which should not happen.\n');
    });
  }
});
