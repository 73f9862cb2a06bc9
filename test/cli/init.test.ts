import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { sealIdentityFile } from '../../src/core/age/private/identityfile.ts';
import { alice, bob, carol } from '../core/support.ts';
import { skipFor, windows } from '../skip.ts';
import { type Given, Lab } from './lab.ts';

describe('init', () => {
  let lab: Lab;
  beforeEach(() => {
    lab = new Lab();
    mkdirSync(join(lab.folder, 'repo', 'deploy'), { recursive: true });
    lab.write('repo/.env', 'TOKEN=canary-token\nEMPTY=\n');
    lab.write('repo/.env.keys', 'DOTENV_PRIVATE_KEY=canary\n');
    lab.write('repo/.env.example', 'TOKEN=yours\n');
    lab.write('repo/deploy/secrets.yaml', 'password: canary-pass\n');
    lab.write('repo/app.yaml', 'port: 8080\n');
    git('init', '-q');
  });
  afterEach(() => lab.dispose());
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: join(lab.folder, 'repo') });
  const cwd = () => join(lab.folder, 'repo');
  const none = { SOPS_AGE_KEY: undefined };
  const init = (args: readonly string[], given: Given = {}) => lab.run(['init', ...args], { cwd: cwd(), ...given });
  const isPlain = (name: string) => lab.read(`repo/${name}`).includes('canary');
  const keyFile = () => join(lab.folder, 'sops', 'age', 'keys.txt');

  it('goes from nothing to encrypted files without a question', async function () {
    const { code, out, err } = await init(['--yes'], { env: none });
    assert.equal(code, 0, err);
    assert.ok(!isPlain('.env') && !isPlain('deploy/secrets.yaml'));
    assert.equal(lab.read('repo/.env.example'), 'TOKEN=yours\n');
    assert.equal(lab.read('repo/app.yaml'), 'port: 8080\n');
    assert.ok(isPlain('.env.keys'), 'dotenvx reads it');
    const recipient = /# public key: (age1\S+)/.exec(lab.read('sops/age/keys.txt'))?.[1] ?? '';
    const user = userInfo().username;
    assert.ok(lab.read('repo/.sops.yaml').includes(`- ${recipient} # ${user}\n`), lab.read('repo/.sops.yaml'));
    assert.match(err, /^Key {6}age1\S+, made just now, in \S+keys\.txt$/m);
    assert.match(out, /^Verified: your key decrypts what was written\.$/m);
    assert.match(out, /^Next: back up your key\. Without it nobody can read the files: \S+keys\.txt$/m);
    assert.match(out, /^Next: commit \.sops\.yaml \.env deploy\/secrets\.yaml$/m);
    assert.ok(!/AGE-SECRET-KEY-1\w|canary/.test(out + err));
    const opened = await lab.run(['decrypt', 'deploy/secrets.yaml'], { cwd: cwd(), env: none });
    assert.equal(opened.out, 'password: canary-pass\n');
    skipFor(this, windows);
    assert.equal(statSync(keyFile()).mode & 0o777, 0o600);
    assert.equal(statSync(join(keyFile(), '..')).mode & 0o777, 0o700);
  });

  it('can be run again: what is done stays, what is new is added', async () => {
    await init(['--yes'], { env: none });
    const before = ['.sops.yaml', '.env', 'deploy/secrets.yaml'].map((name) => lab.read(`repo/${name}`));
    const again = await init(['--yes'], { env: none });
    assert.equal(again.code, 0);
    assert.match(again.out, /^Nothing was left to do\.$/m);
    assert.deepEqual(
      ['.sops.yaml', '.env', 'deploy/secrets.yaml'].map((name) => lab.read(`repo/${name}`)),
      before,
    );
    lab.write('repo/deploy/app.json', '{"key": "canary"}\n');
    const more = await init(['--yes', '--files', '.env,deploy/app.json'], { env: none });
    assert.equal(more.code, 0, more.err);
    assert.match(more.err, /^Encrypt {2}\.env: is encrypted already$/m);
    assert.ok(!isPlain('deploy/app.json'));
    assert.match(lab.read('repo/.sops.yaml'), /path_regex: \^deploy\/app\\\.json\$/);
    assert.ok(lab.read('repo/.sops.yaml').startsWith(before[0]?.trimEnd() ?? '-'));
  });

  it('encrypts for the public keys that are named, and takes no private one', async () => {
    const env = { SOPS_AGE_KEY: alice.identity };
    const private_ = await init(['--yes', '--recipient', bob.identity, '--files', '.env'], { env });
    assert.equal(private_.code, 1);
    assert.match(private_.err, /There is a private key where a public key belongs/);
    assert.ok(!private_.err.includes(bob.identity.slice(5, 30)));
    assert.ok(isPlain('.env') && !existsSync(join(cwd(), '.sops.yaml')));
    const args = ['--yes', '--recipient', `${alice.recipient},${bob.recipient}`, '--files', '.env'];
    assert.equal((await init(args, { env })).code, 0);
    for (const { identity } of [alice, bob])
      assert.equal((await lab.run(['decrypt', '.env'], { cwd: cwd(), env: { SOPS_AGE_KEY: identity } })).code, 0);
    assert.ok(isPlain('deploy/secrets.yaml'));
  });

  it('locks nobody out without being told to', async () => {
    const args = ['--yes', '--recipient', bob.recipient, '--files', '.env'];
    const refused = await init(args);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /None of your keys on this machine would open the file/);
    assert.ok(isPlain('.env') && !existsSync(join(cwd(), '.sops.yaml')));
    const meant = await init([...args, '--yes-lock-me-out']);
    assert.equal(meant.code, 0, meant.err);
    assert.ok(!isPlain('.env'));
    assert.doesNotMatch(meant.out, /Verified/);
  });

  it('encrypts for nobody else than --recipient says where a rule is there already', async () => {
    assert.equal((await init(['--yes', '--files', 'deploy/secrets.yaml'])).code, 0);
    const config = lab.read('repo/.sops.yaml');
    lab.write('repo/deploy/secrets.yaml', 'a: canary\n');
    const refused = await init(['--yes', '--recipient', bob.recipient, '--files', 'deploy/secrets.yaml']);
    assert.equal(refused.code, 1);
    assert.match(
      refused.err,
      /deploy\/secrets\.yaml: Its rule in \.sops\.yaml does not name age1\S+\. Nothing was written/,
    );
    assert.ok(isPlain('deploy/secrets.yaml'));
    assert.equal(lab.read('repo/.sops.yaml'), config);
    const args = ['--yes', '--recipient', alice.recipient, '--files', 'deploy/secrets.yaml'];
    assert.equal((await init(args)).code, 0);
  });

  it('asks for each step at a terminal, and writes nothing before the last answer', async () => {
    const asked = await init([], { env: none, answers: ['2', 'y', 'n'] });
    assert.equal(asked.code, 1);
    assert.deepEqual(
      lab.asked.map((question) => question.slice(0, 24)),
      ['Which ones? Enter: all. ', 'You have no key yet. Mak', 'Write this? (y/n): '],
    );
    assert.match(asked.err, /^ {2}1 {2}\.env: 1 plaintext value$/m);
    assert.ok(isPlain('.env') && isPlain('deploy/secrets.yaml') && !existsSync(join(cwd(), '.sops.yaml')));
    // The key is there by now; it is used and not made once more.
    const key = lab.read('sops/age/keys.txt');
    const done = await init([], { env: none, answers: ['2', 'y'] });
    assert.equal(done.code, 0, done.err);
    assert.ok(isPlain('.env') && !isPlain('deploy/secrets.yaml'));
    assert.equal(lab.read('sops/age/keys.txt'), key);
  });

  it('lets one of several keys be chosen', async () => {
    const env = { SOPS_AGE_KEY: `${alice.identity} ${bob.identity}` };
    const { code } = await init(['--files', '.env'], { env, answers: ['2', 'y'] });
    assert.equal(code, 0);
    assert.ok(lab.read('repo/.env').includes(bob.recipient) && !lab.read('repo/.env').includes(alice.recipient));
  });

  it('refuses without a terminal and without --yes, and wrong answers', async () => {
    assert.match((await init([])).err, /There is no terminal to ask on\. *\n--yes goes on without questions/);
    for (const answers of [['9'], ['x'], []]) {
      assert.equal((await init([], { answers })).code, 1, answers.join());
      assert.ok(isPlain('.env') && !existsSync(join(cwd(), '.sops.yaml')));
    }
  });

  it('is all or nothing: a file that cannot be encrypted stops all, and each is named', async () => {
    lab.write('repo/broken.yaml', 'a: [\n');
    lab.write('repo/lines.env', 'A="one\ntwo"\n');
    const { code, err } = await init(['--yes', '--files', '.env,broken.yaml,lines.env']);
    assert.equal(code, 1);
    assert.match(err, /broken\.yaml: .*The syntax is broken/);
    assert.match(err, /lines\.env: .*The value has several lines/);
    assert.match(err, /2 of 3 files cannot be changed, so none was/);
    assert.ok(isPlain('.env') && !existsSync(join(cwd(), '.sops.yaml')));
    assert.ok(!err.includes('canary'));
    const joined = await init(['--yes', '--join-lines', '--files', '.env,lines.env']);
    assert.equal(joined.code, 0, joined.err);
  });

  it('has its own words for what cannot be named', async () => {
    lab.write('outside.yaml', 'a: b\n');
    for (const [name, words, code] of [
      ['none.yaml', /none\.yaml: There is no such file/, 100],
      ['.sops.yaml', /This file says what is encrypted/, 1],
      ['../outside.yaml', /The file is outside /, 1],
      ['deploy', /This is a folder/, 2],
    ] as const) {
      const ran = await init(['--yes', '--files', name]);
      assert.match(ran.err, words, name);
      assert.equal(ran.code, code, name);
    }
  });

  it('leaves an existing .sops.yaml as it is but for the new rule, and says when an earlier rule is in the way', async () => {
    const config = `# ours\ncreation_rules:\n  - path_regex: ^deploy/ # servers\n    age: &all\n      - ${alice.recipient} # Maria\n`;
    lab.write('repo/.sops.yaml', config);
    assert.equal((await init(['--yes'])).code, 0);
    assert.ok(lab.read('repo/.sops.yaml').startsWith(config.trimEnd()), lab.read('repo/.sops.yaml'));
    assert.match(lab.read('repo/.sops.yaml'), /path_regex: \^\\\.env\$/);
    lab.write('repo/.sops.yaml', 'creation_rules: [\n');
    lab.write('repo/new.env', 'A=canary\n');
    const broken = await init(['--yes', '--files', 'new.env']);
    assert.equal(broken.code, 1);
    assert.ok(isPlain('new.env'));
  });

  it('says what git has to do with it, and waits for the end of a merge', async () => {
    git('add', '.env');
    git('commit', '-qm', 'x');
    lab.write('repo/.gitignore', 'deploy/\n');
    const { out } = await init(['--yes', '--files', '.env,deploy/secrets.yaml']);
    assert.match(out, /^\.env was committed as plaintext, and git history keeps that: change its values\.$/m);
    assert.match(out, /^deploy\/secrets\.yaml is in a \.gitignore\. Encrypted, it can be committed/m);
    writeFileSync(join(cwd(), '.git', 'MERGE_HEAD'), `${'0'.repeat(40)}\n`);
    lab.write('repo/new.env', 'A=canary\n');
    const merging = await init(['--yes', '--files', 'new.env']);
    assert.equal(merging.code, 1);
    assert.ok(isPlain('new.env'));
    assert.deepEqual(
      readdirSync(cwd()).filter((name) => name.includes('lockstep')),
      [],
    );
  });

  it('does not write over a key file under a pass phrase', async () => {
    mkdirSync(join(lab.folder, 'sops', 'age'), { recursive: true });
    writeFileSync(keyFile(), await sealIdentityFile(`${carol.identity}\n`, 'x', 10));
    const { code, err } = await init(['--yes'], { env: none });
    assert.equal(code, 3);
    assert.match(err, /The file is there already, and a key is never written over/);
    assert.ok(isPlain('.env'));
  });

  it('makes a post-quantum key on request', async () => {
    assert.equal((await init(['--yes', '--post-quantum'], { env: none })).code, 0);
    assert.match(lab.read('repo/.sops.yaml'), /age1pq1/);
  });
});
