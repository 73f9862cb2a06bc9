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
import { type PaintedLens, type PaintedLine, readLenses, readLines } from './painted.ts';
import { type Finding, scanBytes, scanFolders } from './scanner.ts';
import { Spy, type SpyReport } from './spy.ts';
import { dumpStorage, layDecoy } from './storage.ts';
import { eventually, matches } from './wait.ts';

export { canary } from './lab.ts';
export { lineOf } from './scanner.ts';
export { eventually } from './wait.ts';

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
    // The palette shows what could be done at the moment it opened; right after a file was opened or edited, a command may
    // not be there yet, and F1 in an open palette does not look again. So it is closed and opened anew.
    let tries = 0;
    await eventually(
      async () => {
        if (tries++ > 0) await this.page.keyboard.press('Escape');
        await this.page.keyboard.press('F1');
        await this.page.locator(input).fill(`>${title}`);
        await row.click({ timeout: 2500 });
      },
      () => true,
      `${title} in the palette`,
      30_000,
    );
    // The palette goes, or a question of the command takes its place.
    await eventually(
      () =>
        this.page
          .locator(input)
          .inputValue({ timeout: 250 })
          .catch(() => ''),
      (value) => !value.startsWith('>'),
      'the end of the palette',
    );
  }

  /** The question that is open: title, prompt or placeholder, and message below. */
  async question(): Promise<string> {
    await this.page.locator(input).waitFor();
    const widget = this.page.locator(`.quick-input-widget${shown}`);
    return `${await widget.innerText()}\n${(await this.page.locator(input).getAttribute('placeholder')) ?? ''}`;
  }

  /** Presses Enter in the open question: in its box, since a view that is drawn anew may take the keyboard from it. */
  async accept(): Promise<void> {
    await this.page.locator(input).press('Enter');
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
    await box.fill('');
    await box.pressSequentially(text);
    if (accept) await box.press('Enter');
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
    await row.click();
  }

  /** Waits for a notification and returns it; `press` clicks one of its buttons. */
  async waitForNotification(
    text: string | RegExp = /./,
  ): Promise<{ text: string; buttons: string[]; press(button: string): Promise<void> }> {
    const toast = this.page.locator('.notifications-toasts .notification-list-item').filter({ hasText: text }).first();
    await toast.waitFor();
    const buttons = toast.locator('.notification-list-item-buttons-container .monaco-button');
    return {
      text: (await toast.locator('.notification-list-item-message').innerText()).trim(),
      buttons: await buttons.allInnerTexts(),
      press: (button) => buttons.filter({ hasText: button }).first().click(),
    };
  }

  /** The texts of all notifications on screen. */
  async notifications(): Promise<string[]> {
    return this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts();
  }

  async clearNotifications(): Promise<void> {
    await this.spy.evaluate(`await vscode.commands.executeCommand('notifications.clearAll')`);
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
      press: async (button) => {
        await buttons.filter({ hasText: button }).first().click();
        await box.waitFor({ state: 'hidden' });
      },
    };
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

  get #editor(): Locator {
    return this.page.locator(`.editor-group-container.active .editor-instance .monaco-editor${shown}`).first();
  }

  /** Puts the keyboard into the active editor. */
  async focusEditor(): Promise<void> {
    await this.spy.evaluate(`await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup')`);
    await this.page.locator('.editor-group-container.active .monaco-editor.focused').first().waitFor();
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

  /** Clicks the n-th CodeLens of a title on screen, from 0. */
  async clickLens(title: string | RegExp, n = 0): Promise<void> {
    await this.moment();
    await this.#editor.locator('.codelens-decoration a').filter({ hasText: title }).nth(n).click();
  }

  /** Puts the cursor at a line and column, from 1, and waits until the line is shown. */
  async gotoLine(line: number, column = 1): Promise<void> {
    await this.focusEditor();
    await this.spy.evaluate(
      `const editor = vscode.window.activeTextEditor;
       const at = new vscode.Position(args.line - 1, args.column - 1);
       editor.selection = new vscode.Selection(at, at);
       editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);`,
      { line, column },
    );
    await this.page
      .locator('.statusbar-item')
      .filter({ hasText: `Ln ${line}, Col ${column}` })
      // It is not shown for a file with masks.
      .waitFor({ state: 'attached' });
  }

  /** The text of the hover at a place, from 1, with its links; the hover stays open. */
  async hover(line: number, column: number): Promise<string> {
    await this.moment();
    await this.page.keyboard.press('Escape');
    await this.gotoLine(line, column);
    await this.spy.evaluate(`await vscode.commands.executeCommand('editor.action.showHover')`);
    const hover = this.hoverBox;
    await hover.waitFor();
    return eventually(
      () => hover.innerText(),
      (text) => text.trim() !== '' && !/^Loading/.test(text),
      'a hover',
    );
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
    await this.page.keyboard.press('Control+s');
    await this.page.locator('.editor-group-container.active .tab.active:not(.dirty)').waitFor();
  }

  async undo(): Promise<void> {
    await this.#changing(() => this.page.keyboard.press('Control+z'));
  }

  async redo(): Promise<void> {
    await this.#changing(() => this.page.keyboard.press('Control+Shift+z'));
  }

  /** Does something to the text in the active editor and waits until the text is another. */
  async #changing(action: () => Promise<void>): Promise<void> {
    const before = await this.editorText();
    await this.focusEditor();
    await action();
    await eventually(
      () => this.editorText(),
      (text) => text !== before,
      'a change of the text',
    );
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
    await this.spy.evaluate(`await vscode.commands.executeCommand('editor.action.showContextMenu')`);
    const labels = this.page.locator(`.monaco-menu .action-label${shown}`).filter({ hasText: /\S/ });
    await labels.first().waitFor();
    const texts = await labels.allInnerTexts();
    if (item === undefined) await this.page.keyboard.press('Escape');
    else await labels.filter({ hasText: item }).first().click();
    return texts;
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
