import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { seal } from '../../../src/core/seal/seal.ts';
import { alice, bob, clock, formatOf } from '../../core/support.ts';
import { type Given, Lab } from '../lab.ts';

const password = 'canary-7Kq*zX9#wP2';
const rules = `creation_rules:\n  - path_regex: \\.enc\\.\n    age: ${alice.recipient} # Alice\n`;

describe('lockstep check', function () {
  this.timeout(60_000);
  let lab: Lab;
  const git = (...args: string[]) => {
    const env = { ...lab.env(), GIT_CONFIG_NOSYSTEM: '1' };
    const me = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example'];
    const ran = spawnSync('git', [...me, ...args], { cwd: lab.folder, env, encoding: 'utf8' });
    assert.equal(ran.status, 0, ran.stderr);
    return ran.stdout.trim();
  };
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(lab.folder, name)), { recursive: true });
    lab.write(name, text);
  };
  const encrypt = async (name: string, plain: string, recipients = [alice.recipient]) =>
    write(name, (await seal(plain, formatOf(name), { recipients }, clock)).text);
  const check = async (args: readonly string[] = [], given?: Given) => {
    const ran = await lab.run(['check', ...args], given);
    for (const secret of ['canary', 'AGE-SECRET']) assert.ok(!`${ran.out}${ran.err}`.includes(secret));
    return {
      ...ran,
      lines: ran.out
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split(' ').slice(0, 3).join(' ')),
    };
  };

  beforeEach(async () => {
    lab = new Lab();
    git('init', '-q', '-b', 'main');
    write('.sops.yaml', rules);
    await encrypt('a.enc.yaml', `db:\n  password: "${password}"\n`);
    write('main.ts', 'export {};\n');
    git('add', '-A');
    git('commit', '-q', '-m', 'base');
  });
  afterEach(() => lab.dispose());

  it('is silent where all is as it should be, with 0', async () => {
    assert.deepEqual({ ...(await lab.run(['check'])) }, { code: 0, out: '', err: 'lockstep: Nothing was found.\n' });
    assert.equal((await check(['--staged'])).code, 0);
  });

  it('names places and entries, with 10; warnings alone are 0', async () => {
    write('sub/b.enc.env', 'A=canary-1\n');
    write('sub/.env', 'A=canary-1\n');
    const ran = await check();
    assert.deepEqual([ran.code, ran.lines], [10, ['sub/.env:1: warning: A', 'sub/b.enc.env:1: error: A']]);
    assert.match(ran.err, /1 error and 1 warning in 2 files/);
    const inside = await check(['.env'], { cwd: join(lab.folder, 'sub') });
    assert.deepEqual([inside.code, inside.lines], [0, ['.env:1: warning: A']]);
  });

  it('tells what another program put among the metadata of a file, which verifies and opens as before', async () => {
    await encrypt('b.enc.ini', '[db]\npassword = canary-1\n');
    const before = readFileSync(join(lab.folder, 'b.enc.ini'), 'utf8').trimEnd();
    write('b.enc.ini', `${before}\nPASSWORD = hunter2canary ; passwd: hunter2canary\nrotated = 2026-11-27\n`);
    const line = before.split('\n').length + 1;
    const ran = await check();
    assert.equal(
      ran.out,
      `b.enc.ini:${line}: error: sops.PASSWORD looks like a secret and is plaintext in the metadata, which is never encrypted. Delete it there, and add it with lockstep edit FILE\n` +
        `b.enc.ini:${line}: error: A comment looks like a secret and is plaintext in the metadata, which is never encrypted. Delete it there, and add it with lockstep edit FILE\n`,
    );
    assert.equal(ran.code, 10);
    git('add', 'b.enc.ini');
    assert.equal((await check(['--staged'])).code, 10);
    assert.equal((await lab.run(['decrypt', 'b.enc.ini'])).code, 0);
  });

  it('looks into encrypted files under names that say nothing, and for their values elsewhere', async () => {
    const sealed = async (plain: string, to: string) => (await seal(plain, 'yaml', { recipients: [to] }, clock)).text;
    write('config', (await sealed('b: canary-8Kq*zX9#wP2\n', alice.recipient)).replace(/data:..../, 'data:AAAA'));
    write('old/weird.txt', `password: canary-9Kq*zX9#wP2\n${await sealed('c: canary-1\n', bob.recipient)}`);
    write('a.md', `${await sealed('d: canary-6Kq*zX9#wP2\n', alice.recipient)}`);
    write('copy.ts', "const pw = 'canary-6Kq*zX9#wP2';\n");
    write('quoted.md', `# Files\n\n\`\`\`yaml\n${lab.read('a.md')}\`\`\`\n`);
    const rest = [
      'config:1: error: b:',
      'config:2: warning: No',
      'old/weird.txt:1: error: password',
      'old/weird.txt:3: warning: No',
    ];
    const ran = await check();
    assert.deepEqual(
      [ran.code, ran.lines],
      [10, ['a.md:2: warning: No', ...rest.slice(0, 2), 'copy.ts:1: error: The', ...rest.slice(2)]],
    );
    assert.match(ran.err, /No key at hand opens old\/weird\.txt/);
    git('add', 'config', 'old');
    assert.deepEqual((await check(['--staged'])).lines, rest);
  });

  it('looks into files whose names are no UTF-8, and shows their bytes', async () => {
    const bytes = (name: string) => Buffer.from(name, 'latin1');
    const add = (name: string, text: string) => {
      // Other systems have no such names on the disk.
      if (process.platform === 'linux')
        writeFileSync(Buffer.concat([Buffer.from(`${lab.folder}/`), bytes(name)]), text);
      const id = git('hash-object', '-w', lab.write('some.txt', text));
      rmSync(join(lab.folder, 'some.txt'));
      const line = Buffer.concat([Buffer.from(`100644 ${id}\t`), bytes(name), Buffer.from('\n')]);
      execFileSync('git', ['update-index', '--index-info'], { cwd: lab.folder, input: line });
    };
    add('b\xe9.enc.env', 'A=canary-1\n');
    add('le\xffk.md', `pw: ${password}\n`);
    write('\ufffd.enc.env', 'A=canary-1\n');
    git('add', '\ufffd.enc.env');
    const lines = ['b\\xe9.enc.env:1: error: A', 'le\\xffk.md:1: error: The', '\ufffd.enc.env:1: error: A'];
    for (const args of process.platform === 'linux' ? [[], ['--staged']] : [['--staged']])
      assert.deepEqual([(await check(args)).lines, (await check(args)).code], [lines, 10]);
    const sarif = JSON.parse((await check(['--staged', '--format', 'sarif'])).out);
    const [one] = sarif.runs[0].results;
    assert.equal(one.locations[0].physicalLocation.artifactLocation.uri, 'b%E9.enc.env');
    assert.equal(JSON.parse((await check(['--staged', '--format', 'json'])).out)[0].file, 'b\udce9.enc.env');
    if (process.platform === 'linux') assert.match((await lab.run(['scan'])).out, /^le\\xffk\.md:1:5\town-secret/m);
  });

  it('of files and folders that are named; a name of nothing is an error, and so is one outside', async () => {
    write('sub/b.enc.env', 'A=canary-1\n');
    write('c.enc.env', 'A=canary-1\n');
    assert.deepEqual((await check(['sub'])).lines, ['sub/b.enc.env:1: error: A']);
    assert.deepEqual((await check(['c.enc.env', 'main.ts'])).lines, ['c.enc.env:1: error: A']);
    assert.deepEqual([(await check(['sup'])).code, (await check(['..'])).code], [100, 100]);
  });

  it('without a key says what it could not verify, and goes on', async () => {
    write('copy.ts', `const pw = '${password}';\n`);
    write('b.enc.env', 'A=canary-1\n');
    const ran = await check([], { env: { SOPS_AGE_KEY: undefined } });
    assert.deepEqual([ran.code, ran.lines], [10, ['b.enc.env:1: error: A']]);
    assert.match(ran.err, /No key at hand opens a\.enc\.yaml/);
    git('add', 'copy.ts');
    const staged = await check(['--staged'], { env: { SOPS_AGE_KEY: undefined } });
    assert.match(staged.err, /a\.enc\.yaml: No key opens this without .*gpg or a key service.* lockstep check uses/);
    assert.deepEqual((await check()).lines, ['b.enc.env:1: error: A', 'copy.ts:1: error: The']);
  });

  it('--staged looks at what git has, whatever is on the disk', async () => {
    write('b.enc.env', 'A=canary-1\n');
    write('c.enc.env', 'A=canary-1\n');
    write('copy.ts', `const pw = '${password}';\n`);
    git('add', 'b.enc.env', 'copy.ts');
    rmSync(join(lab.folder, 'b.enc.env'));
    write('copy.ts', 'nothing\n');
    const ran = await check(['--staged']);
    assert.deepEqual([ran.code, ran.lines], [10, ['b.enc.env:1: error: A', 'copy.ts:1: error: The']]);
    assert.deepEqual((await check(['--staged'], { cwd: join(lab.folder, '.git', '..') })).lines.length, 2);
    git('rm', '-q', '-f', '--cached', 'b.enc.env', 'copy.ts');
    assert.equal((await check(['--staged'])).code, 0);
  });

  it('--staged takes the rules that git has, and a new rule is about all files', async () => {
    write('.sops.yaml', `creation_rules:\n  - age: ${alice.recipient},${bob.recipient}\n`);
    assert.equal((await check(['--staged'])).code, 0, 'on the disk alone');
    git('add', '.sops.yaml');
    const ran = await check(['--staged']);
    assert.equal(ran.code, 10);
    assert.ok(ran.lines.includes('a.enc.yaml:3: error: Cannot'), ran.out);
  });

  it('--staged before the first commit, in another work tree, and with an index of its own, as hooks have it', async () => {
    git('checkout', '-q', '--orphan', 'new');
    assert.equal((await check(['--staged'])).code, 0);
    write('b.enc.env', 'A=canary-1\n');
    git('add', 'b.enc.env');
    assert.deepEqual((await check(['--staged'])).lines, ['b.enc.env:1: error: A']);
    git('worktree', 'add', '-q', 'tree', 'main');
    const tree = join(lab.folder, 'tree');
    assert.equal((await check(['--staged'], { cwd: tree })).code, 0);
    write('tree/c.enc.env', 'A=canary-1\n');
    git('-C', 'tree', 'add', 'c.enc.env');
    assert.deepEqual((await check(['--staged'], { cwd: tree })).lines, ['c.enc.env:1: error: A']);
  });

  it('fails, and does not pass, where git does not answer', async () => {
    rmSync(join(lab.folder, '.git'), { recursive: true });
    const outside = await check(['--staged']);
    assert.deepEqual([outside.code, /in no git repository/.test(outside.err)], [1, true]);
    assert.equal((await check()).code, 0);
    git('init', '-q');
    git('add', '-A');
    write('.git/index', 'damaged');
    const damaged = await check(['--staged']);
    assert.deepEqual([damaged.code, /nothing was checked/.test(damaged.err)], [1, true]);
  });

  it('prints JSON, SARIF and annotations of a workflow', async () => {
    write('b%,:\n.enc.env', 'A=canary-1\n');
    write('.env', 'A=canary-1\n');
    const json = JSON.parse((await check(['--format', 'json'])).out);
    assert.deepEqual(
      json.map(({ code, level, file, line, name }: Record<string, unknown>) => [code, level, file, line, name]),
      [
        ['plain-name', 'warning', '.env', 1, 'A'],
        ['plain', 'error', 'b%,:\n.enc.env', 1, 'A'],
      ],
    );
    const sarif = JSON.parse((await check(['--format', 'sarif'])).out);
    const [run] = sarif.runs;
    assert.deepEqual([sarif.version, run.tool.driver.name, run.results.length], ['2.1.0', 'Lockstep', 2]);
    assert.deepEqual(run.results[1].locations[0].physicalLocation, {
      artifactLocation: { uri: 'b%25%2C%3A%0A.enc.env', uriBaseId: '%SRCROOT%' },
      region: { startLine: 1 },
    });
    assert.equal(run.tool.driver.rules[run.results[1].ruleIndex].id, run.results[1].ruleId);
    const github = (await check(['--format', 'github'])).out.split('\n');
    assert.equal(github.length, 3);
    assert.match(github[1] ?? '', /^::error file=b%25%2C%3A%0A\.enc\.env,line=1,title=[^:]+::A is plaintext/);
    assert.equal((await check(['--format', 'xml'])).code, 1);
    assert.deepEqual((await check(['--format', 'json', 'main.ts'])).out, '[]\n');
  });

  it('--rev tells whether the commit has what its code names', async () => {
    write('main.py', 'import os\nos.environ["DB_PASSWORD"]\nos.environ["NEW_TOKEN"]\nos.environ["HOME"]\n');
    git('add', '-A');
    git('commit', '-q', '-m', 'code before its secret');
    git('tag', 'v1');
    await encrypt('b.enc.env', 'NEW_TOKEN=canary-2\n');
    assert.equal((await check(['--rev', 'HEAD~1'])).code, 0);
    const apart = await check(['--rev', 'v1'], { env: { SOPS_AGE_KEY: undefined } });
    assert.deepEqual([apart.code, apart.lines], [10, ['main.py:3: error: NEW_TOKEN']]);
    assert.match(apart.out, /NEW_TOKEN is named here, and no secret file has it\.$/m);
    git('add', '-A');
    git('commit', '-q', '-m', 'the secret');
    assert.equal((await check(['--rev', 'HEAD'])).code, 0);
    for (const [args, code] of [
      [['--rev', 'nothing'], 100],
      [['--rev=--all'], 100],
      [['--rev', 'v1', '--staged'], 8],
    ] as const)
      assert.equal((await check([...args])).code, code);
  });

  it('works with hashes of SHA-256, and in a clone without all contents says what it could not look at', async () => {
    rmSync(join(lab.folder, '.git'), { recursive: true });
    git('init', '-q', '-b', 'main', '--object-format=sha256');
    write('b.enc.env', 'A=canary-1\n');
    git('add', '-A');
    assert.ok((await check(['--staged'])).lines.includes('b.enc.env:1: error: A'));
    git('commit', '-q', '-m', 'one');
    git('rm', '-q', 'a.enc.yaml', 'b.enc.env');
    git('commit', '-q', '-m', 'two');
    git('config', 'uploadpack.allowFilter', 'true');
    git('clone', '-q', '--filter=blob:none', `file://${lab.folder}`, 'part');
    const cwd = join(lab.folder, 'part');
    assert.equal((await check(['--rev', 'HEAD'], { cwd })).code, 0);
    const apart = await check(['--rev', 'HEAD~1'], { cwd });
    assert.deepEqual([apart.code, /no content here for a\.enc\.yaml/.test(apart.err)], [2, true]);
  });

  it('follows no link out of the repository, and reads no device', async () => {
    symlinkSync('/etc', join(lab.folder, 'link'));
    symlinkSync('/dev/zero', join(lab.folder, 'zero.enc.env'));
    assert.equal((await check()).code, 0);
    write('sub/plain.env', `A=${password}\n`);
    symlinkSync('plain.env', join(lab.folder, 'sub/within.env'));
    git('init', '-q', 'other');
    const cwd = join(lab.folder, 'other');
    symlinkSync('../sub/plain.env', join(cwd, 'b.env'));
    const ran = await check([], { cwd });
    assert.deepEqual([ran.code, ran.out], [0, '']);
    assert.match(ran.err, /Links that lead out of the repository were not followed: b\.env\.\n/);
    rmSync(cwd, { recursive: true });
    assert.deepEqual((await check(['sub/within.env'])).lines, [
      'sub/within.env:1: warning: A',
      'sub/within.env:1: error: The',
    ]);
  });

  it('says what a sparse checkout leaves out, and misses no secret that may be there', async () => {
    write('.vscode/launch.json', '{"env": {"A": "lockstep:production#A"}}\n');
    await encrypt('deep/.env.production', 'A=canary-1\n');
    write('deep/b.enc.env', 'A=canary-1\n');
    git('add', '-A');
    git('commit', '-q', '-m', 'deep');
    assert.deepEqual((await check()).lines.length, 3);
    git('sparse-checkout', 'set', '--cone', '.vscode');
    const ran = await check();
    assert.deepEqual([ran.code, ran.out], [0, '']);
    assert.match(
      ran.err,
      /sparse checkout leaves out were not looked into: deep\/\.env\.production, deep\/b\.enc\.env\.\n/,
    );
    assert.equal((await check(['deep'])).code, 100);
    assert.ok(!/sparse/.test((await check(['.vscode'])).err));
  });

  it('passes nothing that it could not look at: a content that is gone, a submodule, a folder of git itself', async () => {
    write('note.txt', 'some text\n');
    git('add', 'note.txt');
    const id = git('rev-parse', ':note.txt');
    rmSync(join(lab.folder, '.git/objects', id.slice(0, 2), id.slice(2)));
    const ran = await check(['--staged']);
    assert.deepEqual([ran.code, ran.out], [1, '']);
    assert.match(ran.err, /note\.txt was not searched.*\n.*Nothing was found in what could be read/);
    git('rm', '-q', '--cached', 'note.txt');
    git('init', '-q', 'module');
    git('-C', 'module', 'commit', '-q', '--allow-empty', '-m', 'one');
    git('add', 'module');
    assert.deepEqual([(await check(['module'])).code, (await check()).code], [100, 0]);
    git('clone', '-q', '--bare', '.', 'bare.git');
    for (const cwd of [join(lab.folder, 'bare.git'), join(lab.folder, '.git')]) {
      assert.equal((await check([], { cwd })).code, 1);
      assert.equal((await lab.run(['scan'], { cwd })).code, 1);
    }
  });

  it('takes no pointer of git LFS for plaintext', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'4d7a'.repeat(16)}\nsize 12345\n`;
    for (const name of ['b.enc.yaml', 'secrets.json', 'prod.env', 'store.p12']) write(name, pointer);
    assert.equal((await check()).out, '');
    git('add', '-A');
    assert.equal((await check(['--staged'])).code, 0);
    write('prod.env', `${pointer}A=canary-1\n`);
    assert.match((await check()).out, /^prod\.env:1: error/);
  });

  it('says of a file that does not parse and of a large one what is so', async () => {
    write('prod.env', 'no sign\nA=canary-1\n');
    assert.match((await check()).out, /^prod\.env:1: error: It is not encrypted\. The syntax is broken\./);
    write('prod.env', 'A='.padEnd(5 * 1024 * 1024 + 1, 'a'));
    const ran = await check();
    assert.deepEqual([ran.code, ran.out], [0, 'prod.env: warning: The file is larger than 5 MB.\n']);
  });
});
