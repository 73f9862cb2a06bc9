import * as vscode from 'vscode';

/** The documents that a tab shows, on either side of a diff too. */
function urisOf({ input }: vscode.Tab): vscode.Uri[] {
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return [input.uri];
  if (input instanceof vscode.TabInputTextDiff) return [input.original, input.modified];
  return [];
}

/** Every tab that shows a file, in all groups. */
export function tabsOf(uri: vscode.Uri): vscode.Tab[] {
  const key = uri.toString();
  const shows = (tab: vscode.Tab) => urisOf(tab).some((one) => one.toString() === key);
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs.filter(shows));
}

/** Whether a custom editor of a kind is in any tab. */
export function hasCustom(viewType: string): boolean {
  const isOne = ({ input }: vscode.Tab) => input instanceof vscode.TabInputCustom && input.viewType === viewType;
  return vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(isOne));
}

/** Whether a custom editor of a file has unsaved edits. */
export function hasUnsavedCustom(uri: vscode.Uri): boolean {
  return tabsOf(uri).some(({ input, isDirty }) => input instanceof vscode.TabInputCustom && isDirty);
}

/** Whether a file is in a tab, or in a peek or another editor that is on screen. */
export function isShown(uri: vscode.Uri): boolean {
  const key = uri.toString();
  return (
    vscode.window.visibleTextEditors.some((editor) => editor.document.uri.toString() === key) || tabsOf(uri).length > 0
  );
}

/** The file in front. Of a file over its limit VS Code tells extensions nothing but the tab. */
export function activeFile(): vscode.Uri | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor) return editor.document.uri;
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom ? input.uri : undefined;
}

/** The open document of a file, if VS Code has one. */
export function documentOf(uri: vscode.Uri): vscode.TextDocument | undefined {
  const key = uri.toString();
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === key && !document.isClosed);
}

/** Where one of a file's editors was. */
interface Place {
  /** Undefined for the ordinary text editor. */
  readonly viewType: string | undefined;
  readonly column: vscode.ViewColumn;
  /** It was the tab in front of its group. */
  readonly front: boolean;
  /** It was in front, in the group with the focus. */
  readonly active: boolean;
}

/** Where a file's editors are, to open them again after they were closed; sides of diffs are left out. */
export function placesOf(uri: vscode.Uri): readonly Place[] {
  return tabsOf(uri)
    .filter(({ input }) => input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom)
    .map(({ input, group, isActive }) => ({
      viewType: input instanceof vscode.TabInputCustom ? input.viewType : undefined,
      column: group.viewColumn,
      front: isActive,
      active: isActive && group.isActive,
    }));
}

/**
 * Opens a file again where it was; the one that had the focus comes last and gets it back. `showTextDocument` would make
 * VS Code hold the document for minutes on our behalf, so that closing it would not let go of it; `vscode.open` does not.
 */
export async function openAgain(uri: vscode.Uri, places: readonly Place[]): Promise<void> {
  const rank = (place: Place) => Number(place.front) + Number(place.active);
  for (const { viewType, column, active } of [...places].sort((a, b) => rank(a) - rank(b))) {
    const options = { viewColumn: column, preview: false, preserveFocus: !active };
    if (viewType === undefined) await openAt(uri, options);
    else await vscode.commands.executeCommand('vscode.openWith', uri, viewType, options);
  }
}

export async function openAt(uri: vscode.Uri, options: vscode.TextDocumentShowOptions = {}): Promise<void> {
  await vscode.commands.executeCommand('vscode.open', uri, options);
}

/** How long VS Code may take to let go of a document whose tabs are closed. */
const patience = 3000;

/**
 * Closes every tab of a file. Unsaved text in it is given up first (`revert`), without a question. Resolves to whether
 * VS Code let go of the document: while it holds it, its undo history lives on.
 */
export async function closeTabs(uri: vscode.Uri): Promise<boolean> {
  const document = documentOf(uri);
  if (document?.isDirty) {
    await vscode.window.showTextDocument(document, { preview: false });
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }
  const gone = closed(uri);
  await vscode.window.tabGroups.close(tabsOf(uri), true);
  return gone;
}

function closed(uri: vscode.Uri): Promise<boolean> {
  if (!documentOf(uri)) return Promise.resolve(true);
  return new Promise((resolve) => {
    const done = (result: boolean) => {
      clearTimeout(timer);
      listener.dispose();
      resolve(result);
    };
    const timer = setTimeout(() => done(documentOf(uri) === undefined), patience);
    const listener = vscode.workspace.onDidCloseTextDocument((document) => {
      if (document.uri.toString() === uri.toString()) done(true);
    });
  });
}
