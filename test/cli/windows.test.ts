import assert from 'node:assert/strict';
import type { SpawnOptions } from 'node:child_process';
import fs, { readFileSync, writeFileSync } from 'node:fs';
import { win32 } from 'node:path';
import { closeStdout } from '../../src/cli/process.ts';
import { alice } from '../core/support.ts';
import { skipFor, windows } from '../skip.ts';
import { Lab } from './lab.ts';

/** What belongs to Windows alone, with its programs stood in for. */
describe('on Windows', () => {
  let lab: Lab;
  let started: { command: string; words: readonly string[]; options: SpawnOptions }[];
  beforeEach(async () => {
    lab = new Lab();
    started = [];
    lab.write('a%USER%.env', 'path=mine\nOther=1\n');
    assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, 'a%USER%.env'])).code, 0);
  });
  afterEach(() => lab.dispose());

  const run = (args: string[], env: Record<string, string> = {}, program: (path: string) => void = () => {}) =>
    lab.run(args, {
      platform: 'win32',
      env: { TMPDIR: lab.folder, ...env },
      program: (command, words, options) => {
        started.push({ command, words, options });
        program(/"([^"]*\.env)"/.exec(words.at(-1) ?? '')?.[1] ?? words.at(-1) ?? '');
        return 0;
      },
    });

  it('a shell is never one of the current folder', async () => {
    lab.write('cmd.exe', '');
    assert.equal((await run(['exec-env', 'a%USER%.env', 'npm start'])).code, 0);
    assert.ok(win32.isAbsolute(started[0]?.command ?? ''), started[0]?.command);
    assert.deepEqual(started[0]?.words, ['/d', '/s', '/c', '"npm start"']);
  });

  it('standard output that Node cannot look at is no failure', () => {
    const { fstatSync } = fs;
    fs.fstatSync = (() => {
      throw Object.assign(new Error('bad file descriptor'), { code: 'EBADF' });
    }) as unknown as typeof fstatSync;
    try {
      assert.equal(closeStdout(0, 'win32'), 0);
    } finally {
      fs.fstatSync = fstatSync;
    }
  });

  it('a program that is not on PATH is not started', async () => {
    lab.write('node.exe', '');
    assert.equal((await run(['exec-env', 'a%USER%.env', '--', 'node', 'x'])).code, 127);
    assert.equal((await run(['edit', 'a%USER%.env'], { EDITOR: 'node' })).code, 201);
    // A folder whose name no system takes is passed over.
    const PATH = `C:\\${'x'.repeat(5_000)}`;
    assert.equal((await run(['exec-env', 'a%USER%.env', '--', 'node', 'x'], { PATH })).code, 127);
    assert.deepEqual(started, []);
  });

  it('a value takes the place of a variable in any case of its letters', async () => {
    assert.equal((await run(['exec-env', 'a%USER%.env', 'x'], { Path: 'theirs', OTHER: '2', oTHERs: '3' })).code, 0);
    const env = started[0]?.options.env ?? {};
    const named = (name: string) => Object.entries(env).filter(([one]) => one.toUpperCase() === name);
    assert.deepEqual(named('PATH'), [['path', 'mine']]);
    assert.deepEqual(named('OTHER'), [['Other', '1']]);
    assert.deepEqual(named('OTHERS'), [['oTHERs', '3']]);
  });

  it('advice names quotes that its shells leave alone', async () => {
    const { err } = await run(['decrypt', '--extract', '[database]', 'a%USER%.env']);
    const [, path = ''] = /On Windows .*"(\S+)"\./.exec(err) ?? [];
    assert.doesNotMatch(path, /"/);
    const named = path.replace(/^\['database'\].*/, "['Other']");
    assert.equal((await run(['decrypt', '--extract', named, 'a%USER%.env'])).out, '1');
    assert.match((await run(['exec-env', 'a%USER%.env'])).err, /"npm start"/);
  });

  it('an editor sees a file whose name stands for nothing else', async function () {
    skipFor(this, windows);
    // Elsewhere this is the name of a file in the current folder.
    const editor = 'C:\\Program Files\\editor.cmd';
    lab.write(editor, '');
    const back = process.cwd();
    process.chdir(lab.folder);
    const { code } = await run(['edit', 'a%USER%.env'], { EDITOR: `"${editor}" --wait` }, (path) => {
      assert.ok(path.endsWith('a_USER_.env'), path);
      writeFileSync(path, readFileSync(path, 'utf8').replace('mine', 'changed'));
    }).finally(() => process.chdir(back));
    assert.equal(code, 0);
    assert.match(started[0]?.words.at(-1) ?? '', /^""C:\\Program Files\\editor\.cmd" "--wait" "/);
    assert.equal((await lab.run(['decrypt', 'a%USER%.env'])).out, 'path=changed\nOther=1\n');
  });
});
