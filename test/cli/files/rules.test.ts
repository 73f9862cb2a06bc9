import assert from 'node:assert/strict';
import { chmodSync, chownSync, lchownSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { alice, bob } from '../../core/support.ts';
import { needsRoot, skipFor } from '../../skip.ts';
import { Lab } from '../lab.ts';

const me = alice.recipient;

describe('rules on the command line', () => {
  let lab: Lab;
  beforeEach(() => {
    lab = new Lab();
    lab.write('a.yaml', 'name: example\n');
  });
  afterEach(() => lab.dispose());

  const withRules = (text: string, args: readonly string[] = ['encrypt', 'a.yaml']) => {
    lab.write('.sops.yaml', text);
    return lab.run(args);
  };

  describe('that are broken', () => {
    it('say the file, the line, the rule, the setting, and what RE2 says with the part of the pattern', async () => {
      for (const [setting, pattern, reason] of [
        ['path_regex', '(abc', 'missing closing ): (abc'],
        ['encrypted_regex', 'a(?=b)', 'invalid or unsupported Perl syntax: (?='],
        ['unencrypted_regex', '[z-a]', 'invalid character class range: z-a'],
        ['encrypted_comment_regex', 'a**', 'invalid nested repetition operator: **'],
        ['unencrypted_comment_regex', 'x{2000}', 'invalid repeat count: {2000}'],
      ] as const) {
        const { code, err, out } = await withRules(
          `creation_rules:\n  - path_regex: \\.env$\n    age: ${me}\n  - age: ${me}\n    ${setting}: '${pattern}'\n`,
        );
        assert.deepEqual({ code, out }, { code: 1, out: '' });
        assert.match(err, /^lockstep: .*\.sops\.yaml: line 5: /);
        assert.ok(err.includes(`The ${setting} of rule 2 is not a regular expression of RE2: ${reason}.\n`), err);
        assert.match(err, /\nCorrect it\..+\n$/);
      }
    });

    it('say of one that would take too long that it would', async () => {
      const { err } = await withRules(
        `creation_rules:\n  - age: ${me}\n    path_regex: '${'(?:a{900}){1}'.repeat(200)}'\n`,
      );
      assert.match(err, /line 3: The path_regex of rule 1 would take too long to read\.\nIf you did not write it/);
    });

    it('show a bounded part of a pattern, and nothing that moves the cursor', async () => {
      const { err } = await withRules(
        `creation_rules:\n  - age: ${me}\n    path_regex: "(\\u202e\\e[31m${'x'.repeat(2_000)}"\n`,
      );
      assert.ok(err.length < 500, err);
      assert.ok(!['\u202e', '\u001b'].some((one) => err.includes(one)), err);
    });

    it('say so of a flag, and of what came with an encrypted file', async () => {
      const flag = await lab.run(['encrypt', '--age', me, '--encrypted-regex', '(', 'a.yaml']);
      assert.match(flag.err, /The encrypted_regex is not a regular expression of RE2: missing closing \): \(\./);
      const sealed = await lab.run(['encrypt', '--age', me, '--encrypted-regex', '^name$', 'a.yaml']);
      lab.write('b.yaml', sealed.out.replace('^name$', '^name(?!x)$'));
      assert.match((await lab.run(['decrypt', 'b.yaml'])).err, /The encrypted_regex is not .*: \(\?!/);
    });

    it('name the rule whose settings contradict each other, or are of another type', async () => {
      const both = `creation_rules:\n  - age: ${me}\n    path_regex: x\n  - age: ${me}\n    encrypted_regex: a\n    encrypted_suffix: b\n`;
      assert.match((await withRules(both)).err, /line 4: Two settings of rule 2 contradict each other/);
      assert.match(
        (await withRules(`creation_rules:\n  - age: ${me}\n    path_regex: [x]\n`)).err,
        /line 3: Something in rule 1 of \.sops\.yaml has the wrong type/,
      );
    });
  });

  describe('with a private key where a public one belongs', () => {
    const told = (err: string) => {
      assert.match(err, /There is a private key where a public key belongs/);
      assert.match(err, /age1….*age-keygen -y.*no longer secret/);
      assert.ok(!err.includes(alice.identity.slice(15, 40)), err);
      assert.ok(!/AGE-SECRET-KEY-1\w/i.test(err), err);
    };

    it('say that, with the line and the rule, and never print it', async () => {
      for (const text of [
        `creation_rules:\n  - age: ${me}\n    path_regex: x\n  - age: ${alice.identity}\n`,
        `creation_rules:\n  - age: ${me}\n    path_regex: x\n  - age: [${me}, ${alice.identity.toLowerCase()}]\n`,
        `creation_rules:\n  - age: ${me}\n    path_regex: x\n  - key_groups: [{age: [${alice.identity}]}]\n`,
      ])
        for (const args of [
          ['encrypt', 'a.yaml'],
          ['rules', 'explain', 'a.yaml'],
        ]) {
          const { code, out, err } = await withRules(text, args);
          assert.deepEqual({ code, out }, { code: 1, out: '' });
          assert.match(err, /line 4: .*, in rule 2\./);
          told(err);
        }
    });

    it('say that of a flag and a variable', async () => {
      told((await lab.run(['encrypt', '--age', alice.identity, 'a.yaml'])).err);
      told((await lab.run(['encrypt', 'a.yaml'], { env: { SOPS_AGE_RECIPIENTS: alice.identity } })).err);
      lab.write('b.yaml', (await lab.run(['encrypt', '--age', me, 'a.yaml'])).out);
      told((await lab.run(['recipients', 'add', 'b.yaml', alice.identity])).err);
      told((await lab.run(['rotate', '--add-age', alice.identity, 'b.yaml'])).err);
    });
  });

  describe('with fields that sops passes over', () => {
    it('are warned about where the rule is used, with the field that was meant', async () => {
      const text = `creation_rules:\n  - age: ${me}\n    encrypted-regex: ^name$\n`;
      const { code, out, err } = await withRules(text);
      assert.equal(code, 0);
      assert.ok(!out.includes('encrypted-regex'));
      assert.match(
        err,
        /\.sops\.yaml: line 3: rule 1: encrypted-regex is no field that sops knows, so it does nothing\. Did you mean encrypted_regex\?\n/,
      );
      for (const [wrong, meant] of [
        ['encrypted_regexp', 'encrypted_regex'],
        ['path_regexp', 'path_regex'],
        ['path-regex', 'path_regex'],
        ['pathRegex', 'path_regex'],
        ['unencrypted_sufix', 'unencrypted_suffix'],
        ['mac_only_encryptd', 'mac_only_encrypted'],
        ['Age', 'age'],
        ['hc_vault', undefined],
        ['description', undefined],
      ] as const) {
        const one = await withRules(`creation_rules:\n  - age: ${me}\n    ${wrong}: x\n`);
        assert.ok(one.err.includes(`${wrong} is no field`), wrong);
        assert.equal(/Did you mean (\w+)\?/.exec(one.err)?.[1], meant, wrong);
      }
    });

    it('are warned about in groups, stores and at the top, but not where people keep their lists', async () => {
      const text = `keys:\n  - &me ${me}\ncreation-rules: []\nstores:\n  yaml: {indent: 2, width: 80}\n  toml: {indent: 2}\n  ini: {indent: 1}\ncreation_rules:\n  - key_groups:\n      - ages: [*me]\n        age: [*me]\n`;
      const { code, err } = await withRules(text);
      assert.equal(code, 0, err);
      for (const name of ['creation-rules', 'stores.yaml.width', 'stores.toml', 'stores.ini.indent', 'ages'])
        assert.ok(err.includes(`${name} is no field`), name);
      assert.ok(!err.includes('keys is no field'), err);
    });

    it('of other rules are told by rules explain alone, and a long list is cut', async () => {
      const text = `creation_rules:\n  - path_regex: ^x$\n    colour: red\n    age: ${me}\n  - age: ${me}\n${Array.from({ length: 30 }, (_, i) => `    odd${i}: 1\n`).join('')}`;
      const used = await withRules(text);
      assert.ok(!used.err.includes('colour'), used.err);
      assert.match(used.err, / 20 more/);
      assert.match((await withRules(text, ['rules', 'explain', 'a.yaml'])).err, /line 3: rule 1: colour is no field/);
    });

    it('are nothing to a decryption, nor are rules without any', async () => {
      const sealed = await withRules(`creation_rules:\n  - age: ${me}\n`);
      assert.equal(sealed.err, '');
      lab.write('b.yaml', sealed.out);
      const opened = await withRules(`creation_rules:\n  - age: ${me}\n    colour: red\n`, ['decrypt', 'b.yaml']);
      assert.equal(opened.err, '');
    });
  });

  describe('and the indentation of stores', () => {
    it('is that of the metadata that is written', async () => {
      const indentOf = (text: string, name: string) => new RegExp(`^([ \\t]*)"?${name}"?:`, 'm').exec(text)?.[1];
      const yaml = await withRules(`stores: {yaml: {indent: 2}}\ncreation_rules:\n  - age: ${me}\n`);
      assert.equal(indentOf(yaml.out, 'age'), '  ');
      for (const usual of ['', 'stores: {yaml: {indent: 0}}\n']) {
        const other = await withRules(`${usual}creation_rules:\n  - age: ${me}\n`);
        assert.equal(indentOf(other.out, 'age'), '    ');
      }
      lab.write('key.bin', Buffer.from([1, 2, 255]));
      const binary = (indent: string) =>
        withRules(`stores: {json_binary: {indent: ${indent}}}\ncreation_rules:\n  - age: ${me}\n`, [
          'encrypt',
          'key.bin',
        ]);
      assert.equal(indentOf((await binary('2')).out, 'data'), '  ');
      assert.equal(indentOf((await binary('2')).out, 'recipient'), '        ');
      assert.equal(indentOf((await binary('-1')).out, 'data'), '\t');
      lab.write('.sops.yaml', `stores: {yaml: {indent: 3}}\ncreation_rules:\n  - age: ${me}\n`);
      const write = lab.write('editor.sh', '#!/bin/sh\necho "b: 2" >> "$1"\n');
      assert.equal((await lab.run(['edit', 'new.yaml'], { env: { EDITOR: `sh ${write}` } })).code, 0);
      assert.equal(indentOf(lab.read('new.yaml'), 'age'), '   ');
      assert.equal((await lab.run(['encrypt', '--indent', '-1', '--age', me, lab.write('x.env', 'A=1\n')])).code, 0);
      lab.write('sealed.bin', (await binary('3')).out);
      assert.equal((await lab.run(['decrypt', 'sealed.bin', '--output', 'out.bin'])).code, 0);
    });

    it('that no store has is refused by name', async () => {
      for (const store of ['yaml: {indent: -1}', 'json: {indent: -2}', 'yaml: {indent: two}']) {
        const { code, err } = await withRules(`stores: {${store}}\ncreation_rules:\n  - age: ${me}\n`);
        assert.equal(code, 1, store);
        assert.match(err, /\.sops\.yaml: line 1: /, store);
      }
    });
  });

  describe('of others', () => {
    beforeEach(function () {
      // Only root can give a file to somebody else.
      skipFor(this, needsRoot());
      mkdirSync(join(lab.folder, 'shared', 'mine'), { recursive: true });
      lab.write('shared/mine/a.yaml', 'name: example\n');
    });
    const place = (mode: number, folderOwner: number, fileOwner: number) => {
      const config = lab.write('shared/.sops.yaml', `creation_rules:\n  - age: ${bob.recipient}\n`);
      chmodSync(join(lab.folder, 'shared'), mode);
      chownSync(join(lab.folder, 'shared'), folderOwner, folderOwner);
      chownSync(config, fileOwner, fileOwner);
      return lab.run(['encrypt', 'a.yaml'], { cwd: join(lab.folder, 'shared', 'mine') });
    };

    it('are refused in every folder that others may write', async () => {
      for (const [mode, owner] of [
        [0o1777, 0],
        [0o777, 0],
        [0o775, 0],
        [0o2770, 0],
        [0o755, 4712],
        [0o700, 4711],
      ] as const) {
        const { code, err, out } = await place(mode, owner, 4711);
        assert.deepEqual({ code, out }, { code: 1, out: '' }, mode.toString(8));
        assert.match(err, /shared\/\.sops\.yaml belongs to another user, and others may put files there\.\n/);
      }
    });

    it('are taken where nobody else could have put them, and so are our own', async () => {
      for (const [mode, owner, file] of [
        [0o755, 0, 4711],
        [0o1777, 0, 0],
        [0o775, 4712, 0],
      ] as const)
        assert.equal((await place(mode, owner, file)).code, 0, `${mode.toString(8)} ${owner} ${file}`);
      // Whoever owns the folder that we work in has the say there anyway.
      chownSync(join(lab.folder, 'shared', 'mine'), 4711, 4711);
      assert.equal((await place(0o775, 0, 4711)).code, 0);
    });

    it('count as theirs when they are links, wherever those lead', async () => {
      const shared = join(lab.folder, 'shared');
      lab.write('ours.yaml', `creation_rules:\n  - age: ${bob.recipient}\n`);
      const link = join(shared, '.sops.yaml');
      symlinkSync('../ours.yaml', link);
      const cwd = join(shared, 'mine');
      assert.equal((await lab.run(['encrypt', 'a.yaml'], { cwd })).code, 0);
      lchownSync(link, 4711, 4711);
      chmodSync(shared, 0o1777);
      assert.equal((await lab.run(['encrypt', 'a.yaml'], { cwd })).code, 1);
    });
  });
});
