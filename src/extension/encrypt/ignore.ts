import { join } from 'node:path';
import type * as vscode from 'vscode';
import { fromUtf8, utf8 } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import { isLink, publicMode, readIfThere, writeAtomically } from '../../node/files.ts';
import { pathInWorkTree, workTreeOf } from '../../node/git.ts';

/** Adds a line for exactly this file to the `.gitignore` of its work tree's root. */
export async function ignoreInGit(uri: vscode.Uri): Promise<void> {
  const root = await workTreeOf(uri.fsPath);
  const path = await pathInWorkTree(uri.fsPath);
  if (!root || !path) throw new LockstepError('GONE');
  // It would end the line and begin another pattern.
  if (/[\r\n]/.test(path)) throw new LockstepError('BAD_NAME', { what: 'line-break' });
  const file = join(root, '.gitignore');
  // git does not read one that is a link, and the line would go to a file that somebody else has chosen.
  if (await isLink(file)) throw new LockstepError('NOT_A_FILE', { what: 'link' });
  const found = await readIfThere(file);
  await writeAtomically(file, utf8(withLine(found ? fromUtf8(found.bytes) : '', path)), found?.hash, {
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
