import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { alice } from '../core/support.ts';
import { builtCli, startCli } from './built.ts';
import { Lab } from './lab.ts';

/** As in a container with a user id of its own, where nothing sets HOME: Node throws then. */
const homeless = `require('node:os').homedir = () => { throw new Error('uv_os_homedir returned ENOENT'); };`;

describe('a user whom the system does not know, without HOME', function () {
  this.timeout(60_000);
  let lab: Lab;
  let cli: string;
  before(async () => {
    cli = await builtCli();
    lab = new Lab();
    lab.write('homeless.cjs', homeless);
    lab.write('a.env', 'A=canary-homeless\n');
    assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, 'a.env'])).code, 0);
  });
  after(() => {
    rmSync(cli);
    lab.dispose();
  });

  async function run(args: readonly string[], more: NodeJS.ProcessEnv = {}) {
    const gone = [
      'HOME',
      'USERPROFILE',
      'LOCALAPPDATA',
      'APPDATA',
      'XDG_STATE_HOME',
      'XDG_CONFIG_HOME',
      'XDG_CACHE_HOME',
    ];
    const unset = Object.fromEntries(gone.map((name) => [name, undefined]));
    const env = { ...lab.env({ NODE_OPTIONS: `--require ${join(lab.folder, 'homeless.cjs')}` }), ...unset, ...more };
    const { ended, output } = startCli(cli, args, lab.folder, env);
    return { code: await ended, output: output() };
  }

  it('reads a file with a key of the environment', async () => {
    const { code, output } = await run(['run', '-f', 'a.env', '--', process.execPath, '-e', 'process.exit(7)'], {
      SOPS_AGE_KEY: alice.identity,
    });
    assert.equal(code, 7, output);
    assert.match(output, /there is no home folder/);
  });

  it('is told where keys and the access log could be', async () => {
    const keys = await run(['whoami'], { SOPS_AGE_KEY: undefined, SOPS_AGE_KEY_FILE: undefined });
    assert.equal(keys.code, 128, keys.output);
    assert.match(keys.output, /no variable names a home folder/);
    const log = await run(['log', 'list']);
    assert.equal(log.code, 1, log.output);
    assert.match(log.output, /There is no home folder, and so no access log of yours\.\nXDG_STATE_HOME/);
  });
});
