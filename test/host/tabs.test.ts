import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { systemClock } from '../../src/core/ports.ts';
import { sealBytes } from '../../src/core/seal/seal.ts';
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
      await until('both', () => kinds() === 'table,text');
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

  it('come back as the Secrets Editor after the file was decrypted in place from there, with what was unsaved', async () => {
    const secrets = await Secrets.open(uri());
    await secrets.set('A', 'mine');
    await until('the dot', () => secrets.dirty);
    const disk = readFileSync(uri().fsPath, 'utf8');
    await run('decryptFile', { message: [] });
    assert.deepEqual([secrets.dirty, readFileSync(uri().fsPath, 'utf8')], [true, disk], 'nothing without a yes');
    await run('decryptFile', { choose: 'Decrypt File', message: [] });
    await until('plaintext', () => readFileSync(uri().fsPath, 'utf8').includes('A=mine'));
    await until('the Secrets Editor again', () => kinds() === 'table');
    const again = await Secrets.of(uri(), secrets);
    await until('what can be done', () => again.state.notice?.kind === 'plain');
    assert.ok(again.state.notice?.actions.includes('encrypt'));
  });

  it('take other bytes where the file is binary, and give them back by undo', async () => {
    const { bytes } = await sealBytes(
      Uint8Array.of(0, 1, 255),
      'binary',
      { recipients: [given.key.recipient] },
      systemClock,
    );
    const file = given.folder.write('cert.p12', bytes);
    given.folder.write('new.p12', Uint8Array.of(254, 0));
    const secrets = await Secrets.open(file);
    const before = secrets.text;
    await run('replaceFromFile', { openFile: given.folder.at('new.p12') });
    await until('the dot', () => secrets.dirty && secrets.text !== before);
    await vscode.commands.executeCommand('undo');
    await until('undone', () => secrets.text === before && !secrets.dirty);
    const asked = await run('saveCopy', { saveFile: given.folder.at('copy.p12') });
    assert.deepEqual([...given.folder.bytes('copy.p12')], [0, 1, 255]);
    assert.match(asked.join('\n'), /as plaintext to .*copy\.p12/);
    assert.equal(statSync(given.folder.at('copy.p12')).mode & 0o777, 0o600);
  });
});
