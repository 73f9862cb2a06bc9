import assert from 'node:assert/strict';
import { oneStory } from '../story.ts';
import { backedUp, backupsIn } from './editorleaks.ts';
import { decrypted, EditorPage, importKey, sealed } from './editorpage.ts';
import { describeLeaks } from './leaksuite.ts';
import { canary, eventually, lineOf, pictureFailures, Workbench } from './workbench.ts';

/** Edits that nobody saved are there again after every way in which a window ends, from backups that hold no plain text. */
describeLeaks('unsaved edits in the Secrets Editor', function () {
  oneStory(this);
  let workbench: Workbench;
  let page: EditorPage;
  pictureFailures(() => workbench);
  const first = canary();
  const secrets: string[] = [first];
  const fresh = () => {
    secrets.push(canary());
    return secrets.at(-1)!;
  };

  before(async () => {
    workbench = await Workbench.start({
      files: { 'app.env': await sealed('dotenv', `FIRST=${first}\nSECOND=two\n`) },
      settings: { 'lockstep.offerSetUp': false },
    });
    await workbench.openFile('app.env');
    await importKey(workbench);
    await workbench.closeAll();
    page = await EditorPage.open(workbench, 'app.env');
  });
  after(() => workbench?.close());

  const backups = () => backupsIn(workbench.folders);
  const edited = async (work: () => Promise<void>) => {
    await backedUp(workbench, work);
    await page.dirty();
    assert.match(backups(), /ENC\[AES256_GCM,/);
  };
  const nowhere = async () => {
    assert.deepEqual((await workbench.scan(...secrets)).map(lineOf), []);
    assert.deepEqual((await workbench.spyReport()).find(...secrets), []);
  };
  const isBack = async (value: string) => {
    page = new EditorPage(workbench);
    await page.ready();
    await page.dirty();
    assert.equal(await page.reveal('FIRST'), value);
    await nowhere();
  };

  it('survive a reload of the window', async () => {
    const value = fresh();
    await edited(() => page.set('FIRST', value));
    await workbench.reload();
    await isBack(value);
  });

  it('survive the end of browser and server', async () => {
    const value = fresh();
    await edited(() => page.set('FIRST', value));
    await workbench.restart();
    await isBack(value);
  });

  it('survive a crash of the extension host, also while locked', async () => {
    const value = fresh();
    await edited(() => page.set('FIRST', value));
    await workbench.palette('Lockstep: Lock');
    await page.button('Unlock').waitFor();
    await workbench.crash();
    page = new EditorPage(workbench);
    await page.ready();
    await page.dirty();
    // It is locked no more after a crash, or there is a button for that.
    await page.row('FIRST').or(page.button('Unlock')).first().waitFor();
    if (await page.button('Unlock').isVisible()) await page.unlock();
    await page.row('FIRST').waitFor();
    await isBack(value);
  });

  it('survive as a text that does not parse', async () => {
    const value = fresh();
    await page.textView();
    await edited(async () => {
      await page.openLine('SECOND', 'two');
      await page.press('Enter');
      await page.type(`no name here ${value}`);
      await page.press('ArrowUp');
      await page.frame.locator('.text-problem:visible').waitFor();
    });
    await nowhere();
    await workbench.crash();
    page = new EditorPage(workbench);
    await page.ready();
    await page.dirty();
    await page.textView();
    await page.frame.locator('.text-problem:visible').waitFor();
    // A text that does not parse is hidden by whole lines.
    await page.openLine(/^•/, value);
    await nowhere();
    await page.pressUntil(() => page.parses(), 'Control+Shift+K');
  });

  it('are saved as what they are, and leave no backup', async () => {
    await page.save();
    const now = decrypted(workbench, 'app.env') as Record<string, string> | undefined;
    if (now) assert.deepEqual(now, { FIRST: secrets.at(-2), SECOND: 'two' });
    await eventually(
      async () => backups(),
      (left) => left === '',
      'no backup',
    );
    await workbench.close();
    assert.deepEqual((await workbench.scan(...secrets)).map(lineOf), []);
  });
});
