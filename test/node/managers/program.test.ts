import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, win32 } from 'node:path';
import { type Look, managerCommand, repositoriesOf } from '../../../src/node/managers/program.ts';
import { describeUnless, windows } from '../../skip.ts';

/** A disk with these programs, and links from one path to another. */
const disk = (programs: readonly string[], links: Readonly<Record<string, string>> = {}): Look => ({
  isProgram: (path) => programs.includes(path),
  real: (path) => links[path] ?? path,
});

const posix = (path: string, look: Look, outside: readonly string[] = ['/work/repo'], name = 'op') =>
  managerCommand([name, 'read', 'x y'], { platform: 'linux', env: { PATH: path }, outside }, look);
const on = (program: string) => ({ program, args: ['read', 'x y'], verbatim: false });

describe('the program of a manager', () => {
  it('comes from the absolute folders of PATH', () => {
    assert.deepEqual(posix('/a:/b', disk(['/b/op'])), on('/b/op'));
    assert.equal(posix('.:bin::', disk(['./op', 'bin/op', 'op', '/op'])), 'missing');
    assert.equal(managerCommand(['op'], { platform: 'linux', env: {}, outside: [] }, disk(['/usr/bin/op'])), 'missing');
  });

  it('never comes from a repository, by whatever way', () => {
    const own = '/work/repo/node_modules/.bin/op';
    assert.deepEqual(posix('/work/repo/node_modules/.bin:/b', disk([own, '/b/op'])), on('/b/op'));
    assert.equal(posix('/work/repo/node_modules/.bin', disk([own])), 'workspace');
    assert.equal(posix('/work/repo', disk(['/work/repo/op'])), 'workspace');
    assert.equal(posix('/b/../work/repo', disk(['/work/repo/op'])), 'workspace');
    // The folder, the file, or a link in it that leads elsewhere.
    assert.equal(posix('/link', disk(['/link/op'], { '/link': '/work/repo/bin' })), 'workspace');
    assert.equal(posix('/b', disk(['/b/op'], { '/b/op': '/work/repo/evil' })), 'workspace');
    assert.equal(
      posix('/work/repo/bin', disk(['/work/repo/bin/op'], { '/work/repo/bin/op': '/usr/bin/env' })),
      'workspace',
    );
    // A folder of another name.
    assert.deepEqual(posix('/work/repo-tools', disk(['/work/repo-tools/op'])), on('/work/repo-tools/op'));
    assert.deepEqual(posix('/work/..repo', disk(['/work/..repo/op']), ['/work']), 'workspace');
  });

  it('that a person names by its whole path is that one', () => {
    const look = disk(['/work/repo/op']);
    assert.deepEqual(posix('', look, ['/work/repo'], '/work/repo/op'), on('/work/repo/op'));
    assert.equal(posix('/work/repo', look, [], '/nowhere/op'), 'missing');
  });

  const win = (path: string, look: Look, words = ['az', 'read', 'x y']) =>
    managerCommand(
      words,
      { platform: 'win32', env: { Path: path, SystemRoot: 'C:\\Windows' }, outside: ['C:\\repo'] },
      look,
    );

  it('is a .cmd on Windows, started by the shell of the system with every word in quotes', () => {
    const found = win('C:\\az;D:\\tools', disk(['D:\\tools\\az.cmd']));
    assert.deepEqual(found, {
      program: 'C:\\Windows\\System32\\cmd.exe',
      args: ['/d', '/s', '/c', '""D:\\tools\\az.cmd" "read" "x y""'],
      verbatim: true,
    });
  });

  it('is no .cmd of a repository there, in any case of its letters', () => {
    const look = disk(['C:\\Repo\\node_modules\\.bin\\az.cmd', 'D:\\az.exe', 'az.cmd', '.\\az.cmd']);
    assert.deepEqual(win('C:\\Repo\\node_modules\\.bin;.;D:\\', look), {
      program: 'D:\\az.exe',
      args: ['read', 'x y'],
      verbatim: false,
    });
    assert.equal(win('C:\\Repo\\node_modules\\.bin', look), 'workspace');
    assert.equal(win('.;', look), 'missing');
  });

  it('gets no words there that cmd.exe would change', () => {
    const look = disk(['D:\\az.cmd']);
    for (const word of ['100%', 'a"b', 'a\nb']) assert.throws(() => win('D:\\', look, ['az', word]), /BAD_VALUE/);
    assert.deepEqual(
      (win('D:\\', look, ['az', 'a&b|c^d']) as { args: readonly string[] }).args[3],
      '""D:\\az.cmd" "a&b|c^d""',
    );
  });
});

describeUnless(windows, 'the folders that a repository fills', () => {
  let folder: string;
  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep-managers-')));
    mkdirSync(join(folder, 'home', 'repo', '.git'), { recursive: true });
    mkdirSync(join(folder, 'home', 'repo', 'sub'));
    mkdirSync(join(folder, 'plain'));
    mkdirSync(join(folder, 'home', 'repo', 'module', '.git'), { recursive: true });
    mkdirSync(join(folder, 'dotfiles', '.git'), { recursive: true });
    mkdirSync(join(folder, 'dotfiles', 'unpacked'));
    symlinkSync(join(folder, 'home', 'repo', 'sub'), join(folder, 'link'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('are the root of the repository, or the folder', () => {
    const of = (...names: string[]) =>
      repositoriesOf(
        names.map((name) => join(folder, name)),
        join(folder, 'home'),
      );
    assert.deepEqual(of('home/repo/sub', 'link'), [join(folder, 'home/repo')]);
    assert.deepEqual(of('plain'), [join(folder, 'plain')]);
    assert.deepEqual(of('home', '.'), [], 'not the home folder, and nothing above it');
    assert.deepEqual(repositoriesOf(['/'], '/nowhere'), []);
    const inWindows = (...folders: string[]) => repositoriesOf(folders, 'C:\\Users\\ada', win32);
    assert.deepEqual(inWindows('c:\\users\\Ada', 'c:\\Users', 'C:\\'), []);
    assert.deepEqual(inWindows('c:\\users\\ada\\x', 'D:\\work'), ['c:\\users\\ada\\x', 'D:\\work']);
  });

  it('are those around a submodule, and a folder without one below a home folder that is in git', () => {
    const of = (name: string, home: string) => repositoriesOf([join(folder, name)], join(folder, home));
    assert.deepEqual(of('home/repo/module', 'home'), [join(folder, 'home/repo')]);
    assert.deepEqual(of('dotfiles/unpacked', 'dotfiles'), [join(folder, 'dotfiles/unpacked')]);
    assert.deepEqual(of('dotfiles', 'dotfiles'), []);
  });
});
