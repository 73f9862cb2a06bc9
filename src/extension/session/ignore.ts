import * as vscode from 'vscode';
import { fromUtf8, utf8 } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import { publicMode } from '../../core/platform/disk.ts';
import type { Platform } from '../../core/platform/platform.ts';
import type { Services } from '../services.ts';

/** workspaceState: the files for which a line was added to a `.gitignore`. */
const addedKey = 'lockstep.ignoredFiles';

/** Adds a line for exactly this file to the `.gitignore` of its work tree's root, until the file is encrypted again. */
export async function ignoreInGit({ platform, context }: Services, uri: vscode.Uri): Promise<void> {
  const state = context.workspaceState;
  await state.update(addedKey, [...new Set([...state.get<readonly string[]>(addedKey, []), uri.toString()])]);
  await changeIgnored(platform, uri, withLine);
}

/** Takes the line out again that `ignoreInGit` added. A line that a person wrote stays. */
export async function stopIgnoring({ platform, context }: Services, uri: vscode.Uri): Promise<void> {
  const state = context.workspaceState;
  const added = state.get<readonly string[]>(addedKey, []);
  const others = added.filter((one) => one !== uri.toString());
  if (others.length === added.length) return;
  await changeIgnored(platform, uri, withoutLine);
  await state.update(addedKey, others);
}

async function changeIgnored(
  { disk, git }: Platform,
  uri: vscode.Uri,
  change: (text: string, path: string) => string,
): Promise<void> {
  const root = await git?.workTreeOf(uri.fsPath);
  const path = await git?.pathInWorkTree(uri.fsPath);
  if (!disk || !root || !path) throw new LockstepError('GONE');
  // It would end the line and begin another pattern.
  if (/[\r\n]/.test(path)) throw new LockstepError('BAD_NAME', { what: 'line-break' });
  const file = vscode.Uri.joinPath(vscode.Uri.file(root), '.gitignore').fsPath;
  // git does not read one that is a link, and the line would go to a file that somebody else has chosen.
  if (await disk.isLink(file)) throw new LockstepError('NOT_A_FILE', { what: 'link' });
  const found = await disk.readIfThere(file);
  const text = found ? fromUtf8(found.bytes) : '';
  const next = change(text, path);
  // Without a line it says nothing, and was made for this one.
  if (next === '' && found) await vscode.workspace.fs.delete(vscode.Uri.file(file));
  else if (next !== text) await disk.write(file, utf8(next), found?.hash, { newMode: publicMode });
}

/** The text of a `.gitignore` with one more line, in the file's own line ends. */
export function withLine(text: string, path: string): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = text === '' || text.endsWith('\n') ? '' : eol;
  return `${text}${gap}${patternOf(path)}${eol}`;
}

/** The text without the last such line. */
export function withoutLine(text: string, path: string): string {
  const lines = text.split(/(?<=\n)/);
  const at = lines.findLastIndex((line) => line.replace(/\r?\n$/, '') === patternOf(path));
  return at === -1 ? text : lines.toSpliced(at, 1).join('');
}

/** A pattern that means one path and nothing else: anchored, with git's special characters escaped. */
function patternOf(path: string): string {
  const escaped = path.replace(/[\\*?[\]]/g, '\\$&').replace(/ $/, '\\ ');
  return `/${escaped}`;
}
