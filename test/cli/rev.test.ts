import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { alice } from '../core/support.ts';
import { skipFor, windows } from '../skip.ts';
import { Lab } from './lab.ts';

const node = process.execPath;
const print = (...names: string[]) => [
  '--',
  node,
  '-p',
  `JSON.stringify([${names.map((name) => `process.env.${name} ?? null`).join()}])`,
];

describe('--rev', () => {
  let lab: Lab;
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], {
      cwd: lab.folder,
      stdio: 'pipe',
      encoding: 'utf8',
    });
  const seal = async (name: string, text: string) => {
    lab.write(name, text);
    const { code, err } = await lab.run(['encrypt', '-i', '--age', alice.recipient, name]);
    assert.equal(code, 0, err);
  };
  const fails = async (code: number, pattern: RegExp, ...words: string[]) => {
    const ran = await lab.run(words);
    assert.deepEqual([ran.code, ran.out, pattern.test(ran.err)], [code, '', true], ran.err);
    assert.ok(!/canary/.test(ran.err));
  };

  before(async () => {
    lab = new Lab();
    git('init', '-q', '-b', 'main');
    mkdirSync(join(lab.folder, 'deep/er'), { recursive: true });
    await seal('a.yaml', 'db:\n  password: canary-then-8\n');
    await seal('flat.env', 'TOKEN=canary-then-8\n');
    await seal('deep/er/gone.yaml', 'old: canary-gone-7\n');
    await seal('.env.production', 'TOKEN=canary-prod-then\n');
    await seal('.env.old', 'TOKEN=canary-old-then\n');
    git('add', '-A');
    git('commit', '-qm', 'one');
    git('tag', 'v1');
    for (const name of ['deep', '.env.old']) rmSync(join(lab.folder, name), { recursive: true });
    await seal('a.yaml', 'db:\n  password: canary-now-9\n');
    await seal('flat.env', 'TOKEN=canary-now-9\n');
    await seal('.env.production', 'TOKEN=canary-prod-now\n');
    await seal('other.env', 'TOKEN=canary-other-now\n');
    mkdirSync(join(lab.folder, '.lockstep'));
    lab.write('.lockstep/environments.yaml', 'production:\n  files: [other.env]\n');
    git('add', '-A');
    git('commit', '-qm', 'two');
    git('tag', 'v2');
  });
  after(() => lab.dispose());

  it('decrypts a file, and a part of it, as a commit has it', async () => {
    const out = async (...words: string[]) => {
      const ran = await lab.run(words);
      assert.equal(ran.code, 0, ran.err);
      return ran.out;
    };
    assert.equal(await out('decrypt', '--rev', 'v1', 'a.yaml'), 'db:\n  password: canary-then-8\n');
    assert.equal(await out('decrypt', '--rev=v1', '--extract', '["db"]["password"]', 'a.yaml'), 'canary-then-8');
    assert.equal(
      await out('decrypt', '--rev', 'HEAD~1', '--output-type=json', 'a.yaml')
        .then(JSON.parse)
        .then((v) => v.db.password),
      'canary-then-8',
    );
    assert.equal(await out('decrypt', '--rev', 'main', 'a.yaml'), await out('decrypt', 'a.yaml'));
    // Its folder is gone since.
    assert.equal(await out('decrypt', '--rev', 'v1', 'deep/er/gone.yaml'), 'old: canary-gone-7\n');
    assert.equal(existsSync(join(lab.folder, 'deep')), false);
    await out('decrypt', '--rev', 'v1', '-o', 'then.out', 'a.yaml');
    assert.equal(lab.read('then.out'), 'db:\n  password: canary-then-8\n');
    rmSync(join(lab.folder, 'then.out'));
  });

  it('gives them to programs', async () => {
    const token = async (...words: string[]) => (await lab.run([...words, ...print('TOKEN')])).out;
    assert.equal(await token('exec-env', '--rev', 'v1', 'flat.env'), '["canary-then-8"]\n');
    assert.equal(await token('exec-env', 'flat.env'), '["canary-now-9"]\n');
    const read = ['--', node, '-p', 'require("fs").readFileSync("{}", "utf8")'];
    const file = async (...words: string[]) => (await lab.run(['exec-file', '--no-fifo', ...words, ...read])).out;
    assert.equal(await file('--rev', 'v1', 'flat.env'), 'TOKEN=canary-then-8\n\n');
    assert.equal(await file('flat.env'), 'TOKEN=canary-now-9\n\n');
  });

  it('finds an environment in the commit: its files, and what is written down there', async () => {
    const token = async (...words: string[]) =>
      (await lab.run(['run', '--no-redact', '--env-name', ...words, ...print('TOKEN')])).out;
    assert.equal(await token('production'), '["canary-other-now"]\n');
    assert.equal(await token('production', '--rev', 'v1'), '["canary-prod-then"]\n');
    assert.equal(await token('old', '--rev', 'v1'), '["canary-old-then"]\n');
    await fails(100, /no environment old here at v2/, 'run', '--rev', 'v2', '--env-name', 'old', ...print('TOKEN'));
    await fails(100, /no commit v9/, 'run', '--rev', 'v9', '--env-name', 'old', ...print('TOKEN'));
    const other = ['run', '--no-redact', '--rev', 'v1', '--secret', 'A=lockstep:old#TOKEN', ...print('A')];
    assert.equal((await lab.run(other)).out, '["canary-old-then"]\n');
  });

  it('prints one secret by its name', async () => {
    const get = async (...words: string[]) => lab.run(['get', ...words]);
    const { out, err, code } = await get('--env-name', 'production', '--rev', 'v1', 'TOKEN');
    assert.deepEqual([code, out, err], [0, 'canary-prod-then', '']);
    assert.equal((await get('-f', 'a.yaml', 'db.password')).out, 'canary-now-9');
    assert.equal((await get('--rev', 'v1', 'lockstep:old#TOKEN')).out, 'canary-old-then');
    await fails(1, /There is no secret nothing in a\.yaml at v1\./, 'get', '--rev', 'v1', '-f', 'a.yaml', 'nothing');
    await fails(1, /No secret is named/, 'get');
  });

  it('records the commit', async () => {
    const commit = git('rev-parse', 'v1').slice(0, 10);
    const { out } = await lab.run(['log', 'list']);
    for (const key of [`at ${commit}`, `db.password at ${commit}`, `TOKEN at ${commit}`])
      assert.ok(out.includes(`\t${key}\t`), `${key}\n${out}`);
    assert.ok(!out.includes('canary'));
  });

  it('says what is not there, and why', async () => {
    await fails(100, /a\.yaml at v9 is not there: git knows no commit v9/, 'decrypt', '--rev', 'v9', 'a.yaml');
    await fails(100, /new\.yaml at v1 is not there as a file\./, 'decrypt', '--rev', 'v1', 'new.yaml');
    for (const rev of ['--output=x', '-p', '--all'])
      await fails(100, /git knows no commit/, 'decrypt', `--rev=${rev}`, 'a.yaml');
    for (const rev of ['v1..v2', 'HEAD:a.yaml', ':a.yaml', '^v1', 'v1 v2', 'v1\nv2'])
      await fails(100, /git knows no commit/, 'decrypt', '--rev', rev, 'a.yaml');
    await fails(1, /--rev names no commit/, 'decrypt', '--rev=', 'a.yaml');
    await fails(1, /--rev names no commit/, 'run', '--rev=', '-f', 'flat.env', ...print('TOKEN'));
    await fails(8, /--rev and --in-place contradict/, 'decrypt', '-i', '--rev', 'v1', 'a.yaml');
    await fails(8, /--rev needs a file/, 'decrypt', '--rev', 'v1', '-');
    await fails(100, /deep at v1 is not there as a file/, 'decrypt', '--rev', 'v1', 'deep');
    assert.ok(!existsSync(join(lab.folder, 'x')));
  });

  it('follows no link of a commit', async function () {
    skipFor(this, windows);
    symlinkSync('a.yaml', join(lab.folder, 'link.yaml'));
    git('add', 'link.yaml');
    git('commit', '-qm', 'link');
    await fails(100, /link\.yaml at HEAD is not there as a file/, 'decrypt', '--rev', 'HEAD', 'link.yaml');
  });

  it('says that a clone without all contents has none, and fetches nothing', async () => {
    git('config', 'uploadpack.allowFilter', 'true');
    execFileSync('git', ['clone', '-q', '--filter=blob:none', '--no-checkout', `file://${lab.folder}`, 'partial'], {
      cwd: lab.state,
      stdio: 'pipe',
    });
    const cwd = join(lab.state, 'partial');
    const { code, err, out } = await lab.run(['decrypt', '--rev', 'v1', 'a.yaml'], { cwd });
    assert.deepEqual([code, out, /git has no content for it here/.test(err)], [2, '', true], err);
    const packs = execFileSync('git', ['count-objects', '-v'], { cwd, encoding: 'utf8' });
    const before = readFileSync(join(lab.folder, 'a.yaml'));
    assert.match(packs, /count: 0\n/);
    assert.ok(before.length > 0);
  });

  it('is said where there is no repository', async () => {
    const cwd = lab.state;
    const { code, err } = await lab.run(['decrypt', '--rev', 'v1', join(cwd, 'x.yaml')], { cwd });
    assert.deepEqual([code, /this is no git repository/.test(err)], [2, true], err);
  });

  it('leaves the work tree and the index alone', () => {
    assert.equal(git('status', '--porcelain'), '');
  });
});
