import * as vscode from 'vscode';
import { fromUtf8, utf8 } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import { publicMode } from '../../core/platform/disk.ts';
import type { Platform } from '../../core/platform/platform.ts';

/** Adds a line for exactly this file to the `.gitignore` of its work tree's root. */
export async function ignoreInGit({ disk, git }: Platform, uri: vscode.Uri): Promise<void> {
  const root = await git?.workTreeOf(uri.fsPath);
  const path = await git?.pathInWorkTree(uri.fsPath);
  if (!disk || !root || !path) throw new LockstepError('GONE');
  // It would end the line and begin another pattern.
  if (/[\r\n]/.test(path)) throw new LockstepError('BAD_NAME', { what: 'line-break' });
  const file = vscode.Uri.joinPath(vscode.Uri.file(root), '.gitignore').fsPath;
  // git does not read one that is a link, and the line would go to a file that somebody else has chosen.
  if (await disk.isLink(file)) throw new LockstepError('NOT_A_FILE', { what: 'link' });
  const found = await disk.readIfThere(file);
  await disk.write(file, utf8(withLine(found ? fromUtf8(found.bytes) : '', path)), found?.hash, {
    newMode: publicMode,
  });
}

/** The text of a `.gitignore` with one more line, in the file's own line ends. */
export function withLine(text: string, path: string): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = text === '' || text.endsWith('\n') ? '' : eol;
  return `${text}${gap}${patternOf(path)}${eol}`;
}

/** A pattern that means one path and nothing else: anchored, with git's special characters escaped. */
function patternOf(path: string): string {
  const escaped = path.replace(/[\\*?[\]]/g, '\\$&').replace(/ $/, '\\ ');
  return `/${escaped}`;
}
