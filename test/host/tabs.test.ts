import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { show } from './editors.ts';
import { Given } from './given.ts';
import { Secrets } from './secrets.ts';
import { run, until } from './support.ts';

describe('the tabs of an encrypted file', () => {
  const given = new Given();
  const uri = () => given.folder.uri('.env');
  const kinds = () =>
    vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .map(({ input }) => (input instanceof vscode.TabInputCustom ? 'table' : 'text'))
      .sort()
      .join();
  const setOneTab = (on: boolean | undefined) =>
    vscode.workspace.getConfiguration('lockstep').update('editor.oneTab', on, vscode.ConfigurationTarget.Global);

  it('say that a file is damaged, and no longer when it is not', async () => {
    const good = readFileSync(uri().fsPath, 'utf8');
    writeFileSync(uri().fsPath, good.replace(/(A=ENC\[AES256_GCM,data:)../, '$1AA'));
    const secrets = await Secrets.open(uri());
    await until('the title', () => secrets.tab?.label === '.env (damaged)');
    writeFileSync(uri().fsPath, good);
    await secrets.ask('act', { action: 'reload' });
    await until('the plain title', () => secrets.tab?.label === '.env');
  });

  it('are one: the other view takes its place', async () => {
    await show(uri());
    await run('openEditor', {}, uri().toString());
    await until('the table alone', () => kinds() === 'table');
    await run('openAsText', {}, uri().toString());
    await until('the text alone', () => kinds() === 'text');
    await run('openEditor');
    await until('the table again', () => kinds() === 'table');
    const secrets = await Secrets.of(uri());
    await secrets.ask('run', { verb: 'openAsText' });
    await until('the text, from the page', () => kinds() === 'text');
  });

  it('are two while the one that would go has unsaved edits, and nothing is lost', async () => {
    const secrets = await Secrets.open(uri());
    await secrets.set('A', 'mine');
    await until('the dot', () => secrets.dirty);
    await run('openAsText', {}, uri().toString());
    await until('both', () => kinds() === 'table,text');
    assert.equal(await secrets.value('A'), 'mine');
    const text = vscode.window.activeTextEditor?.document;
    await until('the text has it, too', () => text?.getText() === secrets.text && text.isDirty);
    await run('openEditor', {}, uri().toString());
    assert.equal(kinds(), 'table,text');
  });

  it('are two where the setting says so', async () => {
    await setOneTab(false);
    try {
      await show(uri());
      await run('openEditor', {}, uri().toString());
      await run('openAsText', {}, uri().toString());
      assert.equal(kinds(), 'table,text');
    } finally {
      await setOneTab(undefined);
    }
  });

  it('rotate and change readers by the palette, on the Secrets Editor in front', async () => {
    const secrets = await Secrets.open(uri());
    await secrets.set('A', 'mine');
    const before = secrets.text;
    const asked = await run('rotateDataKey', { confirm: true });
    assert.match(asked.join('\n'), /Give .*\.env a new data key\?/);
    await until('the new key', () => secrets.text !== before);
    assert.equal(await secrets.value('A'), 'mine');
    assert.equal(kinds(), 'table');
    await vscode.commands.executeCommand('undo');
    await until('undone', () => secrets.text === before);
  });
});
