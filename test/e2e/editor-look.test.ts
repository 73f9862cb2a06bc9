import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../run/setup.mjs';
import { EditorPage, importKey, sealed } from './editorpage.ts';
import { pictureFailures, Workbench } from './workbench.ts';

const axe = readFileSync(createRequire(join(root, 'package.json')).resolve('axe-core/axe.min.js'), 'utf8');
const themes = ['dark', 'light', 'hc', 'hcLight'] as const;
const many = (count: number) => Array.from({ length: count }, (_, n) => `KEY_${n}=example-${n}\n`).join('');

/** The page as VS Code draws it: its real colours, checked by axe; pictures of each state for people to look at. */
describe('the look of the Secrets Editor', () => {
  let workbench: Workbench;
  let page: EditorPage;
  pictureFailures(() => workbench);

  before(async () => {
    workbench = await Workbench.start({
      files: {
        'vault.yaml': await sealed(
          'yaml',
          `# why\ndb:\n    host: example # here\n    port: 5432\n    note_unencrypted: open\n    pem: |\n        one\n        two\n`,
        ),
        'one.env': await sealed('dotenv', 'ONLY=example\n'),
        'many.env': await sealed('dotenv', many(1000)),
      },
      settings: { 'lockstep.offerSetUp': false },
      size: { width: 1100, height: 700 },
    });
    await workbench.openFile('vault.yaml');
    await importKey(workbench);
    await workbench.closeAll();
    await workbench.page.keyboard.press('Control+b');
  });
  after(() => workbench?.close());
  afterEach(() => workbench.closeAll());

  /** What axe has to say about the page, in one line each. */
  const complaints = async () => {
    const body = await page.frame.locator('body').elementHandle();
    const frame = (await body?.ownerFrame()) ?? assert.fail('no frame');
    // By the browser's debugger: the page's own policy lets no script in.
    await frame.evaluate(axe);
    return frame.evaluate<string[]>(
      `axe.run().then(({ violations }) => violations.map(({ id, nodes }) =>
        id + ': ' + nodes.map(({ html }) => html.slice(0, 160)).join(' ')))`,
    );
  };
  const good = async (name: string) => {
    await workbench.screenshot(`editor-${name}`);
    assert.deepEqual(await complaints(), [], name);
  };

  for (const theme of themes) {
    it(`in ${theme}`, async () => {
      await workbench.setTheme(theme);
      page = await EditorPage.open(workbench, 'vault.yaml');
      await good(`table-${theme}`);
      await page.show('host');
      await good(`revealed-${theme}`);
      await page.menu('host', 'Generate…');
      await page.frame.getByText(/Very strong/).waitFor();
      await good(`generate-${theme}`);
      await page.press('Escape');
      await page.openMenu('host');
      await good(`menu-${theme}`);
      await page.press('Escape');
      await page.textView();
      await page.openLine('port', '5432');
      await good(`text-${theme}`);
      await page.tableView();
      await workbench.spy.evaluate(`await vscode.commands.executeCommand('lockstep.lock')`);
      await page.button('Unlock').waitFor();
      await good(`locked-${theme}`);
      await page.unlock();
      await page.row('host').waitFor();
    });
  }

  it('with one entry, and with a thousand, and at twice the size', async () => {
    await workbench.setTheme('dark');
    page = await EditorPage.open(workbench, 'one.env');
    await good('one');
    await page.go('ONLY');
    await page.pressUntil(
      () =>
        page.frame
          .getByText(/Delete ONLY/)
          .first()
          .isVisible(),
      'Delete',
    );
    await good('delete');
    await page.press('Escape');
    page = await EditorPage.open(workbench, 'many.env');
    await page.go('KEY_0');
    await page.pressUntil(() => page.row('KEY_999').isVisible(), 'End');
    await good('many');
    await workbench.page.setViewportSize({ width: 550, height: 350 });
    await good('twice-the-size');
    await workbench.page.setViewportSize({ width: 1100, height: 700 });
  });
});
