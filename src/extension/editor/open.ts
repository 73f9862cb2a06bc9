import * as vscode from 'vscode';
import { editorId } from '../ids.ts';
import type { Services } from '../services.ts';
import { tabsOf } from '../session/tabs.ts';

/** Opens a file in the Secrets Editor; where it is open there already, that tab comes to the front. */
export async function openSecrets(uri: vscode.Uri, options: vscode.TextDocumentShowOptions = {}): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', uri, editorId, { preview: false, ...options });
}

/** The same, in place of its text in that group. */
export async function exchangeForSecrets({ settings }: Services, uri: vscode.Uri): Promise<void> {
  await openSecrets(uri);
  if (settings.oneTab) await closeIn(uri, vscode.TabInputText);
}

/** The other view of a file goes from the group in front. One with unsaved edits stays: VS Code would ask about them. */
async function closeIn(
  uri: vscode.Uri,
  view: typeof vscode.TabInputText | typeof vscode.TabInputCustom,
): Promise<void> {
  const { viewColumn } = vscode.window.tabGroups.activeTabGroup;
  const old = tabsOf(uri).filter(
    ({ input, group, isDirty, isActive }) =>
      input instanceof view && group.viewColumn === viewColumn && !isDirty && !isActive,
  );
  await vscode.window.tabGroups.close(old, true);
}

/** Milliseconds. */
const newsDelay = 2000;

/** Opens a file in the ordinary text editor, in place of its Secrets Editor in that group. */
export async function openText({ settings }: Services, uri: vscode.Uri, viewColumn?: vscode.ViewColumn): Promise<void> {
  const key = uri.toString();
  deliberate.add(key);
  opening.add(key);
  try {
    await vscode.commands.executeCommand('vscode.openWith', uri, 'default', { viewColumn, preview: false });
    if (settings.oneTab) await closeIn(uri, vscode.TabInputCustom);
  } finally {
    // News of tabs may come later than the answer to the command; the tab itself may be closed again by then.
    setTimeout(() => {
      opening.delete(key);
      if (!tabsOf(uri).some(({ input }) => input instanceof vscode.TabInputText)) deliberate.delete(key);
    }, newsDelay).unref?.();
  }
}

/** Those whose text is on its way: news of an older tab that closed do not count. */
export const opening = new Set<string>();

/** Files whose text somebody asked for: these are not opened in the Secrets Editor instead. */
export const deliberate = new Set<string>();
