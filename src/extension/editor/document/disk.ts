import * as vscode from 'vscode';
import type { DocumentText, OnDisk } from '../../../core/document/file.ts';
import { LockstepError } from '../../../core/errors.ts';
import { bytesOfText } from '../../../core/format/encoding.ts';
import { formatOfBytes } from '../../../core/format/which.ts';
import { hashOf } from '../../../core/hash.ts';
import type { Platform } from '../../../core/platform/platform.ts';
import { unknownText } from '../../../core/seal/prove.ts';
import { diskOf, readAnywhere, writeAnywhere } from '../../elsewhere.ts';

/** Throws what reading can throw, and NOT_UTF8. */
async function readNow(platform: Platform, uri: vscode.Uri): Promise<OnDisk> {
  const bytes = await readAnywhere(platform, uri);
  return {
    text: unknownText(formatOfBytes(uri.path, bytes).text),
    hash: hashOf(bytes),
    mark: bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf,
  };
}

/** How often, and after how many milliseconds each time, an empty file is looked at again. */
const looks = { times: 40, apart: 50 };

/**
 * Reads a file. One that was `filled` a moment ago and is empty is looked at again: VS Code empties a file that it saves, and
 * fills it a moment later. Taken for the file, that nothing would go into the text editor, and over the file with its next save.
 */
export async function readFile(platform: Platform, uri: vscode.Uri, filled: boolean): Promise<OnDisk> {
  let found = await readNow(platform, uri);
  for (let n = 0; filled && found.text === '' && n < looks.times; n++) {
    await new Promise((resolve) => setTimeout(resolve, looks.apart));
    found = await readNow(platform, uri);
  }
  return found;
}

/**
 * Writes an encrypted file in one step. With `expected`, the hash of what was read, it throws CHANGED_ON_DISK if the file
 * is another one by now and GONE if there is none; else what writing can throw. Returns what is there now.
 */
export async function writeFile(
  platform: Platform,
  uri: vscode.Uri,
  text: DocumentText,
  mark: boolean,
  expected: string | undefined,
): Promise<OnDisk> {
  const bytes = bytesOfText(mark ? `\uFEFF${text}` : text);
  const disk = diskOf(platform, uri);
  if (disk) await disk.write(uri.fsPath, bytes, expected);
  else {
    // No step of comparing and exchanging there: the look before is all that can be done.
    if (expected !== undefined && (await readNow(platform, uri)).hash !== expected)
      throw new LockstepError('CHANGED_ON_DISK');
    await writeAnywhere(platform, uri, bytes);
  }
  return { text, hash: hashOf(bytes), mark };
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
