import * as vscode from 'vscode';

/** Going to a place by command (a search result, a problem) opens an editor too: right after that it is not meant as a look. */
const settling = 500;

/**
 * Which editor a person is at work in. A plain value shows only to a cursor that was put into it on purpose: not to one
 * that stands there because a file was opened, and not after the editor or the window lost the focus.
 */
export class Attention {
  #at: vscode.TextEditor | undefined;
  #activated = Date.now();

  isOn(editor: vscode.TextEditor): boolean {
    return this.#at === editor;
  }

  moved({ textEditor, kind }: vscode.TextEditorSelectionChangeEvent): void {
    if (kind === undefined || textEditor !== vscode.window.activeTextEditor) return;
    if (kind === vscode.TextEditorSelectionChangeKind.Command && Date.now() - this.#activated < settling) return;
    this.#at = textEditor;
  }

  activated(editor: vscode.TextEditor | undefined): void {
    this.#activated = Date.now();
    if (editor !== this.#at) this.#at = undefined;
  }

  reset(): void {
    this.#at = undefined;
  }
}
