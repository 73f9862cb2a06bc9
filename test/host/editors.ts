// Editors, as a person has them.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { type Folder, removeFolders } from './files.ts';
import { assertUnseen, found } from './support.ts';

/** Opens a file as a click in the explorer does; resolves when its editor is the active one. */
export async function show(uri: vscode.Uri, options: vscode.TextDocumentShowOptions = {}): Promise<vscode.TextEditor> {
  await vscode.commands.executeCommand('vscode.open', uri, { preview: false, ...options });
  return found(`the editor of ${uri.path}`, () => editorOf(uri));
}

/** The active editor, if it shows this file. */
export function editorOf(uri: vscode.Uri): vscode.TextEditor | undefined {
  const editor = vscode.window.activeTextEditor;
  return editor?.document.uri.toString() === uri.toString() ? editor : undefined;
}

export function putCursor(editor: vscode.TextEditor, text: string): void {
  const offset = editor.document.getText().indexOf(text);
  assert.ok(offset >= 0, `no ${text}`);
  const position = editor.document.positionAt(offset);
  editor.selection = new vscode.Selection(position, position);
}

/** Closes every editor, without a question and without saving. */
export async function closeAll(): Promise<void> {
  for (const document of vscode.workspace.textDocuments.filter((one) => one.isDirty)) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** What every test leaves behind, away. */
export async function cleanUp(): Promise<void> {
  await closeAll();
  removeFolders();
}

/** Everything that a document ever held while `work` ran, from the event that every extension hears. */
export async function textsOf(uri: vscode.Uri, work: () => Promise<void>): Promise<string[]> {
  const texts: string[] = [];
  const listener = vscode.workspace.onDidChangeTextDocument(({ document }) => {
    if (document.uri.toString() === uri.toString()) texts.push(document.getText());
  });
  try {
    await work();
  } finally {
    listener.dispose();
  }
  return texts;
}

/** Types at the end of the first line, as a person would. */
export async function type(editor: vscode.TextEditor, text: string): Promise<void> {
  const end = editor.document.lineAt(0).range.end;
  assert.equal(await editor.edit((edit) => edit.insert(end, text)), true);
}

export const undo = () => vscode.commands.executeCommand<void>('undo');

/** A file that we refuse stays as it is on the disk, what people are told holds no value, and its editor takes text. */
export async function assertLeft(
  folder: Folder,
  name: string,
  work: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const before = folder.bytes(name);
  const { document } = await show(folder.uri(name));
  const asked = await work();
  assertUnseen('canary', ...asked);
  assert.ok(folder.bytes(name).equals(before), 'the file on the disk changed');
  const editor = await show(folder.uri(name));
  const text = document.getText();
  assert.equal(editor.document, document, 'another document');
  await type(editor, 'typed');
  assert.notEqual(document.getText(), text);
  await undo();
  assert.equal(document.getText(), text);
  return asked;
}
