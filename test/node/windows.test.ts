import assert from 'node:assert/strict';
import { windowsCommand, windowsShell } from '../../src/node/windows.ts';

const cwd = 'C:\\work\\repository';
const env = {
  PATH: 'relative;.;"C:\\Program Files\\nodejs";C:\\Windows\\System32;',
  PATHEXT: '.COM;.EXE;.BAT;.CMD;.VBS;.JS',
  ComSpec: 'C:\\Windows\\System32\\cmd.exe',
};
const there = (...files: string[]) => {
  const known = files.map((file) => file.toLowerCase());
  return (path: string) => known.includes(path.toLowerCase());
};
const found = (words: readonly string[], ...files: string[]) => windowsCommand(words, { cwd, env }, there(...files));

describe('a program on Windows', () => {
  it('is never one that lies in the current folder, unless its path says so', () => {
    const planted = ['C:\\work\\repository\\node.exe', 'C:\\work\\repository\\relative\\node.exe'];
    assert.equal(found(['node'], ...planted), undefined);
    assert.equal(found(['node.exe'], ...planted), undefined);
    assert.deepEqual(found(['node', 'a b'], ...planted, 'C:\\Program Files\\nodejs\\node.exe'), {
      program: 'C:\\Program Files\\nodejs\\node.exe',
      args: ['a b'],
      verbatim: false,
    });
    assert.equal(found(['.\\node'], ...planted)?.program, planted[0]?.replace('.exe', '.exe'));
    assert.equal(found(['relative/node.exe'], ...planted)?.program, planted[1]);
    assert.equal(found(['D:\\tools\\x.exe'], 'D:\\tools\\x.exe')?.program, 'D:\\tools\\x.exe');
    assert.equal(found([''], 'C:\\work\\repository\\.exe'), undefined);
  });

  it('is what PATHEXT says and can be started, in the order of PATH', () => {
    const files = [
      'C:\\Windows\\System32\\npm.exe',
      'C:\\Program Files\\nodejs\\npm',
      'C:\\Program Files\\nodejs\\npm.js',
    ];
    assert.equal(found(['npm'], ...files)?.program, 'C:\\Windows\\System32\\npm.exe');
    assert.equal(found(['npm'], ...files.slice(1)), undefined);
  });

  it('is found by variables in any case of their letters, as a copy of the environment has them', () => {
    const copy = { Path: 'C:\\tools', pathext: '.EXE', COMSPEC: 'D:\\cmd.exe' };
    assert.equal(
      windowsCommand(['key'], { cwd, env: copy }, there('C:\\tools\\key.exe'))?.program,
      'C:\\tools\\key.exe',
    );
    assert.equal(windowsCommand(['key'], { cwd, env: copy }, there('C:\\tools\\key.cmd')), undefined);
    assert.equal(windowsShell('x', copy).program, 'D:\\cmd.exe');
    assert.equal(windowsShell('x', { SYSTEMROOT: 'D:\\Win' }).program, 'D:\\Win\\System32\\cmd.exe');
  });

  it('goes through cmd.exe when it is a .cmd, with words that stay what they are', () => {
    const npm = 'C:\\Program Files\\nodejs\\npm.cmd';
    assert.deepEqual(found(['npm', 'run', 'a & b', '^|<>()', 'C:\\x\\'], npm), {
      program: 'C:\\Windows\\System32\\cmd.exe',
      args: ['/d', '/s', '/c', `""${npm}" "run" "a & b" "^|<>()" "C:\\x\\\\""`],
      verbatim: true,
    });
    for (const word of ['a"b', '%PATH%', 'a\nb', 'a\rb'])
      assert.throws(() => found(['npm', word], npm), { code: 'BAD_VALUE' });
  });

  it('has a shell by its full path, whatever the environment says', () => {
    assert.equal(windowsShell('x', env).program, 'C:\\Windows\\System32\\cmd.exe');
    assert.equal(windowsShell('x', { ComSpec: 'cmd.exe' }).program, 'C:\\Windows\\System32\\cmd.exe');
    assert.equal(windowsShell('x', { SystemRoot: 'D:\\Win' }).program, 'D:\\Win\\System32\\cmd.exe');
  });
});
