import * as vscode from 'vscode';
import type { Ui } from './ui.ts';

const { t } = vscode.l10n;

/** A workspace folder on a disk: the only one, or the one that a person chooses; undefined for none. @param purpose why it is asked for */
export async function chooseFolder(ui: Ui, purpose: string): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = foldersOnDisk();
  if (folders.length <= 1) return folders[0];
  const items = folders.map((folder) => ({ label: folder.name, description: folder.uri.path, folder }));
  return (await ui.pick(items, { title: purpose, placeholder: t('In which folder?') }))?.folder;
}

export const foldersOnDisk = (): readonly vscode.WorkspaceFolder[] =>
  (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
