import * as vscode from 'vscode';
import { activeFile } from '../session/tabs.ts';

/** The workspace folder that a person works in: that of the file in front, else the first. Undefined where none is open. */
export function folderInFront(): vscode.Uri | undefined {
  const file = activeFile();
  const folder = file && vscode.workspace.getWorkspaceFolder(file);
  return (folder ?? vscode.workspace.workspaceFolders?.[0])?.uri;
}
