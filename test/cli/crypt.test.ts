import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, linkSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { alice, bob } from '../core/support.ts';
import { cannotMount } from '../mounting.ts';
import { itUnless, needsRoot, skipFor, windows } from '../skip.ts';
import { Lab } from './lab.ts';

const plain = '# who\nname: example\nport: 8080 # inline\nlist:\n  - a\n  - b\n';

describe('encrypt and decrypt', () => {
  let lab: Lab;
  beforeEach(() => {
    lab = new Lab();
  });
  afterEach(() => lab.dispose());

  const encrypted = async (name = 'a.yaml', text = plain) => {
    lab.write(name, text);
    const { code, err } = await lab.run(['encrypt', '--age', alice.recipient, '-i', name]);
    assert.equal(code, 0, err);
    return name;
  };

  it('go there and back byte for byte', async () => {
    for (const [name, text] of [
      ['a.yaml', plain],
      ['a.json', '{"a": {"b": [1, 2.5, true, null]},\n  "c": "x"}\n'],
      ['.env', '# c\nA=1\nB="two words"\n'],
    ] as const) {
      await encrypted(name, text);
      assert.notEqual(lab.read(name), text);
      const { code, out, err } = await lab.run(['decrypt', name]);
      assert.deepEqual({ code, err }, { code: 0, err: '' });
      assert.equal(out, text);
    }
  });

  it('take standard input and a name for it', async () => {
    const sealed = await lab.run(['encrypt', '--age', alice.recipient, '--filename-override', 'x.yaml'], {
      stdin: plain,
    });
    assert.equal(sealed.code, 0, sealed.err);
    const opened = await lab.run(['decrypt', '--filename-override', 'x.yaml'], { stdin: sealed.out });
    assert.equal(opened.out, plain);
    const typed = await lab.run(['decrypt', '--input-type', 'yaml', '--output-type', 'yaml'], { stdin: sealed.out });
    assert.equal(typed.out, plain);
    const device = await lab.run(['-d', '--input-type', 'yaml', '--output-type', 'yaml', '/dev/stdin'], {
      stdin: sealed.out,
    });
    assert.equal(device.out, plain);
  });

  it('write where they are told', async () => {
    const name = await encrypted();
    assert.equal((await lab.run(['decrypt', '--output', 'out.yaml', name])).code, 0);
    assert.equal(lab.read('out.yaml'), plain);
    if (process.platform !== 'win32') {
      assert.equal(statSync(join(lab.folder, 'out.yaml')).mode & 0o777, 0o600);
    }
    assert.equal((await lab.run(['decrypt', '-i', name])).code, 0);
    assert.equal(lab.read(name), plain);
    assert.equal((await lab.run(['decrypt', '--output', '/dev/null', 'out.yaml'])).code, 1);
  });

  it('follow a link', async function () {
    skipFor(this, windows);
    await encrypted();
    symlinkSync('a.yaml', join(lab.folder, 'link.yaml'));
    assert.equal((await lab.run(['decrypt', '-i', 'link.yaml'])).code, 0);
    assert.equal(lab.read('a.yaml'), plain);
  });

  it('take recipients and selectors from the rule, and flags before them', async () => {
    lab.write(
      '.sops.yaml',
      `creation_rules:\n  - path_regex: secret\n    age: ${bob.recipient}\n    encrypted_regex: ^name$\n`,
    );
    lab.write('secret.yaml', plain);
    const ruled = await lab.run(['encrypt', 'secret.yaml']);
    assert.ok(ruled.out.includes(bob.recipient) && ruled.out.includes('port: 8080'));
    const named = await lab.run(['encrypt', '--age', alice.recipient, 'secret.yaml']);
    assert.ok(
      named.out.includes(alice.recipient) && !named.out.includes(bob.recipient) && named.out.includes('port: 8080'),
    );
    const env = await lab.run(['encrypt', 'secret.yaml'], { env: { SOPS_AGE_RECIPIENTS: alice.recipient } });
    assert.ok(env.out.includes(alice.recipient) && !env.out.includes(bob.recipient));
    assert.equal((await lab.run(['encrypt', '--encrypted-suffix', 'x', 'secret.yaml'])).code, 8);
    lab.write('other.yaml', plain);
    assert.equal((await lab.run(['encrypt', '--age', alice.recipient, 'other.yaml'])).code, 1);
  });

  it('name the file, the place and the next step, and never a value', async () => {
    const canary = 'canary-4711';
    lab.write('bad.yaml', `a: ${canary}\nb: "${canary}\n`);
    const { code, err, out } = await lab.run(['encrypt', '--age', alice.recipient, 'bad.yaml']);
    assert.deepEqual({ code, out }, { code: 2, out: '' });
    assert.match(err, /^lockstep: bad\.yaml: line 2: .+\n.+\n$/);
    assert.ok(!err.includes(canary));
  });

  it('find the config file upward, by flag, and by variable', async () => {
    mkdirSync(join(lab.folder, 'in', 'ner'), { recursive: true });
    lab.write('in/ner/a.yaml', plain);
    lab.write('.sops.yaml', `creation_rules:\n  - path_regex: ^in/ner/a\n    age: ${alice.recipient}\n`);
    const cwd = join(lab.folder, 'in', 'ner');
    assert.equal((await lab.run(['encrypt', 'a.yaml'], { cwd })).code, 0);
    const other = lab.write('other.yaml', `creation_rules:\n  - age: ${bob.recipient}\n`);
    for (const [args, env] of [
      [['--config', other, 'encrypt', 'a.yaml'], {}],
      [['encrypt', 'a.yaml', '--config', other], {}],
      [['encrypt', 'a.yaml'], { SOPS_CONFIG: other }],
    ] as const) {
      assert.ok((await lab.run(args, { cwd, env })).out.includes(bob.recipient), args.join(' '));
    }
    const covered = await lab.run(['--mac-only-encrypted', 'encrypt', 'a.yaml'], { cwd });
    assert.ok(covered.out.includes('mac_only_encrypted: true'));
  });

  it('do not take keys from a config file that anybody may have put there', async function () {
    // Only root can give a file to somebody else.
    skipFor(this, windows ?? needsRoot());
    const open = join(lab.folder, 'open');
    mkdirSync(join(open, 'mine'), { recursive: true });
    chmodSync(open, 0o1777);
    lab.write('open/mine/a.yaml', plain);
    const config = lab.write('open/.sops.yaml', `creation_rules:\n  - age: ${bob.recipient}\n`);
    const cwd = join(open, 'mine');
    assert.equal((await lab.run(['encrypt', 'a.yaml'], { cwd })).code, 0);
    chownSync(config, 4711, 4711);
    for (const args of [
      ['encrypt', 'a.yaml'],
      ['updatekeys', 'a.yaml'],
      ['edit', 'new.yaml'],
      ['rules', 'explain', 'x'],
    ]) {
      const { code, err } = await lab.run(args, { cwd });
      assert.equal(code, 1);
      assert.match(err, /belongs to another user/);
    }
    assert.equal((await lab.run(['encrypt', '--config', config, 'a.yaml'], { cwd })).code, 0);
    // A group may write there as well; where nobody but its owner may, it is the owner's word.
    chmodSync(open, 0o775);
    assert.equal((await lab.run(['encrypt', 'a.yaml'], { cwd })).code, 1);
    chmodSync(open, 0o755);
    assert.equal((await lab.run(['encrypt', 'a.yaml'], { cwd })).code, 0);
    // Work in their folder is their own business.
    chmodSync(open, 0o1777);
    chownSync(cwd, 4711, 4711);
    assert.equal((await lab.run(['encrypt', 'a.yaml'], { cwd })).code, 0);
  });

  it('convert, and indent anew when asked', async () => {
    const name = await encrypted('a.yaml', 'a:\n  b: 1\n');
    assert.equal((await lab.run(['decrypt', '--output-type', 'json', name])).out, '{\n\t"a": {\n\t\t"b": 1\n\t}\n}\n');
    assert.equal((await lab.run(['--indent', '3', 'decrypt', name])).out, 'a:\n   b: 1\n');
    lab.write('p.yaml', 'a:\n  b: 1\n');
    const json = await lab.run([
      'encrypt',
      '--age',
      alice.recipient,
      '--output-type',
      'json',
      '--output',
      'p.json',
      'p.yaml',
    ]);
    assert.equal(json.code, 0, json.err);
    assert.equal((await lab.run(['decrypt', '--output-type', 'yaml', 'p.json'])).out, 'a:\n    b: 1\n');
    assert.equal((await lab.run(['decrypt', '--output-type', 'dotenv', name])).code, 4);
    lab.write('.sops.yaml', 'stores:\n  json:\n    indent: 1\n');
    assert.equal((await lab.run(['decrypt', '--output-type', 'json', name])).out, '{\n "a": {\n  "b": 1\n }\n}\n');
  });

  it('take INI files, and files of any bytes', async () => {
    const ini = '; c\n[a]\nb = 1\n';
    await encrypted('a.ini', ini);
    assert.equal((await lab.run(['decrypt', 'a.ini'])).out, ini);
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    lab.write('key.bin', bytes);
    assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, 'key.bin'])).code, 0);
    assert.equal((await lab.run(['decrypt', '--output', 'out.bin', 'key.bin'])).code, 0);
    assert.deepEqual(new Uint8Array(readFileSync(join(lab.folder, 'out.bin'))), bytes);
    assert.equal((await lab.run(['filestatus', 'key.bin'])).out, '{"encrypted":true}\n');
  });

  it('extract a value or a branch', async () => {
    const name = await encrypted();
    const extract = (path: string, ...more: string[]) => lab.run(['decrypt', ...more, '--extract', path, name]);
    assert.equal((await extract('["name"]')).out, 'example');
    assert.equal((await extract('["port"]')).out, '8080\n');
    assert.equal((await extract('["list"]')).out, '- a\n- b\n');
    assert.equal((await extract('["list"][1]', '--output-type', 'json')).out, 'b');
    assert.equal((await extract('["none"]')).code, 1);
    assert.equal((await extract('none')).code, 91);
  });

  it('refuse keys of other kinds by name', async () => {
    lab.write('a.yaml', plain);
    for (const [flags, name] of [
      [['--pgp', 'ABC'], 'PGP'],
      [['-k', 'arn:aws:kms:x'], 'AWS KMS'],
      [['--azure-kv', 'https://x'], 'Azure'],
    ] as const) {
      const { code, err } = await lab.run(['encrypt', ...flags, 'a.yaml']);
      assert.equal(code, 1);
      assert.ok(err.includes(name), err);
    }
    const { code, err } = await lab.run(['encrypt', 'a.yaml'], { env: { SOPS_PGP_FP: 'ABC' } });
    assert.equal(code, 1);
    assert.ok(err.includes('PGP'), err);
  });

  it('tell damage by the entry, and go on with --ignore-mac where only the MAC is wrong', async () => {
    const name = await encrypted('a.yaml', 'a: one\nb: two\nport_unencrypted: 1\n');
    const text = lab.read(name);
    lab.write(name, text.replace('port_unencrypted: 1', 'port_unencrypted: 2'));
    const wrong = await lab.run(['decrypt', name]);
    assert.equal(wrong.code, 51);
    const ignored = await lab.run(['decrypt', '--ignore-mac', name]);
    assert.deepEqual([ignored.code, ignored.out], [0, 'a: one\nb: two\nport_unencrypted: 2\n']);
    const [, a = '', b = ''] = /^a: (.*)\nb: (.*)\n/.exec(text) ?? [];
    lab.write(name, text.replace(a, b));
    const moved = await lab.run(['decrypt', '--ignore-mac', name]);
    assert.equal(moved.code, 25);
    assert.match(moved.err, /^lockstep: a\.yaml: a: /);
  });

  it('tell what a missing key means', async () => {
    const name = await encrypted();
    assert.equal((await lab.run(['decrypt', name], { env: { SOPS_AGE_KEY: undefined } })).code, 128);
    assert.equal((await lab.run(['decrypt', name], { env: { SOPS_AGE_KEY: bob.identity } })).code, 128);
    const junk = await lab.run(['decrypt', name], { env: { SOPS_AGE_KEY: 'AGE-SECRET-KEY-1JUNK' } });
    assert.equal(junk.code, 128);
    assert.ok(!junk.err.includes('JUNK'));
  });

  itUnless(windows, 'name a hard link before it is split', async () => {
    lab.write('a.yaml', plain);
    linkSync(join(lab.folder, 'a.yaml'), join(lab.folder, 'b.yaml'));
    const first = await lab.run(['encrypt', '-i', '--age', alice.recipient, 'a.yaml']);
    assert.equal(first.code, 0);
    assert.match(
      first.err,
      /a\.yaml: The file has another name \(a hard link\), which keeps the old content\.\nEncrypt or remove it too\.\n/,
    );
    assert.equal(lab.read('b.yaml'), plain);
    assert.doesNotMatch((await lab.run(['rotate', '-i', 'a.yaml'])).err, /hard link/);
  });

  itUnless(cannotMount(), 'write a file where it stands that something is mounted on, and say so', async () => {
    lab.write('source', plain);
    const path = lab.write('a.yaml', '');
    assert.equal(spawnSync('mount', ['--bind', join(lab.folder, 'source'), path]).status, 0);
    try {
      for (const args of [
        ['encrypt', '-i', '--age', alice.recipient, 'a.yaml'],
        ['set', 'a.yaml', '["name"]', '"other"'],
        ['rotate', '-i', 'a.yaml'],
        ['decrypt', '-i', 'a.yaml'],
      ]) {
        const { code, err } = await lab.run(args);
        assert.equal(code, 0, err);
        assert.match(
          err,
          /a\.yaml: Something is mounted on this file, so it is written in place\.\nUntil this is done, a copy of the new content is in \S+\.tmp\n/,
        );
      }
      assert.equal(lab.read('source'), plain.replace('example', 'other'));
      assert.deepEqual(readdirSync(lab.folder).sort(), ['a.yaml', 'source']);
    } finally {
      assert.equal(spawnSync('umount', [path]).status, 0);
    }
  });
});
