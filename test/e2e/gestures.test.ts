import assert from 'node:assert/strict';
import { systemClock } from '../../src/core/ports.ts';
import { seal } from '../../src/core/seal/seal.ts';
import { alice } from '../core/support.ts';
import { importKey } from './editorpage.ts';
import { describeLeaks } from './leaksuite.ts';
import { act, canary, eventually, pictureFailures, Workbench } from './workbench.ts';

/**
 * What another extension can do in the place of a person, in a real VS Code, and where that ends. What SECURITY.md says about it
 * rests on this: commands move the cursor as a key or the mouse would, answer messages, lists and boxes, and no modal dialog; and
 * none of them makes VS Code believe that somebody touches the keyboard or the mouse.
 */
describeLeaks('gestures', () => {
  let workbench: Workbench;
  pictureFailures(() => workbench);
  const secret = canary();
  const id = JSON.stringify(JSON.stringify([0, 'password']));
  const uri = (name: string) => `vscode.Uri.file(${JSON.stringify(workbench.path(name))}).toString()`;

  before(async () => {
    const sealed = async (text: string) =>
      (await seal(text, 'yaml', { recipients: [alice.recipient] }, systemClock)).text;
    workbench = await Workbench.start({
      files: {
        'notes.txt': 'first: 1\nsecond: 2\nthird: 3\n',
        'a.yaml': await sealed(`password: ${secret}\n`),
        'b.yaml': await sealed(`password: ${secret}b\n`),
      },
    });
  });
  after(() => workbench?.close());

  const command = (id: string, ...args: unknown[]) =>
    workbench.spy.evaluate(
      `await Promise.race([Promise.resolve(vscode.commands.executeCommand(...args)).then(undefined, () => {}),
         new Promise((done) => setTimeout(done, 400))])`,
      [id, ...args],
    );
  const answered = () => workbench.spy.evaluate<string>('return globalThis.answered');
  const ask = (call: string) =>
    workbench.spy.evaluate(
      `globalThis.answered = 'not yet'; ${call}.then((answer) => { globalThis.answered = answer ?? 'cancelled'; });
       await new Promise((done) => setTimeout(done, 500));`,
    );
  /** The command answers, once the question is there. */
  const by = (id: string, wanted: string) =>
    eventually(
      async () => {
        await command(id);
        return answered();
      },
      (answer) => answer === wanted,
      `${wanted} by ${id}`,
    );
  const isActive = () => workbench.spy.evaluate<boolean>('return vscode.window.state.active');
  const dialogs = () => workbench.page.locator('.monaco-dialog-box:visible').count();
  const isLocked = async () =>
    (await workbench.lenses()).some(({ titles }) => titles.some((one) => /Locked/.test(one)));

  it('of the cursor are made by commands, as if by a key and by the mouse', async () => {
    await workbench.openFile('notes.txt');
    await workbench.spy.evaluate(
      'globalThis.kinds = []; vscode.window.onDidChangeTextEditorSelection(({ kind }) => globalThis.kinds.push(kind))',
    );
    const kinds = () => workbench.spy.evaluate<number[]>('return globalThis.kinds');
    await command('cursorDown');
    await command('cursorDown', { source: 'mouse' });
    await eventually(kinds, (all) => all.includes(1) && all.includes(2), 'both kinds');
  });

  it('of messages, lists and boxes are made by commands', async () => {
    await ask(`vscode.window.showInformationMessage('A message', 'Yes')`);
    await workbench.waitForNotification('A message');
    await by('notification.acceptPrimaryAction', 'Yes');
    await ask(`vscode.window.showQuickPick(['one', 'two'])`);
    await by('workbench.action.acceptSelectedQuickOpenItem', 'one');
    await ask(`vscode.window.showInputBox({ value: 'what is in it' })`);
    await by('workbench.action.acceptSelectedQuickOpenItem', 'what is in it');
  });

  it('keep Lockstep locked', async () => {
    await importKey(workbench);
    await workbench.openFile('a.yaml');
    await workbench.waitForLens(/1 secret/, 1);
    await command('lockstep.lock');
    await workbench.waitForLens(/Locked/, 1);
    for (const [one, ...args] of [['lockstep.unlock'], ['lockstep.copyValue', uri('a.yaml'), id]] as const) {
      await workbench.spy.command(one, ...args);
      await workbench.dialog('Lockstep is locked.');
      for (const accept of ['notification.acceptPrimaryAction', 'workbench.action.acceptSelectedQuickOpenItem'])
        await command(accept);
      assert.equal(await dialogs(), 1);
      assert.ok(await isLocked());
      await act(
        () => workbench.page.keyboard.press('Escape'),
        async () => (await dialogs()) === 0,
        'Escape in the dialog',
      );
    }
    assert.ok(await isLocked());
    await workbench.clickLens(/Locked/, () => workbench.asks('Lockstep is locked.'));
    await (await workbench.dialog('Lockstep is locked.')).press('Unlock');
    await workbench.waitForLens(/1 secret/, 1);
  });

  it('are a click on Copy, without a question', async () => {
    await workbench.clickLens('Copy', async () => (await workbench.spy.clipboard()) === secret);
    assert.equal(await dialogs(), 0);
    await workbench.spy.evaluate(`await vscode.env.clipboard.writeText('')`);
  });

  it('are missed where another extension copies from a file that it has brought to the front', async () => {
    // It has been looked at by then: to open it may take longer than a file has to be in front for somebody to be in it.
    for (const name of ['b.yaml', 'a.yaml']) {
      await workbench.openFile(name);
      await workbench.waitForLens(/1 secret/, 1);
    }
    await workbench.page.keyboard.press('Shift');
    await workbench.spy.evaluate(
      `const document = await vscode.workspace.openTextDocument(args);
       await vscode.window.showTextDocument(document, { preview: false });
       void vscode.commands.executeCommand('lockstep.copyValue', document.uri.toString(), ${id})`,
      workbench.path('b.yaml'),
    );
    const dialog = await workbench.dialog('Copy the value of password in b.yaml?');
    assert.equal(await workbench.spy.clipboard(), '');
    await dialog.press('Copy Value');
    await eventually(
      () => workbench.spy.clipboard(),
      (text) => text === `${secret}b`,
      'the copied value',
    );
    await workbench.spy.evaluate(`await vscode.env.clipboard.writeText('')`);
  });

  it('are missed where nobody is there, whatever moves the cursor: no command makes VS Code see a key or a click', async function () {
    this.timeout(300_000);
    await workbench.openFile('b.yaml');
    await workbench.waitForLens(/1 secret/, 1);
    await eventually(isActive, (active) => !active, 'a window in which nobody does anything', 150_000);
    for (const [one, ...args] of [
      ['cursorDown', { source: 'mouse' }],
      ['editorScroll', { to: 'down' }],
      ['workbench.action.focusActiveEditorGroup'],
      ['workbench.action.showCommands'],
      ['workbench.action.closeQuickOpen'],
    ] as const)
      await command(one, ...args);
    await workbench.spy.evaluate(
      `await vscode.window.showTextDocument(vscode.window.activeTextEditor.document);
       void vscode.window.withProgress({ location: vscode.ProgressLocation.Window }, () => new Promise(() => {}));`,
    );
    assert.equal(await isActive(), false);
    await workbench.spy.command('lockstep.copyValue', uri('b.yaml'), id);
    const dialog = await workbench.dialog('Copy the value of password in b.yaml?');
    assert.equal(await workbench.spy.clipboard(), '');
    await dialog.press('Copy Value');
    await eventually(isActive, (active) => active, 'somebody at the mouse');
    await eventually(
      () => workbench.spy.clipboard(),
      (text) => text === `${secret}b`,
      'the copied value',
    );
    await workbench.spy.evaluate(`await vscode.env.clipboard.writeText('')`);
  });

  it('of a modal dialog are not: no command that sounds like it answers one', async () => {
    const all = await workbench.spy.evaluate<string[]>('return vscode.commands.getCommands(false)');
    const likely = all.filter((one) => /accept|confirm|submit|primary|^list\.select/i.test(one));
    assert.ok(likely.length > 30, `${likely.length} commands`);
    await ask(`vscode.window.showWarningMessage('A modal', { modal: true }, 'Yes')`);
    await workbench.dialog('A modal');
    for (const one of likely) {
      await command(one);
      assert.equal(await answered(), 'not yet', one);
    }
    await (await workbench.dialog('A modal')).press('Yes');
    await eventually(answered, (answer) => answer === 'Yes', 'the answer');
    await workbench.page.keyboard.press('Escape');
  });
});
