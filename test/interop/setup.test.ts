import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Lab } from '../cli/lab.ts';
import { missing, skipFor } from '../skip.ts';
import { Bench } from './tools.ts';

/** What `init` and `keygen` set up is what sops and age work with. */
describe('a repository that was set up, with sops and age', () => {
  let lab: Lab;
  let bench: Bench;
  beforeEach(() => {
    lab = new Lab();
    bench = new Bench();
  });
  afterEach(() => {
    lab.dispose();
    bench.dispose();
  });

  it('sops decrypts it with the key that was made, and encrypts by its rules', async () => {
    lab.write('.env', 'TOKEN=example\n');
    lab.write('secrets.yaml', 'a: example\n');
    const { code, err } = await lab.run(['init', '--yes'], { env: { SOPS_AGE_KEY: undefined } });
    assert.equal(code, 0, err);
    const env = { SOPS_AGE_KEY_FILE: join(lab.folder, 'sops', 'age', 'keys.txt') };
    bench.write('.env', lab.read('.env'));
    bench.write('secrets.yaml', lab.read('secrets.yaml'));
    bench.write('.sops.yaml', lab.read('.sops.yaml'));
    const dotenv = ['--input-type', 'dotenv', '--output-type', 'dotenv'];
    assert.equal(bench.sops(['decrypt', ...dotenv, '.env'], '', env), 'TOKEN=example\n');
    assert.equal(bench.sops(['decrypt', 'secrets.yaml'], '', env), 'a: example\n');
    bench.write('secrets-new.yaml', 'b: example\n');
    bench.sops(['encrypt', '-i', 'secrets-new.yaml'], '', env);
    assert.equal(bench.sops(['decrypt', 'secrets-new.yaml'], '', env), 'b: example\n');
  });

  it('age-keygen reads the key file of keygen', async function () {
    skipFor(this, missing('age-keygen', spawnSync('age-keygen', ['--version']).error === undefined));
    const { out } = await lab.run(['keygen', '-o', 'key.txt'], { env: { SOPS_AGE_KEY: undefined } });
    const { stdout } = spawnSync('age-keygen', ['-y', join(lab.folder, 'key.txt')], { encoding: 'utf8' });
    assert.equal(stdout, out);
  });
});
