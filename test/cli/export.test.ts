import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readNpm } from '../../src/core/env/npm.ts';
import { targetNames } from '../../src/core/foreign/write/names.ts';
import { dotenvxPublicKey, openDotenvx } from '../../src/core/tokens/dotenvx.ts';
import { fernetKey, openFernet } from '../../src/core/tokens/fernet.ts';
import { openFlet } from '../../src/core/tokens/flet.ts';
import { alice } from '../core/support.ts';
import { itUnless, notLinux, windows } from '../skip.ts';
import { Lab } from './lab.ts';

const base64Key = Buffer.alloc(32, 7).toString('base64url');

describe('export', () => {
  let lab: Lab;
  const files = {
    '.env.production': 'DB_URL=postgres://me:canary-pass-1@host/db\nTOKEN=canary token 2\n',
    'secrets.yaml': 'db:\n  password: canary-nested-3\n  pem: "canary\\nlines-4"\nfoo: canary-five\nFOO: canary-six\n',
  };
  beforeEach(async () => {
    lab = new Lab();
    for (const [name, text] of Object.entries(files)) {
      lab.write(name, text);
      assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, name])).code, 0);
    }
  });
  afterEach(() => lab.dispose());

  const run = (...words: string[]) => lab.run(['export', ...words]);
  const fails = async (code: number, what: RegExp, ...words: string[]) => {
    const ran = await run(...words);
    assert.equal(ran.code, code, ran.err);
    assert.match(ran.err, what);
    assert.equal(ran.out, '');
    assert.doesNotMatch(ran.err, /canary/);
    return ran.err;
  };

  it('prints the secrets of a file, of an environment, and some alone', async () => {
    const two = "export DB_URL='postgres://me:canary-pass-1@host/db'\nexport TOKEN='canary token 2'\n";
    for (const words of [['.env.production'], ['-f', '.env.production'], ['--env-name', 'production']])
      assert.equal((await run('--format', 'shell', ...words)).out, two, words.join(' '));
    const one = await run('--format', 'docker', '--secret', 'PGPASSWORD=db.password', 'secrets.yaml');
    assert.equal(one.out, 'PGPASSWORD=canary-nested-3\n', one.err);
    const renamed = await run('--format', 'json', '--rename', 'PEM=db.pem', '--rename', 'BAR=foo', 'secrets.yaml');
    assert.deepEqual(JSON.parse(renamed.out), {
      DB_PASSWORD: 'canary-nested-3',
      PEM: 'canary\nlines-4',
      BAR: 'canary-five',
      FOO: 'canary-six',
    });
  });

  it('never takes the place of an encrypted file, its own source least of all', async () => {
    const before = ['.env.production', 'secrets.yaml'].map((name) => lab.read(name));
    for (const format of ['dotenv', 'compose-secrets'])
      for (const to of ['.env.production', 'secrets.yaml'])
        await fails(3, /is an encrypted file, and would be lost/, '--format', format, '-o', to, '.env.production');
    assert.deepEqual(
      ['.env.production', 'secrets.yaml'].map((name) => lab.read(name)),
      before,
    );
    lab.write('plain.env', 'OLD=1\n');
    assert.equal((await run('--format', 'dotenv', '-o', 'plain.env', '.env.production')).code, 0);
  });

  it('advises no flag that it does not take', async () => {
    lab.write('broken.json', '{"a": canary');
    const said = await fails(1, /The syntax is broken/, '--format', 'json', 'broken.json');
    assert.doesNotMatch(said, /--input-type/);
    assert.match((await lab.run(['encrypt', '--age', alice.recipient, 'broken.json'])).err, /--input-type says how/);
  });

  it('names a Secret of Kubernetes', async () => {
    const { out } = await run('--format', 'kubernetes', '--name', 'app-secrets', '.env.production');
    assert.match(out, /^kind: Secret\nmetadata:\n {2}name: app-secrets$/m);
    assert.match(out, /^ {2}TOKEN: Y2FuYXJ5IHRva2VuIDI=$/m);
    await fails(1, /small letters/, '--format', 'kubernetes', '--name', 'App', '.env.production');
    await fails(1, /name of a Kubernetes Secret/, '--format', 'json', '--name', 'app', '.env.production');
  });

  it('names every entry that the target cannot hold, no value of it, and writes nothing', async () => {
    lab.write(
      'more.yaml',
      `${['a', 'b'].map((one) => `${one}:\n  x: "canary-${one}\\nline"\n`).join('')}ok: canary-7\n`,
    );
    assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, 'more.yaml'])).code, 0);
    const told = await fails(4, /2 entries of 3/, '--format', 'docker', '-o', 'out.env', 'more.yaml');
    assert.match(told, /A_X \(a\.x\): its value has several lines/);
    assert.match(told, /B_X \(b\.x\)/);
    assert.ok(!existsSync(join(lab.folder, 'out.env')));
    // What is left may leave.
    assert.equal((await run('--format', 'docker', '--secret', 'OK=ok', 'more.yaml')).out, 'OK=canary-7\n');
  });

  it('refuses names that are one for the target', async () => {
    const renames = ['--rename', 'foo=foo', '--rename', 'PEM=db.pem'];
    const told = await fails(4, /One entry of 4/, '--format', 'kestra', ...renames, 'secrets.yaml');
    assert.match(told, /FOO: its name is that of another entry there/);
  });

  it('refuses a format that there is not, before anything is opened', async () => {
    await fails(1, /No format is named[\s\S]*kubernetes/, '.env.production');
    await fails(1, /no format toml/, '--format', 'toml', '.env.production');
    await fails(1, /no format toString/, '--format', 'toString', '.env.production');
    await fails(100, /nowhere/, '--format', 'json', 'nowhere.yaml');
    for (const name of targetNames) assert.match((await run('--help')).out, new RegExp(`\\b${name}\\b`));
  });

  it('writes a file for its owner alone, also over one that others could read', async () => {
    for (const before of [undefined, 0o644, 0o600]) {
      const path = join(lab.folder, 'out.env');
      if (before !== undefined) {
        lab.write('out.env', 'old\n');
        chmodSync(path, before);
      }
      const { code, out, err } = await run('--format', 'docker', '-o', 'out.env', '.env.production');
      assert.deepEqual([code, out, err], [0, '', '']);
      assert.match(lab.read('out.env'), /^TOKEN=canary token 2$/m);
      if (!windows) assert.equal(statSync(path).mode & 0o777, 0o600, String(before));
    }
  });

  it('warns of a file that git would take up', async () => {
    execFileSync('git', ['init', '-q'], { cwd: lab.folder });
    const words = ['--format', 'docker', '.env.production', '-o'];
    assert.match((await run(...words, 'out.env')).err, /git does not ignore it/);
    lab.write('.gitignore', 'out.env\n');
    assert.equal((await run(...words, 'out.env')).err, '');
    lab.write('.gitignore', '');
    const secrets = ['--format', 'compose-secrets', '.env.production', '-o'];
    assert.equal((await run(...secrets, 'compose.yaml')).err, '', 'no value is in it');
  });

  it('encrypts for dotenvx, by its public key alone', async () => {
    const secret = '28c1e9e79b1c4d24baf184721e7529280db78c753f5cf69f77f11205be5ec689';
    const words = ['--format', 'dotenvx', '.env.production'];
    const { out, err } = await run(...words, '--recipient', dotenvxPublicKey(secret));
    assert.equal(err, '');
    assert.doesNotMatch(out, /canary/);
    const values = [...readNpm(out)].filter(([name]) => name !== 'DOTENV_PUBLIC_KEY');
    const plain = await Promise.all(
      values.map(async ([name, value]) => `${name}=${Buffer.from(await openDotenvx(value, secret)).toString()}\n`),
    );
    assert.equal(plain.join(''), files['.env.production']);
    await fails(1, /public key/, ...words);
    await fails(1, /public key/, ...words, '--recipient', secret);
  });

  it('makes tokens by a key or pass phrase, which is never an argument', async () => {
    const env = { K: base64Key, P: 'correct horse' };
    const ran = (...words: string[]) => lab.run(['export', '.env.production', ...words], { env });
    const fernet = await ran('--format', 'fernet', '--key-env', 'K');
    const token = /^TOKEN=(.*)$/m.exec(fernet.out)?.[1] ?? '';
    assert.equal(Buffer.from(await openFernet(token, fernetKey(base64Key))).toString(), 'canary token 2');
    const flet = await ran('--format', 'flet', '--key-env', 'P', '--secret', 'T=TOKEN');
    const value = /^T=(.*)\n$/.exec(flet.out)?.[1] ?? '';
    assert.equal(Buffer.from(await openFlet(value, env.P)).toString(), 'canary token 2');
    assert.doesNotMatch(fernet.out + flet.out, /canary/);
    const bad = await ran('--format', 'fernet', '--key-env', 'P');
    assert.notEqual(bad.code, 0);
    assert.equal(bad.out, '');
    assert.doesNotMatch(bad.err, /canary|correct/);
  });

  it('is in the access log, by key path and target; names alone are not', async () => {
    await run('--format', 'compose-secrets', '.env.production');
    await run('--format', 'shell', '--secret', 'PGPASSWORD=db.password', 'secrets.yaml');
    await fails(4, /cannot hold/, '--format', 'docker', 'secrets.yaml', '--rename', 'BAR=foo');
    const { out } = await lab.run(['log', 'list', '--json']);
    const all = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { purpose: string; key: string; to: string });
    const records = all.filter(({ purpose }) => purpose === 'export');
    assert.deepEqual(
      records.map(({ key, to }) => [key, to]),
      [['db.password', 'shell, standard output']],
    );
    assert.doesNotMatch(out, /canary/);
  });

  itUnless(notLinux, 'fails where it cannot write all of it', async () => {
    await fails(3, /full/i, '--format', 'json', '-o', '/dev/full', '.env.production');
    await fails(3, /not there|no such|folder/i, '--format', 'json', '-o', 'no/such/folder.json', '.env.production');
  });
});
