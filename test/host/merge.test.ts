import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { change } from '../../src/core/change/change.ts';
import { open } from '../../src/core/open/open.ts';
import { systemClock } from '../../src/core/ports.ts';
import { readSealed } from '../../src/core/sops/sealed.ts';
import { pagesKey } from '../../src/extension/testing.ts';
import { keyringOf } from '../core/support.ts';
import { skipFor, windows } from '../skip.ts';
import { cleanUp } from './editors.ts';
import { ruleFor, sealed, valuesOf } from './files.ts';
import { type Key, onlyKey } from './keys.ts';
import { entry, found, person, run, start, unlock } from './support.ts';

/** As much of VS Code's git as is used here. */
interface Repository {
  merge(ref: string): Promise<void>;
}
interface GitApi {
  openRepository(root: vscode.Uri): Promise<Repository | null>;
}

describe('a merge by VS Code’s own git', () => {
  let key: Key;
  let root: string;
  let repository: Repository;

  before(async function () {
    skipFor(this, windows);
    await start();
    key = await onlyKey();
    root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? assert.fail('no folder');
    git('init', '-q', '-b', 'main');
    for (const [name, value] of [
      ['user.name', 'Ada'],
      ['user.email', 'ada@example'],
    ] as const)
      git('config', name, value);
    write('.sops.yaml', ruleFor([key.recipient], '\\.enc\\.yaml$'));
    write('a.enc.yaml', await sealed('a.enc.yaml', 'a: canary-one\nb: canary-two\n', [key]));
    const asked = await run('setUpGit', { pick: 'This Repository' });
    assert.match(asked.at(-1) ?? '', /entry by entry now\. Commit \.gitattributes/);
    commit('base');
    git('tag', 'base');
    const extension = vscode.extensions.getExtension<{ getAPI(version: 1): GitApi }>('vscode.git');
    const api = (await extension?.activate())?.getAPI(1) ?? assert.fail('no git in VS Code');
    repository = (await api.openRepository(vscode.Uri.file(root))) ?? assert.fail('no repository');
  });
  after(async () => {
    for (const name of ['.git', '.gitattributes', '.sops.yaml', 'a.enc.yaml'])
      rmSync(join(root, name), { recursive: true, force: true });
    await unlock();
    await cleanUp();
  });

  // Whatever the test before has left, also one that failed in the middle of a merge.
  beforeEach(() => {
    git('reset', '-q', '--hard', 'base');
    git('checkout', '-q', '-B', 'main', 'base');
  });

  const git = (...words: string[]) => execFileSync('git', words, { cwd: root, encoding: 'utf8', stdio: 'pipe' });
  const write = (name: string, text: string) => writeFileSync(join(root, name), text);
  const read = () => readFileSync(join(root, 'a.enc.yaml'), 'utf8');
  const commit = (message: string) => {
    git('add', '-A');
    git('commit', '-qm', message);
  };
  const edit = async (name: string, value: string) => {
    const file = await open(readSealed(read(), 'yaml'), await keyringOf(key.identity));
    const step = { kind: 'set', id: entry(name), value: { type: 'str', value } } as const;
    write('a.enc.yaml', (await change(file, step, systemClock)).text);
  };
  const fork = async (theirs: [string, string], ours: [string, string]) => {
    git('checkout', '-q', '-B', 'side');
    await edit(...theirs);
    commit('theirs');
    git('checkout', '-q', 'main');
    await edit(...ours);
    commit('ours');
  };
  /** Its message alone says no more than that git failed. */
  const merge = () =>
    repository.merge('side').catch((error) => {
      throw new Error([error.message, error.gitErrorCode, error.stdout, error.stderr].join('\n'));
    });

  it('gets the key from this window after a question, and leaves no conflict in mac', async () => {
    await fork(['a', 'canary-theirs'], ['b', 'canary-ours']);
    const asked = await person({ choose: 'Allow for This Session' });
    await merge();
    assert.match(asked.join('\n'), /lockstep.* wants to decrypt|wants to decrypt a\.enc\.yaml/);
    assert.equal(git('status', '--porcelain'), '');
    const values = await valuesOf('a.enc.yaml', read(), key);
    assert.deepEqual([values[entry('a')], values[entry('b')]], ['canary-theirs', 'canary-ours']);
    assert.ok(!/canary/.test(JSON.stringify(asked)));
  });

  it('leaves a whole file where both changed an entry, says so, and Resolve by Secret settles it', async () => {
    await fork(['a', 'canary-theirs-2'], ['a', 'canary-ours-2']);
    const asked = await person({ choose: 'Allow for This Session' });
    await assert.rejects(merge(), /CONFLICT/);
    await found('the message', () => asked.find((one) => /Git has left a\.enc\.yaml in conflict/.test(one)));
    assert.doesNotMatch(read(), /<<<<<<</);
    await run('resolve', { message: 'Stage' }, vscode.Uri.file(join(root, 'a.enc.yaml')));
    const pages = (globalThis as { [pagesKey]?: Set<{ receive(message: unknown): Promise<void> }> })[pagesKey];
    const page = [...(pages ?? [])].at(-1) ?? assert.fail('no page');
    for (const [request, action] of ['restTheirs', 'save'].entries())
      await page.receive({ type: 'act', request, revision: 1, args: { action } });
    await found('the file is staged', () => (git('ls-files', '-u') === '' ? true : undefined));
    const values = await valuesOf('a.enc.yaml', read(), key);
    assert.equal(values[entry('a')], 'canary-theirs-2');
    // Nothing in clear text is in the repository.
    const { stdout } = spawnSync('git', ['cat-file', '--batch-all-objects', '--batch', '--unordered'], {
      cwd: root,
      encoding: 'latin1',
    });
    assert.ok(!/canary/.test(stdout));
  });
});
