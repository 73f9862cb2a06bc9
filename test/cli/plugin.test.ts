import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pluginKey } from '../core/age/plugin/key.ts';
import { alice, bob } from '../core/support.ts';
import { installPlugin } from '../fakes/plugin/install.ts';
import { Lab } from './lab.ts';

describe('keys of age plugins on the command line', () => {
  const ada = pluginKey('ada');
  let lab: Lab;
  let env: Record<string, string | undefined>;
  let keys: string;
  beforeEach(() => {
    lab = new Lab();
    keys = lab.write('keys.txt', `# Ada's token\n${ada.file}`);
    env = { PATH: installPlugin(join(lab.folder, 'bin')), SOPS_AGE_KEY: undefined, SOPS_AGE_KEY_FILE: keys };
    lab.write('secrets.yaml', 'password: canary-plain\n');
  });
  afterEach(() => lab.dispose());
  const encrypt = (recipients = ada.recipient) =>
    lab.run(['encrypt', '-i', '--age', recipients, 'secrets.yaml'], { env });

  it('encrypt and decrypt, and are listed', async () => {
    assert.equal((await encrypt()).code, 0);
    assert.match(lab.read('secrets.yaml'), new RegExp(ada.recipient));
    const { code, out, err } = await lab.run(['decrypt', 'secrets.yaml'], { env });
    assert.deepEqual([code, out, err], [0, 'password: canary-plain\n', '']);
    const own = await lab.run(['whoami'], { env });
    assert.equal(own.out, `${ada.recipient}\tSOPS_AGE_KEY_FILE (${keys})\tAda's token\n`);
  });

  it('count for changes of keys', async () => {
    await encrypt();
    const added = await lab.run(['recipients', 'add', 'secrets.yaml', bob.recipient], { env });
    assert.equal(added.code, 0, added.err);
    assert.equal((await lab.run(['decrypt', 'secrets.yaml'], { env: { SOPS_AGE_KEY: bob.identity } })).code, 0);
  });

  it('are not started when another key opens the file', async () => {
    await encrypt(`${ada.recipient},${alice.recipient}`);
    const log = join(lab.folder, 'log');
    const both = { ...env, SOPS_AGE_KEY: alice.identity, FAKE_PLUGIN_LOG: log };
    assert.equal((await lab.run(['decrypt', 'secrets.yaml'], { env: both })).code, 0);
    assert.ok(!existsSync(log));
    await lab.run(['decrypt', 'secrets.yaml'], { env: { ...env, FAKE_PLUGIN_LOG: log } });
    assert.ok(readFileSync(log, 'utf8').includes('identity-v1'));
  });

  it('ask on the terminal, and say what they do not do', async () => {
    await encrypt();
    const pin = { ...env, FAKE_PLUGIN: 'pin' };
    const right = await lab.run(['decrypt', 'secrets.yaml'], { env: pin, answers: ['4711'] });
    assert.equal(right.code, 0, right.err);
    assert.deepEqual(lab.asked, ['age-plugin-fake: PIN of the token (nothing is shown): ']);
    for (const given of [{ env: pin, answers: ['1'] }, { env: pin }]) {
      const wrong = await lab.run(['decrypt', 'secrets.yaml'], given);
      assert.equal(wrong.code, 128);
      assert.match(wrong.err, /lockstep: age-plugin-fake: the token is not there\n/);
      assert.match(wrong.err, /SOPS_AGE_KEY_FILE \(\S+\): 1 key; The program age-plugin-fake could not do it\./);
    }
    // What a plugin says is not to change the terminal.
    const told = await lab.run(['decrypt', 'secrets.yaml'], { env: { ...env, FAKE_PLUGIN: 'msg' } });
    assert.equal(told.code, 0);
    assert.ok(!told.err.includes('\u001b'), told.err);
  });

  it('say which program is missing', async () => {
    await encrypt();
    const { PATH } = process.env;
    const opened = await lab.run(['decrypt', 'secrets.yaml'], { env: { ...env, PATH } });
    assert.equal(opened.code, 128);
    assert.match(opened.err, /The age plugin fake is not installed\. Install the program age-plugin-fake in a folder/);
    lab.write('other.yaml', 'a: b\n');
    const sealed = await lab.run(['encrypt', '-i', '--age', ada.recipient, 'other.yaml'], { env: { ...env, PATH } });
    assert.equal(sealed.code, 1);
    assert.match(sealed.err, /The age plugin fake is not installed\./);
    assert.equal(lab.read('other.yaml'), 'a: b\n');
  });

  it('open files without a public key, and change no keys then', async () => {
    await encrypt();
    lab.write('keys.txt', `${ada.identity}\n`);
    const opened = await lab.run(['decrypt', 'secrets.yaml'], { env });
    assert.deepEqual([opened.code, opened.err], [0, '']);
    const changed = await lab.run(['recipients', 'add', 'secrets.yaml', bob.recipient], { env });
    assert.equal(changed.code, 1);
    assert.match(changed.err, /its key file does not say its public key/);
    assert.match((await lab.run(['whoami'], { env })).err, /A key for an age plugin does not say its public key/);
  });

  it('show nothing private anywhere', async () => {
    await encrypt();
    const runs = [];
    for (const how of ['', 'msg', 'error', 'crash', 'junk', 'index'])
      for (const verb of [
        ['decrypt', '--verbose', 'secrets.yaml'],
        ['whoami', '--verbose'],
      ])
        runs.push(await lab.run(verb, { env: { ...env, FAKE_PLUGIN: how } }));
    for (const { err } of runs) assert.ok(!/AGE-PLUGIN-\w+-1|canary/.test(err), err);
  });
});
