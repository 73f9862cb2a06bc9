import * as vscode from 'vscode';
import type { Beside } from '../../core/foreign/read/keyfiles.ts';
import { maxFileSize } from '../../core/format/encoding.ts';

/** The key files of other systems around a file. */
export function besideOf(from: vscode.Uri): Beside {
  const folder = vscode.Uri.joinPath(from, '..');
  const root = vscode.workspace.getWorkspaceFolder(from)?.uri.path.replace(/\/$/, '');
  const below = root !== undefined && folder.path.startsWith(`${root}/`) ? folder.path.slice(root.length + 1) : '';
  return {
    root: below === '' ? undefined : below.replace(/[^/]+/g, '..'),
    async read(path) {
      const uri = vscode.Uri.joinPath(folder, path);
      try {
        const { type, size } = await vscode.workspace.fs.stat(uri);
        // A pipe or a device of this name would be waited for without end.
        return type & vscode.FileType.File && size <= maxFileSize ? await vscode.workspace.fs.readFile(uri) : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
