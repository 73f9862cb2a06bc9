import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { open as openSealed } from '../../src/core/open/open.ts';
import { systemClock } from '../../src/core/ports.ts';
import { readSealed } from '../../src/core/sops/sealed.ts';
import { setValue } from '../core/changes.ts';
import { alice, keyringOf } from '../core/support.ts';
import { oneStory } from '../story.ts';
import { decrypted, EditorPage, importKey, openFromExplorer, sealed } from './editorpage.ts';
import { pictureFailures, Workbench } from './workbench.ts';

const plain = 'FIRST=one\nSECOND=two\nTHIRD=three\n';

/** Two hands on one file: nothing is overwritten, and nothing is lost in silence. */
describe('two hands on one file', function () {
  oneStory(this);
  let workbench: Workbench;
  let page: EditorPage;
  pictureFailures(() => workbench);
  const onDisk = () => readFileSync(workbench.path('app.env'), 'utf8');

  /** Somebody sets a value elsewhere, as sops would write it. */
  const outside = async (name: string, value: string) => {
    const opened = await openSealed(readSealed(onDisk(), 'dotenv'), await keyringOf(alice.identity));
    const { text } = await setValue(opened, JSON.stringify([0, name]), { type: 'str', value }, systemClock);
    writeFileSync(workbench.path('app.env'), text);
  };
  const values = (wanted: Record<string, string>) => {
    const now = decrypted(workbench, 'app.env');
    if (now) assert.deepEqual(now, wanted);
  };
  const compare = async () => {
    await page.button('Compare and Choose').click();
    await page.frame.locator('.conflict table, table').first().waitFor();
  };
  const choose = (name: string, side: 'Here' | 'On disk') =>
    page.frame.getByRole('radio', { name: new RegExp(`^${name}: ${side}`) }).check();

  before(async () => {
    workbench = await Workbench.start({
      files: { 'app.env': await sealed('dotenv', plain) },
      settings: { 'lockstep.offerSetUp': false },
    });
    await workbench.openFile('app.env');
    await importKey(workbench);
    await workbench.closeAll();
    page = await EditorPage.open(workbench, 'app.env');
  });
  after(() => {
    chmodSync(workbench.path('app.env'), 0o644);
    return workbench?.close();
  });

  it('shows what changed on the disk when nothing is unsaved', async () => {
    await outside('FIRST', 'from outside');
    await page.row('FIRST').waitFor();
    await page.revealed('FIRST', 'from outside');
    await page.clean();
  });

  it('compares when something is unsaved, and takes the side of each entry that was chosen', async () => {
    await page.set('FIRST', 'mine');
    await page.set('SECOND', 'only here');
    await outside('FIRST', 'theirs');
    await outside('THIRD', 'only there');
    await page.button('Compare and Choose').waitFor();
    // Nothing is overwritten meanwhile.
    await page.press('Control+s');
    values({ FIRST: 'theirs', SECOND: 'two', THIRD: 'only there' });
    // What VS Code says of a save that failed would stay on screen after the save that works.
    await workbench.waitForNotification(/^app\.env: The file changed/);
    const failed = (await workbench.notifications()).filter((text) => text.includes('Failed to save'));
    assert.deepEqual(failed, []);
    await workbench.clearNotifications();
    await compare();
    await page.button('Apply').click();
    await page.frame.getByText('One entry still needs a choice.').waitFor();
    await choose('FIRST', 'Here');
    await page.button('Apply').click();
    await page.row('THIRD').waitFor();
    await page.save();
    values({ FIRST: 'mine', SECOND: 'only here', THIRD: 'only there' });
  });

  it('does the same for a second window, and for git', async () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@localhost', ...args], {
        cwd: workbench.folders.workspace,
      });
    git('init', '-q');
    git('add', '.');
    git('commit', '--allow-empty', '-qm', 'one');
    const second = await workbench.secondWindow();
    await openFromExplorer(second, 'app.env');
    const other = new EditorPage(workbench, second);
    await other.ready();
    await page.set('FIRST', 'window one');
    await other.set('FIRST', 'window two');
    await other.save();
    await second.close();
    await compare();
    await choose('FIRST', 'On disk');
    await page.button('Apply').click();
    await page.clean();
    values({ FIRST: 'window two', SECOND: 'only here', THIRD: 'only there' });
    await page.set('SECOND', 'while git works');
    git('checkout', '-q', '--', 'app.env');
    await compare();
    await page.button('Apply').click();
    await page.row('SECOND').waitFor();
    await page.save();
    values({ FIRST: 'mine', SECOND: 'while git works', THIRD: 'only there' });
  });

  it('stays unsaved with a message when the folder is gone, and saves once it is back', async () => {
    await page.set('FIRST', 'kept');
    const { workspace } = workbench.folders;
    renameSync(workbench.path('app.env'), `${workspace}/away`);
    await page.frame.getByText(/is no longer on disk/).waitFor();
    await page.press('Control+s');
    await workbench.waitForNotification(/app\.env/);
    await page.dirty();
    await workbench.clearNotifications();
    renameSync(`${workspace}/away`, workbench.path('app.env'));
    await page.row('FIRST').waitFor();
    await page.save();
    values({ FIRST: 'kept', SECOND: 'while git works', THIRD: 'only there' });
  });
});
