import * as vscode from 'vscode';
import type { Kept } from '../../../core/document/file.ts';
import { tabsOf } from '../../session/tabs.ts';
import { openSecrets } from '../open.ts';
import type { SecretsDocument } from './document.ts';

interface Move {
  readonly from: vscode.Uri;
  readonly to: vscode.Uri;
  /** Undefined for a document without unsaved edits. */
  readonly kept: Kept | undefined;
  readonly columns: readonly vscode.ViewColumn[];
}

/**
 * Takes Secrets Editors along when VS Code renames or moves their files: by itself it opens the file as text, and lets go of
 * unsaved edits.
 */
export class Moves implements vscode.Disposable {
  readonly #moves = new Map<string, Move>();
  readonly #disposable: vscode.Disposable;

  /** `moved` is called with the old place of each document, once it is open at the new one. */
  constructor(documents: () => readonly SecretsDocument[], moved: (from: vscode.Uri) => Promise<void>) {
    this.#disposable = vscode.Disposable.from(
      vscode.workspace.onWillRenameFiles(({ files }) => {
        this.#moves.clear();
        for (const document of documents()) this.#note(document, files);
      }),
      vscode.workspace.onDidRenameFiles(async () => {
        for (const move of [...this.#moves.values()]) {
          await reopen(move);
          await moved(move.from);
        }
      }),
    );
  }

  /** The unsaved edits of a document that was moved here; once. */
  take(uri: vscode.Uri): Kept | undefined {
    const move = this.#moves.get(uri.toString());
    this.#moves.delete(uri.toString());
    return move?.kept;
  }

  dispose(): void {
    this.#disposable.dispose();
  }

  #note(
    document: SecretsDocument,
    files: readonly { readonly oldUri: vscode.Uri; readonly newUri: vscode.Uri }[],
  ): void {
    const { uri } = document;
    for (const { oldUri, newUri } of files) {
      const inside = uri.path.startsWith(`${oldUri.path}/`);
      if (uri.toString() !== oldUri.toString() && !(inside && uri.scheme === oldUri.scheme)) continue;
      const to = newUri.with({ path: newUri.path + uri.path.slice(oldUri.path.length) });
      const columns = tabsOf(uri).flatMap(({ input, group }) =>
        input instanceof vscode.TabInputCustom ? [group.viewColumn] : [],
      );
      this.#moves.set(to.toString(), { from: uri, to, kept: document.dirty ? document.kept : undefined, columns });
    }
  }
}

async function reopen({ to, columns }: Move): Promise<void> {
  for (const viewColumn of columns) {
    await openSecrets(to, { viewColumn });
    const text = tabsOf(to).filter(
      ({ input, group, isDirty }) =>
        input instanceof vscode.TabInputText && group.viewColumn === viewColumn && !isDirty,
    );
    await vscode.window.tabGroups.close(text, true);
  }
}
