import * as vscode from 'vscode';
import { fromUtf8, utf8 } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import type { Kept } from './document.ts';

/** What a backup may hold: names of fields are checked when one is read. */
interface Stored extends Kept {
  readonly version: 1;
}

/**
 * Writes what VS Code brings back after a restart: ciphertext only. Nothing is left of a backup that was called off. The
 * folder is the workspace's own storage, which VS Code names.
 */
export async function writeBackup(
  kept: Kept,
  destination: vscode.Uri,
  cancel: vscode.CancellationToken,
): Promise<vscode.CustomDocumentBackup> {
  const stored: Stored = { version: 1, ...kept };
  const remove = () => removeBackup(destination);
  await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(destination, '..'));
  await vscode.workspace.fs.writeFile(destination, utf8(JSON.stringify(stored)));
  if (cancel.isCancellationRequested) {
    await remove();
    throw new vscode.CancellationError();
  }
  return { id: destination.toString(), delete: remove };
}

/** Throws IO for a backup that is not there or not ours. */
export async function readBackup(id: string): Promise<Kept> {
  let stored: unknown;
  try {
    stored = JSON.parse(fromUtf8(await vscode.workspace.fs.readFile(vscode.Uri.parse(id, true))));
  } catch {
    throw new LockstepError('IO', { what: 'backup' });
  }
  if (!isStored(stored)) throw new LockstepError('IO', { what: 'backup' });
  return stored;
}

function isStored(value: unknown): value is Stored {
  if (typeof value !== 'object' || value === null) return false;
  const { version, text, base, baseText, draft, draftLine } = value as Record<string, unknown>;
  const texts = [text, base, baseText].every((one) => typeof one === 'string');
  const drafted = draft === undefined || typeof draft === 'string';
  return version === 1 && texts && drafted && (draftLine === undefined || typeof draftLine === 'number');
}

export async function removeBackup(at: vscode.Uri): Promise<void> {
  await Promise.resolve(vscode.workspace.fs.delete(at)).catch(() => undefined);
}
