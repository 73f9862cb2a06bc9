import * as vscode from 'vscode';
import { editorId } from '../ids.ts';

/** Opens a file in the Secrets Editor; where it is open there already, that tab comes to the front. */
export async function openSecrets(uri: vscode.Uri, options: vscode.TextDocumentShowOptions = {}): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', uri, editorId, { preview: false, ...options });
}

/** Opens a file in the ordinary text editor. */
export async function openText(uri: vscode.Uri, viewColumn?: vscode.ViewColumn): Promise<void> {
  deliberate.add(uri.toString());
  await vscode.commands.executeCommand('vscode.openWith', uri, 'default', { viewColumn, preview: false });
}

/** Files whose text somebody asked for: these are not opened in the Secrets Editor instead. */
export const deliberate = new Set<string>();
