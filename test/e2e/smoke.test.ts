import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describeLeaks } from './leaksuite.ts';
import { canary, pictureFailures, Workbench } from './workbench.ts';

describeLeaks('workbench', () => {
  let workbench: Workbench;
  pictureFailures(() => workbench);
  const planted = canary();

  before(async () => {
    workbench = await Workbench.start({ files: { 'notes.txt': 'first: 1\nsecond: 2\n', 'sub/other.txt': 'x\n' } });
  });
  after(() => workbench?.close());

  it('has the packaged extension installed', async () => {
    const found = await workbench.spy.evaluate(
      `const e = vscode.extensions.getExtension('lockstep.lockstep-secrets');
       await e.activate();
       return { active: e.isActive, packaged: e.extensionPath.startsWith(args), exports: typeof e.exports };`,
      workbench.folders.extensions,
    );
    assert.deepEqual(found, { active: true, packaged: true, exports: 'undefined' });
  });

  it('opens files, moves, types, undoes and saves', async () => {
    await workbench.openFile('notes.txt');
    assert.equal(await workbench.editorText(), 'first: 1\nsecond: 2\n');
    await workbench.gotoLine(2, 3);
    await workbench.type('XY');
    assert.match((await workbench.waitForPainted('seXYcond')).text, /^seXYcond: 2$/);
    assert.deepEqual(await workbench.dirty(), ['notes.txt']);
    await workbench.undo();
    await workbench.redo();
    assert.match(await workbench.editorText(), /seXYcond/);
    await workbench.save();
    assert.deepEqual(await workbench.dirty(), []);
    assert.ok(existsSync(await workbench.screenshot('smoke')));
  });

  it('reads menus, themes, the status bar and the palette', async () => {
    assert.ok((await workbench.contextMenu()).some((label) => label.startsWith('Change All Occurrences')));
    for (const theme of ['dark', 'hc', 'light'] as const) await workbench.setTheme(theme);
    assert.ok((await workbench.statusBar()).some((item) => item.startsWith('Ln 2, Col 5')));
    await workbench.palette('Go to Line/Column');
    await workbench.typeInInput(':1');
    await workbench.spy.evaluate(`void vscode.window.showInformationMessage('Hello there', 'Good')`);
    const note = await workbench.waitForNotification('Hello');
    assert.deepEqual([note.text, note.buttons], ['Hello there', ['Good']]);
    await note.press('Good');
    await workbench.spy.evaluate(
      `void vscode.window.showWarningMessage('Really', { modal: true, detail: 'Sure' }, 'Do It')`,
    );
    const dialog = await workbench.dialog('Really');
    assert.ok(dialog.buttons.includes('Do It'));
    await dialog.press('Do It');
  });

  it('finds what a careless extension leaves, and the spy sees it', async () => {
    assert.deepEqual(await workbench.scan(planted), []);
    assert.deepEqual((await workbench.spyReport()).find(planted), []);
    await workbench.spy.evaluate(
      `const doc = await vscode.workspace.openTextDocument({ content: args });
       await vscode.window.showTextDocument(doc);`,
      planted,
    );
    await workbench.type('.');
    await workbench.waitForPainted(planted);
    const report = await workbench.spyReport();
    assert.ok(
      report.find(planted).some((line) => line.startsWith('document opened')),
      report.kinds().join(),
    );
    await workbench.foundIn(/Backups/, planted);
    await workbench.page.evaluate(`localStorage.setItem('careless', ${JSON.stringify(planted)})`);
    assert.ok((await workbench.scan(planted)).some((one) => one.path === 'web storage'));
    await workbench.closeAll();
  });

  it('starts anew with a reload and keeps what was seen', async () => {
    await workbench.openFile('sub/other.txt');
    await workbench.reload();
    assert.equal(await workbench.editorText(), 'x\n');
    assert.ok((await workbench.spyReport()).find(planted).length > 0);
  });
});
