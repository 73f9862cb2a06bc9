import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { cleanUp, show } from './editors.ts';
import { Folder, sealed } from './files.ts';
import { type Key, onlyKey, useKeys } from './keys.ts';
import { entry, run, start, unlock, until } from './support.ts';

describe('lock', () => {
  let key: Key;
  let folder: Folder;
  let ids: string[];

  before(async () => {
    await start();
    key = await onlyKey();
  });
  beforeEach(async () => {
    folder = new Folder({ '.env': await sealed('.env', 'A=canary-a\nB=canary-b\n', [key]) });
    const { document } = await show(folder.uri('.env'));
    ids = [document.uri.toString(), entry('A')];
    await vscode.env.clipboard.writeText('');
  });
  afterEach(async () => {
    await unlock();
    await cleanUp();
  });

  const clipboard = () => vscode.env.clipboard.readText();
  async function lenses(): Promise<string> {
    const uri = folder.uri('.env');
    const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 100);
    return found.map((lens) => lens.command?.title).join('|');
  }

  it('takes a copied value off the clipboard', async () => {
    await run('copyValue', {}, ...ids);
    assert.equal(await clipboard(), 'canary-a');
    await run('lock');
    await until('an empty clipboard', async () => (await clipboard()) === '');
  });

  it('leaves what somebody else copied', async () => {
    await run('copyValue', {}, ...ids);
    await vscode.env.clipboard.writeText('mine');
    await run('lock');
    assert.match(await lenses(), /Locked/);
    assert.equal(await clipboard(), 'mine');
  });

  it('drops what was decrypted, until it is unlocked', async () => {
    assert.match(await lenses(), /2 secrets.*\|Copy\|/);
    await run('lock');
    assert.equal(await lenses(), '$(lock)\u00a0Locked · Unlock');
    const before = folder.text('.env');
    for (const id of ['copyValue', 'setValue', 'addSecret', 'rotateDataKey', 'deleteSecret', 'backUpKey'] as const) {
      // What another extension can press, pick and fill in does not unlock it.
      const answers = { secret: 'canary', confirm: true, message: 'Unlock', choose: 'Unlock', gesture: false };
      const asked = await run(id, answers, ...ids);
      assert.equal(asked.length, 1, id);
      assert.match(asked[0] ?? '', /^Lockstep is locked\./, id);
    }
    await run('unlock', { confirm: true, message: 'Unlock', gesture: false });
    assert.match(await lenses(), /Locked/);
    assert.equal(await clipboard(), '');
    assert.equal(folder.document('.env')?.isDirty, false);
    assert.equal(folder.text('.env'), before);
    await run('unlock');
    assert.match(await lenses(), /2 secrets/);
  });

  it('offers to unlock where a value is asked for', async () => {
    await run('lock');
    assert.match((await run('copyValue', { gesture: true }, ...ids))[0] ?? '', /^Lockstep is locked\./);
    assert.equal(await clipboard(), 'canary-a');
  });

  it('while a value is typed: nothing is changed', async () => {
    const asked = await run(
      'setValue',
      {
        get secret() {
          void vscode.commands.executeCommand('lockstep.lock');
          return 'canary-new';
        },
      },
      ...ids,
    );
    // The lock is on its way while the answer is; whichever comes first, the text is whole.
    const document = folder.document('.env') ?? assert.fail();
    if (document.isDirty) await vscode.commands.executeCommand('undo');
    else assert.match(asked.at(-1) ?? '', /\.env: Lockstep is locked\. Unlock it, then try again\./);
    assert.equal(document.getText(), folder.text('.env'));
  });

  it('an explanation says that it is locked', async () => {
    await run('lock');
    const asked = await run('explainFile');
    assert.match(asked.join(), /\.env is encrypted, and Lockstep is locked\./);
  });

  it('an unlock without a key says so', async () => {
    await useKeys({});
    await run('lock');
    assert.match((await run('unlock')).join(), /You have no key yet, so there is nothing to unlock\./);
  });
});
