import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { oneStory } from '../story.ts';
import { backedUp, leakFiles, makeCanaries, typeAndSave } from './editorleaks.ts';
import { EditorPage, importKey } from './editorpage.ts';
import { describeLeaks } from './leaksuite.ts';
import { eventually, lineOf, pictureFailures, Workbench } from './workbench.ts';

/**
 * The Secrets Editor in use, with a value of its own for each way in, while VS Code logs all it can. Afterwards none of them
 * is in any file that VS Code or its browser wrote, and another extension saw none. The `mutants` stage
 * takes each protection out and sees these searches find what it let through.
 */
describeLeaks('the Secrets Editor leaks nothing', function () {
  oneStory(this);
  let workbench: Workbench;
  let page: EditorPage;
  pictureFailures(() => workbench);
  const canaries = makeCanaries();
  const secret = [...Object.values(canaries)];
  let made = '';

  before(async () => {
    workbench = await Workbench.start({
      files: await leakFiles(canaries),
      settings: { 'lockstep.offerSetUp': false, 'lockstep.clipboard.clearAfterSeconds': 2 },
      log: 'trace',
    });
    await workbench.openFile('vault.env');
    await importKey(workbench);
    await workbench.closeAll();
    page = await EditorPage.open(workbench, 'vault.env');
  });
  after(() => workbench?.close());

  const nowhere = async () => {
    const all = [...secret, ...(made && [made])];
    assert.deepEqual((await workbench.scan(...all)).map(lineOf), []);
    assert.deepEqual((await workbench.spyReport()).find(...all), []);
  };
  const onClipboard = () => workbench.page.evaluate<string>('navigator.clipboard.readText()');

  it('when values are typed, generated, revealed, copied and undone', async () => {
    await typeAndSave(page, canaries, nowhere);
    await page.edit('SEVERAL');
    await page.type('one');
    await page.press('Shift+Enter');
    await page.type(canaries.several);
    await page.button('Show What Is Typed').first().click();
    await page.click('Set Value');
    await page.unsaved('SEVERAL');
    await page.set('UNDONE', canaries.undone);
    await page.go('UNDONE');
    const badge = page.row('UNDONE').locator('.badge.unsaved');
    await page.pressUntil(async () => (await badge.count()) === 0, 'Control+z');
    assert.equal(await page.reveal('STORED'), canaries.stored);
    await page.menu('LAST', 'Generate…');
    await page.frame.getByText(/Very strong/).waitFor();
    await page.take('LAST');
    made = await page.reveal('LAST');
    await page.go('STORED');
    await page.pressUntil(async () => (await onClipboard()) === canaries.stored, 'Control+c');
    await eventually(onClipboard, (now) => now === '', 'an empty clipboard');
    await nowhere();
  });

  it('when values are searched, added, pasted and written as comments', async () => {
    await page.searchValues(true);
    await page.type(canaries.searched);
    await page.frame.getByText('No name or value matches.').waitFor();
    await page.pressUntil(() => page.row('TYPED').isVisible(), 'Escape');
    await page.searchValues(false);
    await page.insert('TYPED');
    await page.frame.getByLabel('Name', { exact: true }).fill('ADDED');
    await page.press('Tab');
    await page.type(canaries.added);
    await page.press('Enter');
    await page.unsaved('ADDED');
    await workbench.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(`PASTED=${canaries.pasted}\n`)})`);
    await page.go('ADDED');
    await page.pressUntil(() => page.frame.locator('dialog textarea').isVisible(), 'Control+v');
    await workbench.page.evaluate(`navigator.clipboard.writeText('')`);
    await page.click('Add');
    await page.frame.locator('.toast', { hasText: '1 secret was added.' }).waitFor();
    await page.unsaved('PASTED');
    await page.menu('TYPED', 'Edit Comment');
    await page.inField();
    await page.type(canaries.comment);
    await page.enter('Control+Enter');
    await page.row('TYPED').locator('.cell.comment .mask').waitFor();
    await nowhere();
  });

  it('when text is edited, well and badly, and the window reloads', async () => {
    await page.textView();
    await page.openLine('TEXT=', 'y');
    await backedUp(workbench, async () => {
      await page.type(canaries.inText);
      await page.press('Enter');
      await page.type(`no name ${canaries.draft}`);
      await page.press('ArrowUp');
      await page.frame.locator('.text-problem:visible').waitFor();
    });
    await nowhere();
    await workbench.reload();
    page = new EditorPage(workbench);
    await page.ready();
    await page.dirty();
    await nowhere();
  });

  it('when the extension host is killed, and everything is saved after the start', async () => {
    await workbench.crash();
    page = new EditorPage(workbench);
    await page.ready();
    await page.dirty();
    await page.textView();
    // A text that does not parse is hidden by whole lines.
    await page.openLine(/^•/, canaries.draft);
    await page.pressUntil(() => page.parses(), 'Control+Shift+K');
    await page.save();
    await nowhere();
  });

  it('to documents, chat, providers and events of other extensions', async () => {
    page = await EditorPage.open(workbench, 'vault.yaml');
    await page.show('pem');
    await page.frame.locator('.shown-value.box').waitFor();
    const documents = await workbench.spy.evaluate<string[]>(
      `return vscode.workspace.textDocuments.map((one) => one.uri.scheme + ' ' + one.getText())`,
    );
    assert.ok(!documents.some((text) => secret.some((one) => text.includes(one))), 'nothing for a chat to attach');
    await nowhere();
    assert.ok((await workbench.spyReport()).kinds().length > 10, 'the spy did look');
  });

  it('after everything is closed', async () => {
    await workbench.close();
    assert.deepEqual((await workbench.scan(...secret, made)).map(lineOf), []);
    assert.ok(existsSync(workbench.folders.userData) && existsSync(workbench.folders.profile));
  });
});
