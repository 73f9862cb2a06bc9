import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { editorId } from '../../src/extension/ids.ts';
import { itUnless } from '../skip.ts';
import { show } from './editors.ts';
import { Folder, sealed, valuesOf } from './files.ts';
import { Given, save } from './given.ts';
import { closeSecrets, Secrets } from './secrets.ts';
import { smallDisks } from './smalldisk.ts';
import { entry, found, person, run, until } from './support.ts';

/** The text of a file, or nothing of one that goes while we look. */
function textIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Every file below a folder. */
function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name));
}

describe('the Secrets Editor and the disk', () => {
  const given = new Given();
  const other = (plain: string) => sealed('.env', plain, [given.key]);

  it('brings both together after a conflict, also in a text editor that shows the file', async () => {
    const secrets = await Secrets.open(given.folder.uri('.env'));
    await secrets.set('A', 'mine');
    const editor = await show(given.folder.uri('.env'), { viewColumn: vscode.ViewColumn.Two });
    await until('the same text', () => editor.document.getText() === secrets.text);
    given.folder.write('.env', await other('A=canary-a\nB=theirs\nC=new\n'));
    await until('the conflict', () => secrets.state.conflict);
    const { entries } = await secrets.ask('conflict', {});
    assert.deepEqual(
      entries.map((one) => [one.path, one.clash]),
      [
        ['A', false],
        ['B', false],
        ['C', false],
      ],
    );
    await secrets.ask('resolve', { sides: ['mine', 'theirs', 'theirs'] });
    assert.equal(editor.document.getText(), secrets.text);
    await Secrets.open(given.folder.uri('.env'), { viewColumn: vscode.ViewColumn.One });
    await save();
    await until('both are clean', () => !secrets.dirty && !editor.document.isDirty);
    assert.deepEqual(Object.values(await given.onDisk()), ['mine', 'theirs', 'new']);
  });

  it('stays changed when the file is read-only, its folder is gone, or it is deleted', async () => {
    const secrets = await Secrets.open(given.folder.uri('.env'));
    await secrets.set('A', 'new');
    await until('the dot', () => secrets.dirty);
    const before = given.folder.text('.env');
    const failed = secrets.failedSaves();
    const isKept = async (code: string) => {
      await save();
      await until('a failure', () => failed.length > 0);
      assert.deepEqual([failed.splice(0), secrets.dirty, await secrets.value('A')], [[code], true, 'new']);
    };
    chmodSync(given.folder.at('.env'), 0o444);
    await isKept('READ_ONLY');
    assert.deepEqual([given.folder.text('.env'), given.folder.temporary()], [before, []]);
    chmodSync(given.folder.at('.env'), 0o644);
    rmSync(given.folder.at('.env'));
    await until('the notice', () => secrets.state.notice?.kind === 'gone');
    await isKept('GONE');
    rmSync(given.folder.path, { recursive: true });
    await isKept('GONE');
    assert.equal(existsSync(given.folder.path), false);
    const elsewhere = new Folder();
    await secrets.saveAs(elsewhere.uri('.env'));
    assert.equal((await valuesOf('.env', elsewhere.text('.env'), given.key))[entry('A')], 'new');
    given.folder.write('.env', before);
    await save();
    await until('saved', () => !secrets.dirty);
    assert.deepEqual([(await given.onDisk())[entry('A')], failed, given.folder.temporary()], ['new', [], []]);
  });

  for (const { how, make, why } of smallDisks()) {
    itUnless(why, `stays changed when the disk is full or read-only, by ${how}`, async () => {
      const small = new Folder();
      const disk = make(small.path);
      try {
        const before = await sealed('.env', 'A=canary-a\n', [given.key]);
        small.write('.env', before);
        const secrets = await Secrets.open(small.uri('.env'));
        await secrets.set('A', 'new');
        await until('the dot', () => secrets.dirty);
        const failed = secrets.failedSaves();
        for (const [cause, code] of [
          ['full', 'DISK_FULL'],
          ['readOnly', 'READ_ONLY'],
        ] as const) {
          disk[cause](true);
          await save();
          await until('a failure', () => failed.length > 0);
          assert.deepEqual([failed.splice(0), secrets.dirty, await secrets.value('A')], [[code], true, 'new']);
          assert.deepEqual([small.text('.env'), small.temporary()], [before, []]);
          await secrets.saveAs(given.folder.uri(`${cause}.env`));
          assert.equal((await valuesOf('a.env', given.folder.text(`${cause}.env`), given.key))[entry('A')], 'new');
          disk[cause](false);
        }
        await save();
        await until('saved', () => !secrets.dirty);
        assert.deepEqual([failed, small.temporary()], [[], []]);
        assert.equal((await valuesOf('.env', small.text('.env'), given.key))[entry('A')], 'new');
      } finally {
        await closeSecrets();
        disk.end();
      }
    });
  }

  it('follows a rename with its unsaved edits', async () => {
    const secrets = await Secrets.open(given.folder.uri('.env'));
    await secrets.set('A', 'new');
    await until('the dot', () => secrets.dirty);
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(given.folder.uri('.env'), given.folder.uri('.env.local'));
    assert.equal(await vscode.workspace.applyEdit(edit), true);
    const renamed = await Secrets.of(given.folder.uri('.env.local'));
    assert.equal(await renamed.value('A'), 'new');
    await until('the dot came along', () => renamed.dirty);
    await save();
    await until('saved', () => !renamed.dirty);
    assert.equal((await valuesOf('.env.local', given.folder.text('.env.local'), given.key))[entry('A')], 'new');
  });

  it('backs up ciphertext for a restart, and takes the backup away', async () => {
    const secrets = await Secrets.open(given.folder.uri('.env'));
    await secrets.set('A', 'canary-new');
    await secrets.ask('textSet', { text: `${(await secrets.ask('text', {})).text}canary-draft\n` });
    // The bundled tests are beside the folders of VS Code's own data.
    const data = join(__dirname, '..');
    const backups = () =>
      filesIn(data).filter((file) => file.includes('workspaceStorage') && /"baseText":"A=ENC/.test(textIn(file)));
    // Each backup is a new file, and the one before goes.
    const text = await found('a backup with the draft', () =>
      backups()
        .map(textIn)
        .find((one) => one.includes('"draft"')),
    );
    assert.ok(text.includes('ENC[AES256_GCM'));
    assert.ok(!text.includes('canary'));
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await until('no dot', () => !secrets.dirty);
    await until('no backup', () => backups().length === 0);
  });

  it('opens encrypted files by the setting, and text where that was asked for', async () => {
    const settings = vscode.workspace.getConfiguration('lockstep');
    await settings.update('editor.default', true, vscode.ConfigurationTarget.Global);
    try {
      const custom = () =>
        vscode.window.tabGroups.all
          .flatMap((group) => group.tabs)
          .map(({ input }) =>
            input instanceof vscode.TabInputCustom ? 'custom' : input instanceof vscode.TabInputText ? 'text' : 'other',
          );
      await vscode.commands.executeCommand('vscode.open', given.folder.uri('.env'));
      await until('the Secrets Editor alone', () => custom().join() === 'custom');
      await run('openAsText');
      await until('text', () => vscode.window.activeTextEditor?.document.uri.path === given.folder.uri('.env').path);
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.equal(vscode.window.activeTextEditor?.document.uri.path, given.folder.uri('.env').path);
      given.folder.write('plain.yaml', 'a: 1\n');
      await show(given.folder.uri('plain.yaml'));
      assert.ok(custom().includes('text'));
    } finally {
      await settings.update('editor.default', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('comes back as a Secrets Editor after a plain file was encrypted in it', async () => {
    given.folder.write('.env.plain', 'A=canary-plain\n');
    await person({ confirm: true, message: [] });
    const plain = await Secrets.open(given.folder.uri('.env.plain'));
    assert.equal(plain.state.notice?.kind, 'plain');
    await plain.ask('act', { action: 'encrypt' });
    const secrets = await found('the Secrets Editor again', async () => {
      const page = await Secrets.of(given.folder.uri('.env.plain'), plain).catch(() => undefined);
      return page && page.rows.length > 0 ? page : undefined;
    });
    assert.equal(await secrets.value('A'), 'canary-plain');
    assert.ok(!given.folder.text('.env.plain').includes('canary'));
    assert.equal(secrets.tab?.input instanceof vscode.TabInputCustom && secrets.tab.input.viewType, editorId);
  });
});
