import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openIdentityFile } from '../../src/core/age/private/identityfile.ts';
import { alice } from '../core/support.ts';
import { importKey, sealed } from './editorpage.ts';
import { act, eventually, pictureFailures, Workbench } from './workbench.ts';

/** A backup as a person makes it who takes what is proposed. */
describe('a backup of the keys', () => {
  let workbench: Workbench;
  pictureFailures(() => workbench);
  before(async () => {
    workbench = await Workbench.start({
      files: { '.env': await sealed('dotenv', 'A=example\n') },
      settings: { 'lockstep.offerSetUp': false },
    });
    await workbench.openFile('.env');
    await workbench.waitForLens('You cannot read this file', 1);
  });
  after(() => workbench?.close());

  it('is offered once there is a key, with words that are shown once, in the folder of the person, and is read back', async () => {
    await workbench.page.keyboard.press('F1');
    await workbench.page.keyboard.type('Lockstep: ');
    await eventually(
      () => workbench.choices(),
      (found) =>
        found.some((one) => one.includes('Import Key')) && !found.some((one) => /Back Up Key|: Lock$/.test(one)),
      'a palette without what needs a key',
    );
    await workbench.cancel();
    await importKey(workbench);
    await workbench.palette('Lockstep: Back Up Key');
    const { page } = workbench;
    const sparkle = page
      .locator(
        '.quick-input-widget:visible .quick-input-action, .quick-input-widget:visible .action-label.codicon-sparkle',
      )
      .first();
    await act(
      () => sparkle.click({ timeout: 5000 }),
      () => workbench.asks('Your new pass phrase'),
      'the button that makes words',
    );
    const shown = await workbench.dialog('Your new pass phrase');
    await workbench.screenshot('backup-words');
    const words = /\b[a-z]+(?: [a-z]+){5}$/m.exec(shown.text)?.[0] ?? assert.fail(shown.text);
    await shown.press('Copy and Continue');
    await eventually(
      () => workbench.statusBar(),
      (items) => items.some((item) => /pass phrase · clears in/.test(item)),
      'the countdown',
    );
    assert.ok((await workbench.typeInInput(words, { asked: 'Again' })).hidden);
    const box = page.locator('.quick-input-widget:visible .quick-input-box input');
    const file = join(workbench.folders.home, 'lockstep-keys.age');
    await eventually(
      () => box.inputValue(),
      (value) => value === file,
      `${file} in the dialog`,
    );
    await workbench.screenshot('backup-place');
    await workbench.accept();
    const question = await workbench.dialog(/Write all your private keys to/);
    // All of this is below the checkout.
    assert.match(question.text, /git repository: do not commit/);
    await question.press('Back Up Keys');
    await workbench.waitForNotification(/the pass phrase opens it: 1 key/);
    assert.ok((await openIdentityFile(readFileSync(file, 'utf8'), words)).includes(alice.recipient));
  });
});
