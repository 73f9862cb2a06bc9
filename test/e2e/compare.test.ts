import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { importKey, sealed } from './editorpage.ts';
import { itLeaks } from './leaksuite.ts';
import { act, canary, pictureFailures, Workbench } from './workbench.ts';

const [older, newer] = [canary(), canary()];

/** Two versions of a file beside each other, in a real workbench. */
describe('Compare Secrets', () => {
  let workbench: Workbench;
  pictureFailures(() => workbench);
  before(async () => {
    const text = (password: string) => sealed('yaml', `database:\n  host: db.example.test\n  password: ${password}\n`);
    const [first, second] = [await text(older), await text(newer)];
    workbench = await Workbench.start({
      files: { 'vault.yaml': first },
      settings: { 'lockstep.offerSetUp': false },
      prepare: ({ workspace }) => {
        const git = (...args: string[]) =>
          spawnSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example', ...args], { cwd: workspace });
        git('init', '-q');
        git('add', '-A');
        git('commit', '-q', '-m', 'one');
        writeFileSync(`${workspace}/vault.yaml`, second);
      },
    });
    await importKey(workbench);
    await workbench.openFile('vault.yaml');
    await workbench.waitForLens(/2 secrets/, 1);
  });
  after(() => workbench?.close());

  it('shows dots with fingerprints, and one value old beside new for as long as nobody hides it', async () => {
    await workbench.palette('Lockstep: Compare Secrets');
    await workbench.choose('The Last Commit');
    const frame = workbench.page.frameLocator('iframe.webview.ready:visible').frameLocator('#active-frame');
    const row = frame.locator('.body > .row', { hasText: 'database.password' });
    await row.locator('.mark').nth(1).waitFor({ timeout: 60_000 });
    const marks = await row.locator('.mark').allTextContents();
    assert.equal(new Set(marks).size, 2);
    assert.equal(await frame.locator('.body > .row').count(), 1, 'what is the same is not listed');
    await workbench.screenshot('compare');
    const values = frame.locator('.values .shown-value');
    await act(
      async () => {
        if ((await values.count()) > 0) return;
        await row.click({ timeout: 5000 });
        await workbench.page.keyboard.press('Enter');
      },
      async () => (await values.count()) === 2,
      'Enter on a row',
    );
    assert.deepEqual(await values.allTextContents(), [older, newer]);
    await act(
      () => workbench.page.keyboard.press('Escape'),
      async () => (await values.count()) === 0,
      'Escape',
    );
  });

  itLeaks('leaves no value anywhere, in git neither', async () => {
    assert.deepEqual(await workbench.scan(older, newer), []);
  });
});
