import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { register } from '../../../src/extension/check/register.ts';
import { commands, contexts } from '../../../src/extension/ids.ts';
import { quickFixes } from '../../../src/extension/plain/actions.ts';
import type { Feature } from '../../../src/extension/services.ts';
import { EventEmitter, extensions, fake, Uri } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

const value = 'canary-7Kq*zX9#wP2';

describe('what should not be in the next commit', () => {
  let stage: Stage;
  let feature: Feature | undefined;
  let revert: string[];
  let committed: EventEmitter<void>;
  const realExtension = extensions.getExtension;
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=b@c', ...args], {
      cwd: stage.folder,
      encoding: 'utf8',
      stdio: 'pipe',
    });

  /** VS Code's git extension has not looked since the last change. */
  let isBehind = false;

  /** VS Code's git extension over the real git. */
  function useGit() {
    const changed = new EventEmitter<void>();
    committed = new EventEmitter<void>();
    const changes = (column: number) =>
      git('status', '--porcelain', '-uall', '-z')
        .split('\0')
        .filter((line) => line !== '' && ![' ', '?'].includes(line[column] ?? ''))
        .map((line) => ({ uri: Uri.file(join(stage.folder, line.slice(3))) }));
    const repository = {
      rootUri: Uri.file(stage.folder),
      ui: { selected: true },
      state: {
        get indexChanges() {
          return isBehind ? [] : changes(0);
        },
        get workingTreeChanges() {
          return changes(1);
        },
        onDidChange: changed.event,
      },
      onDidCommit: committed.event,
      status: async () => {
        isBehind = false;
      },
      revert: async (paths: string[]) => {
        revert.push(...paths);
        git('reset', '-q', '--', ...paths);
      },
    };
    const none = new EventEmitter<never>();
    const api = { repositories: [repository], onDidOpenRepository: none.event, onDidCloseRepository: none.event };
    extensions.getExtension = (() => ({ activate: async () => ({ getAPI: () => api }) })) as never;
  }

  beforeEach(async () => {
    stage = await makeStage();
    revert = [];
    git('init', '-q', '-b', 'main');
    stage.write('.sops.yaml', `creation_rules:\n  - path_regex: \\.enc\\.\n    age: ${stage.recipient} # Me\n`);
    stage.write('a.enc.yaml', await stage.sealed(`db:\n  password: "${value}"\n`, 'yaml'));
    stage.write('main.ts', 'export {};\n');
    git('add', '-A');
    git('commit', '-qm', 'base');
    useGit();
    feature = register(stage.services);
    await new Promise((resolve) => setTimeout(resolve));
  });
  afterEach(() => {
    feature?.disposable.dispose();
    extensions.getExtension = realExtension;
    stage.end();
  });

  const run = async (id: 'checkCommit' | 'commitChecked' = 'checkCommit') => {
    stage.script.asked.length = 0;
    await feature?.commands[commands[id]]?.();
    const asked = stage.script.asked.join('\n');
    assert.ok(!asked.includes('canary'), asked);
    return asked;
  };
  const problems = () =>
    [...(fake.collections.get('lockstep-commit') ?? [])].flatMap(([uri, all]) =>
      all.map(({ message, range, severity, code }) => {
        assert.ok(!message.includes('canary'));
        return `${uri.slice(uri.lastIndexOf('/') + 1)}:${range.start.line + 1} ${severity} ${code} ${message}`;
      }),
    );
  const badgeOf = (name: string) => {
    const providers = fake.providers.filter(({ kind }) => kind === 'fileDecoration').map(({ provider }) => provider);
    const [one] = providers as { provideFileDecoration(uri: Uri): { badge?: string; tooltip: string } | undefined }[];
    return one?.provideFileDecoration(Uri.file(join(stage.folder, name)));
  };
  /** A look of its own, whenever it ends, tells menus what it has found. */
  const lastCommand = () => fake.executed.findLast(([id]) => id !== 'setContext')?.[0];
  const isAsked = () =>
    fake.executed.filter(([id, name]) => id === 'setContext' && name === contexts.commitHasProblems).at(-1)?.[2];

  it('looks into a staged file that is encrypted under a name that does not say so', async () => {
    stage.write('config', (await stage.sealed('x: canary-1\n', 'yaml')).replace(/^x: .*/m, 'x: canary-1'));
    git('add', '-A');
    await run();
    assert.deepEqual(
      problems().map((one) => one.split(' ').slice(0, 3).join(' ')),
      ['config:1 0 damaged', 'config:2 1 no-rule'],
    );
  });

  it('is a problem on each line, a badge on each file, and a question; as git has it', async () => {
    stage.write('b.enc.yaml', 'x: canary-1\ny:\n  z: canary-2\n');
    stage.write('copy.ts', `\nconst it = '${value}';\n`);
    git('add', '-A');
    rmSync(join(stage.folder, 'b.enc.yaml'));
    stage.write('copy.ts', 'nothing\n');
    const asked = await run();
    assert.match(asked, /^The next commit should not have b\.enc\.yaml, copy\.ts in it as they are\./);
    assert.deepEqual(problems(), [
      'b.enc.yaml:1 0 plain-secrets The next commit has x as plaintext, and a creation rule wants this file encrypted.',
      'b.enc.yaml:3 0 plain-secrets The next commit has y.z as plaintext, and a creation rule wants this file encrypted.',
      'copy.ts:2 0 own-value The next commit has the value of db.password from a.enc.yaml here. Read it from the environment instead.',
    ]);
    assert.equal(badgeOf('copy.ts')?.badge, '!');
    assert.equal(badgeOf('main.ts'), undefined);
    assert.equal(isAsked(), true);
    assert.equal(lastCommand(), 'workbench.actions.view.problems');
    assert.equal(await run(), '', 'once for each file');
    git('reset', '-q');
    stage.write('copy.ts', '');
    assert.match(await run(), /Nothing was found/);
    assert.deepEqual([problems(), badgeOf('copy.ts'), isAsked()], [[], undefined, false]);
  });

  it('is plaintext among the metadata of a file that verifies, and a comment there', async () => {
    const sealed = (await stage.sealed('A=canary-1\n', 'dotenv')).trimEnd();
    const line = sealed.split('\n').length + 1;
    stage.write('b.enc.env', `${sealed}\nsops_password=hunter2canary\n#password=hunter2canary\n`);
    git('add', '-A');
    await run();
    assert.deepEqual(problems(), [
      `b.enc.env:${line} 0 in-metadata The next commit has sops_password as plaintext in the metadata, which is never encrypted. Delete it there.`,
      `b.enc.env:${line + 1} 0 in-metadata The next commit has a comment in the metadata that looks like a secret. Delete it.`,
    ]);
    stage.script.message = [];
    stage.script.choose = [undefined as never];
    assert.match(await run('commitChecked'), /sops_password as plaintext in the metadata[\s\S]*git history/);
  });

  it('is looked for in what is staged at this moment, whoever else looks', async () => {
    stage.write('b.enc.yaml', 'x: canary-1\n');
    git('add', '-A');
    isBehind = true;
    const all = await Promise.all([run(), run()]);
    assert.doesNotMatch(all.join(), /Nothing was found|knows no repository/);
    assert.deepEqual(
      problems().map((line) => line.split(' ')[0]),
      ['b.enc.yaml:1'],
    );
  });

  it('is taken out of the index by an answer, before the commit or as it is about to be', async () => {
    stage.write('b.enc.yaml', 'x: canary-1\n');
    stage.write('main.ts', 'export const a = 1;\n');
    git('add', '-A');
    stage.script.message = 'Unstage';
    await run();
    for (let i = 0; revert.length === 0 && i < 200; i++) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(revert, [join(stage.folder, 'b.enc.yaml')]);
    assert.equal(git('diff', '--cached', '--name-only'), 'main.ts\n');
    git('add', '-A');
    stage.script.message = [];
    stage.script.choose = ['Unstage'];
    assert.match(
      await run('commitChecked'),
      /b\.enc\.yaml: The next commit has x as plaintext[\s\S]*git history/,
      'with the reason',
    );
    assert.equal(git('diff', '--cached', '--name-only'), 'main.ts\n');
    const commits = () => fake.executed.filter(([id]) => id === 'git.commit').length;
    assert.equal(commits(), 0);
    git('add', '-A');
    stage.script.choose = [undefined as never];
    await run('commitChecked');
    assert.equal(commits(), 0, 'no answer is a no');
    stage.script.choose = ['Commit Anyway'];
    await run('commitChecked');
    assert.equal(commits(), 1);
    git('reset', '-q');
    git('add', 'main.ts');
    assert.equal(await run('commitChecked'), '', 'nothing to ask');
    assert.equal(commits(), 2);
  });

  it('is one question, however often the key is pressed before the answer', async () => {
    stage.write('b.enc.yaml', 'x: canary-1\n');
    git('add', '-A');
    await run();
    stage.script.choose = ['Unstage', 'Commit Anyway'];
    await Promise.all([run('commitChecked'), run('commitChecked'), run('commitChecked')]);
    assert.deepEqual(stage.script.choose, ['Commit Anyway']);
    assert.equal(git('diff', '--cached', '--name-only'), '');
    git('add', '-A');
    await run('commitChecked');
    assert.equal(lastCommand(), 'git.commit', 'the next one is asked anew');
  });

  it('is no file that the commit does not change: one that names a secret which is gone is told as that', async () => {
    stage.write('.lockstep/environments.yaml', 'production:\n  files: [a.enc.yaml, gone.yaml]\n');
    git('add', '-A');
    git('commit', '-qm', 'environments');
    await stage.services.inventory.refresh();
    stage.write('a.enc.yaml', await stage.sealed('db:\n  password: other\n', 'yaml'));
    git('add', '-A');
    const asked = await run();
    assert.match(asked, /\.lockstep\/environments\.yaml names secrets that will be missing/);
    assert.doesNotMatch(asked, /Unstage|in it as/);
    stage.write('b.enc.yaml', 'x: canary-1\n');
    git('add', '-A');
    assert.match(await run(), /^The next commit should not have b\.enc\.yaml in it as it is\./);
    stage.script.choose = [undefined as never];
    assert.match(
      await run('commitChecked'),
      /\n• b\.enc\.yaml: [^\n]*\n• \.lockstep\/environments\.yaml: /,
      'its own first',
    );
  });

  it('can be taken back after a commit that nobody was asked about', async () => {
    stage.write('b.enc.yaml', 'x: canary-1\n');
    git('add', '-A');
    await run();
    stage.script.asked.length = 0;
    stage.script.message = ['Undo Last Commit'];
    committed.fire();
    await new Promise((resolve) => setTimeout(resolve));
    assert.match(stage.script.asked.join(), /The last commit has b\.enc\.yaml in it.*Undo it/);
    assert.equal(lastCommand(), 'git.undoCommit');
    stage.script.choose = ['Commit Anyway'];
    fake.commands.set('git.commit', () => committed.fire());
    assert.doesNotMatch(await run('commitChecked'), /The last commit has/, 'who was asked before');
    fake.commands.delete('git.commit');
    git('reset', '-q');
    await run();
    stage.script.asked.length = 0;
    committed.fire();
    assert.deepEqual(stage.script.asked, []);
  });

  it('is looked for in all changes, where VS Code commits all when nothing is staged', async () => {
    stage.write('a.enc.yaml', 'db:\n  password: canary-1\n');
    assert.match(await run(), /Nothing was found/);
    fake.settings.set('git.enableSmartCommit', true);
    await run();
    assert.deepEqual(
      problems().map((line) => line.split(' ')[0]),
      ['a.enc.yaml:2'],
    );
  });

  it('decrypts nothing while locked', async () => {
    stage.write('copy.ts', `const it = '${value}';\n`);
    git('add', '-A');
    stage.vault.lock();
    assert.match(await run(), /Nothing was found/);
    stage.vault.unlock();
    await run();
    assert.equal(problems().length, 1);
    stage.vault.lock();
    await run();
    assert.deepEqual(problems(), []);
  });

  it('gets no git call without trust, and none where there is no git', async () => {
    feature?.disposable.dispose();
    fake.trusted = false;
    let calls = 0;
    const git = new Proxy({}, { get: () => () => void calls++ });
    Object.assign(stage.services, { platform: { ...stage.services.platform, git } });
    feature = register(stage.services);
    await run();
    await run('commitChecked');
    assert.equal(calls, 0);
    fake.trusted = true;
    Object.assign(stage.services, { platform: { ...stage.services.platform, git: undefined } });
    assert.match(await run(), /cannot ask git here/);
  });

  it('has quick fixes of its own kind only', async () => {
    stage.write('b.enc.yaml', 'x: canary-1\n');
    stage.write('copy.ts', `const it = '${value}';\n`);
    git('add', '-A');
    await run();
    const document = fake.open(join(stage.folder, 'b.enc.yaml'), 'x: canary-1\n').document;
    const titles = [...(fake.collections.get('lockstep-commit') ?? new Map()).values()].map((diagnostics) =>
      (
        quickFixes.provideCodeActions(
          document as never,
          undefined as never,
          { diagnostics } as never,
          undefined as never,
        ) as { title: string }[]
      ).map(({ title }) => title),
    );
    assert.deepEqual(titles, [['Encrypt this file'], []]);
  });
});
