import * as vscode from 'vscode';
import type { Span, TextEdit } from '../core/format/document.ts';

/**
 * Offsets count UTF-16 units of `document.getText()`, line ends included (`\r\n` is two), which is what both core and
 * VS Code use: the text must come from the same version of the same document.
 */
export function rangeOf(document: vscode.TextDocument, span: Span): vscode.Range {
  return new vscode.Range(document.positionAt(span.start), document.positionAt(span.end));
}

/** The span of a range in `document.getText()`. */
export function spanOf(document: vscode.TextDocument, range: vscode.Range): Span {
  return { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
}

/** Core's edits as one workspace edit of one document. */
export function workspaceEditOf(document: vscode.TextDocument, edits: readonly TextEdit[]): vscode.WorkspaceEdit {
  const result = new vscode.WorkspaceEdit();
  for (const edit of edits) result.replace(document.uri, rangeOf(document, edit), edit.text);
  return result;
}
