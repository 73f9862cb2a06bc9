import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSetUp } from '../../../src/core/merge/driver.ts';
import { register } from '../../../src/extension/gitsetup/register.ts';
import { commands } from '../../../src/extension/ids.ts';
import { nodePlatform } from '../../../src/node/platform.ts';
import { fake, Uri } from '../../fakes/vscode.ts';
import { skipFor, windows } from '../../skip.ts';
import { makeStage, type Stage } from '../session/session.ts';

describe('setting up git in the editor', () => {
  let stage: Stage;
  let home: string;
  let environment: NodeJS.ProcessEnv;
  let isOnPath: boolean;
  beforeEach(async function () {
    skipFor(this, windows);
    environment = process.env;
    // With signs that a shell and git read as something else, as a folder of programs may be called.
    home = mkdtempSync(join(tmpdir(), "lockstep it's 100%O $git "));
    mkdirSync(join(home, 'bin'));
    writeFileSync(join(home, 'bin', 'lockstep'), '#!/bin/sh\necho "$@" > called\ncat "$4" > "$3"\n', { mode: 0o700 });
    process.env = { ...environment, HOME: home, XDG_CONFIG_HOME: home, GIT_CONFIG_GLOBAL: join(home, 'gitconfig') };
    stage = await makeStage();
    isOnPath = false;
    const gitDriver = { ...nodePlatform.gitDriver, isOnPath: () => isOnPath };
    const cli = { shims: async () => join(home, 'bin') };
    Object.assign(stage.services, { platform: { ...nodePlatform, gitDriver }, cli });
    git('init', '-q', '-b', 'main');
    stage.write('.sops.yaml', `creation_rules:\n  - path_regex: \\.enc\\.yaml$\n    age: ${stage.recipient}\n`);
    stage.write('a.enc.yaml', await stage.sealed('a: canary\n', 'yaml'));
    stage.write('other.env', await stage.sealed('A=canary\n', 'dotenv'));
  });
  afterEach(() => {
    process.env = environment;
    stage?.end();
    if (home) rmSync(home, { recursive: true, force: true });
  });

  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], {
      cwd: stage.folder,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  const config = (scope: string) => {
    try {
      return git('config', `--${scope}`, '--get-regexp', '^merge');
    } catch {
      return '';
    }
  };
  const attributes = () => join(stage.folder, '.gitattributes');
  const run = async (pick: string) => {
    stage.script.asked = [];
    stage.script.pick = pick;
    await register(stage.services).commands[commands.setUpGit]?.();
    return stage.script.asked.join('\n');
  };

  it('goes by the rules and files that are on the disk, of which the system may tell late', async () => {
    const { rules, inventory } = stage.services;
    for (const name of ['.sops.yaml', 'a.enc.yaml', 'other.env']) unlinkSync(join(stage.folder, name));
    await inventory.refresh();
    assert.equal(await rules.find(Uri.file(join(stage.folder, 'a.enc.yaml'))), undefined);
    stage.write('.sops.yaml', `creation_rules:\n  - path_regex: \\.enc\\.yaml$\n    age: ${stage.recipient}\n`);
    stage.write('other.env', await stage.sealed('A=canary\n', 'dotenv'));
    await run('This Repository');
    const written = readFileSync(attributes(), 'utf8');
    assert.match(written, /\*\.enc\.yaml merge=lockstep/);
    assert.match(written, /\/other\.env merge=lockstep/);
  });

  it('shows what it writes, writes it once, and undoes it exactly', async () => {
    stage.write('.gitattributes', '*.png binary\n');
    const asked = await run('This Repository');
    assert.match(asked, /\+ merge\.lockstep\.driver = PATH="\$PATH":'.*' lockstep merge-driver -- %O %A %B %P/);
    assert.match(
      asked,
      /\+ \*\.enc\.yaml merge=lockstep\n\+ \/other\.env merge=lockstep|\+ \/other\.env merge=lockstep\n\+ \*\.enc\.yaml merge=lockstep/,
    );
    assert.match(asked, /Git merges encrypted files entry by entry now\. Commit \.gitattributes/);
    assert.ok(!asked.includes('canary'));
    const found = await nodePlatform.gitDriver?.configured(stage.folder, 'local');
    assert.ok(isSetUp(found ?? []));
    assert.match(readFileSync(attributes(), 'utf8'), /\*\.enc\.yaml merge=lockstep[\s\S]*\*\.png binary\n$/);
    assert.match(await run('This Repository'), /nothing changes/);

    assert.match(
      await run('Undo It in This Repository'),
      /- merge\.lockstep\.driver[\s\S]*- \*\.enc\.yaml merge=lockstep/,
    );
    assert.equal(config('local'), '');
    assert.equal(readFileSync(attributes(), 'utf8'), '*.png binary\n');
  });

  it('lets git start the program from a folder with a quote in its name', async () => {
    await run('This Repository');
    git('add', '-A');
    git('commit', '-qm', 'base');
    const changed = async (text: string) => stage.write('a.enc.yaml', await stage.sealed(text, 'yaml'));
    git('checkout', '-qb', 'side');
    await changed('a: side\n');
    git('commit', '-qam', 'side');
    git('checkout', '-q', 'main');
    await changed('a: main\n');
    git('commit', '-qam', 'main');
    git('merge', '-q', '-m', 'merged', 'side');
    assert.match(readFileSync(join(stage.folder, 'called'), 'utf8'), /^merge-driver -- \S+ \S+ \S+ a\.enc\.yaml\n$/);
  });

  it('takes the program on PATH, and writes the configuration of a person', async () => {
    isOnPath = true;
    const asked = await run('All of My Repositories');
    assert.match(asked, /\+ merge\.lockstep\.driver = lockstep merge-driver/);
    assert.match(readFileSync(join(home, 'gitconfig'), 'utf8'), /driver = lockstep merge-driver/);
    assert.equal(config('local'), '');
    await run('Undo It for All of My Repositories');
    assert.equal(config('global'), '');
    // Those lines are of the repository.
    assert.match(readFileSync(attributes(), 'utf8'), /merge=lockstep/);
    await run('Undo It in This Repository');
    assert.equal(existsSync(attributes()), false);
  });

  it('writes nothing without a yes, without trust, or while it cannot', async () => {
    stage.script.gesture = false;
    await run('This Repository');
    assert.deepEqual([config('local'), existsSync(attributes())], ['', false]);
    stage.script.gesture = true;
    fake.trusted = false;
    assert.match(await run('This Repository'), /Restricted Mode/);
    fake.trusted = true;
    const lock = join(stage.folder, '.git/config.lock');
    writeFileSync(lock, '');
    assert.match(await run('This Repository'), /Git did not change its configuration/);
    unlinkSync(lock);
    assert.deepEqual([config('local'), existsSync(attributes())], ['', false]);
    symlinkSync('elsewhere', attributes());
    await assert.rejects(run('This Repository'), { code: 'NOT_A_FILE' });
    unlinkSync(attributes());
    rmSync(join(stage.folder, '.git'), { recursive: true });
    assert.match(await run('This Repository'), /in no git repository/);
  });

  it('says where lines of a person win', async () => {
    stage.write('.gitattributes', 'a.enc.yaml merge=union\n');
    assert.match(await run('This Repository'), /Git merges 1 of 2 encrypted files/);
  });
});
