import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Call } from '../../../src/cli/call.ts';
import { surveyFolder } from '../../../src/cli/files/survey.ts';
import { Flags } from '../../../src/cli/flags.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { conditionOf } from '../../../src/core/survey/access.ts';
import { walk } from '../../../src/node/walk.ts';
import { alice, bob, clock } from '../../core/support.ts';
import { Lab } from '../lab.ts';

describe('a survey of a folder', () => {
  let lab: Lab;
  let sealed: string;
  const put = (name: string, text: string) => {
    mkdirSync(dirname(join(lab.folder, name)), { recursive: true });
    return lab.write(name, text);
  };
  const survey = async () => {
    const call = { io: { cwd: lab.folder }, flags: new Flags({}, {}), args: [], after: undefined } as unknown as Call;
    const { files, cut } = await surveyFolder(call, lab.folder);
    assert.equal(cut, false);
    return Object.fromEntries(files.map(({ path, facts }) => [relative(lab.folder, path), conditionOf(facts)]));
  };

  before(async () => {
    sealed = (await seal('a: canary\n', 'yaml', { recipients: [alice.recipient] }, clock)).text;
  });
  beforeEach(() => {
    lab = new Lab();
    put('.sops.yaml', `creation_rules:\n  - path_regex: ^certs/|yaml$\n    age: ${alice.recipient}\n`);
    put('a.yaml', sealed);
    put('certs/deep/cert', sealed);
    put('app/.sops.yaml', `creation_rules:\n  - age: ${bob.recipient}\n`);
    put('app/b.yaml', sealed);
    put('.env', 'A=canary\n');
    put('readme.md', 'a');
    put('package.json', '{}');
    put('node_modules/a/.env', 'A=1\n');
  });
  afterEach(() => lab.dispose());

  const all = { '.env': 'plain', 'a.yaml': 'encrypted', 'app/b.yaml': 'differs', 'certs/deep/cert': 'encrypted' };

  it('finds each secret file, with the nearest rules', async () => {
    assert.deepEqual(await survey(), all);
  });

  it('leaves out in a work tree of git what that ignores', async () => {
    put('.gitignore', '.env\nnode_modules\n');
    execFileSync('git', ['init', '-q', lab.folder]);
    const { '.env': _, ...others } = all;
    assert.deepEqual(await survey(), others);
  });

  it('goes on where a folder, a file or the rules cannot be read', async () => {
    put('app/.sops.yaml', 'creation_rules: [\n');
    mkdirSync(join(lab.folder, 'shut'));
    symlinkSync('nowhere', join(lab.folder, 'gone.yaml'));
    symlinkSync('.', join(lab.folder, 'circle'));
    chmodSync(join(lab.folder, 'shut'), 0);
    assert.deepEqual(await survey(), { ...all, 'app/b.yaml': 'bad-rule' });
    chmodSync(join(lab.folder, 'shut'), 0o700);
  });

  it('says when a folder holds too many files', async () => {
    const { files, cut } = await walk(lab.folder, 3);
    assert.equal(files.length, 3);
    assert.equal(cut, true);
  });
});
