import * as vscode from 'vscode';
import { documentOf, hasUnsavedCustom } from '../session/tabs.ts';

/** Whether a file has edits in an editor that are not on the disk: whoever wrote the file would write under them. */
export function isUnsaved(path: string): boolean {
  const uri = vscode.Uri.file(path);
  return documentOf(uri)?.isDirty === true || hasUnsavedCustom(uri);
}
