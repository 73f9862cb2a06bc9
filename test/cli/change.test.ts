import assert from 'node:assert/strict';
import { alice, bob } from '../core/support.ts';
import { Lab } from './lab.ts';

const plain = '# who\nname: example\nport: 8080 # inline\nlist:\n  - a\n  - b\nplain_unencrypted: 1\n';

describe('changes', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = new Lab();
    lab.write('a.yaml', plain);
    assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, 'a.yaml'])).code, 0);
  });
  afterEach(() => lab.dispose());

  const ok = async (...args: string[]) => {
    const { code, out, err } = await lab.run(args);
    assert.equal(code, 0, err);
    return out;
  };
  const opened = () => ok('decrypt', 'a.yaml');

  describe('set and unset', () => {
    it('change one value and nothing else', async () => {
      const before = lab.read('a.yaml');
      await ok('set', 'a.yaml', '["port"]', '9090');
      assert.equal(await opened(), plain.replace('8080', '9090'));
      const lines = (text: string) => text.split('\n').filter((line) => !/^ +(mac|lastmodified):|^port/.test(line));
      assert.deepEqual(lines(lab.read('a.yaml')), lines(before));
    });

    it('make what is missing, and take branches', async () => {
      await ok('set', 'a.yaml', '["deep"]["er"]', '{"x": [1, "two", true]}');
      await ok('set', 'a.yaml', '["list"][9]', '"c"');
      assert.equal(await ok('decrypt', '--extract', '["deep"]["er"]["x"][1]', 'a.yaml'), 'two');
      assert.equal(await ok('decrypt', '--extract', '["list"][2]', 'a.yaml'), 'c');
      await ok('set', 'a.yaml', '["deep"]["less"]', '-5');
      assert.equal(await ok('decrypt', '--extract', '["deep"]["less"]', 'a.yaml'), '-5\n');
      await ok('unset', 'a.yaml', '["deep"]');
      await ok('unset', 'a.yaml', '["list"][2]');
      assert.equal(await opened(), plain);
    });

    it('take the value from a file or from standard input', async () => {
      lab.write('value.json', '"from a file"');
      await ok('set', '--value-file', 'a.yaml', '["name"]', 'value.json');
      assert.equal(await ok('decrypt', '--extract', '["name"]', 'a.yaml'), 'from a file');
      const { code } = await lab.run(['set', 'a.yaml', '["name"]', '--value-stdin'], { stdin: '"piped"\n' });
      assert.equal(code, 0);
      assert.equal(await ok('decrypt', '--extract', '["name"]', 'a.yaml'), 'piped');
    });

    it('write nothing where nothing changes', async () => {
      const before = lab.read('a.yaml');
      await ok('set', '--idempotent', 'a.yaml', '["name"]', '"example"');
      await ok('unset', '--idempotent', 'a.yaml', '["none"]');
      assert.equal(lab.read('a.yaml'), before);
      assert.equal((await lab.run(['unset', 'a.yaml', '["none"]'])).code, 1);
    });

    it('tell what the rules of the file, which anybody can change, leave in clear text', async () => {
      lab.write('c.yaml', 'a: one\nempty: ""\n');
      assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, 'c.yaml'])).code, 0);
      const rules = 'encrypted_regex: ^(a|b)$';
      lab.write('c.yaml', lab.read('c.yaml').replace('unencrypted_suffix: _unencrypted', rules));
      const set = async (path: string, value: string) => (await lab.run(['set', 'c.yaml', path, value])).err;
      assert.equal(await set('["a"]', '"canary"'), '');
      assert.equal(await set('["b"]', '"canary"'), '');
      assert.match(await set('["empty"]', '"canary"'), /^lockstep: c\.yaml: Plaintext .+: empty\n$/);
      assert.match(await set('["n"]', '{"x": "canary", "y\\n": 1, "e": null}'), /: n\.x, n\["y\\n"\]\n$/);
      assert.equal(await set('["b"]', '"other"'), '');
      assert.ok(!(await set('["m"]', '["canary"]')).includes('canary'));
    });

    it('refuse what cannot be read, without repeating it', async () => {
      for (const [args, code] of [
        [['set', 'a.yaml', 'name', '1'], 7],
        [['set', 'a.yaml', '["name"]', 'canary-5'], 7],
        [['set', 'a.yaml', '["sops"]', '1'], 203],
        [['set', 'a.yaml', '["name"]'], 100],
        [['set', '--value-file', '--value-stdin', 'a.yaml', '["name"]'], 1],
        [['set', 'none.yaml', '["name"]', '1'], 2],
        [['unset', 'a.yaml'], 100],
        [['unset', 'a.yaml', 'name'], 7],
      ] as const) {
        const ran = await lab.run(args);
        assert.equal(ran.code, code, args.join(' '));
        assert.ok(!ran.err.includes('canary'));
      }
      assert.equal(await opened(), plain);
    });

    it('write the file in the format of --output-type', async () => {
      await ok('set', '--idempotent', '--output-type', 'json', 'a.yaml', '["name"]', '"example"');
      assert.match(lab.read('a.yaml'), /^#?.*\bname: ENC\[/m, 'nothing changed, so nothing is written');
      await ok('set', '--output-type', 'json', 'a.yaml', '["name"]', '"example"');
      assert.match(lab.read('a.yaml'), /^\{\n\t"name": "ENC\[/);
      const typed = ['--input-type', 'json', '--output-type', 'json'];
      assert.equal(JSON.parse(await ok('decrypt', ...typed, 'a.yaml')).name, 'example');
      await ok('rotate', '-i', '--input-type', 'json', '--output-type', 'yaml', 'a.yaml');
      assert.match(lab.read('a.yaml'), /^name: ENC\[/);
      await ok('unset', '--output-type', 'json', 'a.yaml', '["name"]');
      assert.equal(JSON.parse(await ok('decrypt', ...typed, 'a.yaml')).name, undefined);
    });

    it('do what the oldest form of sops does', async () => {
      await ok('--set', '["name"] "old form"', 'a.yaml');
      assert.equal(await ok('-d', '--extract', '["name"]', 'a.yaml'), 'old form');
      assert.equal((await lab.run(['--set', '["name"]', 'a.yaml'])).code, 7);
      assert.equal((await lab.run(['-d', '-e', 'a.yaml'])).code, 8);
    });
  });

  describe('rotate', () => {
    it('prints or writes a file with a new data key', async () => {
      const before = lab.read('a.yaml');
      const out = await ok('rotate', 'a.yaml');
      assert.equal(lab.read('a.yaml'), before);
      assert.notEqual(/^name: .*/m.exec(out)?.[0], /^name: .*/m.exec(before)?.[0]);
      await ok('-r', '-i', 'a.yaml');
      assert.equal(await opened(), plain);
    });

    it('adds and removes readers', async () => {
      await ok('rotate', '-i', '--add-age', bob.recipient, 'a.yaml');
      assert.ok(lab.read('a.yaml').includes(bob.recipient));
      await ok('rotate', '-i', '--yes-lock-me-out', '--rm-age', alice.recipient, 'a.yaml');
      assert.equal((await lab.run(['decrypt', 'a.yaml'])).code, 128);
      const byBob = await lab.run(['decrypt', 'a.yaml'], { env: { SOPS_AGE_KEY: bob.identity } });
      assert.equal(byBob.out, plain);
    });

    it('refuses what cannot be', async () => {
      assert.equal((await lab.run(['rotate', '--rm-age', alice.recipient, 'a.yaml'])).code, 1);
      assert.equal((await lab.run(['rotate', '--add-age', 'age1junk', 'a.yaml'])).code, 1);
      assert.equal((await lab.run(['rotate', '--add-pgp', 'ABC', 'a.yaml'])).code, 1);
      assert.equal((await lab.run(['rotate', '--add-age', bob.recipient, 'none.yaml'])).code, 49);
      assert.equal((await lab.run(['rotate', 'none.yaml'])).code, 2);
    });
  });

  describe('readers', () => {
    it('are added, listed and removed', async () => {
      const values = /^name: .*/m.exec(lab.read('a.yaml'))?.[0];
      await ok('recipients', 'add', 'a.yaml', bob.recipient);
      assert.equal(await ok('recipients', 'list', 'a.yaml'), `${alice.recipient}\n${bob.recipient}\n`);
      assert.equal((await lab.run(['decrypt', 'a.yaml'], { env: { SOPS_AGE_KEY: bob.identity } })).out, plain);
      const { code, err } = await lab.run(['recipients', 'remove', 'a.yaml', bob.recipient]);
      assert.equal(code, 0);
      assert.match(err, /rotate/);
      assert.equal(await ok('recipients', 'list', 'a.yaml'), `${alice.recipient}\n`);
      assert.equal(/^name: .*/m.exec(lab.read('a.yaml'))?.[0], values);
      assert.equal((await lab.run(['recipients', 'add', 'a.yaml', 'age1junk'])).code, 1);
      assert.equal((await lab.run(['recipients', 'add', 'a.yaml'])).code, 1);
      const pgp = await lab.run(['recipients', 'add', 'a.yaml', 'FBC7B9E2A4F9289AC0C1D4843D16CEE4A27381B4']);
      assert.equal(pgp.code, 1);
      assert.match(pgp.err, /a key of PGP or of a cloud.*\n.*rotate -i --add-pgp/);
      assert.equal((await lab.run(['recipients', 'remove', 'a.yaml', alice.recipient])).code, 1);
    });

    it('whose names would forge lines are shown as what they are', async () => {
      const forged = '"age1x\\n+++ age1forged\\e[31m\\u202E"';
      lab.write('b.yaml', plain);
      await ok('encrypt', '-i', '--age', `${alice.recipient},${bob.recipient}`, 'b.yaml');
      lab.write('b.yaml', lab.read('b.yaml').replace(bob.recipient, forged));
      const named = 'age1x\\u{a}+++ age1forged\\u{1b}[31m\\u{202e}';
      assert.equal(await ok('recipients', 'list', 'b.yaml'), `${alice.recipient}\n${named}\n`);
      const told = await ok('recipients', 'add', 'b.yaml', bob.recipient);
      assert.equal(told, `Group 1\n    ${alice.recipient}\n    ${named}\n+++ ${bob.recipient}\n`);
    });

    it('of a file whose name would forge lines are told by what it is', async () => {
      const name = 'odd\u001b[31m\nname.yaml';
      for (const verb of [
        ['rotate', '-i', '--add-age', 'x'],
        ['recipients', 'remove'],
        ['edit'],
        ['updatekeys', '-y'],
      ]) {
        const { err } = await lab.run([...verb, name, bob.recipient]);
        assert.ok(!err.includes('\u001b') && !err.includes('\nname'), verb[0]);
      }
      lab.write(name, lab.read('a.yaml'));
      const { err } = await lab.run(['recipients', 'remove', name, bob.recipient]);
      assert.equal(err, 'lockstep: odd\\u{1b}[31m\\u{a}name.yaml: Nothing changes.\n');
    });

    it('come from the rule with updatekeys, after a question', async () => {
      lab.write('.sops.yaml', `creation_rules:\n  - age: ${alice.recipient},${bob.recipient}\n`);
      const before = lab.read('a.yaml');
      const no = await lab.run(['updatekeys', 'a.yaml'], { answers: ['what', 'n'] });
      assert.deepEqual([no.code, lab.asked.length, lab.read('a.yaml')], [0, 2, before]);
      assert.match(no.out, new RegExp(`Group 1\n {4}${alice.recipient}\n\\+\\+\\+ ${bob.recipient}\n`));
      assert.equal((await lab.run(['updatekeys', 'a.yaml'], { answers: [] })).code, 1);
      await ok('updatekeys', '-y', 'a.yaml');
      assert.ok(lab.read('a.yaml').includes(bob.recipient));
      assert.match((await lab.run(['updatekeys', '-y', 'a.yaml'])).err, /already/);
    });

    it('of several files are updated all together or not at all', async () => {
      lab.write('.sops.yaml', `creation_rules:\n  - age: ${alice.recipient},${bob.recipient}\n`);
      lab.write('plain.yaml', 'a: 1\n');
      lab.write('broken.yaml', 'a: [\n');
      lab.write('b.yaml', lab.read('a.yaml'));
      const before = lab.read('a.yaml');
      const { code, err } = await lab.run(['updatekeys', '-y', 'plain.yaml', 'a.yaml', 'broken.yaml', 'b.yaml']);
      assert.equal(code, 1);
      for (const said of [/plain\.yaml/, /broken\.yaml/, /2 of 4 files cannot be changed, so none was/])
        assert.match(err, said);
      assert.equal(lab.read('a.yaml'), before);
      await ok('updatekeys', '-y', 'a.yaml', 'b.yaml');
      assert.ok(lab.read('a.yaml').includes(bob.recipient) && lab.read('b.yaml').includes(bob.recipient));
      assert.match(
        (await lab.run(['updatekeys', '-y', 'a.yaml', 'b.yaml'])).err,
        /a\.yaml: .*already\.\nb\.yaml: .*already/,
      );
    });

    it('need a rule', async () => {
      assert.equal((await lab.run(['updatekeys', '-y', 'a.yaml'])).code, 1);
      lab.write('.sops.yaml', 'creation_rules:\n  - path_regex: other\n    age: x\n');
      const { code, err } = await lab.run(['updatekeys', '-y', 'a.yaml']);
      assert.equal(code, 1);
      assert.match(err, /rules explain/);
    });

    it('form groups', async () => {
      const keys = `${alice.identity}\n${bob.identity}`;
      const words = ['--file', 'a.yaml', '--age', bob.recipient, '--shamir-secret-sharing-threshold', '2', '-i'];
      const added = await lab.run(['groups', 'add', ...words], { env: { SOPS_AGE_KEY: keys } });
      assert.equal(added.code, 0, added.err);
      const alone = await lab.run(['decrypt', 'a.yaml']);
      assert.equal(alone.code, 128);
      const both = await lab.run(['decrypt', 'a.yaml'], { env: { SOPS_AGE_KEY: keys } });
      assert.equal(both.out, plain);
      const flags = ['-f', 'a.yaml', '-i', '--shamir-secret-sharing-threshold', '1'];
      const gone = await lab.run(['groups', 'delete', ...flags, '1'], { env: { SOPS_AGE_KEY: keys } });
      assert.equal(gone.code, 0, gone.err);
      assert.equal(await opened(), plain);
      assert.equal((await lab.run(['groups', 'delete', '-f', 'a.yaml', '7'])).code, 1);
      assert.equal((await lab.run(['groups', 'add', '--age', bob.recipient])).code, 1);
      assert.equal((await lab.run(['groups', 'add', '-f', 'a.yaml'])).code, 1);
    });
  });

  describe('rules explain', () => {
    it('tells which rule is for a file and why', async () => {
      lab.write(
        '.sops.yaml',
        `creation_rules:\n  - path_regex: ^prod/\n    age: ${bob.recipient}\n  - path_regex: \\.yaml$\n    age: ${alice.recipient}\n    encrypted_regex: ^name$\n  - age: ${bob.recipient}\n`,
      );
      const out = await ok('rules', 'explain', 'dev/x.yaml');
      assert.match(out, /Path as rules see it: dev\/x\.yaml/);
      assert.match(out, /Rule 1: \^prod\/: does not match/);
      assert.match(out, /Rule 2: \\\.yaml\$: taken, because it matches "\.yaml"/);
      assert.match(out, /Rule 3: no path_regex: would match/);
      assert.match(out, new RegExp(`encrypted_regex \\^name\\$[^]*${alice.recipient}`));
    });

    it('says when there is none', async () => {
      assert.equal((await lab.run(['rules', 'explain', 'x'])).code, 1);
      lab.write('.sops.yaml', 'creation_rules:\n  - path_regex: y\n    age: x\n');
      const { code, out } = await lab.run(['rules', 'explain', 'x']);
      assert.equal(code, 1);
      assert.match(out, /No rule matches/);
    });
  });

  it('name what needs a network', async () => {
    assert.match((await lab.run(['publish', 'a.yaml'])).err, /sops publish/);
  });
});
