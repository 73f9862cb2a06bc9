import * as vscode from 'vscode';
import { LockstepError, Refusal } from '../../core/errors.ts';
import { publicMode } from '../../core/platform/disk.ts';
import type { Platform } from '../../core/platform/platform.ts';
import { diskOf } from '../elsewhere.ts';
import { documentOf } from '../session/tabs.ts';

/** The one folder of a repository that Lockstep writes files of its own to. */
const ownFolder = '.lockstep';

/** Where a file is in its repository. */
export interface Place {
  readonly root: vscode.Uri;
  /** From there, with forward slashes. */
  readonly path: string;
}

/** The repository of a file: git's, else its workspace folder. Undefined for a file that is in neither. */
export async function placeOf({ git }: Platform, uri: vscode.Uri): Promise<Place | undefined> {
  // git runs in the repository: only where the workspace is trusted.
  if (git && vscode.workspace.isTrusted && uri.scheme === 'file') {
    const [root, path] = await Promise.all([git.workTreeOf(uri.fsPath), git.pathInWorkTree(uri.fsPath)]);
    if (root !== undefined && path !== undefined) return { root: vscode.Uri.file(root), path };
  }
  const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri;
  if (!folder) return undefined;
  return { root: folder, path: uri.path.slice(folder.path.replace(/\/$/, '').length + 1) };
}

/**
 * Writes a file of `.lockstep`, whose folder is made where there is none. Throws UNTRUSTED, NOT_A_FILE where the repository leads out of
 * itself there, CHANGED_ON_DISK where its text editor has unsaved edits or the file is not the one that was read any more.
 * @param before the hash of what was read; undefined for a new file
 */
export async function writeOwn(
  platform: Platform,
  root: vscode.Uri,
  path: string,
  bytes: Uint8Array,
  before: string | undefined,
): Promise<void> {
  if (!vscode.workspace.isTrusted) throw new Refusal('UNTRUSTED');
  const uri = vscode.Uri.joinPath(root, path);
  const disk = diskOf(platform, uri);
  if (!disk) throw new LockstepError('NOT_A_FILE', { what: 'scheme' });
  if (documentOf(uri)?.isDirty) throw new LockstepError('CHANGED_ON_DISK', { what: 'unsaved' });
  const folder = vscode.Uri.joinPath(uri, '..');
  // The first look: a folder is not made somewhere else.
  for (const one of [vscode.Uri.joinPath(root, ownFolder), folder])
    if ((await disk.leadsOut(one.fsPath, root.fsPath)) !== undefined)
      throw new LockstepError('NOT_A_FILE', { what: 'link' });
  await vscode.workspace.fs.createDirectory(folder);
  if (await disk.isLink(uri.fsPath)) throw new LockstepError('NOT_A_FILE', { what: 'link' });
  if (before === undefined && (await disk.readIfThere(uri.fsPath))) throw new LockstepError('CHANGED_ON_DISK');
  await disk.write(uri.fsPath, bytes, before, { newMode: publicMode });
}
