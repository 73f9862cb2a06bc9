import assert from 'node:assert/strict';
import { importsOf } from './imports.ts';
import { readTree } from './tree.ts';

/** Who may start a program, and what for. */
const starters: Readonly<Record<string, string>> = {
  'src/cli/compilecache.ts': 'the command line itself, from its own file, with what was compiled of it before',
  'src/cli/early.ts': 'nothing: it closes the inspector that a signal opened',
  'src/node/spawn.ts': 'editors, and the programs of run, exec-env and exec-file',
  'src/node/git/run.ts': 'git, to read',
  'src/node/disk/launches.ts': 'mkfifo, for the commands that LLDB reads',
  'src/node/output/pipe.ts': 'mkfifo, for the pipe that a program of run writes to',
  'src/node/private.ts': 'a shell that removes a folder when this process cannot',
  'src/node/output/stty.ts':
    'stty, for the terminal while a program of run is suspended; ps, to know on macOS whether run is in the background',
  'src/node/keys/plugin.ts': 'the programs of age plugins',
  'src/npm/threads.ts': 'a thread of its own, with our own text, for a program that waits',
  'src/node/managers/ask.ts': 'programs of other secrets managers, found outside the repository',
  'src/node/pgp/run.ts': 'gpg, for files with PGP keys',
  'src/node/keyservice/own.ts':
    'sops keyservice, for keys of clouds and of Vault, and a shell that ends it with this process',
  'src/node/program.ts': 'the programs that SOPS_AGE_KEY_CMD and its like name',
};

/** Ways around the import lines, which nobody here has a use for. */
const aside: readonly [string, RegExp][] = [
  ['opens something outside VS Code', /\bopenExternal\b/],
  ['takes a module of Node unseen', /\b(getBuiltinModule|createRequire|process\.(binding|dlopen|mainModule))\b/],
  ['requires what it computes', /\brequire\s*\(\s*(?!['"])/],
  ['imports what it computes', /\bimport\s*\(\s*(?!['"])/],
  ['makes code of text', /(?<![\w$.])eval\s*\(|\bnew Function\s*\(/],
];

/** Who goes such a way all the same, and why. */
const goesAside: Readonly<Record<string, string>> = {
  'src/npm/noderequire.ts': 'a bundle of a program has no require of its own',
};

/** Modules of Node that start programs, threads or debuggers, or that run text. */
const starting = /^(node:)?(child_process|cluster|worker_threads|inspector(\/promises)?|vm|repl|wasi)$/;

const faults = (files: ReadonlyMap<string, string>) =>
  [...files].flatMap(([file, text]) => {
    const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1');
    const starts = importsOf(text).some(({ target, typeOnly }) => starting.test(target) && !typeOnly);
    return [
      ...(starts && !Object.hasOwn(starters, file) ? [`${file} starts programs`] : []),
      ...aside
        .filter(([, pattern]) => pattern.test(code) && !Object.hasOwn(goesAside, file))
        .map(([what]) => `${file} ${what}`),
    ];
  });

describe('ways out of the process', () => {
  const files = readTree(['src', 'media'], /\.ts$/);

  it('are in the files that may', () => {
    assert.ok(files.size > 300, `${files.size}`);
    assert.deepEqual(faults(files), []);
  });

  it('are needed where they may be', () => {
    for (const file of Object.keys(starters))
      assert.ok(
        importsOf(files.get(file) ?? '').some(({ target }) => starting.test(target)),
        `${file} starts nothing: take it off the list`,
      );
  });

  it('would be noticed', () => {
    for (const text of [
      "import { spawn } from 'node:child_process';",
      "const { exec } = require('child_process');",
      "await import('node:worker_threads');",
      "import * as vm from 'node:vm';",
      'vscode.env.openExternal(uri)',
      "process.getBuiltinModule('http')",
      'createRequire(import.meta.url)',
      'require(name)',
      'await import(name)',
      'eval(text)',
      'new Function(text)()',
    ])
      assert.equal(faults(new Map([['src/extension/a.ts', text]])).length, 1, text);
    for (const text of ["import type { SpawnOptions } from 'node:child_process';", '// eval(text)', 'matcher.eval(1)'])
      assert.deepEqual(faults(new Map([['src/extension/a.ts', text]])), [], text);
  });
});
