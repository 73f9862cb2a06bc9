import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { register as backup } from '../../../src/extension/backup/register.ts';
import { commands, stepContexts } from '../../../src/extension/ids.ts';
import { mayCommit } from '../../../src/extension/setup/committable.ts';
import { stepIds } from '../../../src/extension/setup/desk.ts';
import { register } from '../../../src/extension/setup/register.ts';
import { generateIdentity, recipientOf } from '../../core/age/texts.ts';
import { extensions, fake, Uri } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

const phrase = 'correct horse battery';

describe('the wizard', () => {
  let stage: Stage;
  let home: NodeJS.ProcessEnv;
  const realExtension = extensions.getExtension;
  beforeEach(async () => {
    home = process.env;
    process.env = { ...home, SOPS_AGE_KEY: undefined, SOPS_AGE_KEY_FILE: undefined, XDG_CONFIG_HOME: '/nowhere' };
    stage = await makeStage();
    // What the walkthrough and the messages run is answered by the features themselves.
    fake.commands.set(commands.backUpKey, async () => backup(stage.services).commands[commands.backUpKey]?.());
  });
  afterEach(() => {
    process.env = home;
    fake.commands.clear();
    extensions.getExtension = realExtension;
    stage.end();
  });
  const run = async (step?: string) => {
    stage.script.asked.length = 0;
    assert.equal(await register(stage.services).commands[commands.setUp]?.(step), undefined);
  };
  const disk = (name: string) => readFileSync(join(stage.folder, name), 'utf8');
  const last = () => stage.script.asked.at(-1) ?? '';
  const asked = () => stage.script.asked.join('\n');
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=b@c', ...args], {
      cwd: stage.folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  /** VS Code's git extension over the real git. `meanwhile` runs between staging and the second look. */
  function useGit(meanwhile?: () => void) {
    git('init', '-q');
    const state = { mergeChanges: [], indexChanges: [] as object[], workingTreeChanges: [] as object[] };
    const repository = {
      rootUri: Uri.file(stage.folder),
      inputBox: { value: '' },
      state,
      async status() {
        const lines = git('status', '--porcelain', '-uall').split('\n').filter(Boolean);
        const changes = (column: number) =>
          lines
            .filter((line) => ![' ', '?'].includes(line[column] ?? '') || (column === 1 && line[1] === '?'))
            .map((line) => ({ uri: Uri.file(join(stage.folder, line.slice(3))) }));
        state.indexChanges = changes(0);
        state.workingTreeChanges = changes(1);
      },
      add: async (paths: string[]) => {
        git('add', '--', ...paths);
        meanwhile?.();
      },
      revert: async (paths: string[]) => void git('reset', '-q', '--', ...paths),
      buffer: async (ref: string, path: string) =>
        Buffer.from(git('show', `${ref}:${path.slice(stage.folder.length + 1)}`)),
      commit: async (message: string) => void git('commit', '-qm', message),
    };
    const api = { getRepository: () => repository };
    extensions.getExtension = (() => ({ activate: async () => ({ getAPI: () => api }) })) as never;
    return repository;
  }

  const shown = async () => {
    const rows: string[] = [];
    const pick = async (
      items: readonly { id?: string; label: string; description?: string }[],
      { title }: { title: string },
    ) => {
      rows.push(title, ...items.map(({ label, description }) => [label, description].filter(Boolean).join(': ')));
    };
    const ui = { ...stage.services.ui, pick } as unknown as Stage['services']['ui'];
    await register({ ...stage.services, ui }).commands[commands.setUp]?.('steps');
    return rows;
  };

  it('goes from nothing to a commit, and shows each step as done', async () => {
    useGit();
    await stage.vault.remove(stage.recipient);
    stage.write('.env', 'A=canary\n');
    stage.write('notes.txt', 'hello\n');
    assert.deepEqual(await shown(), [
      'Set Up Secrets: 0 of 7 Steps Done',
      'Continue: Create or import your key',
      '1. Create or import your key: to do',
      '2. Choose the files: to do',
      '3. Write .sops.yaml: to do',
      '4. Encrypt: to do',
      '5. Verify by decrypting: to do',
      '6. Back up your key: to do',
      '7. Commit: to do',
    ]);
    Object.assign(stage.script, {
      input: ['ada@laptop', 'Secrets, encrypted'],
      pickMany: 'all',
      secret: [phrase, phrase],
      saveFile: join(stage.folder, 'notes.age'),
    });
    await run();
    assert.match(
      last(),
      /^1 file is encrypted\. .* The encrypted file decrypts with your keys, and its MAC matches\. Back up your key next/,
    );
    await run('rest');
    assert.equal(last(), '2 files committed. Push when you are ready.');
    assert.equal(git('log', '--format=%s').trim(), 'Secrets, encrypted');
    assert.deepEqual(git('show', '--format=', '--name-only').trim().split('\n').sort(), ['.env', '.sops.yaml']);
    assert.match(git('show', 'HEAD:.env'), /^A=ENC\[/);
    const [title, ...rows] = await shown();
    assert.equal(title, 'Set Up Secrets: 7 of 7 Steps Done');
    assert.equal(rows.length, 7);
    assert.ok(
      rows.every((row) => row.includes(': done: ')),
      rows.join('\n'),
    );
    const set = fake.executed.filter(([id]) => id === 'setContext').slice(-2 * stepIds.length);
    assert.deepEqual(
      set.map(([, key, value]) => [key, value]),
      stepIds.flatMap((id) => [true, undefined].map((value) => [stepContexts[id], value])),
    );
    assert.doesNotMatch(asked(), /canary/);
  });

  it('tells the walkthrough of a step in one go: a key that is true while the walkthrough opens counts for nothing', async () => {
    const answers: (() => void)[] = [];
    fake.commands.set('setContext', (...told: never[]) => {
      fake.executed.push(['setContext', ...told]);
      return new Promise<void>((resolve) => answers.push(resolve));
    });
    const all = run('verify');
    for (let i = 0; answers.length === 0 && i < 200; i++) await new Promise((resolve) => setTimeout(resolve, 5));
    const told = fake.executed.flatMap(([id, , value]) => (id === 'setContext' ? [value] : []));
    assert.ok(told.length > 0);
    assert.equal(told.filter((value) => value === true).length * 2, told.length, 'no key stays true meanwhile');
    for (const answer of answers) answer();
    await all;
  });

  it('stops where it is left, and goes on there the next time', async () => {
    stage.write('.env', 'A=canary\n');
    stage.script.pickMany = 'all';
    stage.script.message = 'Back Up Key';
    await run();
    assert.match(disk('.env'), /ENC\[/);
    assert.match(last(), /Back up your key next/);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const ran = fake.executed.filter(([id]) => id !== 'setContext');
    assert.deepEqual(ran.at(-1), [commands.setUp, 'rest']);
    stage.script.message = undefined;
    const [, next] = await shown();
    assert.equal(next, 'Continue: Back up your key');
    Object.assign(stage.script, { secret: [phrase, phrase], saveFile: join(stage.folder, 'k.age') });
    await run('backUp');
    assert.deepEqual(await stage.services.backUps.missing(), []);
    assert.equal((await shown())[1], 'Continue: Commit');
  });

  it('does any step once more', async () => {
    stage.write('.env', 'A=canary\n');
    stage.script.pickMany = 'all';
    await run();
    await run('verify');
    assert.equal(last(), 'The encrypted file decrypts with your keys, and its MAC matches.');
    await run('rules');
    assert.equal(last(), 'Every file has a rule in .sops.yaml already.');
    await run('encrypt');
    assert.match(last(), /encrypted already/);
    stage.write('two.env', 'B=canary\n');
    const rows = await shown();
    assert.ok(rows.includes('2. Choose the files: to do'), rows.join('\n'));
    await run('files');
    assert.ok((await shown()).includes('2. Choose the files: done: 1 chosen'));
    await run('encrypt');
    assert.match(disk('two.env'), /ENC\[/);
    assert.ok((await shown()).includes('5. Verify by decrypting: to do'), 'a new file was never verified');
    Object.assign(stage.script, { pick: 'create', input: 'second' });
    await run('key');
    assert.deepEqual(
      (await stage.vault.keys()).map(({ label }) => label),
      ['me', 'second'],
    );
    await run('nonsense');
  });

  it('says which file does not decrypt, and leaves those of other people alone', async () => {
    const other = await recipientOf(await generateIdentity());
    stage.write('mine.yaml', await stage.sealed('a: canary\nb: 2\n', 'yaml'));
    stage.write('theirs.yaml', await stage.sealed('a: canary\n', 'yaml', other));
    await run('verify');
    assert.equal(
      last(),
      'The encrypted file decrypts with your keys, and its MAC matches. 1 file is encrypted for other people.',
    );
    stage.write('mine.yaml', disk('mine.yaml').replace(/^b: .*\n/m, ''));
    assert.ok((await shown()).includes('5. Verify by decrypting: to do'));
    await run('verify');
    assert.equal(last(), 'mine.yaml does not decrypt with your keys, or is damaged.');
    assert.ok((await shown()).includes('5. Verify by decrypting: to do'));
    stage.vault.lock();
    stage.script.gesture = false;
    await run('verify');
    assert.match(last(), /^Lockstep is locked/);
    assert.doesNotMatch(asked(), /canary/);
  });

  describe('commits', () => {
    beforeEach(async () => {
      stage.write('a.env', await stage.sealed('A=canary\n', 'dotenv'));
      stage.write('.sops.yaml', `creation_rules:\n  - age: ${stage.recipient}\n`);
      stage.script.input = 'Encrypt secrets';
    });
    const log = () =>
      execFileSync('git', ['log', '--all', '--format=%s'], { cwd: stage.folder, encoding: 'utf8' }).trim();
    const staged = () => git('diff', '--cached', '--name-only').trim().split('\n').filter(Boolean);

    it('nothing that others staged: it stages its own, and leaves the rest to the person', async () => {
      const repository = useGit();
      stage.write('plain.txt', 'PASSWORD=canary\n');
      git('add', 'plain.txt');
      await run('commit');
      assert.equal(log(), '');
      assert.deepEqual(staged().sort(), ['.sops.yaml', 'a.env', 'plain.txt']);
      assert.match(last(), /^2 files staged\. Other changes are staged too/);
      assert.equal(repository.inputBox.value, 'Encrypt secrets');
    });

    it('no plaintext: neither one that comes between, nor one in a ciphertext’s place, nor a private key', async () => {
      const sealed = disk('a.env');
      useGit(() => {
        // Somebody writes and stages the file while it is being staged.
        writeFileSync(join(stage.folder, 'a.env'), 'A=canary\n');
        git('add', 'a.env');
      });
      await run('commit');
      assert.equal(last(), 'a.env has plaintext in it, or a private key. Nothing was committed.');
      assert.deepEqual(staged(), []);
      assert.equal(log(), '');
      useGit();
      stage.write('a.env', sealed.replace(/^A=/m, 'B=canary\nA='));
      await run('commit');
      assert.match(last(), /^a\.env has plaintext/);
      stage.write('a.env', sealed);
      stage.write('.sops.yaml', `# ${await generateIdentity()}\ncreation_rules:\n  - age: ${stage.recipient}\n`);
      await run('commit');
      assert.match(last(), /^\.sops\.yaml has plaintext in it, or a private key/);
      assert.deepEqual(staged(), []);
      assert.equal(log(), '');
      assert.equal(await mayCommit('x.env', Buffer.from('A=1\n')), false);
      assert.equal(await mayCommit('.sops.yaml', Uint8Array.of(0xff, 0xfe)), false);
    });

    it('nothing in the middle of a merge', async () => {
      useGit();
      writeFileSync(join(stage.folder, '.git', 'MERGE_HEAD'), '0'.repeat(40));
      await run('commit');
      assert.match(last(), /^Git is in the middle of a merge or rebase\./);
      assert.equal(execFileSync('git', ['diff', '--cached'], { cwd: stage.folder, encoding: 'utf8' }), '');
    });

    it('what a hook lets through, and says when it does not', async () => {
      useGit();
      const hook = join(stage.folder, '.git', 'hooks', 'pre-commit');
      writeFileSync(hook, '#!/bin/sh\necho canary >&2\nexit 1\n');
      chmodSync(hook, 0o755);
      await run('commit');
      assert.match(last(), /^2 files staged, but git did not commit\./);
      assert.doesNotMatch(asked(), /canary/);
      chmodSync(hook, 0o644);
      await run('commit');
      assert.equal(log(), 'Encrypt secrets');
      assert.equal(last(), '2 files committed. Push when you are ready.');
      await run('commit');
      assert.equal(last(), 'Every encrypted file is committed, or git ignores it.');
    });

    it('nothing without VS Code’s git: it says what to run, and that works', async () => {
      stage.write("odd 'name'.env", disk('a.env'));
      stage.script.message = 'Copy Commands';
      await run('commit');
      assert.match(last(), /^This folder is in no git repository\./);
      const commandsToRun = fake.clipboard;
      assert.match(commandsToRun, /^git init\ngit add -- \.sops\.yaml a\.env '/);
      const env = {
        ...process.env,
        GIT_AUTHOR_NAME: 'a',
        GIT_AUTHOR_EMAIL: 'b',
        GIT_COMMITTER_NAME: 'a',
        GIT_COMMITTER_EMAIL: 'b',
      };
      execFileSync('sh', ['-ec', commandsToRun], { cwd: stage.folder, env, stdio: 'ignore' });
      assert.deepEqual(git('ls-files', '-z').split('\0').filter(Boolean).sort(), [
        '.sops.yaml',
        'a.env',
        "odd 'name'.env",
      ]);
    });
  });
});
