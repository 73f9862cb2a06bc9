import * as vscode from 'vscode';
import type { Ask } from '../../../core/document/state.ts';
import { differenceOf } from '../../../core/document/steps.ts';
import { type UnknownText, unknownText } from '../../../core/seal/prove.ts';
import { workspaceEditOf } from '../../convert.ts';
import { documentOf, tabsOf } from '../../session/tabs.ts';

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

/** Makes a text the text editor's. Its text then; undefined when it is not shown, or VS Code refused. */
export async function writeText(
  uri: vscode.Uri,
  { from, edits, text }: Extract<Ask, { do: 'writeText' }>,
): Promise<UnknownText | undefined> {
  const shown = shownText(uri);
  if (!shown) return undefined;
  const now = shown.getText();
  const own = now === from && edits.length > 0 ? edits : differenceOf(now, text);
  if (own.length > 0 && !(await vscode.workspace.applyEdit(workspaceEditOf(shown, own)))) return undefined;
  return unknownText(shown.getText());
}
