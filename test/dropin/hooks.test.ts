import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { delimiter } from 'node:path';
import { builtCli } from '../cli/built.ts';
import { Repo } from '../cli/git/repo.ts';
import { missing, skipFor } from '../skip.ts';

const programs = process.env.LOCKSTEP_HOOKS;

/** Programs that run what a repository wants before a commit, with our lines in their lists. */
const managers: Record<string, { file: string; text: string; install: [string, ...string[]] }> = {
  husky: { file: '.husky/pre-commit', text: 'echo mine >&2\n', install: ['husky'] },
  lefthook: {
    file: 'lefthook.yml',
    text: 'pre-commit:\n  parallel: false\n  commands:\n    own:\n      run: echo mine\n',
    install: ['lefthook', 'install'],
  },
  'pre-commit': {
    file: '.pre-commit-config.yaml',
    text: 'repos:\n  - repo: local\n    hooks:\n      - id: own\n        name: own\n        entry: echo mine\n        language: system\n        verbose: true\n',
    install: ['pre-commit', 'install'],
  },
};

describe('the hook beside other programs for hooks', function () {
  this.timeout(60_000);
  let cli: string;
  let repo: Repo;
  before(async function () {
    skipFor(this, missing('programs that start sops', programs !== undefined));
    cli = await builtCli();
  });
  after(() => {
    if (cli) rmSync(cli);
  });
  beforeEach(() => {
    repo = new Repo(cli);
    repo.env.PATH = `${programs}${delimiter}${repo.env.PATH}`;
  });
  afterEach(() => repo?.dispose());

  for (const [name, { file, text, install }] of Object.entries(managers))
    it(`${name} runs it, and what it ran before`, async () => {
      await repo.seal('a.enc.yaml', 'a: b\n');
      repo.write('.gitignore', '.husky/_\n');
      repo.write(file, text);
      if (name === 'husky') repo.program(...install);
      const set = repo.lockstep('git', 'install', '--hook', '--yes');
      assert.equal(set.code, 0, set.err);
      assert.match(set.out, new RegExp(`which ${name} runs before a commit`));
      if (name !== 'husky') repo.program(...install);
      repo.done('add', '-A');
      const good = repo.git('commit', '-m', 'good');
      assert.deepEqual([good.code, /mine/.test(good.out + good.err)], [0, true], good.out + good.err);
      repo.write('b.enc.yaml', 'name: canary-one\n');
      repo.done('add', '-A');
      const bad = repo.git('commit', '-m', 'bad');
      const said = bad.out + bad.err;
      assert.deepEqual([bad.code, /b\.enc\.yaml:1: error: name is plaintext/.test(said)], [1, true], said);
      assert.ok(!said.includes('canary'));
    });
});
