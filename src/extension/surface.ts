import * as vscode from 'vscode';
import type { Opened } from '../core/open/open.ts';
import type { FileState, Tracked } from '../core/session/state.ts';
import type { Leaf, Sealed } from '../core/sops/sealed.ts';
import { leafAt } from '../core/view/entry.ts';
import { Lines } from '../core/view/lines.ts';

/** Documents that may be secret files; the other side of a diff is history. */
export const secretFiles: vscode.DocumentSelector = ['file', 'vscode-remote', 'vscode-vfs'].map((scheme) => ({
  scheme,
}));

/** The encrypted file in a state, if there is one. */
export function sealedOf(state: FileState | undefined): Sealed | undefined {
  return state && 'sealed' in state ? state.sealed : undefined;
}

export function openedOf(state: FileState | undefined): Opened | undefined {
  return state && 'opened' in state ? state.opened : undefined;
}

/** The entries of a file, encrypted or yet to be; none where that is not known. */
export function leavesOf(state: FileState | undefined): readonly Leaf[] {
  if (!state) return [];
  return state.kind === 'plain' ? state.leaves : (sealedOf(state)?.leaves ?? []);
}

/** The entry under an editor's cursor; undefined when the state is not of the text that the editor shows. */
export function leafAtCursor(editor: vscode.TextEditor, tracked: Tracked | undefined): Leaf | undefined {
  if (!tracked || tracked.version !== editor.document.version) return undefined;
  const leaves = leavesOf(tracked.state);
  if (leaves.length === 0) return undefined;
  const { document } = editor;
  return leafAt(leaves, linesOf(document), document.offsetAt(editor.selection.active));
}

const known = new WeakMap<vscode.TextDocument, { version: number; text: string; lines: Lines }>();

function textAndLines(document: vscode.TextDocument): { text: string; lines: Lines } {
  const last = known.get(document);
  if (last && last.version === document.version) return last;
  const text = document.getText();
  const next = { version: document.version, text, lines: new Lines(text) };
  known.set(document, next);
  return next;
}

/** A document's line table, built once a version. */
export function linesOf(document: vscode.TextDocument): Lines {
  return textAndLines(document).lines;
}

/** A document's text, joined once a version. */
export function textOf(document: vscode.TextDocument): string {
  return textAndLines(document).text;
}

/** The editors that show a document, in splits, diffs and peeks too; the active one first. */
export function editorsOf(uri: vscode.Uri): vscode.TextEditor[] {
  const wanted = uri.toString();
  const active = vscode.window.activeTextEditor;
  const all = vscode.window.visibleTextEditors.filter((editor) => editor.document.uri.toString() === wanted);
  return all.sort((a, b) => Number(b === active) - Number(a === active));
}

/** Calls `run` once things have been quiet for `ms`. */
export function later(ms: number, run: () => void): { start(): void; dispose(): void } {
  let timer: NodeJS.Timeout | undefined;
  return {
    start() {
      clearTimeout(timer);
      timer = setTimeout(run, ms);
      timer.unref?.();
    },
    dispose: () => clearTimeout(timer),
  };
}
