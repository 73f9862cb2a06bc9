import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parseIdentities, recipientOf } from '../core/age/texts.ts';
import { missing, needsRoot, notLinux, skipFor, windows } from '../skip.ts';
import { Lab } from './lab.ts';

describe('keygen', () => {
  let lab: Lab;
  beforeEach(() => {
    lab = new Lab();
  });
  afterEach(() => lab.dispose());
  const none = { env: { SOPS_AGE_KEY: undefined } };

  it('prints a key file as age-keygen does, and the public key beside it', async () => {
    const { code, out, err } = await lab.run(['keygen'], none);
    assert.equal(code, 0);
    const [identity = ''] = parseIdentities(out);
    const recipient = await recipientOf(identity);
    assert.equal(out, `# created: 2026-11-21T10:20:30Z\n# public key: ${recipient}\n${identity}\n`);
    assert.equal(err, `lockstep: Public key: ${recipient}\n`);
  });

  it('puts it into a new file for its owner alone, and prints the public key', async function () {
    skipFor(this, windows);
    const mask = process.umask(0);
    try {
      const { code, out, err } = await lab.run(['keygen', '-o', 'key.txt'], none);
      assert.equal(code, 0, err);
      assert.equal(statSync(join(lab.folder, 'key.txt')).mode & 0o777, 0o600);
      assert.equal(out, `${await recipientOf(parseIdentities(lab.read('key.txt'))[0] ?? '')}\n`);
      assert.ok(!/AGE-SECRET-KEY-1\w/.test(out + err));
    } finally {
      process.umask(mask);
    }
    lab.write('secrets.yaml', 'a: canary\n');
    const env = { SOPS_AGE_KEY: undefined, SOPS_AGE_KEY_FILE: join(lab.folder, 'key.txt') };
    const recipient = (await lab.run(['whoami'], { env })).out.split('\t')[0] ?? '';
    await lab.run(['encrypt', '-i', '--age', recipient, 'secrets.yaml'], { env });
    assert.equal((await lab.run(['decrypt', 'secrets.yaml'], { env })).out, 'a: canary\n');
  });

  it('makes what a job can take from its environment, whole or its one line', async () => {
    const { out, err } = await lab.run(['keygen'], none);
    const recipient = err.trim().split(' ').at(-1) ?? '';
    lab.write('app.env', 'TOKEN=canary\n');
    assert.equal((await lab.run(['encrypt', '-i', '--age', recipient, 'app.env'], none)).code, 0);
    for (const key of [out, out.split('\n')[2]]) {
      const env = { SOPS_AGE_KEY: key, HOME: undefined, XDG_CONFIG_HOME: undefined };
      const print = [process.execPath, '-e', 'console.log(process.env.TOKEN, process.env.SOPS_AGE_KEY)'];
      const ran = await lab.run(['exec-env', 'app.env', '--', ...print], { env });
      assert.deepEqual([ran.code, ran.out], [0, 'canary undefined\n']);
    }
  });

  it('makes a post-quantum key on request', async () => {
    const { out } = await lab.run(['keygen', '--post-quantum'], none);
    assert.match(out, /^# public key: age1pq1/m);
    assert.match(out, /^AGE-SECRET-KEY-PQ-1/m);
  });

  it('writes over nothing: no file, no link, no device', async function () {
    skipFor(this, windows);
    lab.write('key.txt', 'mine\n');
    symlinkSync('elsewhere', join(lab.folder, 'link'));
    mkdirSync(join(lab.folder, 'folder'));
    for (const name of ['key.txt', 'link', 'folder', '/dev/full', '/dev/null']) {
      const { code, out, err } = await lab.run(['keygen', '-o', name], none);
      assert.equal(code, 3, name);
      assert.equal(out, '');
      assert.match(err, /The file is there already, and a key is never written over\./, name);
    }
    assert.equal(lab.read('key.txt'), 'mine\n');
    assert.ok(!existsSync(join(lab.folder, 'elsewhere')));
    const nowhere = await lab.run(['keygen', '-o', 'none/key.txt'], none);
    assert.equal(nowhere.code, 3);
    assert.match(nowhere.err, /There is no such file or folder/);
    assert.equal((await lab.run(['keygen', 'key2.txt'], none)).code, 1);
    assert.ok(!existsSync(join(lab.folder, 'key2.txt')));
  });

  it('leaves nothing behind on a full disk', async function () {
    skipFor(this, notLinux ?? needsRoot());
    const disk = join(lab.folder, 'disk');
    mkdirSync(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4k,nr_inodes=4', 'none', disk]).status === 0;
    skipFor(this, missing('right to mount', mounted));
    try {
      spawnSync('sh', ['-c', 'head -c 4096 /dev/zero > full'], { cwd: disk });
      const { code, out } = await lab.run(['keygen', '-o', 'disk/key.txt'], none);
      assert.equal(code, 3);
      assert.equal(out, '');
      assert.deepEqual(readdirSync(disk), ['full']);
    } finally {
      spawnSync('umount', [disk]);
    }
  });

  it('warns of a file that could be committed', async () => {
    execFileSync('git', ['init', '-q'], { cwd: lab.folder });
    assert.match((await lab.run(['keygen', '-o', 'key.txt'], none)).err, /in a git repository\. Do not commit it/);
    lab.write('.gitignore', '*.key\n');
    assert.doesNotMatch((await lab.run(['keygen', '-o', 'my.key'], none)).err, /git/);
  });
});
