import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Lab } from '../cli/lab.ts';
import { alice, bob } from '../core/support.ts';
import { GpgHome, noGpg } from '../fakes/gpg.ts';
import { describeUnless, windows } from '../skip.ts';
import { sopsPath } from './tools.ts';

const plain: Readonly<Record<string, string>> = {
  yaml: '# why\na: one\nlist:\n    - 2\n    - three\nb_unencrypted: open\n',
  json: '{\n\t"a": "one",\n\t"list": [\n\t\t2,\n\t\t"three"\n\t],\n\t"b_unencrypted": "open"\n}\n',
  env: '# why\na=one\nlist=two\nb_unencrypted=open\n',
  ini: '; why\n[a]\na = one\n\n[list]\nb = two\n',
  bin: 'any\u0000bytes\n',
};
const paths: Readonly<Record<string, string>> = {
  yaml: '["a"]',
  json: '["a"]',
  env: '["a"]',
  ini: '["a"]["a"]',
  bin: '["data"]',
};

describeUnless(windows ?? noGpg, 'PGP keys, with the real sops and the real gpg', function () {
  this.timeout(120_000);
  let home: GpgHome;
  let lab: Lab;
  let ada: string;
  let bert: string;
  before(() => {
    home = new GpgHome();
    ada = home.key('Ada <ada@lockstep.test>');
    bert = home.key('Bert <bert@lockstep.test>');
  });
  after(() => home.end());
  beforeEach(() => {
    lab = new Lab();
  });
  afterEach(() => lab.dispose());

  const env = (identity = '') => ({ GNUPGHOME: home.folder, SOPS_AGE_KEY: identity });
  const sops = (args: readonly string[], identity = ''): string => {
    const ran = spawnSync(sopsPath, args, { cwd: lab.folder, env: lab.env(env(identity)), encoding: 'utf8' });
    assert.equal(ran.status, 0, `sops ${args.join(' ')}: ${ran.stderr}`);
    return ran.stdout;
  };
  const ours = async (args: readonly string[], identity = ''): Promise<string> => {
    const ran = await lab.run(args, { env: env(identity) });
    assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.err}`);
    return ran.out;
  };

  for (const [kind, text] of Object.entries(plain)) {
    const file = `file.${kind}`;
    const path = paths[kind] ?? '';
    it(`${kind}: what one encrypts, edits and rotates, the other opens`, async () => {
      lab.write(file, text);
      const [before, after] = [sops(['encrypt', '--pgp', ada, file]), await ours(['encrypt', '--pgp', ada, file])];
      lab.write(file, before);
      assert.equal(await ours(['decrypt', file]), text);
      await ours(['set', file, path, '"changed here"']);
      const seen = sops(['decrypt', '--extract', path, file]);
      assert.equal(seen, 'changed here');
      await ours(['rotate', '-i', file]);
      assert.equal(sops(['decrypt', '--extract', path, file]), 'changed here');
      lab.write(file, after);
      assert.equal(sops(['decrypt', file]), text);
      sops(['set', file, path, '"changed there"']);
      assert.equal(await ours(['decrypt', '--extract', path, file]), 'changed there');
      sops(['rotate', '-i', '--add-pgp', bert, file]);
      assert.equal(await ours(['decrypt', '--extract', path, file]), 'changed there');
    });

    it(`${kind}: groups of PGP and of age open with a key of each`, async () => {
      lab.write(
        '.sops.yaml',
        `creation_rules:\n  - shamir_threshold: 2\n    key_groups:\n      - pgp: [${ada}]\n      - age: [${alice.recipient}]\n      - age: [${bob.recipient}]\n        pgp: [${bert}]\n`,
      );
      lab.write(file, text);
      const sealed = [sops(['encrypt', file]), await ours(['encrypt', file])];
      for (const one of sealed) {
        lab.write(file, one);
        for (const identity of ['', alice.identity]) {
          assert.equal(sops(['decrypt', file], identity), text);
          assert.equal(await ours(['decrypt', file], identity), text);
        }
      }
      await ours(['rotate', '-i', file]);
      assert.equal(sops(['decrypt', file]), text);
    });
  }

  it('the entry of a key is what sops makes of it', async () => {
    lab.write('a.yaml', 'a: 1\n');
    const entry = (text: string) => /^ {4}pgp:\n([\s\S]+?)^ {4}\w/m.exec(text)?.[1] ?? assert.fail(text);
    const shape = (text: string) =>
      entry(text)
        .replace(/"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"/, 'TIME')
        .replace(/^\s+[A-Za-z0-9+/=]{4,}\n/gm, '');
    const made = sops(['encrypt', '--pgp', ada, 'a.yaml']);
    assert.equal(shape(await ours(['encrypt', '--pgp', ada, 'a.yaml'])), shape(made));
    const { code } = await lab.run(['encrypt', '-i', 'a.yaml'], { env: { ...env(), SOPS_PGP_FP: `${ada},${bert}` } });
    assert.equal(code, 0);
    assert.deepEqual(lab.read('a.yaml').match(/fp: .*/g), [`fp: ${ada}`, `fp: ${bert}`]);
    lab.write('spaced.yaml', 'a: 1\n');
    lab.write('.sops.yaml', `creation_rules:\n  - pgp: "${ada.replace(/(....)/g, '$1 ').trim()}"\n`);
    await ours(['encrypt', '-i', 'spaced.yaml']);
    assert.equal(sops(['decrypt', 'spaced.yaml']), 'a: 1\n');
  });

  it('readers come and go by the rule, by rotate and by groups', async () => {
    lab.write('.sops.yaml', `creation_rules:\n  - age: ${alice.recipient}\n    pgp: ${ada}\n`);
    lab.write('a.yaml', 'a: one\n');
    sops(['encrypt', '-i', '--age', alice.recipient, '--pgp', '', 'a.yaml']);
    await ours(['updatekeys', '-y', 'a.yaml'], alice.identity);
    assert.equal(sops(['decrypt', 'a.yaml']), 'a: one\n');
    await ours(['rotate', '-i', '-y', '--rm-age', alice.recipient, '--add-pgp', bert, 'a.yaml']);
    assert.deepEqual(lab.read('a.yaml').match(/(?:fp|recipient): .*/g), [`fp: ${ada}`, `fp: ${bert}`]);
    await ours(['rotate', '-i', '-y', '--rm-pgp', ada, 'a.yaml']);
    assert.equal(sops(['decrypt', 'a.yaml']), 'a: one\n');
    assert.deepEqual(lab.read('a.yaml').match(/fp: .*/g), [`fp: ${bert}`]);
    await ours(['groups', 'add', '-i', '-y', '-f', 'a.yaml', '--pgp', ada, '--shamir-secret-sharing-threshold', '2']);
    assert.equal(sops(['decrypt', 'a.yaml']), 'a: one\n');
    await ours(
      ['groups', 'delete', '-i', '-f', 'a.yaml', '0', '--shamir-secret-sharing-threshold', '1'],
      alice.identity,
    );
    assert.equal(sops(['decrypt', 'a.yaml']), 'a: one\n');
  });

  it('init goes by a rule that names them, without a key of age', async () => {
    const rules = `creation_rules:\n  - path_regex: yaml$\n    pgp: ${ada}\n`;
    lab.write('.sops.yaml', rules);
    lab.write('secrets.yaml', 'a: one\n');
    const none = { ...env(), SOPS_AGE_KEY: undefined };
    const init = (more: NodeJS.ProcessEnv = {}) =>
      lab.run(['init', '--yes', '--files', 'secrets.yaml'], { env: { ...none, ...more } });
    const keyFile = join(lab.folder, 'sops', 'age', 'keys.txt');
    const missing = await init({ SOPS_GPG_EXEC: '/nowhere/gpg' });
    assert.notEqual(missing.code, 0);
    assert.match(missing.err, /secrets\.yaml: .*GnuPG/);
    assert.equal(lab.read('secrets.yaml'), 'a: one\n');
    const done = await init();
    assert.equal(done.code, 0, done.err);
    assert.match(done.err, /^Key {6}none of age is needed: the rules name PGP$/m);
    assert.match(done.out, /^Verified: your key decrypts what was written\.$/m);
    assert.ok(!existsSync(keyFile), 'no key was made');
    assert.equal(lab.read('.sops.yaml'), rules);
    assert.equal(sops(['decrypt', 'secrets.yaml']), 'a: one\n');
  });

  it('a false fingerprint gets nobody a data key', async () => {
    lab.write('a.yaml', 'a: one\n');
    await ours(['encrypt', '-i', '--pgp', ada, 'a.yaml']);
    const text = lab.write('a.yaml', lab.read('a.yaml').replace(`fp: ${ada}`, `fp: ${bert}`));
    assert.equal(await ours(['decrypt', 'a.yaml']), 'a: one\n');
    const before = readFileSync(text, 'utf8');
    for (const args of [
      ['rotate', '-i', 'a.yaml'],
      ['groups', 'add', '-i', '-f', 'a.yaml', '--age', alice.recipient],
    ]) {
      const ran = await lab.run(args, { env: env() });
      assert.notEqual(ran.code, 0);
      assert.match(ran.err, /names another public key|names /);
      assert.equal(lab.read('a.yaml'), before);
    }
  });

  it('nothing is written where a key cannot be had', async () => {
    lab.write('a.yaml', 'a: one\n');
    const unknown = '0123456789ABCDEF0123456789ABCDEF01234567';
    for (const [name, words] of [
      [unknown, /gpg --import/],
      ['--output=x', /no fingerprint/],
      ['ada@lockstep.test', /no fingerprint/],
    ] as const) {
      const ran = await lab.run(['encrypt', '-i', `--pgp=${name}`, 'a.yaml'], { env: env() });
      assert.notEqual(ran.code, 0);
      assert.match(ran.err, words);
      assert.equal(lab.read('a.yaml'), 'a: one\n');
    }
    const none = await lab.run(['encrypt', '-i', '--pgp', ada, 'a.yaml'], { env: { ...env(), PATH: '/nowhere' } });
    assert.match(none.err, /gpg/);
    assert.equal(lab.read('a.yaml'), 'a: one\n');
    await ours(['encrypt', '-i', '--pgp', ada, 'a.yaml']);
    const locked = await lab.run(['decrypt', 'a.yaml'], { env: { ...env(), PATH: '/nowhere' } });
    assert.equal(locked.code, 128);
    assert.match(locked.err, /gpg/);
  });
});
