import assert from 'node:assert/strict';
import { chmodSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCli } from '../built.ts';
import { Repo } from './repo.ts';

const secret = 'password: canary-7Kq*zX9#wP2\n';

describe('lockstep git install --hook', function () {
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

  const install = (...args: string[]) => repo.lockstep('git', 'install', '--hook', '--yes', ...args);
  const commit = (...args: string[]) => {
    const ran = repo.git('commit', '-q', '-m', 'x', ...args);
    assert.ok(!`${ran.out}${ran.err}`.includes('canary'));
    return ran;
  };

  it('keeps a commit back that has plaintext, or the value of a secret, in what git is about to commit', async () => {
    await repo.seal('s.enc.yaml', secret);
    assert.equal(install().code, 0);
    repo.commit('set up');
    repo.write('sub/t.enc.yaml', secret);
    repo.write('copy.ts', `const it = '${secret.slice(10).trim()}';\n`);
    repo.done('add', 'sub/t.enc.yaml');
    repo.write('sub/t.enc.yaml', 'a: b\n');
    const refused = commit();
    assert.deepEqual([refused.code, refused.err.includes('sub/t.enc.yaml:1: error: password is plaintext')], [1, true]);
    assert.equal(repo.git('log', '--oneline').out.split('\n').length, 2);
    // What the commit takes is in an index of its own.
    repo.done('rm', '-q', '-f', 'sub/t.enc.yaml');
    repo.done('add', 'copy.ts');
    repo.write('other.ts', 'x\n');
    repo.done('add', '-N', 'other.ts');
    assert.equal(commit('other.ts').code, 0);
    assert.match(commit('-a').err, /copy\.ts:1: error: The value of password in s\.enc\.yaml/);
    assert.equal(commit('-a', '--no-verify').code, 0);
  });

  it('shows its lines and asks, writes them once, keeps those of others, and is undone exactly', async () => {
    await repo.seal('s.enc.yaml', secret);
    const hook = '.git/hooks/pre-commit';
    const asked = repo.lockstep('git', 'install', '--hook');
    assert.equal(asked.code, 1);
    assert.ok(!repo.has(hook));
    repo.write(hook, '#!/bin/sh\necho mine >&2\n');
    const ran = install();
    assert.ok(
      ran.out.includes(`${hook}, which git runs before a commit`) && ran.out.includes('+ ') && ran.code === 0,
      ran.out,
    );
    assert.equal(statSync(repo.path(hook)).mode & 0o111, 0o111, 'one that git did not run');
    const text = repo.read(hook);
    assert.equal(install().code, 0);
    assert.equal(repo.read(hook), text);
    assert.match(repo.lockstep('git', 'status').out, /^check before a commit\t\.git\/hooks\/pre-commit$/m);
    repo.done('add', '-A');
    assert.match(commit().err, /^lockstep: 0 errors and 1 warning in 1 file\.\nmine\n/m);
    assert.equal(repo.lockstep('git', 'uninstall', '--yes').code, 0);
    assert.equal(repo.read(hook), '#!/bin/sh\necho mine >&2\n');
    rmSync(repo.path(hook));
    install();
    repo.lockstep('git', 'uninstall', '--yes');
    assert.ok(!repo.has(hook), 'a file that it made goes again');
    assert.match(repo.lockstep('git', 'status').out, /^check before a commit\tnot set up$/m);
  });

  it('who does not have the program commits, and is told', async () => {
    await repo.seal('s.enc.yaml', secret);
    install();
    rmSync(join(repo.home, 'bin', 'lockstep'));
    repo.done('add', '-A');
    const ran = commit();
    assert.deepEqual([ran.code, /lockstep is not on PATH/.test(ran.err)], [0, true]);
  });

  it('goes into the list of a program that manages hooks', async () => {
    await repo.seal('s.enc.yaml', secret);
    repo.write('lefthook.yml', 'pre-commit:\n  commands: { lint: { run: x } }\n');
    repo.write('.pre-commit-config.yaml', 'repos:\n  - repo: meta\n    hooks: [{ id: a }]\n');
    const lefthook = install();
    assert.equal(lefthook.code, 1, 'in flow style it has no place');
    assert.match(lefthook.err, /lefthook\.yml: It is a list of lefthook[\s\S]*lockstep check --staged/);
    repo.write('lefthook.yml', 'pre-commit:\n  commands:\n    lint:\n      run: x\n');
    assert.match(install().err, /lefthook install/);
    assert.match(repo.read('lefthook.yml'), /lockstep:\n {6}run: lockstep check --staged/);
    rmSync(repo.path('lefthook.yml'));
    assert.match(install().err, /Commit \.pre-commit-config\.yaml/);
    assert.match(repo.read('.pre-commit-config.yaml'), /entry: lockstep check --staged/);
    assert.ok(!repo.has('.git/hooks/pre-commit'));
    // husky 9: git runs .husky/_/pre-commit, which runs this one.
    repo.write('.husky/_/pre-commit', '#!/usr/bin/env sh\nsh -e .husky/pre-commit "$@"\n');
    chmodSync(repo.path('.husky/_/pre-commit'), 0o755);
    repo.done('config', 'core.hooksPath', '.husky/_');
    repo.write('.husky/pre-commit', 'echo mine >&2\n');
    assert.match(install().out, /\.husky\/pre-commit, which husky runs/);
    repo.write('t.enc.yaml', secret);
    repo.done('add', '-A');
    const refused = commit();
    assert.deepEqual(
      [refused.code, /t\.enc\.yaml:1: error/.test(refused.err), /mine/.test(refused.err)],
      [1, true, false],
    );
  });

  it('is refused for another kind of script, a link, and all repositories at once', async () => {
    const hook = repo.path('.git/hooks/pre-commit');
    repo.write('.git/hooks/pre-commit', '#!/usr/bin/env python3\n');
    assert.match(install().err, /no script of the shell[\s\S]*lockstep check --staged/);
    rmSync(hook);
    writeFileSync(join(repo.home, 'profile'), '#!/bin/sh\n');
    symlinkSync(join(repo.home, 'profile'), hook);
    assert.match(install().err, /is a link/);
    assert.equal(install('--global').code, 8);
  });
});
