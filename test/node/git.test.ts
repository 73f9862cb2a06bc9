import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Version } from '../../src/core/platform/git.ts';
import {
  isIgnored,
  isTracked,
  lastChange,
  pathInWorkTree,
  textconvOf,
  versionsOf,
  workTreeOf,
} from '../../src/node/git.ts';

const versions = async (...args: Parameters<typeof versionsOf>) => {
  const found: Version[] = [];
  for await (const version of versionsOf(...args)) found.push(version);
  return found;
};

describe('git', function () {
  this.timeout(30_000);
  let folder: string;
  const run = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example', ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const commit = (message: string) => {
    run('add', '-A');
    run('commit', '-q', '-m', message);
  };

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep git ')));
    run('init', '-q', '-b', 'main');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('tells which diff driver runs a program over a file', async () => {
    write('.gitattributes', '*.env diff=show\n*.yaml diff=nothing\n*.json diff\n*.ini -diff\n*.odd diff=o"d d\n');
    for (const name of ['a.env', ':b.env', 'a.yaml', 'a.json', 'a.ini', 'a.txt']) write(name, 'x\n');
    const of = (name: string) => textconvOf(join(folder, name));
    assert.equal(await of('a.env'), undefined);
    run('config', 'diff.show.textconv', 'sh -c "exit 1"');
    run('config', 'diff.nothing.textconv', '');
    assert.equal(await of('a.env'), 'show');
    assert.equal(await of(':b.env'), 'show');
    for (const name of ['a.yaml', 'a.json', 'a.ini', 'a.txt']) assert.equal(await of(name), undefined, name);
    const outside = mkdtempSync(join(tmpdir(), 'lockstep-no-git-'));
    assert.equal(await textconvOf(join(outside, 'a.env')), undefined);
    rmSync(outside, { recursive: true });
  });

  it('tells who last changed a line', async () => {
    write('.env', 'A=1\r\nB=1\r\n');
    commit('first');
    write('.env', 'A=1\r\nB=2\r\n');
    commit('second "quoted"');
    const path = join(folder, '.env');
    const first = await lastChange(path, 0);
    const second = await lastChange(path, 1);
    assert.ok(first && first !== 'uncommitted' && second && second !== 'uncommitted');
    assert.equal(first.summary, 'first');
    assert.equal(second.summary, 'second "quoted"');
    assert.equal(second.author, 'Ada');
    assert.match(second.commit, /^[0-9a-f]{10}$/);
    assert.ok(Math.abs(Date.now() - second.time.getTime()) < 600_000);
    write('.env', '# new\r\nA=1\r\nB=3\r\n');
    assert.equal(await lastChange(path, 2), 'uncommitted');
    assert.deepEqual(await lastChange(path, 1), first, 'a line that moved is still the same');
    assert.deepEqual(await lastChange(path, 7, 'B=2'), second, 'the text of the editor counts');
  });

  it('knows nothing about files that HEAD does not have', async () => {
    write('a.env', 'A=1\n');
    assert.equal(await lastChange(join(folder, 'a.env'), 0), undefined);
    commit('first');
    write('b.env', 'A=1\n');
    assert.equal(await lastChange(join(folder, 'b.env'), 0), undefined);
    assert.equal(await lastChange(join(folder, 'none', 'c.env'), 0), undefined);
  });

  it('finds the contents that a path ever had, on every branch', async () => {
    write('.env', 'A=1\n');
    commit('one');
    run('checkout', '-q', '-b', 'side');
    write('.env', 'A=side\n');
    commit('two');
    run('checkout', '-q', 'main');
    write('.env', 'A=3\n');
    commit('three');
    write('.env', 'A=1\n');
    commit('back');
    rmSync(join(folder, '.env'));
    commit('gone');
    const found = await versions(join(folder, '.env'));
    assert.deepEqual(found.map((version) => Buffer.from(version.bytes).toString()).sort(), [
      'A=1\n',
      'A=3\n',
      'A=side\n',
    ]);
    for (const version of found) assert.match(version.commit, /^[0-9a-f]{10}$/);
    assert.equal((await versions(join(folder, '.env'), 2)).length, 2);
    assert.deepEqual(await versions(join(folder, '*.env')), [], 'a name is no pattern');
  });

  it('gives large contents in parts, each of them once', async () => {
    const texts = Array.from({ length: 9 }, (_, i) => `${i}`.repeat(4 * 1024 * 1024));
    for (const [i, text] of texts.entries()) {
      write('.env', text);
      commit(`${i}`);
    }
    const found = (await versions(join(folder, '.env'))).map(({ bytes }) => Buffer.from(bytes).toString());
    assert.deepEqual(
      found.map((text) => `${text[0]} ${text.length}`).sort(),
      texts.map((text) => `${text[0]} ${text.length}`),
    );
  });

  it('finds what only a merge brought in', async () => {
    write('.env', 'A=1\n');
    commit('one');
    run('checkout', '-q', '-b', 'side');
    write('other', 'x');
    commit('two');
    run('checkout', '-q', 'main');
    write('third', 'x');
    commit('three');
    run('merge', '-q', '--no-commit', 'side');
    write('.env', 'A=merge\n');
    commit('merge');
    const texts = (await versions(join(folder, '.env'))).map((version) => Buffer.from(version.bytes).toString());
    assert.deepEqual(texts.sort(), ['A=1\n', 'A=merge\n']);
  });

  it('knows what is tracked and ignored', async () => {
    write('.gitignore', 'b.env\n');
    write('a.env', '1');
    write('b.env', '1');
    commit('one');
    write('c.env', '1');
    const at = (name: string) => join(folder, name);
    assert.deepEqual(await Promise.all(['a.env', 'b.env', 'c.env'].map((name) => isTracked(at(name)))), [
      true,
      false,
      false,
    ]);
    assert.deepEqual(await Promise.all(['a.env', 'b.env', 'c.env'].map((name) => isIgnored(at(name)))), [
      false,
      true,
      false,
    ]);
    run('add', '-f', 'b.env');
    assert.equal(await isIgnored(at('b.env')), true, 'also when it is tracked');
    mkdirSync(at('sub dir'));
    assert.equal(await pathInWorkTree(at('sub dir/x.env')), 'sub dir/x.env');
    assert.equal(await workTreeOf(at('sub dir/x.env')), folder);
  });

  it('says undefined outside git', async () => {
    rmSync(join(folder, '.git'), { recursive: true });
    write('a.env', 'A=1\n');
    const path = join(folder, 'a.env');
    assert.equal(await isTracked(path), undefined);
    assert.equal(await isIgnored(path), undefined);
    assert.equal(await workTreeOf(path), undefined);
    assert.deepEqual(await versions(path), []);
  });

  it('runs nothing that the repository names', async () => {
    const witness = join(folder, '..', `${folder.split('/').pop()}.witness`);
    write('.gitattributes', '*.env filter=bad diff=bad\n');
    write('a.env', 'A=1\n');
    commit('one');
    const bad = `touch '${witness}'; true`;
    const settings = [
      'core.fsmonitor',
      'core.pager',
      'core.sshCommand',
      'diff.external',
      'diff.bad.textconv',
      'diff.bad.command',
    ];
    for (const name of [...settings, 'filter.bad.clean', 'filter.bad.smudge', 'gpg.program']) run('config', name, bad);
    run('config', 'log.showSignature', 'true');
    write('a.env', 'A=2\n');
    try {
      const path = join(folder, 'a.env');
      assert.equal(await lastChange(path, 0), 'uncommitted');
      assert.ok(await lastChange(path, 0, 'A=1'));
      assert.equal((await versions(path)).length, 1);
      assert.equal(await isTracked(path), true);
      assert.equal(await isIgnored(path), false);
      assert.equal(existsSync(witness), false, existsSync(witness) ? readFileSync(witness, 'utf8') : '');
      // The trap does work: git's own way of looking sets it off.
      execFileSync('git', ['diff'], { cwd: folder, stdio: 'ignore' });
      assert.equal(existsSync(witness), true);
    } finally {
      rmSync(witness, { force: true });
    }
  });

  it('takes no folder of the work tree for a repository', async () => {
    const inner = join(folder, 'inner');
    execFileSync('git', ['init', '-q', '--bare', inner]);
    execFileSync('git', ['--git-dir', inner, 'config', 'core.bare', 'false']);
    execFileSync('git', ['--git-dir', inner, 'config', 'core.worktree', inner]);
    write('inner/a.env', 'A=1\n');
    const asked = execFileSync('git', ['rev-parse', '--show-toplevel'], { cwd: inner, encoding: 'utf8' });
    assert.equal(asked.trim(), inner, 'git by itself does');
    assert.equal(await workTreeOf(join(inner, 'a.env')), undefined);
    assert.equal(await isTracked(join(inner, 'a.env')), undefined);
  });
});
