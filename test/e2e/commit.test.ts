import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/core/ports.ts';
import { seal } from '../../src/core/seal/seal.ts';
import { generateIdentity, recipientOf } from '../core/age/texts.ts';
import { describeLeaks } from './leaksuite.ts';
import { act, canary, eventually, type Folders, pictureFailures, Workbench } from './workbench.ts';

/** The letters behind the name of a file. It runs in the page. */
const readBadge = new Function('label', "return getComputedStyle(label, '::after').content") as (
  label: unknown,
) => string;

/** What is about to be committed, in VS Code's own Source Control view. */
describeLeaks('before a commit', () => {
  const plain = canary();
  let workbench: Workbench;
  let git: (...args: string[]) => string;
  pictureFailures(() => workbench);

  async function prepare({ workspace }: Folders): Promise<void> {
    git = (...args) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], {
        cwd: workspace,
        encoding: 'utf8',
      });
    const recipient = await recipientOf(await generateIdentity());
    const write = (name: string, text: string) => writeFileSync(join(workspace, name), text);
    git('init', '-q', '-b', 'main');
    git('config', 'user.name', 't');
    git('config', 'user.email', 't@localhost');
    write('.sops.yaml', `creation_rules:\n  - path_regex: \\.enc\\.yaml$\n    age: ${recipient} # Ada\n`);
    write('a.enc.yaml', (await seal('a: b\n', 'yaml', { recipients: [recipient] }, systemClock)).text);
    write('main.ts', 'export {};\n');
    git('add', '-A');
    git('commit', '-qm', 'one');
    write('b.enc.yaml', `db:\n  password: ${plain}\n`);
    write('main.ts', 'export const a = 1;\n');
    git('add', '-A');
  }

  before(async () => {
    workbench = await Workbench.start({ prepare, settings: { 'lockstep.offerSetUp': false, 'git.autofetch': false } });
  });
  after(() => workbench?.close());

  it('says what should not be in it, marks it, and asks', async () => {
    const { page } = workbench;
    await workbench.openFile('a.enc.yaml');
    const note = await workbench.waitForNotification(/next commit/);
    assert.match(note.text, /^The next commit should not have b\.enc\.yaml in it as it is\.$/);
    assert.deepEqual(note.buttons, ['Unstage', 'Show Problems']);
    await note.press('Show Problems');
    const problem = page.locator('.markers-panel').getByText(/The next commit has db\.password as plaintext/);
    await problem.first().waitFor();
    await workbench.spy.evaluate(`await vscode.commands.executeCommand('workbench.view.scm')`);
    const row = page.locator('.scm-view .resource', { hasText: 'b.enc.yaml' }).first();
    const badge = () => row.locator('.monaco-icon-label').first().evaluate(readBadge);
    await eventually(badge, (text) => text.includes('!'), 'the badge');
    await workbench.screenshot('before-a-commit');
    const box = page.locator('.scm-editor .view-lines').first();
    const text = async () => (await box.innerText()).replace(/\s/g, '');
    await act(
      async () => {
        await box.click({ timeout: 5000 });
        await page.keyboard.press('Control+a');
        await page.keyboard.type('two');
      },
      async () => (await text()) === 'two',
      'the message of the commit',
    );
    const commit = async () => {
      await box.click({ timeout: 5000 });
      await page.keyboard.press('Control+Enter');
    };
    await act(commit, () => workbench.asks(/next commit/), 'the key of a commit', { patience: 15_000 });
    const question = await workbench.dialog(/next commit/);
    assert.ok(
      question.buttons.some((button) => button.includes('Commit Anyway')),
      question.buttons.join(),
    );
    assert.ok(!`${note.text}${question.text}`.includes(plain));
    // At once: the person has asked for this question, and is not asked a second time.
    await question.press('Unstage');
    await eventually(
      async () => git('--no-optional-locks', 'diff', '--cached', '--name-only'),
      (names) => names === 'main.ts\n',
      'the index',
    );
    assert.equal(git('log', '--oneline').trim().split('\n').length, 1);
    await eventually(badge, (text) => !text.includes('A'), 'the row of a file that is not staged');
    // With nothing to ask, the key commits as VS Code does.
    const isDone = async () => git('log', '--format=%s').split('\n')[0] === 'two';
    await act(commit, isDone, 'the key of a commit', { patience: 15_000 });
    assert.equal(git('show', '--format=', '--name-only').trim(), 'main.ts');
  });
});
