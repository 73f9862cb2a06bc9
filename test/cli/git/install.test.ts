import assert from 'node:assert/strict';
import { chmodSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { globsOf } from '../../../src/core/rules/globs.ts';
import { builtCli } from '../built.ts';
import { Repo } from './repo.ts';

describe('lockstep git install', function () {
  this.timeout(120_000);
  let cli: string;
  let repo: Repo;
  before(async () => {
    cli = await builtCli();
  });
  after(() => rmSync(cli));
  beforeEach(() => {
    repo = new Repo(cli);
  });
  afterEach(() => repo.dispose());

  const driver = 'lockstep merge-driver -- %O %A %B %P';
  const statusOf = (name: string) => new RegExp(`^${name}\t(.*)$`, 'm').exec(repo.lockstep('git', 'status').out)?.[1];

  it('shows what it will write, writes it once, and is undone exactly', async () => {
    await repo.seal('s.enc.yaml', 'a: 1\n');
    await repo.seal('other/deep [x].yaml', 'a: 1\n');
    repo.write('.gitattributes', '* text=auto\n*.png binary');
    repo.commit('base');
    const before = [repo.read('.gitattributes'), repo.read('.git/config')];
    const asked = repo.lockstep('git', 'install');
    assert.equal(asked.code, 1, 'nobody answers');
    assert.ok(asked.out.includes(driver) && asked.out.includes('*.enc.* merge=lockstep'));
    assert.deepEqual([repo.read('.gitattributes'), repo.read('.git/config')], before);
    assert.equal(repo.lockstep('git', 'status').code, 10);
    assert.equal(statusOf('s\\.enc\\.yaml'), 'merged as text');
    assert.equal(repo.lockstep('git', 'install', '--yes').code, 0);
    const attributes = repo.read('.gitattributes');
    assert.ok(
      attributes.endsWith(before[0] ?? '') && attributes.includes('"/other/deep \\\\[x\\\\].yaml" merge=lockstep'),
      attributes,
    );
    assert.ok(!`${attributes}${repo.read('.git/config')}`.includes(repo.home), 'no absolute path');
    assert.equal(repo.lockstep('git', 'status').code, 0);
    assert.equal(statusOf('other/deep \\[x\\]\\.yaml'), 'merged by Lockstep');
    repo.done('config', '--unset', 'merge.lockstep.driver');
    assert.equal(statusOf('other/deep \\[x\\]\\.yaml'), 'merged as text', 'a clone has the attributes alone');
    assert.equal(repo.lockstep('git', 'install', '--yes').code, 0);
    // A hook may be written after that.
    assert.equal(
      repo.lockstep('git', 'install', '--yes').err,
      'lockstep: Nothing changes in the configuration of git.\n',
    );
    assert.equal(repo.read('.gitattributes'), attributes);
    assert.equal(repo.lockstep('git', 'uninstall', '--yes').code, 0);
    assert.deepEqual([repo.read('.gitattributes'), repo.read('.git/config')], before);
    assert.match(repo.lockstep('git', 'uninstall', '--yes').err, /Nothing changes/);
    unlinkSync(repo.path('.gitattributes'));
    repo.install();
    repo.lockstep('git', 'uninstall', '--yes');
    assert.ok(!repo.has('.gitattributes'), 'a file that it made goes again');
  });

  it('status names a program that git runs over encrypted files for its diffs', async () => {
    await repo.seal('s.enc.yaml', 'a: 1\n');
    repo.install();
    repo.write('.gitattributes', `${repo.read('.gitattributes')}\n*.enc.yaml diff=show\n`);
    assert.equal(repo.lockstep('git', 'status').code, 0);
    repo.done('config', 'diff.show.textconv', 'sops decrypt');
    const { code, err } = repo.lockstep('git', 'status');
    assert.equal(code, 10);
    assert.match(err, /diff\.show\.textconv\)/);
    assert.ok(!err.includes('sops decrypt'));
  });

  it('--global sets all repositories up, and works outside of them', async () => {
    await repo.seal('s.enc.yaml', 'a: 1\n');
    writeFileSync(join(repo.home, '.gitconfig'), '[user]\n\tname = Ada\n');
    assert.equal(repo.lockstep('git', 'install', '--global', '--yes').code, 0);
    assert.equal(repo.done('config', '--global', 'merge.lockstep.driver').trim(), driver);
    assert.equal(repo.git('config', '--local', 'merge.lockstep.driver').code, 1);
    assert.equal(repo.lockstep('git', 'status').code, 0);
    const { folder } = repo;
    repo.folder = repo.home;
    assert.match(repo.lockstep('git', 'install', '--global', '--yes').err, /Nothing changes/);
    const outside = repo.lockstep('git', 'install', '--yes');
    assert.deepEqual([outside.code, /in no git repository/.test(outside.err)], [1, true]);
    assert.equal(repo.lockstep('git', 'uninstall', '--global', '--yes').code, 0);
    repo.folder = folder;
    assert.equal(repo.git('config', '--global', 'merge.lockstep.driver').code, 1);
    assert.equal(repo.done('config', '--global', 'user.name').trim(), 'Ada');
  });

  it('goes where the variables of git lead', async () => {
    await repo.seal('s.enc.yaml', 'a: 1\n');
    Object.assign(repo.env, { GIT_DIR: join(repo.folder, '.git'), GIT_WORK_TREE: repo.folder });
    const { folder } = repo;
    repo.folder = repo.home;
    assert.equal(repo.lockstep('git', 'install', '--yes').code, 0);
    repo.folder = folder;
    assert.ok(repo.read('.git/config').includes(driver));
  });

  it('follows the variables of a hook from any folder', async () => {
    await repo.seal('deep/a.enc.yaml', 'k: canary-then-8\n');
    repo.commit('deep');
    await repo.seal('deep/a.enc.yaml', 'k: canary-now-9\n');
    repo.write(
      '.git/hooks/pre-commit',
      '#!/bin/sh\nGIT_DIR=.git lockstep decrypt --rev HEAD deep/a.enc.yaml > ../seen\n',
    );
    chmodSync(repo.path('.git/hooks/pre-commit'), 0o755);
    repo.commit('again');
    assert.equal(repo.read('../seen'), 'k: canary-then-8\n');
  });

  it('refuses a link, says that the program is missing, and that the configuration is locked', async () => {
    await repo.seal('s.enc.yaml', 'a: 1\n');
    repo.write('elsewhere', '* text\n');
    symlinkSync('elsewhere', repo.path('.gitattributes'));
    const linked = repo.lockstep('git', 'install', '--yes');
    assert.deepEqual([linked.code, /is a link/.test(linked.err)], [1, true]);
    assert.equal(repo.read('elsewhere'), '* text\n');
    unlinkSync(repo.path('.gitattributes'));
    repo.write('.git/config.lock', '');
    const locked = repo.lockstep('git', 'install', '--yes');
    assert.deepEqual(
      [locked.code, /did not change its configuration/.test(locked.err), repo.has('.gitattributes')],
      [1, true, false],
    );
    unlinkSync(repo.path('.git/config.lock'));
    chmodSync(join(repo.home, 'bin', 'lockstep'), 0o600);
    assert.match(repo.lockstep('git', 'install', '--yes').err, /not on PATH/);
    assert.equal(statusOf('lockstep on PATH'), 'missing');
  });

  it('writes patterns that cover, as git reads them, what the rules match', () => {
    const patterns = [
      '\\.enc\\.ya?ml$',
      '^secrets/.*',
      '^prod/[^/]+\\.env$',
      'secret',
      '(db|api)-.*\\.json$',
      '^\\.env(\\..+)?$',
      'x/.*/y\\.ini$',
    ];
    const names = [
      'a.enc.yaml',
      'a.enc.yml',
      'secrets/a',
      'secrets/b/c.yaml',
      'prod/x.env',
      'prod/x/y.env',
      'my-secret.json',
    ];
    names.push(
      'd/secret/e',
      'db-1.json',
      'k/api-x.json',
      'db-a/b.json',
      '.env',
      '.env.local',
      'x/a/b/y.ini',
      'x/y.ini',
      'ax/z/y.ini',
      'none',
    );
    for (const pattern of patterns) {
      repo.write('.gitattributes', (globsOf(pattern) ?? []).map((glob) => `${glob} merge=lockstep\n`).join(''));
      const told = repo.done('check-attr', 'merge', '--', ...names);
      for (const name of names)
        if (new RegExp(pattern).test(name)) assert.ok(told.includes(`${name}: merge: lockstep`), `${pattern}: ${name}`);
      assert.ok(told.includes('none: merge: unspecified'));
    }
  });
});
