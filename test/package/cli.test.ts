import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version } from '../../src/cli/version.ts';
import { alice } from '../core/support.ts';
import { npmEnvironment } from '../run/npm.mjs';
import { packageCli } from '../run/packagecli.mjs';

describe('the npm package of the command line', () => {
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-npm-'));
    const file = await packageCli(folder);
    writeFileSync(join(folder, 'package.json'), '{"private": true}');
    const words = ['install', '--offline', file];
    const { status, stderr } = spawnSync('npm', words, {
      cwd: folder,
      env: npmEnvironment(),
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    assert.equal(status, 0, stderr);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const lockstep = (...words: string[]) =>
    spawnSync('npx', ['--offline', 'lockstep', ...words], {
      cwd: folder,
      encoding: 'utf8',
      env: npmEnvironment({ added: { HOME: folder, SOPS_AGE_KEY: alice.identity } }),
      shell: process.platform === 'win32',
    });

  it('brings nothing else along, and runs', () => {
    assert.deepEqual(
      readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.')),
      ['lockstep-secrets'],
    );
    const { status, stdout, stderr } = lockstep('--version');
    assert.equal(status, 0, stderr);
    assert.ok(stdout.startsWith(`lockstep ${version} `), stdout);
  });

  it('is an age plugin under its other name', () => {
    const words = ['--offline', '--package', 'lockstep-secrets', 'age-plugin-lockstep', '--age-plugin=identity-v1'];
    const { status, stdout } = spawnSync('npx', words, {
      cwd: folder,
      encoding: 'utf8',
      input: '-> done\n\n',
      env: npmEnvironment({ added: { HOME: folder } }),
      shell: process.platform === 'win32',
    });
    assert.deepEqual({ status, stdout }, { status: 0, stdout: '-> done\n\n' });
  });

  it('encrypts and decrypts', () => {
    writeFileSync(join(folder, 'a.yaml'), 'a: example\n');
    assert.equal(lockstep('encrypt', '-i', '--age', alice.recipient, 'a.yaml').status, 0);
    assert.equal(lockstep('decrypt', 'a.yaml').stdout, 'a: example\n');
  });
});
