import * as vscode from 'vscode';
import type { Tracked } from '../core/session/state.ts';
import { commentAt, type SecretComment, secretComments } from '../core/view/comments.ts';
import { leafAtCursor, linesOf, openedOf } from './surface.ts';

/** The encrypted comment of an open file that is named, or without a name the one that the active editor's cursor is on. */
export function commentFor(
  document: vscode.TextDocument,
  tracked: Tracked | undefined,
  id?: string,
): SecretComment | undefined {
  const sealed = tracked?.version === document.version ? openedOf(tracked.state)?.sealed : undefined;
  if (!sealed) return undefined;
  const comments = secretComments(sealed);
  if (id !== undefined) return comments.find((one) => one.id === id);
  const editor = vscode.window.activeTextEditor;
  if (editor?.document !== document) return undefined;
  const offset = document.offsetAt(editor.selection.active);
  return commentAt(comments, linesOf(document), offset, leafAtCursor(editor, tracked) !== undefined);
}
