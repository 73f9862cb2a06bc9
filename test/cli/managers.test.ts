import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alice } from '../core/support.ts';
import { Fakes } from '../node/managers/fakes.ts';
import { describeUnless, notLinux, skipFor, windows } from '../skip.ts';
import { Lab } from './lab.ts';

describeUnless(windows, 'references to other managers, on the command line', () => {
  let lab: Lab;
  let fakes: Fakes;
  let repository: string;
  before(async () => {
    lab = new Lab();
    fakes = new Fakes();
    repository = join(lab.folder, 'repository');
    mkdirSync(join(repository, '.git'), { recursive: true });
    const files = {
      'secrets.yaml': 'db:\n  password: op://Private/db/canary-item\n  plain: canary-plain-value\n',
      'literal.yaml': 'a: literal:op://Private/db/x\nb: literal:c\n',
      'broken.yaml': 'a:\n  b: op://canary-vault/../x\n',
      'away.yaml': 'a:\n  b: op://canary-vault/item/away\n',
      'nested.yaml': 'a: vault://secret/nested#x\n',
    };
    for (const [name, text] of Object.entries(files)) {
      lab.write(join('repository', name), text);
      assert.equal((await run(['encrypt', '-i', '--age', alice.recipient, name])).code, 0);
    }
    lab.write(join('repository', 'clear.env'), 'CLEAR="vault://secret/clear#x"\nBARE=vault://secret/clear#x\n');
    const flags = ['--unencrypted-regex', '^CLEAR', '--age', alice.recipient];
    assert.equal((await run(['encrypt', '-i', ...flags, 'clear.env'])).code, 0);
    assert.match(lab.read(join('repository', 'clear.env')), /^CLEAR="vault:/);
  });
  after(() => {
    lab.dispose();
    fakes.dispose();
  });
  beforeEach(() => fakes.forget());

  const run = (args: readonly string[]) =>
    lab.run(args, { cwd: repository, env: { PATH: `${fakes.bin}:${process.env.PATH}` } });
  const print = (name: string) => ['--', process.execPath, '-e', `console.log(process.env[${JSON.stringify(name)}])`];
  const secret = 'canary-canary-item';

  it('get prints the secret; nothing is asked for a value that is none', async () => {
    assert.deepEqual(await run(['get', '-f', 'secrets.yaml', 'db.password']), { code: 0, out: secret, err: '' });
    fakes.forget();
    assert.equal((await run(['get', '-f', 'secrets.yaml', 'db.plain'])).out, 'canary-plain-value');
    assert.deepEqual(fakes.calls, []);
  });

  it('run gives it to the program, and hides it in the output', async () => {
    const shown = await run(['run', '--no-redact', '-f', 'secrets.yaml', ...print('DB_PASSWORD')]);
    assert.equal(shown.out, `${secret}\n`, shown.err);
    const hidden = await run(['run', '-f', 'secrets.yaml', ...print('DB_PASSWORD')]);
    assert.equal(hidden.out, '‹lockstep:DB_PASSWORD›\n');
    assert.equal(fakes.calls.length, 2);
  });

  it('the secret is in the words of no process', async function () {
    skipFor(this, notLinux);
    const script = `
      const { readdirSync, readFileSync } = require('node:fs');
      const words = (pid) => { try { return readFileSync('/proc/' + pid + '/cmdline', 'latin1'); } catch { return ''; } };
      const all = readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).map(words);
      console.log(all.length > 1, all.some((one) => one.includes('for-this-one')), all.some((one) => one.includes(process.env.DB_PASSWORD)));`;
    const { out, err } = await run([
      ...['run', '--no-redact', '-f', 'secrets.yaml', '--', process.execPath],
      ...['-e', script, 'for-this-one'],
    ]);
    assert.equal(out, 'true true false\n', err);
  });

  it('run asks for no more than the program gets', async () => {
    const { out } = await run(['run', '-f', 'secrets.yaml', '--secret', 'X=db.plain', ...print('X')]);
    assert.equal(out, '‹lockstep:X›\n');
    assert.deepEqual(fakes.calls, []);
  });

  it('one in clear is one; a loader reads # first', async () => {
    const shown = await run(['run', '--no-redact', '-f', 'clear.env', '--secret', 'X=CLEAR', ...print('X')]);
    assert.equal(shown.out, 'canary-clear\n', shown.err);
    const bare = await run(['get', '-f', 'clear.env', 'BARE']);
    assert.equal(bare.code, 1);
    assert.match(bare.err, /BARE: .*HashiCorp Vault.*\n.*in a \.env one with # needs quotes/);
  });

  it('no program of the repository that a file is from is started, wherever lockstep is', async () => {
    const bin = join(repository, 'node_modules', '.bin');
    const env = { PATH: `${bin}:/usr/bin:/bin` };
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'op'), '#!/bin/sh\necho canary-wrong\n', { mode: 0o755 });
    for (const cwd of [repository, bin, lab.folder]) {
      const { code, err } = await lab.run(['get', '-f', join(repository, 'secrets.yaml'), 'db.password'], { cwd, env });
      assert.equal(code, 1, cwd);
      assert.match(err, /the only op on PATH is in this repository\.\n/);
    }
  });

  it('a literal stays one', async () => {
    assert.equal((await run(['get', '-f', 'literal.yaml', 'a'])).out, 'op://Private/db/x');
    assert.equal((await run(['get', '-f', 'literal.yaml', 'b'])).out, 'literal:c');
    assert.deepEqual(fakes.calls, []);
  });

  it('a reference in a secret is not followed', async () => {
    assert.equal((await run(['get', '-f', 'nested.yaml', 'a'])).out, 'op://Private/db/password');
    assert.equal(fakes.calls.length, 1);
  });

  it('one that does not come stops the run, by the name of the entry and nothing of the value or the output', async () => {
    for (const [file, what] of [
      ['broken.yaml', /^lockstep: broken\.yaml: a\.b: The value begins like a reference to 1Password, and is none\.\n/],
      [
        'away.yaml',
        /^lockstep: away\.yaml: a\.b: You are not signed in to 1Password\.\nSign in with op signin, then try again\.\n/,
      ],
    ] as const) {
      const { code, out, err } = await run(['run', '-f', file, '--', 'sh', '-c', 'echo started']);
      assert.deepEqual([code, out], [1, '']);
      assert.match(err, what);
      assert.doesNotMatch(err, /canary|op:\/\//);
    }
    const told = await run(['--verbose', 'get', '-f', 'away.yaml', 'a.b']);
    assert.match(told.err, /MANAGER, signed-out; exit code 1/);
  });

  it('what sops has prints the reference as it is, and exec-env says so', async () => {
    assert.match((await run(['decrypt', 'secrets.yaml'])).out, /password: op:\/\/Private\/db\/canary-item\n/);
    assert.match((await run(['decrypt', '--extract', '["a"]', 'literal.yaml'])).out, /^literal:op:/);
    const { out, err } = await run(['exec-env', 'nested.yaml', ...print('a')]);
    assert.equal(out, 'vault://secret/nested#x\n');
    assert.match(err, /references to other managers.*: a\. lockstep run gets the secrets\.\n/);
    assert.deepEqual(fakes.calls, []);
  });

  it('the access log says where a secret came from, and nothing else is left of it on the disk', async () => {
    await run(['get', '-f', 'secrets.yaml', 'db.password']);
    const log = readFileSync(join(lab.state, 'lockstep', 'access.jsonl'), 'utf8');
    assert.match(log, /"db\.password from 1Password"/);
    for (const folder of [lab.folder, lab.state, fakes.folder])
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        const text = readAsText(join(folder, name));
        assert.ok(!text.includes(secret), name);
        if (folder !== fakes.folder) assert.ok(!text.includes('canary-item'), name);
      }
  });

  it('settings that cannot be read are told with their line', async () => {
    const place = join(lab.folder, 'lockstep');
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'managers.yaml'), '\nop: bin/op\n');
    const { code, err } = await run(['get', '-f', 'secrets.yaml', 'db.password']);
    writeFileSync(join(place, 'managers.yaml'), '');
    assert.equal(code, 1);
    assert.match(err, /^lockstep: line 2: Your managers\.yaml cannot be read\.\n/);
  });
});

function readAsText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
