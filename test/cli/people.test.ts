import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprintWords } from '../../src/core/people/fingerprint.ts';
import { alice, bob, carol } from '../core/support.ts';
import { skipFor, windows } from '../skip.ts';
import { type Given, Lab } from './lab.ts';

const [a, b, c] = [alice.recipient, bob.recipient, carol.recipient];
const rules = `# Ask ops before you change this.
creation_rules:
  - path_regex: ^prod/
    age:
      - ${a} # Alice
      - ${b} # Bob
  - age: ${a},${b}
`;
const names = ['prod/a.yaml', 'prod/b.env', 'c.json'];

describe('people on the command line', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = new Lab();
    mkdirSync(join(lab.folder, 'prod'));
    lab.write('.sops.yaml', rules);
    for (const name of names) {
      lab.write(name, name.endsWith('json') ? '{"k": "canary"}' : name.endsWith('env') ? 'K=canary\n' : 'k: canary\n');
      assert.equal((await lab.run(['encrypt', '-i', name])).code, 0);
    }
  });
  afterEach(() => lab.dispose());

  async function ok(args: readonly string[], given?: Given) {
    const ran = await lab.run(args, given);
    assert.equal(ran.code, 0, ran.err);
    assert.ok(!`${ran.out}${ran.err}`.includes('canary'));
    return ran;
  }
  async function fails(args: readonly string[], words: RegExp, given?: Given) {
    const before = [...names, '.sops.yaml'].map((name) => lab.read(name));
    const ran = await lab.run(args, given);
    assert.equal(ran.code, 1, `${ran.out}${ran.err}`);
    assert.match(ran.err, words);
    assert.ok(!`${ran.out}${ran.err}`.includes('AGE-SECRET'));
    assert.deepEqual(
      [...names, '.sops.yaml'].map((name) => lab.read(name)),
      before,
    );
    assert.ok(!existsSync(join(lab.folder, '.lockstep', 'journal')));
    return ran;
  }
  const opens = async (identity: string) => {
    const found: string[] = [];
    for (const name of names)
      if ((await lab.run(['decrypt', name], { env: { SOPS_AGE_KEY: identity } })).code === 0) found.push(name);
    return found;
  };

  it('are listed with their names, rules and files', async () => {
    lab.write('.sops.yaml', rules.replace(`${a},${b}`, `${a},${c}`));
    const { out } = await ok(['people', 'list']);
    assert.deepEqual(out.split('\n'), [
      `Alice (you)\t${a}\trules 1, 2\t3 files`,
      `Bob\t${b}\trule 1\t3 files`,
      `-\t${c}\trule 2\t0 files`,
      '',
    ]);
    const [first] = JSON.parse((await ok(['people', 'list', '--json'])).out);
    assert.deepEqual([first.name, first.own, first.rules[1]], ['Alice', true, { config: '.sops.yaml', rule: 2 }]);
    assert.deepEqual(first.files, ['c.json', 'prod/a.yaml', 'prod/b.env']);
  });

  it('are checked without a key, for a CI', async () => {
    const env = { SOPS_AGE_KEY: undefined };
    const good = await ok(['people', 'check'], { env });
    assert.deepEqual([good.out, good.err], ['', 'lockstep: 3 files have the readers of their rules.\n']);
    lab.write('.sops.yaml', `${rules.replace(`${a},${b}`, `${a},${c}`)}# ALICE: ${b}\n# Bobby: ${b}\n`);
    lab.write('prod/plain.yaml', 'k: canary\n');
    const bad = await lab.run(['people', 'check'], { env });
    assert.equal(bad.code, 10);
    assert.match(bad.out, /^\.sops\.yaml: Several keys are called Alice: age1\S+, age1\S+\. Give each a name/m);
    assert.match(bad.out, new RegExp(`^.sops.yaml: The key ${b} has several names: Bob, ALICE, Bobby`, 'm'));
    assert.match(bad.out, new RegExp(`^c.json: ${c} cannot read it, and the rule says so`, 'm'));
    assert.match(bad.out, new RegExp(`^c.json: ${b} # Bob can read it, and the rule does not say so`, 'm'));
    assert.match(bad.err, new RegExp(`note: ${c} has no name`));
    assert.match(bad.err, /note: prod\/plain\.yaml is not encrypted/);
    assert.ok(!`${bad.out}${bad.err}`.includes('canary'));
  });

  it('ask for access, and are granted it for the rules that were chosen', async () => {
    const env = { SOPS_AGE_KEY: carol.identity };
    const asked = await ok(
      ['people', 'request', '--name', 'Carol', '--file', 'prod/a.yaml', '--output', 'r/carol.txt'],
      { env },
    );
    const words = fingerprintWords(c).join(' ');
    assert.match(asked.err, new RegExp(`The words of your key: ${words}\n`));
    assert.ok(!lab.read('r/carol.txt').includes(words));
    assert.match(lab.read('r/carol.txt'), /^For: prod\/a\.yaml$/m);
    const { out, err } = await ok(['people', 'grant', '--rule', '1', 'r/carol.txt'], { answers: ['y'] });
    assert.equal(out.split('\n')[0], `Carol: ${c}`);
    assert.ok(out.includes(`Words of this key: ${words}\n`));
    assert.deepEqual(out.match(/^\+ .*/gm), ['+ prod/a.yaml', '+ prod/b.env']);
    assert.match(err, /Carol can read 2 files more now/);
    assert.match(lab.asked.at(-1) ?? '', /Does Carol read out the same words/);
    assert.equal(lab.read('.sops.yaml'), rules.replace('# Bob\n', `# Bob\n      - ${c} # Carol\n`));
    assert.deepEqual(await opens(carol.identity), ['prod/a.yaml', 'prod/b.env']);
    assert.deepEqual(await opens(bob.identity), names);
    await ok(['people', 'check']);
    assert.match(
      (await ok(['people', 'grant', '--rule', '1', '--yes', 'r/carol.txt'])).err,
      /Carol can read all of it already/,
    );
  });

  it('are asked about which rules, and what is wrong', async () => {
    const all = await ok(['people', 'grant', '--name', 'Carol', c], { answers: ['all', 'y'] });
    assert.match(all.err, / {2}1 {2}\^prod\/: 2 files\n {2}2 {2}every other file: 1 file\n/);
    assert.deepEqual(await opens(carol.identity), names);
    assert.match(lab.read('.sops.yaml'), new RegExp(`\n# Carol: ${c}\ncreation_rules|${c} # Carol`));
    const grant = (...more: string[]) => ['people', 'grant', ...more, '--name', 'Dana'];
    const dana = 'age1lzd99uklcjnc0e7d860axevet2cz99ce9pq6tzuzd05l5nr28ams36nvun';
    await fails(grant(dana), /has 2 rules\.\n/);
    await fails(grant(dana, '--rule', '1'), /There is no answer/);
    await fails(grant(dana, '--rule', '3'), /There is no rule 3/);
    await fails(
      grant(dana, '-y', '--file', 'prod/a.yaml'),
      /Rule 1 covers 1 more file, so this would not be about one file only/,
    );
    await ok(grant(dana, '--file', 'c.json'), { answers: ['n'] });
    assert.ok(!lab.read('c.json').includes(dana));
    await ok(grant(dana, '-y', '--file', 'c.json'));
    assert.ok(lab.read('c.json').includes(dana));
  });

  it('are refused with a bad request, and nothing is written', async () => {
    const request = (await ok(['people', 'request', '--name', 'Carol'], { env: { SOPS_AGE_KEY: carol.identity } })).out;
    lab.write('bad.txt', request.replace('Carol', 'Dana'));
    await fails(['people', 'grant', '-y', 'bad.txt'], /The request was altered/);
    await fails(['people', 'grant', '-y', '-'], /The request was altered/, { stdin: request.replace(c, b) });
    await fails(
      ['people', 'grant', '-y', '--name', 'Carol', carol.identity],
      /THIS IS A PRIVATE KEY[\s\S]*history of your shell/,
    );
    await fails(['people', 'grant', '-y', '-'], /THIS IS A PRIVATE KEY[\s\S]*Delete the text/, {
      stdin: `${request}\n${bob.identity}`,
    });
    const pgp = 'FBC7 B9E2 A4F9 289A C0C1  D484 3D16 CEE4 A273 81B4';
    await fails(['people', 'grant', '-y', pgp], /a key of PGP or of a cloud.*\n.*pgp:.*updatekeys/);
    await fails(['people', 'grant', '-y', ...pgp.split(/ +/)], /a key of PGP or of a cloud/);
    await fails(['people', 'grant', '-y', 'hello'], /no public key and no request/);
    await fails(['people', 'grant', '-y', 'age1yubikey1qwerty'], /public key/);
    await fails(['people', 'grant', '-y', c], /needs a name/);
    await fails(['people', 'grant', '-y', '--name', 'alice', c], /Nothing was granted\. Several keys are called Alice/);
    await fails(['people', 'grant', '-y', '--name', 'Robert', b], /has several names: Bob, Robert/);
    await fails(['people', 'grant', '-y', '--name', 'x\u202e', c], /cannot have this name/);
    await fails(['people', 'grant'], /No public key and no request is named/);
    await fails(['people', 'request'], /needs your name/, { env: { SOPS_AGE_KEY: carol.identity } });
  });

  it('are told of one file in the singular', async () => {
    for (const name of names.slice(1)) rmSync(join(lab.folder, name));
    assert.equal((await ok(['people', 'check'])).err, 'lockstep: 1 file has the readers of its rule.\n');
    const { err } = await ok(['people', 'revoke', '-y', 'bob']);
    assert.match(err, /cannot read later versions of 1 file, which has a new data key\. Commit it together/);
    assert.match(err, /1 value to replace at its source is listed in/);
  });

  it('lose access: rules, files and data keys', async () => {
    lab.write('.sops.yaml', rules.replace(`  - age: ${a},${b}`, `  - age: ${a}`));
    const macs = names.map((name) => lab.read(name));
    const { out, err } = await ok(['people', 'revoke', '-y', 'bob']);
    assert.match(out, /^- c\.json: new data key; no rule names this reader$/m);
    assert.match(err, /Bob cannot read later versions of 3 files/);
    assert.match(err, /3 values to replace at their source are listed in \.lockstep\/leavers\/bob\.md/);
    assert.match(lab.read('.lockstep/leavers/bob.md'), /prod\/a\.yaml/);
    assert.ok(!lab.read('.lockstep/leavers/bob.md').includes('canary'));
    assert.ok(!lab.read('.sops.yaml').includes(b));
    for (const [i, name] of names.entries()) {
      assert.ok(!lab.read(name).includes(b));
      assert.notEqual(/ENC\[\S+/.exec(lab.read(name))?.[0], /ENC\[\S+/.exec(macs[i] ?? '')?.[0]);
    }
    assert.deepEqual(await opens(bob.identity), []);
    assert.deepEqual(await opens(alice.identity), names);
    await ok(['people', 'check']);
    await fails(['people', 'revoke', '-y', 'bob'], /gives this name to nobody/);
    await fails(['people', 'revoke', '-y', b], /is in no rule and reads no file/);
  });

  it('keep access where revoking it would go wrong', async () => {
    await fails(['people', 'revoke', 'Bob'], /There is no answer/);
    await fails(['people', 'revoke', '-y', 'Alice'], /None of your keys on this machine would open/);
    await fails(['people', 'revoke', '-y', alice.identity], /private key/);
    lab.write('.sops.yaml', rules.replace(`  - age: ${a},${b}`, `  - age: ${b}`));
    await fails(['people', 'revoke', '-y', 'Bob'], /Nobody else would be left in rule 2/);
    lab.write('.sops.yaml', `${rules}# Bob: ${a}\n`);
    await fails(['people', 'revoke', '-y', 'Bob'], /Several keys have this name/);
    lab.write('.sops.yaml', rules);
    // Nobody here can open one of the files.
    lab.write('c.json', '{"k": "canary"}');
    await ok(['encrypt', '-i', '--age', `${b},${c}`, 'c.json']);
    await fails(
      ['people', 'revoke', '-y', 'Bob'],
      /c\.json: [\s\S]*1 of 3 files cannot be changed, so none was[\s\S]*Mend those files first/,
    );
    lab.write('c.json', `<<<<<<< a\n${lab.read('c.json')}\n=======\n${lab.read('c.json')}\n>>>>>>> b\n`);
    await fails(['people', 'revoke', '-y', 'Bob'], /merge|conflict/);
  });

  it('are seen and revoked in an encrypted file of whatever name, by the rule that covers every file', async () => {
    lab.write('notes.txt', 'canary\n');
    lab.write('readme.md', 'Values look like ENC[AES256_GCM,data:…].\n');
    await ok(['encrypt', '-i', 'notes.txt']);
    assert.match((await ok(['people', 'list'])).out, /^Alice[^\n]*\t4 files$/m);
    lab.write('.sops.yaml', rules.replace(`- age: ${a},${b}`, `- age: ${a}`));
    const { code, out } = await lab.run(['people', 'check']);
    assert.equal(code, 10);
    assert.match(out, /^notes\.txt: .*Bob can read it/m);
    assert.doesNotMatch(out, /readme/);
    await ok(['people', 'revoke', '-y', 'Bob']);
    assert.equal((await lab.run(['decrypt', 'notes.txt'], { env: { SOPS_AGE_KEY: bob.identity } })).code, 128);
    assert.match(lab.read('.lockstep/leavers/bob.md'), /## `notes\.txt`\n/);
  });

  it('are granted and revoked where a link leads to a file of the repository, which stays a link', async function () {
    skipFor(this, windows);
    symlinkSync('c.json', join(lab.folder, 'link.json'));
    assert.match((await ok(['people', 'list'])).out, /^Alice[^\n]*\t3 files$/m);
    await ok(['people', 'grant', '-y', '--name', 'Carol', c]);
    await ok(['people', 'revoke', '-y', 'Bob']);
    assert.ok(lstatSync(join(lab.folder, 'link.json')).isSymbolicLink());
    assert.deepEqual([await opens(bob.identity), await opens(carol.identity)], [[], names]);
  });

  it('are not revoked past a link that leads out of the repository, which is said', async function () {
    skipFor(this, windows);
    const elsewhere = new Lab();
    try {
      elsewhere.write('secrets.json', lab.read('c.json'));
      symlinkSync(join(elsewhere.folder, 'secrets.json'), join(lab.folder, 'link.json'));
      await fails(['people', 'revoke', '-y', 'Bob'], /link\.json: The file is outside the folder of \.sops\.yaml\./);
    } finally {
      elsewhere.dispose();
    }
  });

  it('are not revoked in a submodule, which is said', async () => {
    lab.write('.gitmodules', '[submodule "one"]\n\tpath = mod/one\n\turl = ../one\n[submodule "b"]\n\tpath = "b c"\n');
    const { out } = await ok(['people', 'revoke', '-y', 'Bob']);
    const said = out.split('\n').filter((line) => line.includes('submodule'));
    assert.deepEqual(
      said,
      ['mod/one', 'b c'].map((path) => `! ${path} is a submodule, and stays as it is. Revoke there, too.`),
    );
  });

  it('are named beside another key of theirs that keeps its access', async () => {
    await ok(['people', 'grant', '-y', '--name', 'bob (laptop)', c]);
    assert.match(
      (await ok(['people', 'revoke', '-y', 'Bob'])).out,
      new RegExp(`^! ${c} # bob \\(laptop\\) keeps its access`, 'm'),
    );
    assert.doesNotMatch((await ok(['people', 'revoke', '-y', 'bob (laptop)'])).out, /keeps its access/);
  });

  it('can be revoked by themselves, if they say so', async () => {
    const { out } = await ok(['people', 'revoke', '-y', '--yes-lock-me-out', 'Alice']);
    assert.match(out, /! This is your own key\./);
    assert.deepEqual([await opens(alice.identity), await opens(bob.identity)], [[], names]);
  });
});
