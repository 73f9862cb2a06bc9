import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import type { FormatId } from '../../src/core/format/document.ts';
import { systemClock } from '../../src/core/ports.ts';
import { seal } from '../../src/core/seal/seal.ts';
import { defaultSelector } from '../../src/core/sops/selection.ts';
import { editorId } from '../../src/extension/ids.ts';
import { alice } from '../core/support.ts';
import { act, eventually, useMenu, type Workbench } from './workbench.ts';

export const dots = '••••••••';
const exactly = (text: string) => new RegExp(`^\\s*${text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}\\s*$`);

/** A file for the workspace, encrypted to alice, whose key `importKey` takes in. */
export async function sealed(format: FormatId, text: string, selector = defaultSelector): Promise<string> {
  return (await seal(text, format, { recipients: [alice.recipient], selector }, systemClock)).text;
}

/** Takes alice's key in, as a person does. */
export async function importKey(workbench: Workbench): Promise<void> {
  await workbench.palette('Lockstep: Import Key');
  await workbench.choose('Type or Paste It');
  await workbench.typeInInput(alice.identity, { asked: 'AGE-SECRET-KEY' });
  await (await workbench.dialog(/into SecretStorage/)).press('Import Key');
  await workbench.waitForNotification(/in SecretStorage/);
  await workbench.clearNotifications();
}

/** Opens a file of the explorer in the Secrets Editor, by its menu. */
export async function openFromExplorer(page: Page, name: string): Promise<void> {
  const row = page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: name }).first();
  await useMenu(page, () => row.click({ button: 'right' }), 'Open Secrets Editor');
}

/** The Secrets Editor that is in front in a workbench, by what a person sees and does. */
export class EditorPage {
  readonly workbench: Workbench;
  /** The window that it is in. */
  readonly window: Page;

  constructor(workbench: Workbench, window = workbench.page) {
    this.workbench = workbench;
    this.window = window;
  }

  /** Opens a file in the Secrets Editor and waits until it shows the file or says why not. */
  static async open(workbench: Workbench, name: string): Promise<EditorPage> {
    await workbench.openFile(name, editorId);
    const page = new EditorPage(workbench);
    await page.ready();
    return page;
  }

  get frame(): FrameLocator {
    return this.window.frameLocator('iframe.webview.ready:visible').frameLocator('#active-frame');
  }

  /** Waits until the page shows the file, or a notice. */
  async ready(): Promise<void> {
    await this.frame.locator('.bar .fact:visible, .middle h2:visible').first().waitFor({ timeout: 60_000 });
  }

  /** The row of a name, or of the path of names that leads to it. */
  row(name: string): Locator {
    return this.frame
      .locator('.body > .row', { has: this.frame.locator('.label', { hasText: exactly(name) }) })
      .first();
  }

  /** The names on screen, from top to bottom. */
  async names(): Promise<string[]> {
    return this.frame.locator('.body > .row .label').allTextContents();
  }

  /** Puts the keyboard on a row. */
  async go(name: string): Promise<void> {
    const row = this.row(name);
    await act(
      () => row.locator('.label').click({ timeout: 5000 }),
      () => row.evaluate((one) => one.matches(':focus')),
      `a click on ${name}`,
    );
  }

  /** Presses a key that moves the keyboard to the row of a name. */
  async walk(key: string, name: string): Promise<void> {
    const row = this.row(name);
    const there = () => row.evaluate((one) => one.matches(':focus'));
    await act(async () => (await there()) || this.press(key), there, `${key} to ${name}`);
  }

  /** Presses keys, and again while it is not seen what they do. Only keys that do nothing more once they have done it. */
  async pressUntil(seen: () => Promise<boolean>, ...keys: readonly string[]): Promise<void> {
    await act(async () => (await seen()) || this.press(...keys), seen, keys.join(' '));
  }

  /** Clicks a button of the page, and again while it is there. The last one: those of a dialog come after those behind it. */
  async click(name: string): Promise<void> {
    const all = this.frame.locator('button:visible').filter({ hasText: exactly(name) });
    await all.last().waitFor();
    const before = await all.count();
    await act(
      () => all.last().click({ timeout: 10_000 }),
      async () => (await all.count()) < before,
      `the button ${name}`,
    );
  }

  /** Unlocks by the button of the page. */
  async unlock(): Promise<void> {
    await this.click('Unlock');
  }

  /** Presses keys one after the other. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.window.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    await this.window.keyboard.type(text);
  }

  /** The field that has the focus. */
  get field(): Locator {
    return this.frame.locator('input:focus, textarea:focus');
  }

  /** Whether a field for an entry has the keyboard, be it in its row or in a panel. */
  async isInField(): Promise<boolean> {
    return (await this.frame.locator('.field:focus:not(.search-field)').count()) > 0;
  }

  /** Opens the field of a value and waits until it has the focus. */
  async edit(name: string): Promise<void> {
    await this.go(name);
    await this.pressUntil(() => this.isInField(), 'Enter');
    await this.inField();
  }

  /** Types over what is in the field that has the focus, and waits until that is in it. */
  async over(text: string): Promise<void> {
    await act(
      async () => {
        await this.press('Control+a');
        await this.type(text);
      },
      async () => (await this.field.inputValue({ timeout: 1000 })) === text,
      'what is typed into a field',
    );
  }

  /** Types a new value of one line over the old one, as a person does, and waits until it is in the document. */
  async set(name: string, text: string): Promise<void> {
    await this.edit(name);
    await this.over(text);
    await this.enter();
    await this.unsaved(name);
  }

  /** Ends the open field by a key, in the field itself: outside of one it may open the next. */
  async enter(key = 'Enter'): Promise<void> {
    await act(
      () => this.field.press(key, { timeout: 2000 }),
      async () => !(await this.isInField()),
      `${key} in a field`,
      { patience: 10_000 },
    );
  }

  /** Opens the fields of a new entry below a row. */
  async insert(name: string): Promise<void> {
    await this.go(name);
    await this.pressUntil(() => this.isInField(), 'Insert');
    await this.inField();
  }

  /** Takes what is generated for a row. */
  async take(name: string): Promise<void> {
    const masked = this.frame.locator('.body input.masked');
    await act(
      () => masked.press('Enter', { timeout: 5000 }),
      async () => !(await masked.isVisible()),
      'Enter in what is generated',
      { patience: 10_000 },
    );
    await this.unsaved(name);
  }

  /** Turns the search in values on or off; the keyboard is in the search then. */
  async searchValues(on: boolean): Promise<void> {
    const button = this.button('Search in Values Too');
    const is = async () => (await button.getAttribute('aria-pressed')) === String(on);
    await act(async () => (await is()) || button.click({ timeout: 5000 }), is, 'Search in Values Too');
  }

  /** Whether the text of the Text view parses. */
  async parses(): Promise<boolean> {
    return !(await this.frame.locator('.text-problem').first().isVisible());
  }

  /** Waits until a row says that it is not saved. */
  async unsaved(name: string): Promise<void> {
    await this.row(name).locator('.badge.unsaved').waitFor();
  }

  /** Chooses an item of a row's menu, opened by key. */
  async menu(name: string, item: string): Promise<void> {
    await this.openMenu(name);
    const menu = this.frame.locator('.menu');
    const one = menu
      .locator('.menu-item')
      .filter({ has: this.frame.locator('.menu-label', { hasText: exactly(item) }) });
    await act(
      () => one.click({ timeout: 5000 }),
      async () => !(await menu.isVisible()),
      `${item} of a menu`,
    );
  }

  /** Opens a row's menu by key. */
  async openMenu(name: string): Promise<void> {
    await this.go(name);
    await this.pressUntil(() => this.frame.locator('.menu').isVisible(), 'Shift+F10');
  }

  /** Waits until a field has the focus, with its value in it. */
  async inField(): Promise<void> {
    await this.frame.locator('.field:focus:not([aria-busy])').waitFor();
  }

  button(name: string | RegExp): Locator {
    return this.frame.getByRole('button', { name, exact: typeof name === 'string' });
  }

  /** What a row shows in place of its value. */
  async shown(name: string): Promise<string> {
    return this.row(name)
      .locator('.cell.value .mask, .cell.value .plain, .cell.value .shown-value')
      .first()
      .innerText();
  }

  /** Reveals a value by the row's button; it stays for its time. */
  async show(name: string): Promise<void> {
    await act(
      async () => {
        await this.row(name).hover({ timeout: 5000 });
        await this.row(name).locator('[data-act=reveal]').click({ timeout: 5000 });
      },
      () => this.row(name).locator('.shown-value').isVisible(),
      `Reveal of ${name}`,
    );
  }

  /** A value, revealed and hidden again. */
  async reveal(name: string): Promise<string> {
    await this.show(name);
    const text = await this.row(name).locator('.shown-value').innerText();
    await this.hide(name);
    return text;
  }

  /** Waits until a row reveals this value. */
  async revealed(name: string, wanted: string): Promise<void> {
    await eventually(
      () => this.reveal(name),
      (text) => text === wanted,
      `the value of ${name}`,
    );
  }

  async hide(name: string): Promise<void> {
    await this.pressUntil(async () => (await this.row(name).locator('.shown-value').count()) === 0, 'Escape');
  }

  /** Saves what is unsaved by key, and waits until nothing is. */
  async save(): Promise<void> {
    // VS Code hears of an edit after the page has shown it.
    await this.dirty();
    const clean = this.window.locator('.editor-group-container.active .tab.active:not(.dirty)');
    await act(
      () => this.press('Control+s'),
      () => clean.isVisible(),
      'a save',
      { patience: 10_000 },
    );
  }

  async clean(): Promise<void> {
    await this.window.locator('.editor-group-container.active .tab.active:not(.dirty)').waitFor();
  }

  async dirty(): Promise<void> {
    await this.window.locator('.editor-group-container.active .tab.active.dirty').waitFor();
  }

  /** All text of the page, with what its fields hold. */
  async everything(): Promise<string> {
    return this.frame.locator('html').evaluate((html) => {
      const fields = [...html.querySelectorAll('input, textarea')].map((field) => Reflect.get(field, 'value'));
      return [html.outerHTML, ...fields].join('\n');
    });
  }

  /** Waits until a text is nowhere in the page. */
  async forgets(text: string): Promise<void> {
    await eventually(
      () => this.everything(),
      // A page that is not there holds nothing either.
      (all) => all.includes('<button') && !all.includes(text),
      'the page to forget a value',
    );
  }

  // The Text view.

  async textView(): Promise<void> {
    await act(
      () => this.button('Text').click({ timeout: 5000 }),
      () => this.lines.first().isVisible(),
      'the Text view',
    );
  }

  async tableView(): Promise<void> {
    await act(
      () => this.button('Table').click({ timeout: 5000 }),
      () => this.frame.locator('.body').isVisible(),
      'the table',
    );
  }

  get lines(): Locator {
    return this.frame.locator('.cm-content .cm-line');
  }

  /** The lines of the Text view as they are on screen. */
  async text(): Promise<string[]> {
    return this.lines.allInnerTexts();
  }

  /** Puts the cursor at the end of the first line with this text, and waits until the value is shown there. */
  async openLine(text: string | RegExp, shows: string): Promise<void> {
    await act(
      async () => {
        await this.lines.filter({ hasText: text }).first().click({ timeout: 5000 });
        await this.press('End');
      },
      async () => (await this.text()).some((one) => one.includes(shows)),
      'a value in its line',
    );
  }
}

/** What the real sops decrypts, as JSON. Undefined where sops may be missing; the runner says so then. */
export function decrypted(workbench: Workbench, name: string): unknown {
  const { LOCKSTEP_SOPS: sops, LOCKSTEP_REQUIRE_INTEROP: required, PATH } = process.env;
  if (!sops) {
    assert.ok(!required, 'sops is required');
    return undefined;
  }
  const result = spawnSync(sops, ['decrypt', '--output-type', 'json', name], {
    cwd: workbench.folders.workspace,
    env: { PATH, HOME: workbench.folders.tmp, SOPS_AGE_KEY: alice.identity },
    encoding: 'utf8',
  });
  assert.equal(result.status, 0, result.stderr);
  return JSON.parse(result.stdout);
}
