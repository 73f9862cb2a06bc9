import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { alice, bob } from '../core/support.ts';
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

  it('is none where nobody is left to answer a question, since standard input was read', async () => {
    lab.write('.sops.yaml', `creation_rules:\n  - age: ${alice.recipient}\n`);
    const child = spawn(process.execPath, [cli, 'people', 'grant', '--name', 'Bob', '-'], {
      cwd: lab.folder,
      env: lab.env(),
      detached: true,
    });
    const said = text(child.stderr);
    child.stdin.end(`${bob.recipient}\n`);
    const [code] = await once(child, 'close');
    assert.equal(code, 1);
    assert.match(await said, /There is no answer\.\nNothing was changed/);
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
