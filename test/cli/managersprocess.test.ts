import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { alice } from '../core/support.ts';
import { Fakes } from '../node/managers/fakes.ts';
import { describeUnless, notLinux } from '../skip.ts';
import { builtCli, startCli } from './built.ts';
import { Lab } from './lab.ts';

describeUnless(notLinux, 'a program of another manager that is asked', () => {
  let cli: string;
  let lab: Lab;
  let fakes: Fakes;
  before(async () => {
    lab = new Lab();
    fakes = new Fakes();
    lab.write('secrets.yaml', 'asks: op://a/b/ask\nhangs: op://a/b/hang\n');
    assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, 'secrets.yaml'])).code, 0);
    cli = await builtCli();
  });
  after(() => {
    lab?.dispose();
    fakes?.dispose();
    if (cli) rmSync(cli, { force: true });
  });

  const env = () => lab.env({ PATH: `${fakes.bin}:${process.env.PATH}` });

  it('cannot ask at the terminal that a person has', () => {
    const command = `${process.execPath} ${cli} get -f secrets.yaml asks > output; cat output`;
    const args = ['-qec', command, join(lab.folder, 'typescript')];
    const { stdout } = spawnSync('script', args, { cwd: lab.folder, env: env(), input: 'typed\n', encoding: 'utf8' });
    assert.match(stdout, /no-input/);
    assert.doesNotMatch(stdout, /Password:/);
  });

  it('ends, with what it started, when the run is ended', async () => {
    fakes.forget();
    const run = startCli(cli, ['get', '-f', 'secrets.yaml', 'hangs'], lab.folder, env());
    while (!fakes.hasChild) await wait(20);
    run.child.kill('SIGTERM');
    assert.equal(await run.ended, 'SIGTERM', run.output());
    while (isThere(fakes.child)) await wait(20);
  });
});

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
