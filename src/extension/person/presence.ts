import * as vscode from 'vscode';

/** How long a file must have been in front before being there says anything: an extension can bring one there at any moment. */
const settled = 1000;

/**
 * Whether a person works in a file. What no command of VS Code can do in their place is to press a key or a button of the mouse:
 * VS Code sees those in the window, and tells of them for about a minute (`WindowState.active`); a progress of an extension can
 * draw that minute out, and not begin it. Where the cursor was put says less, because a command can move it as if by a key or by
 * the mouse.
 */
export class Presence implements vscode.Disposable {
  readonly #now: () => number;
  readonly #disposable: vscode.Disposable;
  /** Since when the active editor has been that, and whether the cursor has moved in it. */
  #since: number;
  #moved = false;

  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.#since = now();
    this.#disposable = vscode.Disposable.from(
      vscode.window.onDidChangeActiveTextEditor(() => {
        this.#since = now();
        this.#moved = false;
      }),
      vscode.window.onDidChangeTextEditorSelection(({ kind, textEditor }) => {
        const { Keyboard, Mouse } = vscode.TextEditorSelectionChangeKind;
        if (textEditor === vscode.window.activeTextEditor && (kind === Keyboard || kind === Mouse)) this.#moved = true;
      }),
    );
  }

  /** A person is at this window now, and has this file in front: acted in it, or looked at it for a moment. */
  isIn(document: vscode.TextDocument): boolean {
    const { activeTextEditor, state } = vscode.window;
    if (!state.focused || !state.active || activeTextEditor?.document !== document) return false;
    return this.#moved || this.#now() - this.#since >= settled;
  }

  dispose(): void {
    this.#disposable.dispose();
  }
}
