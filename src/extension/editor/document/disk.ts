import * as vscode from 'vscode';
import type { DocumentText, OnDisk } from '../../../core/document/file.ts';
import { LockstepError } from '../../../core/errors.ts';
import { bytesOfText } from '../../../core/format/encoding.ts';
import { formatOfBytes } from '../../../core/format/which.ts';
import { unknownText } from '../../../core/seal/prove.ts';
import { contentOf, fileError, readBytes, writeAtomically } from '../../../node/files.ts';

/** Throws what reading can throw, and NOT_UTF8. */
export async function readFile(uri: vscode.Uri): Promise<OnDisk> {
  const { bytes, hash } = uri.scheme === 'file' ? await readBytes(uri.fsPath) : await readElsewhere(uri);
  return {
    text: unknownText(formatOfBytes(uri.path, bytes).text),
    hash,
    mark: bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf,
  };
}

async function readElsewhere(uri: vscode.Uri) {
  try {
    return contentOf(await vscode.workspace.fs.readFile(uri));
  } catch (error) {
    throw elsewhereError(error);
  }
}

function elsewhereError(error: unknown): LockstepError {
  if (!(error instanceof vscode.FileSystemError)) return fileError(error);
  if (error.code === 'FileNotFound') return new LockstepError('GONE');
  return new LockstepError(error.code === 'NoPermissions' ? 'READ_ONLY' : 'IO');
}

/**
 * Writes an encrypted file in one step. With `expected`, the hash of what was read, it throws CHANGED_ON_DISK if the file
 * is another one by now and GONE if there is none; else what writing can throw. Returns what is there now.
 */
export async function writeFile(
  uri: vscode.Uri,
  text: DocumentText,
  mark: boolean,
  expected: string | undefined,
): Promise<OnDisk> {
  const bytes = bytesOfText(mark ? `\uFEFF${text}` : text);
  if (uri.scheme === 'file') await writeAtomically(uri.fsPath, bytes, expected);
  else {
    // No step of comparing and exchanging there: the look before is all that can be done.
    if (expected !== undefined && (await readFile(uri)).hash !== expected) throw new LockstepError('CHANGED_ON_DISK');
    await Promise.resolve(vscode.workspace.fs.writeFile(uri, bytes)).catch((error) => {
      throw elsewhereError(error);
    });
  }
  return { text, hash: contentOf(bytes).hash, mark };
}

/** Calls `changed` when the file is made, written or removed. */
export function watchFile(uri: vscode.Uri, changed: () => void): vscode.Disposable {
  // The folder and not the name, which may hold what patterns take for signs.
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), '*'),
  );
  const own = (one: vscode.Uri) => {
    if (one.toString() === uri.toString()) changed();
  };
  return vscode.Disposable.from(watcher, watcher.onDidChange(own), watcher.onDidCreate(own), watcher.onDidDelete(own));
}
