import * as vscode from 'vscode';
import { LockstepError } from '../core/errors.ts';

/**
 * The bytes of an ordinary file of a workspace, which came from anybody: it may hold a link to a device that never ends. Throws
 * NOT_A_FILE, TOO_LARGE (over `limit` bytes), and what VS Code throws for a file that is not there.
 */
export async function readOrdinary(uri: vscode.Uri, limit: number): Promise<Uint8Array> {
  const { type, size } = await vscode.workspace.fs.stat(uri);
  if ((type & vscode.FileType.File) === 0) throw new LockstepError('NOT_A_FILE');
  if (size > limit) throw new LockstepError('TOO_LARGE');
  return vscode.workspace.fs.readFile(uri);
}
