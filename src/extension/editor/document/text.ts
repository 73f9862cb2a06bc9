import * as vscode from 'vscode';
import type { Ask, TextEditor } from '../../../core/document/state.ts';
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

/** Edits the text editor, which holds `over`. Its text then; undefined when it does not, is not shown, or VS Code refuses. */
export async function writeText(
  uri: vscode.Uri,
  { over, edits }: Extract<Ask, { do: 'writeText' }>,
): Promise<UnknownText | undefined> {
  const shown = shownText(uri);
  if (!shown || shown.getText() !== over) return undefined;
  if (edits.length > 0 && !(await vscode.workspace.applyEdit(workspaceEditOf(shown, edits)))) return undefined;
  return unknownText(shown.getText());
}

/** What the model has to know of it. */
export function textEditorOf(uri: vscode.Uri): TextEditor | undefined {
  const shown = shownText(uri);
  return shown && { text: unknownText(shown.getText()), dirty: shown.isDirty };
}
