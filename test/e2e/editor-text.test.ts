import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { oneStory } from '../story.ts';
import { decrypted, EditorPage, importKey, sealed } from './editorpage.ts';
import { itLeaks } from './leaksuite.ts';
import { eventually, pictureFailures, Workbench } from './workbench.ts';

/** The Text view, and the text editor of the same file beside the Secrets Editor. */
describe('the Secrets Editor and text', function () {
  oneStory(this);
  let workbench: Workbench;
  let page: EditorPage;
  pictureFailures(() => workbench);

  before(async () => {
    workbench = await Workbench.start({
      files: { 'app.env': await sealed('dotenv', 'FIRST=old-one\nSECOND=old-two\n') },
      settings: { 'lockstep.offerSetUp': false },
    });
    await workbench.openFile('app.env');
    await importKey(workbench);
    await workbench.closeAll();
    page = await EditorPage.open(workbench, 'app.env');
  });
  after(() => workbench?.close());

  itLeaks('edits a line, pastes lines, and shows one value at a time', async () => {
    await page.textView();
    await page.openLine('FIRST=', 'old-one');
    assert.ok(!(await page.text()).some((line) => line.includes('old-two')));
    await page.type('-more');
    await page.openLine('SECOND=', 'old-two');
    await workbench.page.evaluate(`navigator.clipboard.writeText('\\nTHIRD=three\\nFOURTH=four')`);
    await page.press('Control+v');
    await eventually(
      () => page.text(),
      (lines) => lines.some((line) => line.startsWith('FOURTH=')),
      'the pasted lines',
    );
    await page.save();
    const now = decrypted(workbench, 'app.env');
    if (now) assert.deepEqual(now, { FIRST: 'old-one-more', SECOND: 'old-two', THIRD: 'three', FOURTH: 'four' });
  });

  itLeaks('finds and replaces in names, and in values on request', async () => {
    const find = page.frame.getByLabel('Find', { exact: true });
    const count = page.frame.locator('.find .search-count');
    const replaceAll = async (text: string, by: string) => {
      await find.fill(text);
      await count.filter({ hasText: /of 1/ }).waitFor();
      await page.frame.getByLabel('Replace by').fill(by);
      await page.button('Replace All').click();
    };
    await page.press('Control+f');
    await replaceAll('THIRD', 'RENAMED');
    await page.lines.filter({ hasText: 'RENAMED=' }).waitFor();
    await page.button('Search in Values Too').click();
    await replaceAll('two', 'replaced');
    await page.dirty();
    await eventually(
      () => count.innerText(),
      (text) => /no/i.test(text),
      'no more match',
    );
    assert.ok(!(await page.text()).some((line) => line.includes('old-')), 'a value is shown');
    await page.press('Escape');
    await page.save();
    const now = decrypted(workbench, 'app.env');
    if (now) assert.deepEqual(now, { FIRST: 'old-one-more', SECOND: 'old-replaced', RENAMED: 'three', FOURTH: 'four' });
  });

  it('takes a whole .env in place of all, and brings it back by undo', async () => {
    const before = await page.text();
    const change = async (keys: readonly string[], there: (lines: readonly string[]) => boolean) => {
      await page.press(...keys);
      await eventually(() => page.text(), there, 'the changed lines');
    };
    const saved = async (text: RegExp) => {
      await page.press('Control+s');
      await eventually(
        async () => readFileSync(workbench.path('app.env'), 'utf8'),
        (now) => text.test(now),
        'the saved file',
      );
    };
    await page.lines.first().click();
    await workbench.page.evaluate(`navigator.clipboard.writeText('# all new\\nONE=first-new\\nTWO=second-new\\n')`);
    await change(['Control+a', 'Control+v'], (lines) => lines.length === 4 && lines[1]?.startsWith('ONE=') === true);
    await saved(/^ONE=ENC\[/m);
    const now = decrypted(workbench, 'app.env');
    if (now) assert.deepEqual(now, { ONE: 'first-new', TWO: 'second-new' });
    await change(['Control+z'], (lines) => lines.length === before.length && lines.at(-1) === before.at(-1));
    await saved(/^FOURTH=ENC\[/m);
    const back = decrypted(workbench, 'app.env') as Record<string, string> | undefined;
    if (back) assert.deepEqual(Object.keys(back).sort(), ['FIRST', 'FOURTH', 'RENAMED', 'SECOND']);
    await workbench.page.evaluate(`navigator.clipboard.writeText('')`);
  });

  it('shares edits and saves with the text editor beside it', async () => {
    await page.tableView();
    await workbench.spy.evaluate(
      `await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(args), 'default', { viewColumn: 2 })`,
      workbench.path('app.env'),
    );
    await workbench.waitForPainted(/^FIRST=•{8}$/);
    const before = await workbench.editorText();
    await page.set('FIRST', 'from the table');
    const text = `return vscode.window.visibleTextEditors[0].document.getText()`;
    await eventually(
      () => workbench.spy.evaluate<string>(text),
      (now) => now !== before,
      'the edit in the text',
    );
    await page.press('Control+s');
    await eventually(
      () => workbench.dirty(),
      (dirty) => dirty.length === 0,
      'nothing unsaved',
    );
    const now = decrypted(workbench, 'app.env') as Record<string, string> | undefined;
    if (now) assert.equal(now.FIRST, 'from the table');
  });
});
