// Files that cannot be written, or that are not where their names say.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { cannotMount } from '../mounting.ts';
import { skipFor } from '../skip.ts';
import { assertLeft, cleanUp, show } from './editors.ts';
import { Folder, ruleFor, sealedFolder, valuesOf } from './files.ts';
import { type Key, onlyKey } from './keys.ts';
import { assertUnseen, entry, run, start, until } from './support.ts';

const plain = 'A=canary-a\nB=canary-b\n';
const readOnly = /\.env: You have no permission to read or write the file\. Change its permissions, then try again\./;

describe('bad input: the place of a file', () => {
  let key: Key;

  before(async () => {
    await start();
    key = await onlyKey();
  });
  afterEach(cleanUp);

  it('a read-only file that is plain', async () => {
    const folder = new Folder({ '.sops.yaml': ruleFor([key.recipient]), '.env': plain });
    chmodSync(folder.at('.env'), 0o444);
    const asked = await assertLeft(folder, '.env', () => run('encryptFile'));
    assert.match(asked.join(), readOnly);
    assert.deepEqual(folder.temporary(), []);
  });

  it('a read-only file that is encrypted', async () => {
    const folder = await sealedFolder(plain, key);
    chmodSync(folder.at('.env'), 0o444);
    const answers = { secret: 'canary-new', input: 'NEW', confirm: true, choose: 'Decrypt File' };
    for (const id of ['setValue', 'addSecret', 'deleteSecret', 'rotateDataKey', 'decryptFile'] as const) {
      const asked = await assertLeft(folder, '.env', () => run(id, answers, folder.uri('.env').toString(), entry('A')));
      assert.match(asked.at(-1) ?? '', readOnly, id);
    }
  });

  it('a link to a file: the file is written, the link stays', async () => {
    const folder = new Folder({ '.sops.yaml': ruleFor([key.recipient]), 'real.env': plain });
    symlinkSync('real.env', folder.at('.env'));
    await show(folder.uri('.env'));
    assert.deepEqual(await run('encryptFile'), []);
    assert.equal(lstatSync(folder.at('.env')).isSymbolicLink(), true);
    assertUnseen('canary', folder.text('real.env'));
    const { document } = await show(folder.uri('.env'));
    await run('setValue', { secret: 'canary-new' }, document.uri.toString(), entry('A'));
    assert.equal(await document.save(), true);
    assert.equal(lstatSync(folder.at('.env')).isSymbolicLink(), true);
    assert.deepEqual(Object.values(await valuesOf('.env', folder.text('real.env'), key)), ['canary-new', 'canary-b']);
  });

  it('a link that leads nowhere', async () => {
    const folder = await sealedFolder(plain, key);
    symlinkSync('nowhere', folder.at('lost.env'));
    const asked = await run('encryptFile', {}, folder.uri('lost.env'));
    assert.match(asked.join(), /lost\.env: (The file no longer exists|This is not an ordinary file)\. /);
    assert.equal(lstatSync(folder.at('lost.env')).isSymbolicLink(), true);
  });

  it('a folder', async () => {
    const folder = await sealedFolder(plain, key);
    mkdirSync(folder.at('folder.env'));
    const asked = await run('encryptFile', {}, folder.uri('folder.env'));
    assert.match(asked.join(), /folder\.env: This is not an ordinary file\. Choose a file/);
  });

  it('a full disk', async function () {
    const folder = new Folder({ '.sops.yaml': ruleFor([key.recipient]) });
    const disk = folder.at('full');
    mkdirSync(disk);
    skipFor(this, cannotMount());
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'pipe' });
    try {
      folder.write('full/.env', `${plain}C=${'x'.repeat(20_000)}\n`);
      fill(folder);
      const asked = await assertLeft(folder, 'full/.env', () => run('encryptFile'));
      assert.match(asked.join(), /The disk is full\. Free some space, then try again\. The old file is unchanged\./);
      assert.deepEqual(readdirSync(disk).sort(), ['.env', 'filler']);
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await until('the editor is closed', () => vscode.window.visibleTextEditors.length === 0);
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  });
});

/** Takes what room there is. */
function fill(folder: Folder): void {
  for (const size of [65_536, 4096, 1]) {
    try {
      for (;;) writeFileSync(folder.at('full/filler'), Buffer.alloc(size), { flag: 'a' });
    } catch {
      // Full for this size.
    }
  }
}
