import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { seal } from '../../src/core/seal/seal.ts';
import { alice, clock } from '../core/support.ts';
import { oneStory } from '../story.ts';
import { eventually, pictureFailures, Workbench } from './workbench.ts';

/** A folder that nobody trusts yet: it can be looked at, nothing is written, no program of it runs. */
describe('Restricted Mode', function () {
  oneStory(this);
  let workbench: Workbench;
  pictureFailures(() => workbench);
  let sealed = '';

  before(async () => {
    sealed = (await seal('db:\n  password: hidden-word\n', 'yaml', { recipients: [alice.recipient] }, clock)).text;
    workbench = await Workbench.start({ trust: true, files: { 'secrets.yaml': sealed, '.env': 'A=plain-word\n' } });
  });
  after(() => workbench?.close());

  it('is on', async () => {
    assert.equal(await workbench.spy.evaluate('return vscode.workspace.isTrusted'), false);
  });

  it('masks, opens, reveals and copies', async () => {
    await workbench.openFile('.env');
    await workbench.waitForPainted(/^A=•{8}$/);
    await workbench.palette('Lockstep: Import Key');
    await workbench.choose('Type or Paste It');
    await workbench.typeInInput(alice.identity, { asked: 'AGE-SECRET-KEY' });
    await (await workbench.dialog(/into SecretStorage/)).press('Import Key');
    await workbench.openFile('secrets.yaml');
    await workbench.waitForLens(/1 secret/, 1);
    await workbench.gotoLine(2, 4);
    await workbench.palette('Lockstep: Reveal Value');
    await workbench.waitForPainted(/hidden-word/);
    await workbench.palette('Lockstep: Copy Value');
    await eventually(
      () => workbench.spy.clipboard(),
      (text) => text === 'hidden-word',
    );
    await workbench.screenshot('restricted');
  });

  it('writes nothing, whoever asks', async () => {
    const uri = `vscode.Uri.file(${JSON.stringify(workbench.path('secrets.yaml'))}).toString()`;
    const env = `vscode.Uri.file(${JSON.stringify(workbench.path('.env'))})`;
    const id = JSON.stringify(JSON.stringify([0, 'db', 'password']));
    for (const [command, ...args] of [
      ['lockstep.setUp'],
      ['lockstep.encryptFile', env],
      ['lockstep.decryptFile', uri],
      ['lockstep.setValue', uri, id],
      ['lockstep.generateValue', uri, id],
      ['lockstep.addSecret', uri],
      ['lockstep.renameSecret', uri, id],
      ['lockstep.deleteSecret', uri, id],
      ['lockstep.removeQuotes', uri, id],
      ['lockstep.rotateDataKey', uri],
    ] as const) {
      await workbench.spy.command(command, ...args);
      assert.equal(await workbench.page.locator('.quick-input-widget:visible').count(), 0, `${command} asks`);
      assert.equal(await workbench.page.locator('.monaco-dialog-box:visible').count(), 0, `${command} asks`);
    }
    await workbench.waitForNotification(/Restricted Mode/);
    assert.equal(readFileSync(workbench.path('secrets.yaml'), 'utf8'), sealed);
    assert.equal(readFileSync(workbench.path('.env'), 'utf8'), 'A=plain-word\n');
    assert.deepEqual(await workbench.dirty(), []);
  });
});
