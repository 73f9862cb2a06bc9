import assert from 'node:assert/strict';
import { decrypted, EditorPage, importKey, sealed } from './editorpage.ts';
import { eventually, pictureFailures, Workbench } from './workbench.ts';

/** The Text view, and the text editor of the same file beside the Secrets Editor. */
describe('the Secrets Editor and text', function () {
  this.bail(true);
  let workbench: Workbench;
  let page: EditorPage;
  pictureFailures(() => workbench);

  before(async () => {
    workbench = await Workbench.start({
      files: { 'app.env': await sealed('dotenv', 'FIRST=old-one\nSECOND=old-two\n') },
      settings: { 'lockstep.offerSetUp': false },
    });
    await workbench.openFile('app.env');
    await importKey(workbench);
    await workbench.closeAll();
    page = await EditorPage.open(workbench, 'app.env');
  });
  after(() => workbench?.close());

  it('edits a line, pastes lines, and shows one value at a time', async () => {
    await page.textView();
    await page.openLine('FIRST=', 'old-one');
    assert.ok(!(await page.text()).some((line) => line.includes('old-two')));
    await page.type('-more');
    await page.openLine('SECOND=', 'old-two');
    await workbench.page.evaluate(`navigator.clipboard.writeText('\\nTHIRD=three\\nFOURTH=four')`);
    await page.press('Control+v');
    await eventually(
      () => page.text(),
      (lines) => lines.some((line) => line.startsWith('FOURTH=')),
      'the pasted lines',
    );
    await page.save();
    const now = decrypted(workbench, 'app.env');
    if (now) assert.deepEqual(now, { FIRST: 'old-one-more', SECOND: 'old-two', THIRD: 'three', FOURTH: 'four' });
  });

  it('shares edits and saves with the text editor beside it', async () => {
    await page.tableView();
    await workbench.spy.evaluate(
      `await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(args), 'default', { viewColumn: 2 })`,
      workbench.path('app.env'),
    );
    await workbench.waitForPainted(/^FIRST=•{8}$/);
    const before = await workbench.editorText();
    await page.set('FIRST', 'from the table');
    const text = `return vscode.window.visibleTextEditors[0].document.getText()`;
    await eventually(
      () => workbench.spy.evaluate<string>(text),
      (now) => now !== before,
      'the edit in the text',
    );
    await page.press('Control+s');
    await eventually(
      () => workbench.dirty(),
      (dirty) => dirty.length === 0,
      'nothing unsaved',
    );
    const now = decrypted(workbench, 'app.env') as Record<string, string> | undefined;
    if (now) assert.equal(now.FIRST, 'from the table');
  });
});
