import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/core/ports.ts';
import { seal } from '../../src/core/seal/seal.ts';
import { generateIdentity, recipientOf } from '../core/age/texts.ts';
import { describeLeaks } from './leaksuite.ts';
import { readSeen } from './painted.ts';
import { act, canary, eventually, type Folders, pictureFailures, Workbench } from './workbench.ts';

/** Values that git holds in plaintext, on every surface that shows an older side of a file. */
describeLeaks('old plain values', () => {
  const old = { env: canary(), yaml: canary(), former: canary(), json: canary(), base: canary(), theirs: canary() };
  const all = Object.values(old);
  let workbench: Workbench;
  pictureFailures(() => workbench);

  async function prepare({ workspace }: Folders): Promise<void> {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], { cwd: workspace });
    const write = (files: Record<string, string>) => {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(workspace, name), text);
    };
    const recipient = await recipientOf(await generateIdentity());
    git('init', '-q', '-b', 'main');
    write({
      '.sops.yaml': `creation_rules:\n  - path_regex: app\\.(yaml|json)$\n    age: ${recipient}\n`,
      '.env': `# names\nA=${old.env}\nB=same\n`,
      'app.yaml': `db:\n  pass: ${old.yaml}\n  host: same\n`,
      'app.json': `{\n  "token": "${old.json}"\n}\n`,
      'former.yaml': `key: ${old.former}\n`,
      'merge.env': `X=${old.base}\n`,
    });
    git('add', '-A');
    git('commit', '-qm', 'one');
    git('checkout', '-qb', 'other');
    write({ 'merge.env': `X=${old.theirs}\n` });
    git('commit', '-qam', 'two');
    git('checkout', '-q', 'main');
    write({ 'merge.env': 'X=ours\n' });
    git('commit', '-qam', 'three');
    assert.throws(() => git('merge', '-q', 'other'));
    write({
      '.env': '# names\nA=new\nB=same\nC=more\n',
      'app.yaml': 'db:\n  pass: new\n  host: same\n',
      'former.yaml': (await seal('key: new\n', 'yaml', { recipients: [recipient] }, systemClock)).text,
    });
  }

  before(async () => {
    workbench = await Workbench.start({
      prepare,
      settings: { 'lockstep.offerSetUp': false, 'editor.minimap.enabled': true, 'git.autofetch': false },
    });
  });
  after(() => workbench?.close());
  afterEach(() => workbench.closeAll());

  const run = (command: string, name?: string) =>
    workbench.spy.evaluate(
      `await Promise.race([vscode.commands.executeCommand(args.command, ...(args.path ? [vscode.Uri.file(args.path)] : [])),
         new Promise((resolve) => setTimeout(resolve, 4000))]);`,
      { command, path: name && workbench.path(name) },
    );
  const seen = () => workbench.page.evaluate(readSeen, all);
  /** What is on the screen holds a mask where the old side is, and stays without a value. */
  async function nothingSeen(there: string, open: () => Promise<unknown> = async () => undefined): Promise<void> {
    const side = workbench.page.locator(there);
    await act(open, async () => (await side.count()) > 0, there, { patience: 15_000 });
    await eventually(seen, (found) => found.length === 0, 'no old value on the screen');
    await workbench.page.waitForTimeout(700);
    assert.deepEqual(await seen(), []);
  }
  const sideBySide = (on: boolean) => workbench.setSetting('diffEditor.renderSideBySide', on);
  const deleted = '.line-delete .view-line';

  for (const name of ['.env', 'app.yaml', 'former.yaml']) {
    it(`are not in the peek at a change of ${name}`, async () => {
      await workbench.openFile(name);
      await workbench.waitForPainted('••••••••');
      await nothingSeen(`.dirty-diff ${deleted}`, () => run('editor.action.dirtydiff.next'));
      const mask = await workbench.page.evaluate(
        `getComputedStyle(document.querySelector('.dirty-diff ${deleted}'), '::before').content`,
      );
      assert.equal(mask, '"••••••••"');
      await workbench.screenshot(`past-peek-${name.replace(/^\./, '')}`);
    });

    it(`are not in an inline diff of ${name}`, async () => {
      await sideBySide(false);
      await nothingSeen(`.monaco-diff-editor ${deleted}`, () => run('git.openChange', name));
      await nothingSeen('.diff-review', () => run('editor.action.accessibleDiffViewer.next'));
      await sideBySide(true);
    });

    it(`are not in a diff of ${name}, side by side or too narrow for that`, async () => {
      await nothingSeen('.monaco-diff-editor .original .view-line', () => run('git.openChange', name));
      await workbench.page.setViewportSize({ width: 800, height: 700 });
      await nothingSeen(`.monaco-diff-editor ${deleted}`);
      await workbench.page.setViewportSize({ width: 1280, height: 800 });
    });
  }

  it('are not in all changes at once', async () => {
    await nothingSeen('.multiDiffEditor .monaco-diff-editor .view-line', () => run('git.viewChanges'));
  });

  it('are not in the merge editor, nor between conflict markers', async () => {
    await nothingSeen('.merge-editor .view-line', () => run('git.openMergeEditor', 'merge.env'));
    await workbench.screenshot('past-merge');
    await run('workbench.action.revertAndCloseActiveEditor');
    await workbench.openFile('merge.env');
    await workbench.waitForPainted('X=••••••••');
    await nothingSeen('.view-line');
  });

  it('are not in a version of a file that is not open', async () => {
    for (const name of ['.env', 'app.yaml', 'former.yaml', 'app.json']) {
      await workbench.spy.evaluate(
        `const extension = vscode.extensions.getExtension('vscode.git');
         await extension.activate();
         const git = extension.exports.getAPI(1);
         const repository = await git.openRepository(vscode.workspace.workspaceFolders[0].uri);
         const log = await (repository ?? git.repositories[0]).log();
         await vscode.commands.executeCommand('vscode.open', git.toGitUri(vscode.Uri.file(args), log.at(-1).hash), { preview: false });`,
        workbench.path(name),
      );
      await workbench.waitForPainted('••••••••');
      await nothingSeen('.view-line');
    }
  });

  it('tell no length: no minimap, no long scroll bar, no column', async () => {
    for (const name of ['.env', 'app.yaml']) {
      await workbench.openFile(name);
      await workbench.waitForPainted('••••••••');
      await workbench.gotoLine(2, 4);
      const shown = await workbench.page.evaluate(
        `['.editor-instance .minimap', '.editor-instance .scrollbar.horizontal', '[id="status.editor.selection"]'].filter((one) =>
          [...document.querySelectorAll(one)].some((e) => { const s = getComputedStyle(e); return s.display !== 'none' && s.visibility !== 'hidden'; }))`,
      );
      assert.deepEqual(shown, []);
    }
    await workbench.closeAll();
    writeFileSync(workbench.path('notes.txt'), 'one\ntwo\n');
    await workbench.openFile('notes.txt');
    await eventually(
      () => workbench.statusBar(),
      (items) => items.some((item) => item.startsWith('Ln ')),
      'the column of another file',
    );
  });

  it('are not in the outline', async () => {
    await workbench.openFile('app.json');
    await workbench.waitForPainted('••••••••');
    await nothingSeen('.outline-element', () => run('outline.focus'));
  });

  it('are nowhere but in the repository', async () => {
    const found = (await workbench.scan(...all)).filter(({ path }) => !path.startsWith(workbench.folders.workspace));
    assert.deepEqual(found, []);
  });

  it('are not in a search editor, and in the search view not while presenting', async () => {
    await workbench.spy.evaluate(
      `await vscode.commands.executeCommand('search.action.openNewEditor', { query: '[=:] ', isRegexp: true, triggerSearch: true, contextLines: 1 })`,
    );
    await eventually(
      () => workbench.editorText(),
      (text) => text.includes(old.json),
      'what was found',
    );
    await nothingSeen('.view-line');
    await workbench.closeAll();
    await workbench.palette('Lockstep: Toggle Presentation Mode');
    await workbench.spy.evaluate(
      `await vscode.commands.executeCommand('workbench.action.findInFiles', { query: 'token', triggerSearch: true })`,
    );
    await nothingSeen('.search-view .linematch');
    await workbench.screenshot('past-search-presenting');
  });
});
