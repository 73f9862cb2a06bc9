import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { contents, history } from '../../src/node/git.ts';

describe('the history of a repository', function () {
  this.timeout(30_000);
  let folder: string;
  const run = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example', ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  const commit = (message: string) => {
    run('add', '-A');
    run('commit', '-q', '-m', message);
  };
  const seen = async (commits?: number) =>
    ((await history(folder, commits))?.changes ?? []).map(
      ({ path, from, blob }) => `${from === undefined ? '' : `${from} → `}${path}${blob === undefined ? ' gone' : ''}`,
    );

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep git ')));
    run('init', '-q', '-b', 'main');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('has renames, other branches, what is gone, and what only a merge brought in', async () => {
    write('sub/a\n"b\t.env', 'A=1\n');
    commit('one');
    run('mv', 'sub/a\n"b\t.env', 'c.env');
    commit('two');
    run('checkout', '-q', '-b', 'side');
    write('c.env', 'A=side\n');
    commit('three');
    run('checkout', '-q', 'main');
    write('other', 'x');
    commit('four');
    run('merge', '-q', '--no-commit', 'side');
    write('c.env', 'A=merge\n');
    commit('five');
    run('rm', '-q', 'c.env');
    commit('six');
    const found = (await history(folder))?.changes ?? [];
    assert.deepEqual((await seen()).sort(), [
      'c.env',
      'c.env',
      'c.env gone',
      'other',
      'sub/a\n"b\t.env',
      'sub/a\n"b\t.env → c.env',
    ]);
    const texts: string[] = [];
    const blobs = found.flatMap(({ path, blob }) => (path === 'other' || blob === undefined ? [] : [blob]));
    for await (const { bytes } of contents(folder, blobs)) texts.push(Buffer.from(bytes).toString());
    assert.deepEqual(texts.sort(), ['A=1\n', 'A=merge\n', 'A=side\n'], 'each once');
    for (const { commit: hash, time } of found) {
      assert.match(hash, /^[0-9a-f]{10}$/);
      assert.ok(Math.abs(Date.now() - time.getTime()) < 600_000);
    }
  });

  it('says when there is more than it gives', async () => {
    for (const n of [1, 2, 3]) {
      write('a.env', `A=${n}\n`);
      commit(`${n}`);
    }
    assert.equal((await history(folder, 3))?.missing, undefined);
    const part = await history(folder, 2);
    assert.equal(part?.missing, 'more');
    assert.equal(part?.changes.length, 2);
    const clone = join(folder, 'clone');
    run('clone', '-q', '--depth', '1', `file://${folder}`, clone);
    assert.equal((await history(clone))?.missing, 'shallow');
  });

  it('is empty before the first commit, and undefined outside git', async () => {
    assert.deepEqual(await history(folder), { changes: [], missing: undefined });
    rmSync(join(folder, '.git'), { recursive: true });
    assert.equal(await history(folder), undefined);
  });

  it('is no other one because of what the configuration of the repository says', async () => {
    write('sub/a.env', 'A=1\n');
    commit('one');
    run('mv', 'sub/a.env', 'sub/b.env');
    commit('two');
    for (const setting of ['log.showRoot', 'diff.renames']) run('config', setting, 'false');
    for (const setting of ['diff.relative', 'log.follow', 'log.showSignature']) run('config', setting, 'true');
    run('config', 'diff.noprefix', 'true');
    run('config', 'log.diffMerges', 'off');
    run('config', 'diff.renameLimit', '1');
    const found = (await history(join(folder, 'sub')))?.changes ?? [];
    assert.deepEqual(
      found.map(({ path, from }) => [from, path]),
      [
        ['sub/a.env', 'sub/b.env'],
        [undefined, 'sub/a.env'],
      ],
    );
  });

  it('has no bytes of links and submodules, and takes a program for a file', async () => {
    symlinkSync('/etc/passwd', join(folder, 'link.env'));
    write('run.env', 'A=1\n');
    chmodSync(join(folder, 'run.env'), 0o755);
    commit('one');
    const found = (await history(folder))?.changes ?? [];
    const of = (name: string) => found.find(({ path }) => path === name);
    assert.equal(of('link.env')?.blob, undefined);
    assert.match(of('run.env')?.blob ?? '', /^[0-9a-f]{40}$/);
    const none: unknown[] = [];
    for await (const one of contents(folder, ['0'.repeat(40)])) none.push(one);
    assert.deepEqual(none, [], 'what is not there is left out');
  });

  it('runs nothing that the repository names', async () => {
    const witness = `${folder}.witness`;
    write('.gitattributes', '*.env filter=bad diff=bad\n');
    write('a.env', 'A=1\n');
    commit('one');
    const names = [
      'core.fsmonitor',
      'core.pager',
      'diff.external',
      'diff.bad.textconv',
      'diff.bad.command',
      'gpg.program',
    ];
    for (const name of names) run('config', name, `touch '${witness}'; true`);
    run('config', 'log.showSignature', 'true');
    assert.equal((await history(folder))?.changes.length, 2);
    assert.equal(existsSync(witness), false);
  });
});
