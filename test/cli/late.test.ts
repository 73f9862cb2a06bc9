import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateHybridIdentity } from 'age-encryption';
import { recipientOf } from '../core/age/texts.ts';
import { keyFile, sshKeys } from '../core/age/vectors.ts';
import { builtCli, runCli } from './built.ts';

describe('packages that the built command line loads late', () => {
  let folder: string;
  let cli: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-late-'));
    cli = await builtCli();
  });
  after(() => {
    rmSync(cli, { force: true });
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (identity: string, ...words: string[]) => {
    const env = { PATH: process.env.PATH, HOME: folder, SOPS_AGE_KEY: identity };
    return runCli(cli, words, folder, env);
  };

  it('post-quantum keys and patterns are there when a file needs them', async () => {
    const identity = await generateHybridIdentity();
    const recipient = await recipientOf(identity);
    writeFileSync(join(folder, 'a.yaml'), 'secret: example\nother: text\n');
    const sealed = run(identity, 'encrypt', '--age', recipient, '--encrypted-regex', '^se', 'a.yaml');
    assert.equal(sealed.status, 0, sealed.stderr);
    assert.match(sealed.stdout, /^secret: ENC\[.*\]\nother: text\n/);
    writeFileSync(join(folder, 'b.yaml'), sealed.stdout);
    assert.equal(run(identity, 'decrypt', 'b.yaml').stdout, 'secret: example\nother: text\n');
    const broken = run(identity, 'encrypt', '--age', recipient, '--encrypted-regex', '(', 'a.yaml');
    assert.notEqual(broken.status, 0);
    assert.equal(broken.stdout, '');
  });

  it('SSH keys open what was encrypted to them', () => {
    for (const kind of ['ed25519', 'rsa'] as const) {
      writeFileSync(join(folder, 'd.yaml'), 'secret: example\n');
      const sealed = run('', 'encrypt', '--age', sshKeys[kind].public, 'd.yaml');
      assert.equal(sealed.status, 0, sealed.stderr);
      writeFileSync(join(folder, 'd.yaml'), sealed.stdout);
      assert.equal(run(keyFile(kind, 'plain'), 'decrypt', 'd.yaml').stdout, 'secret: example\n');
    }
  });

  it('keys of hardware on the curve P-256 can be encrypted to', () => {
    // A recipient from the tests of age (tag/tag_test.go): encrypting to it needs no hardware.
    const recipient = 'age1tag1qt8lw0ual6avlwmwatk888yqnmdamm7xfd0wak53ut6elz5c4swx2yqdj4e';
    writeFileSync(join(folder, 'c.yaml'), 'secret: example\n');
    const sealed = run('', 'encrypt', '--age', recipient, 'c.yaml');
    assert.equal(sealed.status, 0, sealed.stderr);
    assert.match(sealed.stdout, /^secret: ENC\[/);
  });

  it('verbs that run often have a file of their own, half as large, and all that they need is in it', () => {
    const identity = keyFile('ed25519', 'plain');
    writeFileSync(join(folder, 'plain.env'), 'TOKEN=example\n');
    const sealed = run('', 'encrypt', '--age', sshKeys.ed25519.public, 'plain.env');
    assert.equal(sealed.status, 0, sealed.stderr);
    writeFileSync(join(folder, 'e.env'), sealed.stdout);
    const [main, often] = ['-main.js', '-often.js'].map((part) => cli.replace(/\.js$/, part));
    assert.ok(main && often && statSync(often).size < statSync(main).size * 0.55);
    const aside = `${main}.aside`;
    renameSync(main, aside);
    try {
      assert.equal(run(identity, 'decrypt', 'e.env').stdout, 'TOKEN=example\n');
      for (const words of [
        ['exec-env', 'e.env', 'echo "$TOKEN"'],
        ['exec-file', 'e.env', 'cut -d= -f2 {}'],
        ['run', '--no-redact', '-f', 'e.env', '--', 'sh', '-c', 'echo "$TOKEN"'],
      ])
        assert.equal(run(identity, ...words).stdout, 'example\n', words[0]);
      assert.match(run(identity, 'run', '--help').stdout, /--secret/);
      assert.notEqual(run(identity, 'encrypt', 'plain.env').status, 0);
    } finally {
      renameSync(aside, main);
    }
  });
});
