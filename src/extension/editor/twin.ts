import * as vscode from 'vscode';
import type { TextEdit } from '../../core/format/document.ts';
import { workspaceEditOf } from '../convert.ts';
import { documentOf, tabsOf } from '../session/tabs.ts';
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

/**
 * Makes a text document hold a sealed text, as one step of its own undo history. `edits` lead there from `from`, which is
 * what it should hold. False when VS Code refused because somebody typed meanwhile.
 */
export async function write(
  document: vscode.TextDocument,
  from: string,
  edits: readonly TextEdit[],
  to: string,
): Promise<boolean> {
  const text = document.getText();
  const own = text === from ? edits : differenceOf(text, to);
  if (own.length === 0) return true;
  return vscode.workspace.applyEdit(workspaceEditOf(document, own));
}
