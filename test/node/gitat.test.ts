import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { AtPath, ChangedFile } from '../../src/core/platform/git.ts';
import { gitHere } from '../../src/node/git/run.ts';
import { bytesAt, changedBetween, commitOf, filesAt } from '../../src/node/git.ts';

const empty = () => realpathSync(mkdtempSync(join(tmpdir(), 'lockstep git ')));
const git = (cwd: string, ...args: string[]) =>
  execFileSync(
    'git',
    ['-c', 'user.name=Ada Ä', '-c', 'user.email=ada@example', '-c', 'protocol.file.allow=always', ...args],
    {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );

/** What a person sees of it. */
const said = (bytes: AtPath | undefined) => (bytes instanceof Uint8Array ? Buffer.from(bytes).toString() : bytes);
const shown = ({ path, from, before, after, unmerged }: ChangedFile) =>
  `${unmerged ? '!' : before === undefined ? '+' : after === undefined ? '-' : ''}${from === undefined ? '' : `${from} → `}${path}`;

describe('reading what git has', function () {
  this.timeout(60_000);
  const folders: string[] = [];
  let folder: string;
  const make = () => {
    const made = empty();
    folders.push(made);
    return made;
  };
  const run = (...args: string[]) => git(folder, ...args);
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  const commit = (message: string) => {
    run('add', '-A');
    run('commit', '-q', '-m', message);
    return run('rev-parse', 'HEAD').trim();
  };
  const known = async (rev: string) => {
    const found = await commitOf(folder, rev);
    assert.ok(found, rev);
    return found;
  };
  const changes = async (...[a, b]: [string, string]) => {
    const after = b === 'index' || b === 'head' ? b : await known(b);
    return (await changedBetween(folder, a === 'head' ? a : await known(a), after as 'head'))?.map(shown).sort();
  };

  beforeEach(() => {
    folder = make();
    run('init', '-q', '-b', 'main');
  });
  afterEach(() => {
    for (const one of folders.splice(0)) rmSync(one, { recursive: true, force: true });
  });

  it('knows the commit that a person means, and no flag, blob, range or search that would be something else', async () => {
    write('a.env', 'A=1\n');
    const first = commit('fix: the "first" ü');
    write('a.env', 'A=2\n');
    const second = commit('second');
    run('tag', '-m', 'a note', 'v1.0', first);
    const found = await known('v1.0');
    assert.equal(found.hash, first);
    assert.equal(found.summary, 'fix: the "first" ü');
    assert.equal(found.author, 'Ada Ä');
    assert.ok(Math.abs(Date.now() - found.time.getTime()) < 600_000);
    for (const rev of ['HEAD', 'main', second.slice(0, 8), '@', ':/second'])
      assert.equal((await known(rev)).hash, second, rev);
    assert.equal((await known('HEAD~1')).hash, first);
    for (const rev of [
      '',
      '-h',
      '--all',
      '--output=x',
      '^HEAD',
      'HEAD~1..HEAD',
      'HEAD:a.env',
      'none',
      'HE\0AD',
      'HEAD HEAD',
    ])
      assert.equal(await commitOf(folder, rev), undefined, rev);
    assert.ok(!existsSync(join(folder, 'x')));
  });

  it('has the files below a folder in a commit, HEAD, the index and the sides of a conflict', async () => {
    write('top.env', 'A=top\n');
    write('sub/in "quotes"\tü.env', 'A=base\n');
    symlinkSync('top.env', join(folder, 'link.env'));
    const base = await known(commit('base'));
    const sub = join(folder, 'sub');
    const name = 'in "quotes"\tü.env';
    run('checkout', '-q', '-b', 'side');
    write(`sub/${name}`, 'A=theirs\n');
    commit('theirs');
    run('checkout', '-q', 'main');
    write(`sub/${name}`, 'A=ours\n');
    commit('ours');
    const paths = async (at: Parameters<typeof filesAt>[1], from = folder) =>
      (await filesAt(from, at))?.map(({ path }) => path).sort();
    assert.deepEqual(await paths(base), [`sub/${name}`, 'top.env']);
    assert.deepEqual(await paths('head', sub), [name]);
    assert.equal(said(await bytesAt(sub, base, name)), 'A=base\n');
    assert.equal(said(await bytesAt(folder, 'head', `sub/${name}`)), 'A=ours\n');
    assert.throws(() => run('merge', '-q', 'side'));
    assert.equal(said(await bytesAt(sub, 1, name)), 'A=base\n');
    assert.equal(said(await bytesAt(sub, 2, name)), 'A=ours\n');
    assert.equal(said(await bytesAt(sub, 3, name)), 'A=theirs\n');
    assert.equal(await bytesAt(sub, 'index', name), 'no-file');
    assert.deepEqual(await paths('index'), ['top.env']);
    assert.deepEqual(await paths(3), [`sub/${name}`]);
    assert.deepEqual(await changes('head', 'index'), [`!sub/${name}`]);
    for (const path of ['', 'none', 'sub', 'link.env', '*.env', ':(top)top.env', '-x'])
      assert.equal(await bytesAt(folder, 'head', path), 'no-file', path);
  });

  it('has what changed between two places, with renames, in each direction, from the first commit on', async () => {
    const lines = Array.from({ length: 20 }, (_, i) => `KEY_${i}=some example ${i}\n`).join('');
    assert.deepEqual(await filesAt(folder, 'head'), []);
    write('old.env', lines);
    write('gone.env', 'A=1\n');
    run('add', '-A');
    assert.deepEqual(await changes('head', 'index'), ['+gone.env', '+old.env']);
    commit('one');
    run('mv', 'old.env', 'new.env');
    run('rm', '-q', 'gone.env');
    write('came.env', 'B=2\n');
    run('add', '-A');
    assert.deepEqual(await changes('head', 'index'), ['+came.env', '-gone.env', 'old.env → new.env']);
    commit('two');
    assert.deepEqual(await changes('HEAD~1', 'HEAD'), ['+came.env', '-gone.env', 'old.env → new.env']);
    assert.deepEqual(await changes('HEAD', 'HEAD~1'), ['+gone.env', '-came.env', 'new.env → old.env']);
    assert.deepEqual(await changes('head', 'index'), []);
  });

  it('works in a linked work tree, a submodule, a sparse check-out and a repository with SHA-256', async () => {
    write('deep/a.env', 'A=1\n');
    write('b.env', 'B=1\n');
    commit('one');
    const linked = join(make(), 'linked');
    run('worktree', 'add', '-q', linked);
    assert.equal(said(await bytesAt(join(linked, 'deep'), 'head', 'a.env')), 'A=1\n');

    const outer = make();
    git(outer, 'init', '-q');
    git(outer, 'submodule', '--quiet', 'add', folder, 'inner');
    assert.equal(said(await bytesAt(join(outer, 'inner'), 'index', 'b.env')), 'B=1\n');
    assert.deepEqual(
      (await filesAt(outer, 'index'))?.map(({ path }) => path),
      ['.gitmodules'],
    );

    run('sparse-checkout', 'set', '--cone', '--sparse-index', 'none');
    assert.ok(!existsSync(join(folder, 'deep')));
    assert.equal(said(await bytesAt(folder, 'index', 'deep/a.env')), 'A=1\n');
    assert.deepEqual(await changes('head', 'index'), []);

    const long = make();
    git(long, 'init', '-q', '--object-format=sha256');
    assert.deepEqual(await filesAt(long, 'head'), []);
    writeFileSync(join(long, 'a.env'), 'A=256\n');
    git(long, 'add', '-A');
    assert.equal((await changedBetween(long, 'head', 'index'))?.length, 1);
    git(long, 'commit', '-q', '-m', 'one');
    const found = await commitOf(long, 'HEAD');
    assert.equal(found?.hash.length, 64);
    assert.equal(said(await bytesAt(long, { hash: found?.hash ?? '' }, 'a.env')), 'A=256\n');
  });

  it('says that a clone does not have a content, and fetches nothing', async () => {
    write('a.env', 'A=1\n');
    commit('one');
    write('a.env', 'A=2\n');
    commit('two');
    run('config', 'uploadpack.allowFilter', 'true');
    const clone = join(make(), 'clone');
    git(folder, 'clone', '-q', '--filter=blob:none', '--no-checkout', `file://${folder}`, clone);
    const before = await commitOf(clone, 'HEAD~1');
    assert.ok(before);
    assert.equal(await bytesAt(clone, before, 'a.env'), 'no-content');
    assert.equal((await changedBetween(clone, before, 'head'))?.map(shown).join(), 'a.env');
    assert.equal(await bytesAt(clone, before, 'a.env'), 'no-content');
    write('big.env', `A=${'x'.repeat(5 * 1024 * 1024)}\n`);
    commit('three');
    assert.equal(await bytesAt(folder, 'head', 'big.env'), 'too-large');
  });

  it('runs no program that the repository names, and writes nothing', async () => {
    const trap = join(folder, 'trap');
    write('trap.sh', `#!/bin/sh\ntouch '${trap}'\ncat\n`);
    execFileSync('chmod', ['+x', join(folder, 'trap.sh')]);
    write('.gitattributes', '*.env filter=trap diff=trap\n');
    write('a.env', 'A=1\n');
    commit('one');
    for (const name of [
      'filter.trap.clean',
      'filter.trap.smudge',
      'diff.trap.textconv',
      'diff.trap.command',
      'core.fsmonitor',
      'diff.external',
    ])
      run('config', name, join(folder, 'trap.sh'));
    write('a.env', 'A=2\n');
    const index = execFileSync('sha256sum', [join(folder, '.git/index')], { encoding: 'utf8' });
    const objects = run('count-objects', '-v');
    assert.equal(said(await bytesAt(folder, 'head', 'a.env')), 'A=1\n');
    await filesAt(folder, 'index');
    await changes('head', 'index');
    assert.ok(!existsSync(trap));
    assert.equal(execFileSync('sha256sum', [join(folder, '.git/index')], { encoding: 'utf8' }), index);
    assert.equal(run('count-objects', '-v'), objects);
  });

  it('is led by the variables of git where somebody types a command, and only there', async () => {
    write('a.env', 'A=1\n');
    commit('one');
    write('a.env', 'A=2\n');
    const other = join(make(), 'index');
    execFileSync('git', ['add', '-A'], { cwd: folder, env: { ...process.env, GIT_INDEX_FILE: other } });
    process.env.GIT_INDEX_FILE = other;
    try {
      assert.equal(said(await bytesAt(folder, 'index', 'a.env', gitHere)), 'A=2\n');
      assert.equal(said(await bytesAt(folder, 'index', 'a.env')), 'A=1\n');
    } finally {
      delete process.env.GIT_INDEX_FILE;
    }
    const before = process.cwd();
    process.chdir(folder);
    process.env.GIT_DIR = '.git';
    mkdirSync(join(folder, 'sub'));
    try {
      assert.deepEqual((await filesAt(join(folder, 'sub'), 'head', gitHere))?.length, 0);
      assert.equal(said(await bytesAt(folder, 'head', 'a.env', gitHere)), 'A=1\n');
    } finally {
      delete process.env.GIT_DIR;
      process.chdir(before);
    }
  });

  it('knows nothing outside git, and of commits that are not there', async () => {
    const outside = make();
    assert.equal(await commitOf(outside, 'HEAD'), undefined);
    for (const at of ['head', 'index', 1] as const) {
      assert.equal(await filesAt(outside, at), undefined);
      assert.equal(await bytesAt(outside, at, 'a.env'), undefined);
    }
    assert.equal(await changedBetween(outside, 'head', 'index'), undefined);
    const none = { hash: '0'.repeat(40) };
    assert.equal(await bytesAt(folder, none, 'a.env'), undefined);
    assert.equal(await filesAt(folder, { hash: '--help' }), undefined);
  });
});
