import * as vscode from 'vscode';
import { later } from '../surface.ts';
import { watchFile } from './document/disk.ts';

/** After a change in the text editor, this many milliseconds without another one before it is looked at. */
const quiet = 50;

/** What happens around a file. */
interface Around {
  /** The file on the disk may be another one. */
  disk(): void;
  /** The text editor of the file may show another text. */
  text(): void;
  textClosed(): void;
  textSaved(): void;
}

/** Listens to what happens around a file, on the disk and in text editors. */
export function listen(uri: vscode.Uri, around: Around): vscode.Disposable {
  const own = (document: vscode.TextDocument) => document.uri.toString() === uri.toString();
  const soon = later(quiet, () => around.text());
  const changed = (document: vscode.TextDocument) => {
    if (own(document)) soon.start();
  };
  return vscode.Disposable.from(
    soon,
    watchFile(uri, () => around.disk()),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) around.disk();
    }),
    vscode.workspace.onDidOpenTextDocument(changed),
    vscode.workspace.onDidChangeTextDocument(({ document }) => changed(document)),
    // A text that VS Code remembered gets its tab again.
    vscode.window.onDidChangeVisibleTextEditors((editors) => {
      for (const { document } of editors) changed(document);
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      if (own(document)) around.textClosed();
    }),
    vscode.workspace.onDidSaveTextDocument((document) => {
      if (own(document)) around.textSaved();
    }),
  );
}
