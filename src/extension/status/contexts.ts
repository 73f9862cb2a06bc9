import * as vscode from 'vscode';
import { isDotenvxFile } from '../../core/dotenvx/file.ts';
import type { Tracked } from '../../core/session/state.ts';
import { isConfigName } from '../../core/view/names.ts';
import { contexts } from '../ids.ts';
import type { Services } from '../services.ts';
import { later, leafAtCursor, sealedOf, textOf } from '../surface.ts';

/** Keeps the context keys for `when` clauses true. */
export function keepContexts(services: Services): vscode.Disposable {
  const known = new Map<string, unknown>();
  const set = (key: string, value: string | boolean) => {
    if (known.get(key) === value) return;
    known.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  };
  const atCursor = () => {
    const editor = vscode.window.activeTextEditor;
    const tracked = editor && services.sessions.current(editor.document.uri);
    set(contexts.file, fileKind(editor?.document, tracked?.state.kind ?? 'none'));
    set(contexts.binary, sealedOf(tracked?.state)?.format === 'binary');
    set(contexts.canEncrypt, editor !== undefined && canEncrypt(editor.document.uri, tracked));
    set(contexts.onEntry, editor !== undefined && leafAtCursor(editor, tracked) !== undefined);
  };
  const ofKeys = async () => {
    set(contexts.locked, services.vault.locked);
    // Said of none, so that nothing is hidden before anybody has looked.
    set(contexts.noKey, (await services.vault.keys()).length === 0);
  };
  // A list of keys that cannot be read now is asked for again when it changes.
  const tryKeys = () => void ofKeys().catch(() => undefined);
  const presenting = () => set(contexts.presenting, services.presentation.on);
  const soon = later(40, atCursor);

  atCursor();
  presenting();
  tryKeys();
  return vscode.Disposable.from(
    soon,
    vscode.window.onDidChangeActiveTextEditor(atCursor),
    vscode.window.onDidChangeTextEditorSelection(() => soon.start()),
    services.sessions.onDidChange(atCursor),
    services.vault.onDidChange(tryKeys),
    services.presentation.onDidChange(presenting),
  );
}

/** A file of dotenvx is one of the Secrets Editor's, and otherwise no business of ours. */
function fileKind(document: vscode.TextDocument | undefined, kind: string): string {
  return kind === 'none' && document && isDotenvxFile(document.uri.path, textOf(document)) ? 'dotenvx' : kind;
}

const mayBePlain: readonly string[] = ['none', 'plain', 'broken'];

/** Whether *Encrypt File* can take a file, as far as its name and state say. */
export function canEncrypt({ scheme, path }: vscode.Uri, tracked: Tracked | undefined): boolean {
  if (scheme !== 'file' || isConfigName(path)) return false;
  return mayBePlain.includes(tracked?.state.kind ?? 'none');
}
