import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import type { FormatId } from '../../src/core/format/document.ts';
import { systemClock } from '../../src/core/ports.ts';
import { seal } from '../../src/core/seal/seal.ts';
import { defaultSelector } from '../../src/core/sops/selection.ts';
import { editorId } from '../../src/extension/ids.ts';
import { alice } from '../core/support.ts';
import { eventually, type Workbench } from './workbench.ts';

export const dots = '••••••••';
const exactly = (text: string) => new RegExp(`^${text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`);

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

/** Opens a file of the explorer in the Secrets Editor, by its menu. VS Code lets clicks pass while a menu is very new. */
export async function openFromExplorer(page: Page, name: string): Promise<void> {
  const row = page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: name }).first();
  const item = page.locator('.monaco-menu .action-label:visible', { hasText: 'Open Secrets Editor' }).first();
  await eventually(
    async () => {
      if (!(await item.isVisible())) {
        await page.keyboard.press('Escape');
        await row.click({ button: 'right' });
        await item.waitFor({ timeout: 3000 });
      }
      await item.click({ timeout: 1000 });
      await item.waitFor({ state: 'hidden', timeout: 1500 });
    },
    () => true,
    'the menu takes the click',
  );
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
    await this.row(name).locator('.label').click();
    await this.frame.locator('.body > .row:focus').waitFor();
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

  /** Opens the field of a value and waits until it has the focus. */
  async edit(name: string): Promise<void> {
    await this.go(name);
    await this.press('Enter');
    await this.inField();
  }

  /** Types a new value of one line over the old one, as a person does, and waits until it is in the document. */
  async set(name: string, text: string): Promise<void> {
    await this.edit(name);
    await this.press('Control+a');
    await this.type(text);
    await this.press('Enter');
    await this.frame.locator('.body .field').waitFor({ state: 'hidden' });
    await this.unsaved(name);
  }

  /** Waits until a row says that it is not saved. */
  async unsaved(name: string): Promise<void> {
    await this.row(name).locator('.badge.unsaved').waitFor();
  }

  /** Chooses an item of a row's menu, opened by key. */
  async menu(name: string, item: string): Promise<void> {
    await this.go(name);
    await this.press('Shift+F10');
    await this.frame.locator('.menu').waitFor();
    await this.frame
      .locator('.menu-item')
      .filter({ has: this.frame.locator('.menu-label', { hasText: exactly(item) }) })
      .click();
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
    await this.row(name).hover();
    await this.row(name).locator('[data-act=reveal]').click();
    await this.row(name).locator('.shown-value').waitFor();
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
    await this.press('Escape');
    await this.row(name).locator('.shown-value').waitFor({ state: 'detached' });
  }

  /** Saves by key, and waits until nothing is unsaved. */
  async save(): Promise<void> {
    await this.press('Control+s');
    await this.clean();
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
    await this.button('Text').click();
    await this.lines.first().waitFor();
  }

  async tableView(): Promise<void> {
    await this.button('Table').click();
    await this.frame.locator('.body').waitFor();
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
    await this.lines.filter({ hasText: text }).first().click();
    await this.press('End');
    await eventually(
      () => this.text(),
      (lines) => lines.some((one) => one.includes(shows)),
      `a value in its line`,
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
