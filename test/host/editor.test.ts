import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { show, undo } from './editors.ts';
import { sealedFolder } from './files.ts';
import { Given, save } from './given.ts';
import { Secrets } from './secrets.ts';
import { entry, run, until } from './support.ts';

const redo = () => vscode.commands.executeCommand<void>('redo');

describe('the Secrets Editor', () => {
  const given = new Given();

  it('opens, sets, undoes, redoes, saves and reverts', async () => {
    await run('openEditor', {}, given.folder.uri('.env').toString(), entry('B'));
    const secrets = await Secrets.of(given.folder.uri('.env'));
    const before = given.folder.text('.env');
    const own = () => secrets.sent.some((one) => one.type === 'answer' && one.ok && one.request === 1);
    await until('the real page to ask', own);
    assert.deepEqual(
      secrets.rows.map((row) => row.name),
      ['A', 'B'],
    );
    assert.equal(await secrets.value('B'), 'canary-b');
    await secrets.set('A', 'new');
    await until('the dot', () => secrets.dirty);
    await undo();
    await until('no dot', () => !secrets.dirty);
    assert.equal(secrets.text, before);
    await redo();
    await until('the dot again', () => secrets.dirty);
    assert.equal(await secrets.value('A'), 'new');
    assert.equal(given.folder.text('.env'), before);
    await save();
    await until('saved', () => !secrets.dirty);
    assert.equal((await given.onDisk())[entry('A')], 'new');
    assert.deepEqual(given.folder.temporary(), []);
    await secrets.set('A', 'newer');
    await until('the dot', () => secrets.dirty);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await until('no dot', () => !secrets.dirty);
    await until('the saved value', async () => (await secrets.value('A')) === 'new');
    await secrets.set('B', 'x');
    assert.equal(await secrets.ask('undo', {}), null);
    await until('undone from the page', async () => (await secrets.value('B')) === 'canary-b');
  });

  it('saves after undo and another edit, where VS Code’s own count would say that nothing changed', async () => {
    const secrets = await Secrets.open(given.folder.uri('.env'));
    await secrets.set('A', '1');
    await secrets.set('A', '2');
    await save();
    await until('saved', () => !secrets.dirty);
    await undo();
    await until('undone', async () => (await secrets.value('A')) === '1');
    await secrets.set('A', '3');
    await until('the dot', () => secrets.dirty);
    await save();
    await until('saved', () => !secrets.dirty);
    assert.equal((await given.onDisk())[entry('A')], '3');
  });

  it('shares the file with the text editor: edits, undo, and both clean after either saves', async () => {
    const editor = await show(given.folder.uri('.env'));
    const secrets = await Secrets.open(given.folder.uri('.env'), { viewColumn: vscode.ViewColumn.Two });
    await secrets.set('A', 'from table');
    assert.equal(editor.document.getText(), secrets.text);
    assert.ok(editor.document.isDirty);
    await until('the dot', () => secrets.dirty);
    await undo();
    await until('undone in both', async () => (await secrets.value('A')) === 'canary-a');
    await until('the text editor is clean', () => !editor.document.isDirty);
    await until('no dot', () => !secrets.dirty);
    await redo();
    await until('redone', async () => (await secrets.value('A')) === 'from table');
    await until('the dot', () => secrets.dirty);
    await save();
    await until('both are clean', () => !secrets.dirty && !editor.document.isDirty);
    assert.equal((await given.onDisk())[entry('A')], 'from table');

    await run('setValue', { secret: 'from lens' }, given.folder.uri('.env').toString(), entry('B'));
    await until('the lens shows', async () => (await secrets.value('B')) === 'from lens');
    await until('the dot', () => secrets.dirty);
    assert.equal(await editor.document.save(), true);
    await until('both are clean', () => !secrets.dirty && !editor.document.isDirty);
    assert.equal((await given.onDisk())[entry('B')], 'from lens');
    assert.equal(given.folder.text('.env'), secrets.text);
  });

  it('takes unsaved edits along into a text editor that opens later', async () => {
    const secrets = await Secrets.open(given.folder.uri('.env'));
    await secrets.set('A', 'first');
    const editor = await show(given.folder.uri('.env'), { viewColumn: vscode.ViewColumn.Two });
    await until('the same text', () => editor.document.getText() === secrets.text);
    assert.equal(await secrets.value('A'), 'first');
    await vscode.commands.executeCommand('workbench.action.files.saveAll');
    await until('both are clean', () => !secrets.dirty && !editor.document.isDirty);
    // VS Code writes a text document where it stands: for a moment the file is empty.
    await until('it is on the disk', () => given.folder.text('.env') === editor.document.getText());
    assert.equal((await given.onDisk())[entry('A')], 'first');
  });

  it('reloads quietly when nothing is unsaved', async () => {
    const secrets = await Secrets.open(given.folder.uri('.env'));
    const other = await sealedFolder('A=other\nB=2\nC=3\n', given.key);
    given.folder.write('.env', other.text('.env'));
    await until('the new rows', () => secrets.rows.length === 3);
    assert.equal(await secrets.value('A'), 'other');
    assert.equal(secrets.dirty, false);
  });

  it('never overwrites what changed on the disk', async () => {
    const secrets = await Secrets.open(given.folder.uri('.env'));
    await secrets.set('A', 'mine');
    const theirs = (await sealedFolder('A=theirs\nB=2\n', given.key)).text('.env');
    given.folder.write('.env', theirs);
    await until('the conflict', () => secrets.state.conflict);
    await save();
    assert.equal(given.folder.text('.env'), theirs);
    assert.equal(secrets.dirty, true);
    assert.equal(await secrets.value('A'), 'mine');
  });
});
