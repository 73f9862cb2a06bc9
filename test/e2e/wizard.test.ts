import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { itLeaks } from './leaksuite.ts';
import { eventually, type Folders, pictureFailures, Workbench } from './workbench.ts';

const git = ({ workspace, home }: Folders, ...args: string[]) =>
  execFileSync('git', args, { cwd: workspace, env: { ...process.env, HOME: home }, encoding: 'utf8' });

/** A fresh profile and a plain `.env`, up to a commit by VS Code's own git. */
describe('the wizard', () => {
  let workbench: Workbench;
  pictureFailures(() => workbench);
  before(async () => {
    workbench = await Workbench.start({
      files: { '.env': 'API_KEY=canary-wizard\n', 'readme.txt': 'x\n' },
      prepare: async (folders) => {
        git(folders, 'init', '-q');
        for (const [name, value] of [
          ['user.name', 'Ada'],
          ['user.email', 'ada@example.test'],
        ] as const)
          git(folders, 'config', name, value);
      },
      settings: { 'lockstep.offerSetUp': false },
    });
  });
  after(() => workbench?.close());

  const step = (name: string) =>
    workbench.spy.evaluate(`void vscode.commands.executeCommand('lockstep.setUp', args.name)`, { name });

  itLeaks('makes a key, writes the rule, encrypts, verifies, commits, and the walkthrough knows', async () => {
    const { page, folders } = workbench;
    await workbench.palette('Lockstep: Set Up Secrets in This Workspace');
    await workbench.typeInInput('ada@laptop', { asked: 'Your Key' });
    await eventually(
      () => workbench.choices(),
      (items) => items.some((item) => /plaintext value/.test(item)),
      'the files',
    );
    await workbench.accept();
    const sum = await workbench.waitForNotification(/1 file is encrypted\./);
    assert.match(sum.text, /decrypts with your keys, and its MAC matches\. Back up your key next/);
    assert.deepEqual(sum.buttons.slice(0, 2), ['Back Up Key', 'All Steps']);
    await workbench.clearNotifications();
    await step('commit');
    await workbench.typeInInput('Secrets, encrypted', { asked: 'Stages and commits' });
    await workbench.waitForNotification(/2 files committed\./);
    assert.equal(git(folders, 'log', '--format=%s').trim(), 'Secrets, encrypted');
    assert.deepEqual(git(folders, 'show', '--format=', '--name-only').trim().split('\n').sort(), [
      '.env',
      '.sops.yaml',
    ]);
    assert.doesNotMatch(git(folders, 'log', '-p', '--all'), /canary-wizard/);
    assert.doesNotMatch(readFileSync(join(folders.workspace, '.env'), 'utf8'), /canary-wizard/);
    await workbench.clearNotifications();
    await workbench.spy.evaluate(
      `await vscode.commands.executeCommand('workbench.action.openWalkthrough', 'lockstep.lockstep-secrets#start', false)`,
    );
    await page.locator('.getting-started-step:visible').first().waitFor();
    await step('steps');
    await page.locator('.quick-input-widget:visible').getByText('6 of 7 Steps Done').waitFor();
    await workbench.screenshot('wizard-steps');
    await workbench.cancel();
    const done = page.locator('.getting-started-step:visible .codicon-getting-started-step-checked.complete');
    const titles = await eventually(
      () => done.evaluateAll((all) => all.map((one) => one.closest('.getting-started-step')?.textContent ?? '')),
      (found) => found.length >= 6,
      'steps that are done',
    );
    for (const title of ['Create or import', 'Choose the files', 'Write the rules', 'Encrypt', 'Verify', 'Commit'])
      assert.ok(
        titles.some((one) => one.includes(title)),
        `${title}: ${titles.join(' | ')}`,
      );
    assert.ok(!titles.some((one) => one.includes('Back up your key')), 'there is no backup yet');
    await workbench.screenshot('wizard-walkthrough');
  });
});
