import * as vscode from 'vscode';
import { folderOutside } from '../outside.ts';
import type { Services } from '../services.ts';

/** A home folder under git is still better than the workspace, and the question says what it is. */
export async function folderForBackUps({ platform }: Services): Promise<vscode.Uri | undefined> {
  const home = platform.homeFolder();
  return (await folderOutside(platform)) ?? (home === undefined ? undefined : vscode.Uri.file(home));
}
