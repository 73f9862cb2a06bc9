import * as vscode from 'vscode';
import { LockstepError } from '../core/errors.ts';
import type { Disk } from '../core/platform/disk.ts';
import type { Platform } from '../core/platform/platform.ts';
import { unsurveyedFolders } from '../core/survey/candidates.ts';

/** Folders that others fill: what is in them is neither listed nor searched. */
export const unsearched = '**/{node_modules,.git,.venv,vendor,dist,out,target}/**';

/** Files that are looked through. */
const most = 50_000;

/**
 * Every file of a workspace folder that may be a secret file of somebody: those that VS Code finds, and those that git knows, since what a
 * setting hides from a search is a file like every other. Throws TOO_LARGE where there are too many.
 */
export async function everyFileIn({ git }: Pick<Platform, 'git'>, folder: vscode.Uri): Promise<vscode.Uri[]> {
  const left = `**/{${unsurveyedFolders.join(',')}}/**`;
  const found = await vscode.workspace.findFiles(new vscode.RelativePattern(folder, '**/*'), left, most);
  const known = (await git?.filesIn(folder.fsPath)) ?? [];
  if (found.length >= most || known.length >= most) throw new LockstepError('TOO_LARGE', { what: 'files' });
  const all = [...found, ...known.map((name) => vscode.Uri.joinPath(folder, name))];
  return [...new Map(all.map((uri) => [uri.toString(), uri])).values()];
}

/** The disk that a file is on, by its path; undefined for one that only VS Code can reach. */
export function diskOf({ disk }: Platform, uri: vscode.Uri): Disk | undefined {
  return uri.scheme === 'file' ? disk : undefined;
}

/** The bytes of a file, wherever it is. Throws what `Disk.read` throws. */
export async function readAnywhere(platform: Platform, uri: vscode.Uri, limit?: number): Promise<Uint8Array> {
  const disk = diskOf(platform, uri);
  if (disk) return (await disk.read(uri.fsPath, limit)).bytes;
  const bytes = await asFileError(vscode.workspace.fs.readFile(uri));
  if (limit !== undefined && bytes.length > limit) throw new LockstepError('TOO_LARGE');
  return bytes;
}

/** Writes a file, wherever it is. Throws what `Disk.write` throws, and CHANGED_ON_DISK where `expected` was not read. */
export async function writeAnywhere(platform: Platform, uri: vscode.Uri, bytes: Uint8Array): Promise<void> {
  const disk = diskOf(platform, uri);
  if (disk) await disk.write(uri.fsPath, bytes);
  else await asFileError(vscode.workspace.fs.writeFile(uri, bytes));
}

async function asFileError<T>(work: Thenable<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof LockstepError) throw error;
    const code = error instanceof vscode.FileSystemError ? error.code : undefined;
    if (code === 'FileNotFound') throw new LockstepError('GONE');
    throw new LockstepError(code === 'NoPermissions' ? 'READ_ONLY' : 'IO');
  }
}
