import * as vscode from 'vscode';
import type { TextEdit } from '../../../core/format/document.ts';
import { workspaceEditOf } from '../../convert.ts';
import { documentOf, tabsOf } from '../../session/tabs.ts';
import { differenceOf } from './steps.ts';

/**
 * The text document of the same file, while an ordinary editor shows it. One that VS Code only remembers is left alone: a
 * change would make it open a tab.
 */
export function shownText(uri: vscode.Uri): vscode.TextDocument | undefined {
  const document = documentOf(uri);
  if (!document) return undefined;
  const inTab = tabsOf(uri).some((tab) => !(tab.input instanceof vscode.TabInputCustom));
  return inTab || vscode.window.visibleTextEditors.some((editor) => editor.document === document)
    ? document
    : undefined;
}

/** Whether two texts differ in their line ends at most, which an editor makes all the same when it opens a file. */
export function sameLines(a: string, b: string): boolean {
  return a === b || a.replaceAll('\r\n', '\n') === b.replaceAll('\r\n', '\n');
}

/** What the text editor of a file has to know of the Secrets Editor's document. */
export interface Partner {
  readonly uri: vscode.Uri;
  readonly text: string;
  /** The text of the file as it was read or saved last. */
  readonly savedText: string | undefined;
  readonly dirty: boolean;
  /** Another version is on the disk, under unsaved edits. */
  readonly conflict: boolean;
  /** Makes a text the present one. */
  take(text: string): Promise<void>;
  /** The same, as a step that can be undone. */
  step(label: string, text: string): Promise<void>;
  readDisk(): Promise<void>;
}

/**
 * Keeps a document and the text editor of its file the same. Once they were, they are in step: a change of one is one of
 * the other, and the text editor's undo history, which VS Code shares between both, has it.
 */
export class Twin {
  readonly #partner: Partner;
  #inStep = false;
  /** What the text editor held when both were the same. */
  #seen = '';

  constructor(partner: Partner) {
    this.#partner = partner;
  }

  /** The text editor is shown, and held our text. */
  get inStep(): boolean {
    return this.#inStep && shownText(this.#partner.uri) !== undefined;
  }

  /** The text editor is closed. */
  part(): void {
    this.#inStep = false;
  }

  /** Brings both together, whichever went on. */
  async meet(): Promise<void> {
    const shown = shownText(this.#partner.uri);
    if (!shown) this.part();
    else if (sameLines(shown.getText(), this.#partner.text)) this.#join(shown);
    else await this.#reconcile(shown);
  }

  async #reconcile(shown: vscode.TextDocument): Promise<void> {
    const partner = this.#partner;
    if (!shown.isDirty) await partner.readDisk();
    const text = shown.getText();
    if (sameLines(text, partner.text)) return this.#join(shown);
    // It is our document that went on.
    if (this.#inStep && text === this.#seen) {
      await this.push();
      return;
    }
    // An editor without edits shows the file. Where it seems to show something else, it reads the bytes as other
    // characters than we do, or has not looked yet: that is no edit.
    if (!shown.isDirty && !sameLines(text, partner.savedText ?? '')) return;
    // It shows the other version of a conflict.
    if (partner.conflict && !this.#inStep) return;
    if (this.#inStep || !partner.dirty) {
      this.#join(shown);
      return partner.take(text);
    }
    if (!shown.isDirty) {
      await this.push();
      return;
    }
    // Two different edits of one file: the text editor's counts, and undo brings ours back.
    await partner.step(vscode.l10n.t('Edits in the text editor'), text);
    this.#join(shown);
  }

  #join(shown: vscode.TextDocument): void {
    this.#inStep = true;
    this.#seen = shown.getText();
  }

  /** Makes a change in the text editor. Its text then; undefined when VS Code refused, because somebody typed meanwhile. */
  async write({
    edits,
    text,
  }: {
    readonly edits: readonly TextEdit[];
    readonly text: string;
  }): Promise<string | undefined> {
    const shown = shownText(this.#partner.uri);
    if (!shown) return undefined;
    const now = shown.getText();
    const own = now === this.#partner.text ? edits : differenceOf(now, text);
    if (own.length > 0 && !(await vscode.workspace.applyEdit(workspaceEditOf(shown, own)))) return undefined;
    this.#join(shown);
    return shown.getText();
  }

  /** Puts our text into the text editor; not over the other version of a conflict. */
  async push(): Promise<boolean> {
    const { conflict, text } = this.#partner;
    return !conflict && (await this.write({ edits: [], text })) !== undefined;
  }

  /** Our document is the file again: so is the text editor, and it has nothing to save. */
  async revert(): Promise<void> {
    const shown = this.#inStep ? shownText(this.#partner.uri) : undefined;
    if (!shown || sameLines(shown.getText(), this.#partner.text)) return;
    if (await this.push()) await shown.save();
  }
}
