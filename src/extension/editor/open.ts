import * as vscode from 'vscode';
import { isDotenvxFile } from '../../core/dotenvx/file.ts';
import { formatOf } from '../../core/format/which.ts';
import { isSealed } from '../../core/sops/sealed.ts';
import { editorId } from '../ids.ts';
import type { Services } from '../services.ts';
import { documentOf, tabsOf } from '../session/tabs.ts';

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
      if (!tabsOf(uri).some((tab) => isTextIn(tab))) deliberate.delete(key);
    }, newsDelay).unref?.();
  }
}

/** Those whose text is on its way: news of an older tab that closed do not count. */
const opening = new Set<string>();

/** Files whose text somebody asked for: these are not opened in the Secrets Editor instead. */
const deliberate = new Set<string>();

/**
 * Opens encrypted files in the Secrets Editor where the setting wants it. VS Code's own associations go by name, so this
 * looks at the text: a tab that opens with an encrypted file's text is exchanged for a Secrets Editor, once. Text that
 * somebody asked for stays, until its last tab is closed.
 */
export function exchangeText({ settings }: Services): vscode.Disposable {
  const exchanging = new Set<string>();
  const exchange = async (tab: vscode.Tab) => {
    const { input } = tab;
    if (!settings.editorDefault || !(input instanceof vscode.TabInputText) || !tab.isActive) return;
    const { uri } = input;
    const key = uri.toString();
    const document = documentOf(uri);
    if (deliberate.has(key) || exchanging.has(key) || !document || document.isDirty || !isEncrypted(document)) return;
    exchanging.add(key);
    try {
      await openSecrets(uri, { viewColumn: tab.group.viewColumn, preview: tab.isPreview });
      // The tab may be gone already, and another one be there that somebody asked for.
      if (deliberate.has(key)) return;
      await vscode.window.tabGroups.close(tabsOf(uri).filter((one) => isTextIn(one, tab.group.viewColumn)));
    } finally {
      exchanging.delete(key);
    }
  };
  const look = (tabs: readonly vscode.Tab[]) => {
    for (const tab of tabs) void exchange(tab);
  };
  return vscode.Disposable.from(
    vscode.window.tabGroups.onDidChangeTabs(({ opened, closed }) => {
      for (const { input } of closed) {
        if (!(input instanceof vscode.TabInputText)) continue;
        const key = input.uri.toString();
        if (exchanging.has(key) || opening.has(key)) continue;
        if (!tabsOf(input.uri).some((tab) => isTextIn(tab))) deliberate.delete(key);
      }
      look(opened);
    }),
    // A tab may be there before its text is.
    vscode.workspace.onDidOpenTextDocument(({ uri }) => look(tabsOf(uri))),
  );
}

function isTextIn(tab: vscode.Tab, column?: vscode.ViewColumn): boolean {
  return tab.input instanceof vscode.TabInputText && (column === undefined || tab.group.viewColumn === column);
}

function isEncrypted(document: vscode.TextDocument): boolean {
  const text = document.getText();
  if (isDotenvxFile(document.uri.path, text)) return true;
  return text.includes('ENC[AES256_GCM,') && isSealed(text, formatOf(document.uri.path, text));
}
