import assert from 'node:assert/strict';
import { alice } from '../core/support.ts';
import { importKey, sealed } from './editorpage.ts';
import { describeLeaks } from './leaksuite.ts';
import { canary, eventually, lineOf, pictureFailures, Workbench } from './workbench.ts';

/** A .env as repositories have it, with quotes and values of several lines, from its encryption on. */
describeLeaks('quotes in a .env', () => {
  const secret = canary();
  let workbench: Workbench;
  pictureFailures(() => workbench);

  before(async () => {
    workbench = await Workbench.start({
      files: {
        'quoted.env': await sealed('dotenv', `PLAIN=${secret}1\nQUOTED="${secret}2"\nBOTH='${secret}3' # why\n`),
        '.sops.yaml': `creation_rules:\n  - age: ${alice.recipient}\n`,
        'new.env': `PLAIN=${secret}1\nexport NAME=${secret}4\nKEY="${secret}5\nline\nend"\n`,
      },
      settings: { 'lockstep.offerSetUp': false },
      size: { width: 1100, height: 700 },
    });
    await workbench.openFile('quoted.env');
    await importKey(workbench);
    await workbench.closeAll();
    await workbench.page.keyboard.press('Control+b');
  });
  after(() => workbench?.close());
  afterEach(() => workbench.closeAll());

  for (const theme of ['dark', 'light'] as const) {
    it(`are named by lens and hover, in ${theme}`, async () => {
      await workbench.setTheme(theme);
      await workbench.openFile('quoted.env');
      await workbench.waitForLens('The quotes are part of this value · Remove Quotes', 2);
      await workbench.waitForLens('The quotes are part of this value · Remove Quotes', 3);
      const hover = await workbench.hover(2, 3);
      await workbench.screenshot(`quotes-${theme}`);
      assert.match(hover, /The quotes are part of this value; programs that load a \.env remove them/);
      assert.match(hover, /Remove Quotes/);
      assert.doesNotMatch(hover, new RegExp(secret));
    });
  }

  it('come off by a click, and the lens with them', async () => {
    await workbench.openFile('quoted.env');
    const quotes = 'The quotes are part of this value · Remove Quotes';
    await workbench.waitForLens(quotes, 3);
    const titles = async () => (await workbench.lenses()).flatMap((lens) => lens.titles);
    const marked = (all: string[]) => all.filter((title) => title.includes('Remove Quotes')).length;
    await workbench.clickLens(quotes, async () => marked(await titles()) === 1, 2);
    await workbench.undo();
    await eventually(titles, (all) => marked(all) === 2, 'both lenses after undo');
  });

  it('and values of several lines are asked about and named when a file is encrypted', async () => {
    await workbench.openFile('new.env');
    await workbench.palette('Lockstep: Encrypt File');
    const dialog = await workbench.dialog('several lines');
    await workbench.screenshot('quotes-lines');
    assert.match(dialog.text, /new\.env has values of several lines: KEY \(lines 3–5\)/);
    assert.doesNotMatch(dialog.text, new RegExp(secret));
    await dialog.press('Join Lines and Encrypt');
    const note = await workbench.waitForNotification('read these differently');
    await workbench.screenshot('quotes-encrypted');
    assert.match(note.text, /KEY \(quotes\); export NAME \(export\)/);
    assert.doesNotMatch(note.text, new RegExp(secret));
    await note.press('Remove Quotes');
    const titles = async () => (await workbench.lenses()).flatMap((lens) => lens.titles).join('\n');
    await eventually(titles, (all) => /3 secrets/.test(all) && !/Remove Quotes/.test(all), 'no quotes any more');
  });

  it('leave no value anywhere after everything is closed', async () => {
    await workbench.close();
    assert.deepEqual((await workbench.scan(secret)).map(lineOf), []);
  });
});
