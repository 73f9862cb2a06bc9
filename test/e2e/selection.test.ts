import assert from 'node:assert/strict';
import { tokenFormats } from '../../src/core/tokens/formats.ts';
import { describeLeaks } from './leaksuite.ts';
import { canary, eventually, lineOf, pictureFailures, Workbench } from './workbench.ts';

/** A value of another system in a source file: shown on the screen for a while, and nowhere else. */
describeLeaks('Decrypt Selection', () => {
  const secret = canary();
  const phrase = canary();
  const source = async () => {
    const seal = tokenFormats.flet.seal ?? assert.fail();
    const value = await seal(Buffer.from(secret), phrase, { now: new Date(), user: 1 });
    return `from flet.security import decrypt\n\ntoken = decrypt("${value}", key)\nprint("done")\n`;
  };
  let workbench: Workbench;
  let text: string;
  pictureFailures(() => workbench);

  before(async () => {
    text = await source();
    workbench = await Workbench.start({
      files: { 'app.py': text },
      settings: { 'lockstep.offerSetUp': false, 'lockstep.reveal.seconds': 60, 'editor.wordWrap': 'off' },
      log: 'trace',
      size: { width: 1100, height: 700 },
    });
    await workbench.openFile('app.py');
    await workbench.page.keyboard.press('Control+b');
  });
  after(() => workbench?.close());

  it('asks for the pass phrase unseen, and shows the value in its place', async () => {
    await workbench.gotoLine(3, 30);
    await workbench.palette('Lockstep: Decrypt Selection');
    const { hidden } = await workbench.typeInInput('not the phrase', { asked: /Pass Phrase of Flet/ });
    assert.ok(hidden);
    await workbench.typeInInput(phrase, { asked: /does not open the value.*2 of 5/s });
    await workbench.waitForPainted(secret);
    const note = await workbench.waitForNotification('Decrypted, and shown for 60 seconds');
    assert.deepEqual(note.buttons, ['Copy', 'Replace With Plaintext…']);
    for (const theme of ['light', 'dark'] as const) {
      await workbench.setTheme(theme);
      await workbench.screenshot(`selection-${theme}`);
    }
    assert.equal(await workbench.editorText(), text);
  });

  it('hides it when the cursor moves into it, and offers nothing any more', async () => {
    await workbench.gotoLine(3, 40);
    await eventually(
      () => workbench.painted(),
      (lines) => !lines.some((line) => line.text.includes(secret)),
      'the value hidden',
    );
    const note = await workbench.waitForNotification('Decrypted, and shown');
    await note.press('Replace With Plaintext…');
    await workbench.waitForNotification('The value is hidden again');
    assert.equal(await workbench.editorText(), text);
  });

  it('leaves neither the value nor the pass phrase anywhere, and no other extension saw them', async () => {
    assert.deepEqual((await workbench.spyReport()).find(secret, phrase), []);
    await workbench.close();
    assert.deepEqual((await workbench.scan(secret, phrase)).map(lineOf), []);
  });
});
