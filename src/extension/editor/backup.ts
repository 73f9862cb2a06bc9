import * as vscode from 'vscode';
import { fromUtf8, utf8 } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import type { KeptDraft } from './draft.ts';

/** A document as a backup holds it. */
export interface Kept {
  readonly text: string;
  /** The hash of the file that the edits started from, and its text. */
  readonly base: string;
  readonly baseText: string;
  /** A text of the Text view that did not parse. */
  readonly draft?: KeptDraft;
}

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
  const { version, text, base, baseText, draft } = value as Record<string, unknown>;
  const texts = [text, base, baseText].every((one) => typeof one === 'string');
  return version === 1 && texts && (draft === undefined || isDraft(draft));
}

function isDraft(value: unknown): value is KeptDraft {
  if (typeof value !== 'object' || value === null) return false;
  const { sealed, line } = value as Record<string, unknown>;
  return typeof sealed === 'string' && (line === undefined || typeof line === 'number');
}

export async function removeBackup(at: vscode.Uri): Promise<void> {
  await Promise.resolve(vscode.workspace.fs.delete(at)).catch(() => undefined);
}
