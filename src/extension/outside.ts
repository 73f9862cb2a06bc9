import * as vscode from 'vscode';
import type { Platform } from '../core/platform/platform.ts';
import { exists } from './exists.ts';

/** A folder of the person that is in no repository, for a file that git should not get; undefined where there is none. */
export async function folderOutside(platform: Platform): Promise<vscode.Uri | undefined> {
  const path = platform.homeFolder();
  const home = path === undefined ? undefined : vscode.Uri.file(path);
  for (const folder of home ? [vscode.Uri.joinPath(home, 'Documents'), home] : [])
    if ((await exists(folder)) && !(await repositoryOf(vscode.Uri.joinPath(folder, 'x')))) return folder;
  return undefined;
}

/** Whether nothing is above a folder: the root, a drive of Windows, or a share of its network, which is its own parent for VS Code. */
export const isTop = (folder: vscode.Uri): boolean =>
  /^\/[A-Za-z]:\/?$/.test(folder.path) || vscode.Uri.joinPath(folder, '..').path === folder.path;

/** The root of the repository that a file is in. git is not asked, as it may not run in Restricted Mode. */
export async function repositoryOf(file: vscode.Uri): Promise<vscode.Uri | undefined> {
  for (let at = vscode.Uri.joinPath(file, '..'); ; at = vscode.Uri.joinPath(at, '..')) {
    if (await exists(vscode.Uri.joinPath(at, '.git'))) return at;
    if (isTop(at)) return undefined;
  }
}
