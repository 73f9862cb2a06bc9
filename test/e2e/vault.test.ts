import assert from 'node:assert/strict';
import { alice } from '../core/support.ts';
import { sealed } from './editorpage.ts';
import { itLeaks } from './leaksuite.ts';
import { canary, pictureFailures, Workbench } from './workbench.ts';

const phrase = canary();

/** A key under a pass phrase, in a browser, where SecretStorage protects least. */
describe('a key under a pass phrase', () => {
  let workbench: Workbench;
  pictureFailures(() => workbench);
  before(async () => {
    workbench = await Workbench.start({
      files: { 'app.env': await sealed('dotenv', 'STRIPE_KEY=example-key\n') },
      settings: { 'lockstep.offerSetUp': false },
    });
    await workbench.openFile('app.env');
    await workbench.waitForLens('You cannot read this file', 1);
  });
  after(() => workbench?.close());

  it('is offered where the key is hardly protected, and asked for after a lock and a restart', async () => {
    await workbench.palette('Lockstep: Import Key');
    await workbench.choose('Type or Paste It');
    await workbench.typeInInput(alice.identity, { asked: 'AGE-SECRET-KEY' });
    await (await workbench.dialog(/into SecretStorage/)).press('Import Key');
    const weak = await workbench.waitForNotification(/runs in a browser/);
    await workbench.screenshot('vault-weak');
    await weak.press('Protect With a Pass Phrase');
    assert.ok((await workbench.typeInInput(phrase, { asked: '1 of 2' })).hidden);
    await workbench.typeInInput(phrase, { asked: '2 of 2' });
    await (await workbench.dialog(/Keep the key .* under this pass phrase/)).press('Protect Key');
    await workbench.waitForNotification(/gets nothing without the pass phrase/);
    await workbench.clearNotifications();
    await workbench.waitForLens(/1 secret/, 1);
    await workbench.palette('Lockstep: Lock');
    await workbench.waitForLens(/Locked/, 1);
    await workbench.clickLens(/Locked/, () => workbench.isOpen());
    await workbench.typeInInput('not the pass phrase', { asked: 'Pass Phrase of' });
    await workbench.typeInInput('', { asked: '2 of 5', accept: false });
    await workbench.screenshot('vault-wrong');
    await workbench.typeInInput(phrase, { asked: '2 of 5' });
    await workbench.waitForLens(/1 secret/, 1);
    await workbench.restart();
    await workbench.waitForLens(/Locked/, 1);
    await workbench.clickLens(/Locked/, () => workbench.isOpen());
    await workbench.typeInInput(phrase, { asked: 'Pass Phrase of' });
    await workbench.waitForLens(/1 secret/, 1);
  });

  itLeaks('leaves neither the key nor the pass phrase anywhere', async () => {
    assert.deepEqual(await workbench.scan(alice.identity, phrase), []);
  });
});
