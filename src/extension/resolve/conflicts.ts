import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import { foldersOnDisk } from '../ui/folder.ts';
import { isOurs } from './three.ts';

/** Files in conflict that are looked at: a merge that leaves more is a person's to think about. */
const most = 200;

/** The encrypted files that git has in conflict, in the repositories of the workspace folders. */
export async function conflictsIn({ platform: { git } }: Services): Promise<readonly vscode.Uri[]> {
  const found: vscode.Uri[] = [];
  if (!git || !vscode.workspace.isTrusted) return found;
  const roots = await Promise.all(
    foldersOnDisk().map(({ uri }) => git.workTreeOf(vscode.Uri.joinPath(uri, 'x').fsPath)),
  );
  for (const root of new Set(roots)) {
    if (root === undefined) continue;
    const sides = await Promise.all(([2, 3] as const).map((stage) => git.filesAt(root, stage)));
    const paths = [...new Set(sides.flatMap((files) => files ?? []).map(({ path }) => path))].sort().slice(0, most);
    for (const path of paths) {
      const uri = vscode.Uri.joinPath(vscode.Uri.file(root), path);
      const stages = await git.stagesOf(uri.fsPath);
      if (stages && isOurs(uri, stages)) found.push(uri);
    }
  }
  return found;
}
