import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import { launchBrowser } from '../run/browser.mjs';
import { kill } from '../run/child.mjs';
import { addressOf, freePort, type RunningServer, settingsFile, startCodeServer } from '../run/server.mjs';
import { ensureServer } from '../run/setup.mjs';
import { artifacts, canary, installInto, lab } from './lab.ts';
import { requireOneTry } from './leaksuite.ts';
import { type PaintedLens, type PaintedLine, type PaintedLink, readLenses, readLines, readLinks } from './painted.ts';
import { type Finding, scanBytes, scanFolders } from './scanner.ts';
import { Spy, type SpyReport } from './spy.ts';
import { dumpStorage, layDecoy } from './storage.ts';
import { act, eventually, matches } from './wait.ts';

export { canary } from './lab.ts';
export { lineOf } from './scanner.ts';
export { act, eventually } from './wait.ts';

export interface Options {
  /** A folder whose copy becomes the workspace. */
  readonly workspace?: string;
  /** Files of the workspace, by path. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Makes more of the workspace, before VS Code starts. */
  readonly prepare?: (folders: Folders) => void | Promise<void>;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Ask for workspace trust: the folder then starts in restricted mode. */
  readonly trust?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly size?: { readonly width: number; readonly height: number };
  /** A folder with other builds of the extension's bundles, to see that a test notices what is wrong with them. */
  readonly dist?: string;
  /** How much VS Code writes to its logs. */
  readonly log?: 'trace';
}

/** Everything a run writes to; `base` holds all the others. */
export interface Folders {
  readonly base: string;
  readonly workspace: string;
  readonly userData: string;
  readonly extensions: string;
  readonly home: string;
  readonly tmp: string;
  readonly profile: string;
}

const quiet = {
  'files.autoSave': 'off',
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'window.confirmBeforeClose': 'never',
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
  'git.openRepositoryInParentFolders': 'never',
  'editor.accessibilitySupport': 'off',
  // Each blink draws the window anew.
  'editor.cursorBlinking': 'solid',
};

const themes = {
  dark: ['Default Dark Modern', '.vs-dark'],
  light: ['Default Light Modern', '.vs:not(.vs-dark)'],
  hc: ['Default High Contrast', '.hc-black'],
  hcLight: ['Default High Contrast Light', '.hc-light'],
} as const;

const shown = ':visible';
const input = `.quick-input-widget${shown} .quick-input-box input`;
const rows = `.quick-input-widget${shown} .quick-input-list .monaco-list-row`;
let count = 0;

/** A real VS Code in a headless browser, with the packaged extension and the spy, on a workspace of its own. */
export class Workbench {
  readonly folders: Folders;
  readonly spy: Spy;
  readonly #options: Options;
  #server!: RunningServer;
  #context!: BrowserContext;
  #page!: Page;
  #open = true;
  #opened = 0;
  /** What every search has to find. */
  readonly #decoy = canary();

  private constructor(folders: Folders, spy: Spy, options: Options) {
    this.folders = folders;
    this.spy = spy;
    this.#options = options;
  }

  get server(): RunningServer {
    return this.#server;
  }
  get context(): BrowserContext {
    return this.#context;
  }
  get page(): Page {
    return this.#page;
  }

  static async start(options: Options = {}): Promise<Workbench> {
    const folders = makeFolders();
    writeFiles(folders, options);
    await options.prepare?.(folders);
    await installInto(folders.extensions, options.dist);
    const workbench = new Workbench(folders, new Spy(await freePort(), randomUUID()), options);
    await workbench.#startServer();
    try {
      await workbench.#startBrowser();
      return workbench;
    } catch (error) {
      if (workbench.#context) {
        await workbench.screenshot('start-failed').catch(() => undefined);
        await workbench.close();
      } else await workbench.#server.stop();
      throw error;
    }
  }

  async #startServer(port?: number): Promise<void> {
    const { env, trust = false, log } = this.#options;
    this.#server = await startCodeServer(await ensureServer(), {
      ...this.folders,
      log: join(this.folders.base, 'server.log'),
      trust,
      ...(port !== undefined && { port }),
      ...(log && { verbosity: log }),
      env: { ...env, LOCKSTEP_SPY_PORT: String(this.spy.port), LOCKSTEP_SPY_TOKEN: this.spy.token },
    });
  }

  async #startBrowser(): Promise<void> {
    this.#context = await launchBrowser(this.folders.profile, this.#options.size);
    // As long as what is waited for with `eventually`.
    this.#context.setDefaultTimeout(60_000);
    this.#page = this.#context.pages()[0]!;
    await this.#goHome(this.#page);
    await this.#ready();
  }

  async #goHome(page: Page): Promise<void> {
    // A page that asks before it is left is left.
    page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined));
    await page.goto(addressOf(this.#server, this.folders.workspace));
  }

  /** One more window on the same folder, with an extension host of its own; the spy stays with the first. */
  async secondWindow(): Promise<Page> {
    const page = await this.#context.newPage();
    await this.#goHome(page);
    await page.locator('.monaco-workbench .statusbar-item').first().waitFor({ timeout: 60_000 });
    return page;
  }

  /** Ends the browser and the server as a person does, and starts both again. */
  async restart(): Promise<void> {
    await this.spy.keep();
    await this.#context.close();
    await this.#server.stop();
    await this.#startServer(this.#server.port);
    await this.#startBrowser();
  }

  /**
   * Ends the server and every extension host at once, as a crash does; then the browser; and starts both again.
   * @param now without a last look of the spy, which takes a moment.
   */
  async crash({ now = false } = {}): Promise<void> {
    if (!now) await this.spy.keep();
    const ended = new Promise((resolve) => this.#server.child.once('close', resolve));
    kill(this.#server.child, 'SIGKILL');
    await ended;
    await this.#context.close();
    await this.#startServer(this.#server.port);
    await this.#startBrowser();
  }

  async #ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .statusbar-item').first().waitFor({ timeout: 60_000 });
    await this.spy.ready();
  }

  /** Ends the browser, then the server. Its folders stay until the next run, to be searched. */
  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    // For a search after the end. Where it cannot be laid, that search fails.
    await layDecoy(this.page, this.#decoy).catch(() => undefined);
    await this.#context.close().catch(() => undefined);
    await this.#server.stop();
  }

  /** *Reload Window*: the extension host starts anew, and editors come back. */
  async reload(): Promise<void> {
    const tabs = `const { activeTab } = vscode.window.tabGroups.activeTabGroup;
      const blind = activeTab?.input instanceof vscode.TabInputText && !vscode.window.activeTextEditor;
      return blind ? -1 : vscode.window.tabGroups.all.reduce((sum, group) => sum + group.tabs.length, 0);`;
    const before = await this.spy.evaluate<number>(tabs);
    await this.spy.keep();
    const loaded = this.page.waitForEvent('load');
    await this.spy.evaluate(`void vscode.commands.executeCommand('workbench.action.reloadWindow')`);
    await loaded;
    await this.#ready();
    await eventually(
      () => this.spy.evaluate<number>(tabs),
      (now) => now >= before,
      'editors after the reload',
    );
  }

  /** A picture of the whole window in .cache/artifacts. */
  async screenshot(name: string): Promise<string> {
    const path = join(artifacts, `${name}.png`);
    await this.page.screenshot({ path });
    return path;
  }

  // Commands, questions, messages.

  /** Runs a command from the palette by the start of its title, as a person would. */
  async palette(title: string): Promise<void> {
    await this.moment();
    const row = this.page.locator(rows).filter({ hasText: title }).first();
    const box = this.page.locator(input);
    // The palette shows what could be done at the moment it opened; right after a file was opened or edited, a command may
    // not be there yet, and F1 in an open palette does not look again. So it is closed and opened anew.
    let tries = 0;
    await act(
      async () => {
        if (tries++ > 0) await this.page.keyboard.press('Escape');
        await this.page.keyboard.press('F1');
        await box.fill(`>${title}`, { timeout: 5000 });
        await row.click({ timeout: 5000 });
      },
      // The palette goes, or a question of the command takes its place.
      async () => !(await box.inputValue({ timeout: 250 }).catch(() => '')).startsWith('>'),
      `${title} in the palette`,
    );
  }

  /** The question that is open: title, prompt or placeholder, and message below. */
  async question(): Promise<string> {
    await this.page.locator(input).waitFor();
    const widget = this.page.locator(`.quick-input-widget${shown}`);
    return `${await widget.innerText()}\n${(await this.page.locator(input).getAttribute('placeholder')) ?? ''}`;
  }

  /** Leaves the open question by Escape. */
  async cancel(): Promise<void> {
    await act(
      () => this.page.keyboard.press('Escape'),
      async () => !(await this.isOpen()),
      'Escape in the question',
    );
  }

  /** Whether a question is open, with this text in it. */
  async isOpen(text: string | RegExp = /./): Promise<boolean> {
    const all = await this.page.locator(`.quick-input-widget${shown}`).allInnerTexts();
    return all.some((one) => matches(one, text));
  }

  /** Presses Enter in the open question: in its box, since a view that is drawn anew may take the keyboard from it. */
  async accept(): Promise<void> {
    await this.#answer(() => this.page.locator(input).press('Enter', { timeout: 5000 }), 'Enter in the question');
  }

  /** Gives an answer to the question that is open, until that is another one, or says something else, or is gone. */
  async #answer(input: () => Promise<unknown>, what: string): Promise<void> {
    const asked = async () => (await this.page.locator(`.quick-input-widget${shown}`).allInnerTexts()).join();
    const before = await asked();
    await act(input, async () => (await asked()) !== before, what, { patience: 10_000 });
  }

  /**
   * Types into the open input box key by key and accepts; `hidden` tells whether it was a password box. `asked` waits for
   * the question to be this one: between two questions the box of the first one may still be there.
   */
  async typeInInput(
    text: string,
    { accept = true, asked = /./ as string | RegExp } = {},
  ): Promise<{ hidden: boolean }> {
    const box = this.page.locator(input);
    await box.waitFor();
    await eventually(
      () => this.question(),
      (shown) => matches(shown, asked),
      `the question ${asked}`,
    );
    const hidden = (await box.getAttribute('type')) === 'password';
    await act(
      async () => {
        await box.fill('', { timeout: 5000 });
        await box.pressSequentially(text);
      },
      async () => (await box.inputValue()) === text,
      'what is typed into the box',
    );
    if (accept) await this.accept();
    return { hidden };
  }

  /** What an open pick offers. */
  async choices(): Promise<string[]> {
    await this.page.locator(rows).first().waitFor();
    return (await this.page.locator(rows).allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
  }

  /** Takes an item of the open pick. */
  async choose(label: string | RegExp): Promise<void> {
    const row = this.page.locator(rows).filter({ hasText: label }).first();
    await row.waitFor();
    await this.#answer(() => row.click({ timeout: 5000 }), `the choice ${label}`);
  }

  /**
   * Waits for a notification and returns it; `press` clicks one of its buttons. One that is not on the screen is looked for in
   * the list of all: there are three at most, and some go after a few seconds.
   */
  async waitForNotification(
    text: string | RegExp = /./,
  ): Promise<{ text: string; buttons: string[]; press(button: string): Promise<void> }> {
    const places = ['toasts', 'center'].map((one) => `.notifications-${one} .notification-list-item${shown}`);
    const note = this.page.locator(places.join()).filter({ hasText: text }).first();
    await note.waitFor({ timeout: 20_000 }).catch(async () => {
      await this.#run('notifications.showList');
      await note.waitFor();
    });
    const buttons = note.locator('.notification-list-item-buttons-container .monaco-button');
    return {
      text: (await note.locator('.notification-list-item-message').innerText()).trim(),
      buttons: await buttons.allInnerTexts(),
      press: async (button) => {
        const one = buttons.filter({ hasText: button }).first();
        await act(
          () => one.click({ timeout: 5000 }),
          async () => !(await one.isVisible()),
          `${button} of a message`,
        );
        await this.#run('notifications.hideList');
      },
    };
  }

  /** The texts of all notifications on screen. */
  async notifications(): Promise<string[]> {
    return this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts();
  }

  async clearNotifications(): Promise<void> {
    await this.#run('notifications.clearAll');
  }

  async #run(command: string): Promise<void> {
    await this.spy.evaluate('await vscode.commands.executeCommand(args)', command);
  }

  /** Waits for a modal dialog and returns it. */
  async dialog(
    text: string | RegExp = /./,
  ): Promise<{ text: string; buttons: string[]; press(button: string): Promise<void> }> {
    const box = this.page.locator('.monaco-dialog-box').filter({ hasText: text });
    await box.waitFor();
    const buttons = box.locator('.dialog-buttons .monaco-button');
    return {
      text: (await box.locator('.dialog-message-container').innerText()).trim(),
      buttons: await buttons.allInnerTexts(),
      press: (button) =>
        act(
          () => buttons.filter({ hasText: button }).first().click({ timeout: 5000 }),
          async () => !(await box.isVisible()),
          `${button} of the question`,
        ),
    };
  }

  /** Whether a modal dialog with this text is open. */
  async asks(text: string | RegExp): Promise<boolean> {
    return this.page.locator('.monaco-dialog-box').filter({ hasText: text }).isVisible();
  }

  /** The items of the status bar, as text. */
  async statusBar(): Promise<string[]> {
    return (await this.page.locator('.statusbar-item').allInnerTexts()).map((text) => text.trim()).filter(Boolean);
  }

  // Settings.

  async setSetting(key: string, value: unknown): Promise<void> {
    const code =
      'await vscode.workspace.getConfiguration().update(args.key, args.value, vscode.ConfigurationTarget.Global)';
    await this.spy.evaluate(code, { key, value });
  }

  async setTheme(theme: keyof typeof themes): Promise<void> {
    await this.setSetting('workbench.colorTheme', themes[theme][0]);
    await this.page.locator(`.monaco-workbench${themes[theme][1]}`).waitFor();
  }

  // Files and editors.

  path(name: string): string {
    return join(this.folders.workspace, name);
  }

  /** Opens a file of the workspace in its editor, or in the editor of a view type, and waits until it is shown. */
  async openFile(name: string, viewType?: string): Promise<void> {
    const args = { path: this.path(name), viewType };
    await this.spy.evaluate(
      `const uri = vscode.Uri.file(args.path);
       await (args.viewType ? vscode.commands.executeCommand('vscode.openWith', uri, args.viewType)
         : vscode.commands.executeCommand('vscode.open', uri, { preview: false }));`,
      args,
    );
    await this.tab(name).waitFor();
    const text = 'return vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputText';
    if (await this.spy.evaluate<boolean>(text)) await this.#editor.waitFor();
    // Under load that takes a moment itself, which no person has looked at the file.
    this.#opened = Date.now();
  }

  /** A person takes a moment to find what to click in a file that has just opened. */
  async moment(): Promise<void> {
    await sleep(Math.max(0, this.#opened + 1500 - Date.now()));
  }

  /** The content of the active webview or custom editor: a frame to find elements in. */
  webview(): FrameLocator {
    return this.page.frameLocator(`iframe.webview.ready${shown}`).frameLocator('#active-frame');
  }

  /** The active tab of a file. */
  tab(name: string): Locator {
    return this.page.locator('.editor-group-container.active .tab.active').filter({ hasText: name.split('/').pop()! });
  }

  /** Whether the tab of a file is in front. */
  async isInFront(name: string): Promise<boolean> {
    return (await this.tab(name).count()) > 0;
  }

  /** Whether the tab of a file is in front and shows it in an editor of our own, or of others but for text. */
  async inEditor(name: string): Promise<boolean> {
    const custom = 'return vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputCustom';
    return (await this.isInFront(name)) && (await this.spy.evaluate<boolean>(custom));
  }

  get #editor(): Locator {
    return this.page.locator(`.editor-group-container.active .editor-instance .monaco-editor${shown}`).first();
  }

  /** Puts the keyboard into the active editor. */
  async focusEditor(): Promise<void> {
    await act(
      () => this.#run('workbench.action.focusActiveEditorGroup'),
      () => this.page.locator('.editor-group-container.active .monaco-editor.focused').first().isVisible(),
      'the keyboard in the editor',
    );
  }

  /** The whole text of the document in the active editor. */
  async editorText(): Promise<string> {
    return this.spy.evaluate<string>(`return vscode.window.activeTextEditor?.document.getText() ?? ''`);
  }

  /** The lines on screen as they are painted: masks and decorations instead of what they hide. */
  async painted(): Promise<PaintedLine[]> {
    return this.#editor.evaluate(readLines);
  }

  /** Waits until a line on screen is painted so, and returns the line. */
  async waitForPainted(text: string | RegExp): Promise<PaintedLine> {
    const lines = await eventually(
      () => this.painted(),
      (all) => all.some((one) => matches(one.text, text)),
      `a line ${text}`,
    );
    return lines.find((one) => matches(one.text, text))!;
  }

  /** Whether a line on screen is painted so now. */
  async paints(text: string | RegExp): Promise<boolean> {
    return (await this.painted()).some((one) => matches(one.text, text));
  }

  /** The CodeLenses on screen. */
  async lenses(): Promise<PaintedLens[]> {
    return this.#editor.evaluate(readLenses);
  }

  /** Waits for a CodeLens, on a line if one is given, and returns all of that line. */
  async waitForLens(title: string | RegExp, line?: number): Promise<PaintedLens> {
    const fits = (lens: PaintedLens) =>
      (line === undefined || lens.line === line) && lens.titles.some((one) => matches(one, title));
    const all = await eventually(
      () => this.lenses(),
      (lenses) => lenses.some(fits),
      `a lens ${title}`,
    );
    return all.find(fits)!;
  }

  /** Whether there is such a CodeLens on screen now. */
  async hasLens(title: string | RegExp): Promise<boolean> {
    return (await this.lenses()).some(({ titles }) => titles.some((one) => matches(one, title)));
  }

  /**
   * Clicks the CodeLens of a title, on a line or the first one on screen, once the lenses have come to rest; and again, while
   * nothing is seen of what it does.
   */
  async clickLens(title: string | RegExp, seen: () => Promise<boolean>, line?: number): Promise<void> {
    await this.moment();
    const links = async () => {
      const all = await this.#editor.evaluate(readLinks);
      return all.filter((link) => matches(link.title, title) && (line === undefined || link.line === line));
    };
    let last: PaintedLink[] = [];
    const rest = async () => {
      const before = last;
      last = await links();
      return last[0] !== undefined && JSON.stringify(last) === JSON.stringify(before);
    };
    await eventually(rest, (still) => still, `lenses ${title} at rest`);
    const first = last[0]?.line;
    await act(
      async () => {
        // A hover where the pointer rests may lie over it.
        await this.page.mouse.move(1, 1);
        const link = (await links()).find((one) => one.line === first);
        if (!link) throw new Error('it is not there');
        await this.#editor.locator(`.codelens-decoration a[id="${link.id}"]`).click({ timeout: 10_000 });
      },
      seen,
      `the lens ${title}`,
    );
  }

  /** Puts the cursor at a line and column, from 1, and waits until the line is shown. */
  async gotoLine(line: number, column = 1): Promise<void> {
    await act(
      async () => {
        await this.focusEditor();
        await this.spy.evaluate(
          `const editor = vscode.window.activeTextEditor;
           const at = new vscode.Position(args.line - 1, args.column - 1);
           editor.selection = new vscode.Selection(at, at);
           editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);`,
          { line, column },
        );
      },
      // It is there, but not to be seen, for a file with masks.
      async () =>
        (await this.page
          .locator('.statusbar-item')
          .filter({ hasText: `Ln ${line}, Col ${column}` })
          .count()) > 0,
      `the cursor at ${line}:${column}`,
    );
  }

  /** The text of the hover at a place, from 1, with its links; the hover stays open. */
  async hover(line: number, column: number): Promise<string> {
    await this.moment();
    let text = '';
    await act(
      async () => {
        await this.page.keyboard.press('Escape');
        await this.gotoLine(line, column);
        await this.#run('editor.action.showHover');
      },
      async () => {
        text = await this.hoverBox.innerText({ timeout: 1000 });
        return text.trim() !== '' && !/^Loading/.test(text);
      },
      'a hover',
    );
    return text;
  }

  get hoverBox(): Locator {
    return this.page.locator(`.monaco-editor .monaco-hover${shown}`).filter({ hasText: /\S/ }).first();
  }

  /** Types into the active editor at the cursor and waits until the text has come to rest. */
  async type(text: string): Promise<void> {
    await this.#changing(() => this.page.keyboard.type(text));
    const twice = async () => {
      const first = await this.editorText();
      await sleep(150);
      return first === (await this.editorText());
    };
    await eventually(twice, (rest) => rest, 'the end of typing');
  }

  /** Saves the active editor and waits until it has no unsaved changes. */
  async save(): Promise<void> {
    await act(
      () => this.page.keyboard.press('Control+s'),
      () => this.page.locator('.editor-group-container.active .tab.active:not(.dirty)').first().isVisible(),
      'a save',
      { patience: 10_000 },
    );
  }

  async undo(): Promise<void> {
    await this.press('Control+z');
  }

  async redo(): Promise<void> {
    await this.press('Control+Shift+z');
  }

  /** Presses a key in the active editor that changes its text. */
  async press(key: string): Promise<void> {
    await this.#changing(() => this.page.keyboard.press(key));
  }

  /** Does something to the text in the active editor and waits until the text is another. */
  async #changing(action: () => Promise<void>): Promise<void> {
    await this.focusEditor();
    const before = await this.editorText();
    await act(action, async () => (await this.editorText()) !== before, 'a change of the text', { patience: 10_000 });
  }

  /** The labels of the tabs with unsaved changes. */
  async dirty(): Promise<string[]> {
    return this.page.locator('.tab.dirty .monaco-icon-label-container').allTextContents();
  }

  /** Closes all editors; unsaved changes are dropped. */
  async closeAll(): Promise<void> {
    if (!this.#open) return;
    await this.spy.evaluate(
      `for (const group of vscode.window.tabGroups.all) for (const tab of group.tabs.filter((one) => one.isDirty)) {
         await vscode.commands.executeCommand('vscode.open', tab.input.uri);
         await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
       }
       await vscode.commands.executeCommand('workbench.action.closeAllEditors');`,
    );
    await eventually(
      () => this.page.locator('.editor-group-container .tab').count(),
      (tabs) => tabs === 0,
      'closing',
    );
  }

  /** Opens the context menu at the cursor and returns its labels; `item` is then chosen, else the menu is closed. */
  async contextMenu(item?: string): Promise<string[]> {
    await this.focusEditor();
    return this.menu(() => this.#run('editor.action.showContextMenu'), item);
  }

  /** The same for the context menu of a file in the explorer. */
  async explorerMenu(name: string, item?: string): Promise<string[]> {
    const row = this.page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: name }).first();
    return this.menu(() => row.click({ button: 'right' }), item);
  }

  /** The same for any menu. VS Code lets clicks pass while one is very new. */
  async menu(open: () => Promise<unknown>, item?: string): Promise<string[]> {
    return useMenu(this.page, open, item);
  }

  // Looking for leaks.

  /** What the spy saw, after it asked everything it can. Only in tests that are never tried again. */
  async spyReport(): Promise<SpyReport> {
    requireOneTry();
    return this.spy.report();
  }

  /** The web storage of all frames as text. */
  async storage(): Promise<string> {
    return dumpStorage(this.page);
  }

  /**
   * Where canaries are: in the live web storage while the browser runs, and in all files of this run. Only in tests that
   * are never tried again. Each search has to find a decoy too, in the live storage or in what the browser wrote of it,
   * and to read something of every part: one that finds nothing because it looks at nothing fails.
   */
  async scan(...canaries: readonly string[]): Promise<Finding[]> {
    requireOneTry();
    if (this.#open) await layDecoy(this.page, this.#decoy);
    const all = [...canaries, this.#decoy];
    const live = this.#open ? scanBytes('web storage', await this.storage(), all) : [];
    const { base, workspace, userData, extensions, home, profile } = this.folders;
    const stores = ['IndexedDB', 'Local Storage'].map((name) => join(profile, 'Default', name));
    const searched = [workspace, join(userData, 'User'), join(userData, 'logs'), extensions, home, ...stores];
    const found = [...live, ...scanFolders([base], all, { searched })];
    for (const place of this.#open ? ['web storage'] : stores) {
      const decoy = ({ path, canary }: Finding) => path.startsWith(place) && canary === this.#decoy;
      if (!found.some(decoy)) throw new Error(`the search does not find the decoy in ${place}`);
    }
    return found.filter(({ canary }) => canary !== this.#decoy);
  }

  /** Waits until a canary is found at a place: the other way round from a leak, so here it may take its time. */
  async foundIn(place: RegExp, canary: string): Promise<void> {
    await eventually(
      () => this.scan(canary),
      (found) => found.some(({ path }) => place.test(path)),
      `${place} to hold a canary`,
    );
  }
}

/** Opens a menu of a window and returns its labels; `item` is then chosen, else the menu is closed. */
export async function useMenu(page: Page, open: () => Promise<unknown>, item?: string): Promise<string[]> {
  const labels = page.locator(`.monaco-menu .action-label${shown}`).filter({ hasText: /\S/ });
  let texts: string[] = [];
  await act(
    async () => {
      if ((await labels.count()) === 0) await open();
      await labels.first().waitFor({ timeout: 5000 });
      texts = await labels.allInnerTexts();
      // A menu stays as it was when it opened: in a window that is new, without what extensions add to it.
      const there = item === undefined ? 0 : await labels.filter({ hasText: item }).count();
      if (there === 0) await page.keyboard.press('Escape');
      if (item === undefined) return;
      if (there === 0) throw new Error(`not among ${texts.join(', ')}`);
      await labels.filter({ hasText: item }).first().click({ timeout: 3000 });
    },
    async () => (await labels.count()) === 0,
    `${item ?? 'Escape'} in a menu`,
  );
  return texts;
}

/** Keeps a picture of a test that failed; call it in the `describe` of a workbench. */
export function pictureFailures(workbench: () => Workbench | undefined): void {
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    const name = this.currentTest
      .fullTitle()
      .replace(/[^\w]+/g, '-')
      .slice(0, 80);
    await workbench()
      ?.screenshot(`failed-${name}`)
      .catch(() => undefined);
  });
}

function makeFolders(): Folders {
  count++;
  const base = join(lab, `${count}-${randomUUID().slice(0, 8)}`);
  mkdirSync(base, { recursive: true });
  const real = realpathSync(base);
  const inner = (name: string) => join(real, name);
  return {
    base: real,
    workspace: inner('workspace'),
    userData: inner('user-data'),
    extensions: inner('extensions'),
    home: inner('home'),
    tmp: inner('tmp'),
    profile: inner('profile'),
  };
}

function writeFiles(folders: Folders, options: Options): void {
  const write = (path: string, data: string | Uint8Array) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, data);
  };
  mkdirSync(folders.workspace, { recursive: true });
  mkdirSync(folders.tmp, { recursive: true });
  if (options.workspace) cpSync(options.workspace, folders.workspace, { recursive: true });
  for (const [name, data] of Object.entries(options.files ?? {})) write(join(folders.workspace, name), data);
  write(settingsFile(folders.userData), JSON.stringify({ ...quiet, ...options.settings }, null, 2));
  write(join(folders.home, '.gitconfig'), '[user]\n\tname = Test\n\temail = test@localhost\n');
}
