import assert from 'node:assert/strict';
import { editorId } from '../../src/extension/ids.ts';
import { oneStory } from '../story.ts';
import { EditorPage, importKey, openFromExplorer, sealed } from './editorpage.ts';
import { act, eventually, pictureFailures, Workbench } from './workbench.ts';

/** Every way into the Secrets Editor, and when it comes by itself. */
describe('the Secrets Editor opens', function () {
  oneStory(this);
  let workbench: Workbench;
  pictureFailures(() => workbench);

  before(async () => {
    workbench = await Workbench.start({
      files: {
        'vault.yaml': await sealed('yaml', 'db:\n    password: example-one\n    port: 5432\n'),
        'app.env': await sealed('dotenv', 'FIRST=example-two\nSECOND=example-three\n'),
        'groups.yaml': await sealed('yaml', 'db:\n    password: example-four\nweb:\n    token: example-five\n'),
        'plain.env': 'NAME=example-plain\n',
      },
      settings: { 'lockstep.offerSetUp': false },
    });
    await workbench.openFile('vault.yaml');
    await importKey(workbench);
  });
  after(() => workbench?.close());
  afterEach(() => workbench.closeAll());

  const opened = async (...names: string[]) => {
    const page = new EditorPage(workbench);
    await page.ready();
    assert.deepEqual(await page.names(), names);
  };
  const vault = ['db', 'password', 'port'];
  const explorer = (name: string) =>
    workbench.page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: name }).first();
  /** What each tab shows: `text`, or the type of its editor. */
  const tabs = () =>
    workbench.spy.evaluate<string[]>(
      `return vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ input }) => input.viewType ?? 'text'))`,
    );

  it('from the lens above a file', async () => {
    await workbench.openFile('vault.yaml');
    await workbench.waitForLens('Open Secrets Editor', 1);
    await workbench.clickLens('Open Secrets Editor', () => workbench.inEditor('vault.yaml'));
    await opened(...vault);
  });

  it('from the title of the text editor, and goes back to the text from there', async () => {
    await workbench.openFile('app.env');
    await workbench.waitForLens(/secrets/, 1);
    const title = (name: string) =>
      workbench.page.locator(`.editor-group-container.active .editor-actions .action-label[aria-label^="${name}"]`);
    const open = title('Open Secrets Editor');
    await act(
      () => open.click({ timeout: 5000 }),
      () => workbench.inEditor('app.env'),
      'Open Secrets Editor',
    );
    await opened('FIRST', 'SECOND');
    const text = title('Open as Text');
    await act(
      () => text.click({ timeout: 5000 }),
      () => workbench.paints(/^FIRST=•{8}$/),
      'Open as Text',
    );
  });

  it('with the keyboard in its table, and the state of Lockstep below; a hidden tab comes back at its row', async () => {
    const page = await EditorPage.open(workbench, 'app.env');
    await page.frame.locator('.body > .row:focus').waitFor();
    await page.walk('ArrowDown', 'SECOND');
    await workbench.page.locator('.statusbar-item', { hasText: 'Lockstep' }).waitFor();
    // The page tells where it is once one rests there.
    await workbench.page.waitForTimeout(1000);
    await workbench.openFile('plain.env');
    const tab = workbench.page.locator('.tab', { hasText: 'app.env' });
    await act(
      () => tab.click({ timeout: 5000 }),
      () => workbench.inEditor('app.env'),
      'a click on a tab',
    );
    await page.ready();
    await page.row('SECOND').waitFor();
    await eventually(
      () => page.row('SECOND').getAttribute('aria-selected'),
      (selected) => selected === 'true',
      'the row where one was',
    );
  });

  it('with the verbs of the whole file in the menu of its tab', async () => {
    const page = await EditorPage.open(workbench, 'vault.yaml');
    await page.ready();
    const more = workbench.page.locator(
      '.editor-group-container.active .editor-actions .action-label[aria-label^="More Actions"]',
    );
    const items = await workbench.menu(async () => {
      await more.click({ timeout: 5000 });
      await workbench.page.locator('.monaco-menu .action-label:visible').first().waitFor({ timeout: 5000 });
      await workbench.screenshot('editor-menu');
    }, 'Rotate Data Key');
    for (const verb of ['Update Who Can Read This File', 'Explain the State', 'Decrypt File in Place'])
      assert.ok(
        items.some((item) => item.includes(verb)),
        items.join(),
      );
    assert.equal(items.filter((item) => item.includes('Save a Copy')).length, 0, 'for binary files only');
    await (await workbench.dialog(/a new data key/)).press('Cancel');
  });

  it('where one was, with the groups that were closed, after a lock and after a reload', async () => {
    let page = await EditorPage.open(workbench, 'groups.yaml');
    await page.go('db');
    await act(
      () => page.press('ArrowLeft'),
      async () => (await page.names()).join() === 'db,web,token',
      'ArrowLeft on a group',
    );
    await page.go('token');
    const asItWas = () =>
      eventually(
        async () => [...(await page.names()), await page.row('token').getAttribute('aria-selected')].join(),
        (now) => now === 'db,web,token,true',
        'the table as it was',
      );
    await asItWas();
    // The page keeps where one is once one rests there.
    await workbench.page.waitForTimeout(1000);
    await workbench.palette('Lockstep: Lock');
    await page.frame.locator('.middle h2').waitFor();
    await page.unlock();
    await asItWas();
    await workbench.reload();
    page = new EditorPage(workbench);
    await page.ready();
    await asItWas();
  });

  it('from the explorer', async () => {
    await openFromExplorer(workbench.page, 'vault.yaml');
    await opened(...vault);
  });

  it('from Reopen Editor With…', async () => {
    await workbench.openFile('vault.yaml');
    await workbench.waitForLens(/secrets/, 1);
    await workbench.palette('View: Reopen Editor With...');
    await workbench.choose('Secrets Editor');
    await opened(...vault);
  });

  it('by itself for encrypted files where the setting says so, once, and leaves plain files alone', async () => {
    await workbench.setSetting('lockstep.editor.default', true);
    const seen: string[] = [];
    await workbench.spy.evaluate(
      `globalThis.tabChanges = 0;
       globalThis.tabListener = vscode.window.tabGroups.onDidChangeTabs(({ opened }) => { globalThis.tabChanges += opened.length; });`,
    );
    const doubleClick = (name: string) =>
      act(
        () => explorer(name).dblclick({ timeout: 5000 }),
        () => workbench.isInFront(name),
        `a double click on ${name}`,
      );
    await doubleClick('app.env');
    await opened('FIRST', 'SECOND');
    await eventually(tabs, (now) => now.join() === editorId);
    seen.push(...(await tabs()));
    await doubleClick('plain.env');
    await workbench.waitForPainted(/^NAME=•{8}$/);
    assert.deepEqual(await tabs(), [editorId, 'text']);
    await workbench.palette('View: Close Editor');
    await opened('FIRST', 'SECOND');
    // The text that was asked for stays text.
    await workbench.palette('Lockstep: Open as Text');
    await workbench.waitForPainted(/^FIRST=•{8}$/);
    await eventually(tabs, (now) => now.includes('text'));
    // The text, the editor in its place; the plain file; the text that was asked for. More would be a flicker.
    const changes = await workbench.spy.evaluate<number>(
      'globalThis.tabListener.dispose(); return globalThis.tabChanges',
    );
    assert.ok(changes <= 4, `${changes} tabs were opened`);
    await workbench.setSetting('lockstep.editor.default', false);
  });
});
