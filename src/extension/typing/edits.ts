import * as vscode from 'vscode';

/** A change of a document's text: typed in this window, or read from the disk, which may have been written by anybody. */
interface Edits {
  typed(event: vscode.TextDocumentChangeEvent): void;
  read(document: vscode.TextDocument): void;
}

/**
 * Tells edits from texts that were read again. VS Code reports the first edit of a document before it counts as unsaved, and that
 * it does right behind: so a change may be taken for read first, and then for typed.
 */
export function listenToEdits({ typed, read }: Edits): vscode.Disposable {
  const doubtful = new WeakMap<vscode.TextDocument, { version: number; event: vscode.TextDocumentChangeEvent }>();
  return vscode.workspace.onDidChangeTextDocument((event) => {
    const { document, contentChanges } = event;
    const { version, isDirty } = document;
    const before = doubtful.get(document);
    if (contentChanges.length > 0) {
      if (isDirty) return typed(event);
      doubtful.set(document, { version, event });
      return read(document);
    }
    if (isDirty && before?.version === version) typed(before.event);
    if (isDirty) doubtful.delete(document);
  });
}
