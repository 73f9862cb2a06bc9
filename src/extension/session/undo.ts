import * as vscode from 'vscode';
import type { FormatId } from '../../core/format/document.ts';
import { isSealed } from '../../core/sops/sealed.ts';

/**
 * When another extension kept a document open while its file was encrypted, its undo history still holds the plain text.
 * Until the document is closed, an undo that takes the encryption away is taken back at once, before VS Code would save
 * the text for a restart.
 */
export function guardUndo(uri: vscode.Uri, format: FormatId): vscode.Disposable {
  const key = uri.toString();
  const guard: vscode.Disposable = vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument(({ document, reason }) => {
      if (document.uri.toString() !== key || reason !== vscode.TextDocumentChangeReason.Undo) return;
      if (!isSealed(document.getText(), format)) void vscode.commands.executeCommand('redo');
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      if (document.uri.toString() === key) guard.dispose();
    }),
  );
  return guard;
}
