import * as vscode from 'vscode';
import { later } from '../surface.ts';
import { watchFile } from './document/disk.ts';

/** After a change in the text editor, this many milliseconds without another one before it is looked at. */
const quiet = 50;

/**
 * Listens to what happens around a file: the `disk` may hold another version; its `text` editor may show another text, was
 * closed or saved.
 * @param typing what the text editor's text waits for, as `Sessions.typing`.
 */
export function listen(
  uri: vscode.Uri,
  happened: (what: 'disk' | 'text' | 'textClosed' | 'textSaved') => void,
  typing: () => Promise<void> | undefined,
): vscode.Disposable {
  const own = (document: vscode.TextDocument) => document.uri.toString() === uri.toString();
  const soon = later(quiet, () => {
    // What is half typed is not encrypted yet, and so no text to follow.
    const typed = typing();
    if (typed) void typed.then(() => soon.start());
    else happened('text');
  });
  const changed = (document: vscode.TextDocument) => {
    if (own(document)) soon.start();
  };
  return vscode.Disposable.from(
    soon,
    watchFile(uri, () => happened('disk')),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) happened('disk');
    }),
    vscode.workspace.onDidOpenTextDocument(changed),
    vscode.workspace.onDidChangeTextDocument(({ document }) => changed(document)),
    // A text that VS Code remembered gets its tab again.
    vscode.window.onDidChangeVisibleTextEditors((editors) => {
      for (const { document } of editors) changed(document);
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      if (own(document)) happened('textClosed');
    }),
    vscode.workspace.onDidSaveTextDocument((document) => {
      if (own(document)) happened('textSaved');
    }),
  );
}
