import * as vscode from 'vscode';
import {
  configName,
  environmentsPath,
  isDotenvName,
  isSecretName,
  namesSecret,
  privateKeys,
} from '../core/view/names.ts';
import { exists } from './exists.ts';
import { isTop } from './outside.ts';
import { fileOf } from './past.ts';

/**
 * Whether a document may be a secret file, cheaply: this runs for every document that is opened, before anything of the
 * engine is loaded. Too often yes costs a moment of loading; a no must be sure.
 */
export async function mayMatter(document: vscode.TextDocument): Promise<boolean> {
  // What a search found may be out of any file.
  if (document.uri.scheme === 'search-editor') return true;
  // It has no place where it could be encrypted.
  if (document.uri.scheme === 'untitled') return false;
  const uri = fileOf(document.uri);
  const text = document.getText();
  if (uri.path.endsWith(`/${environmentsPath}`)) return true;
  if (isDotenvName(uri.path) || isSecretName(uri.path) || text.includes('ENC[AES256_GCM')) return true;
  if (privateKeys(uri.path, text).length > 0 || (uri.path.endsWith('.ini') && namesSecret(text))) return true;
  return /\.(?:ya?ml|json|ini)$/.test(uri.path) && hasConfigAbove(uri);
}

/** Whether a folder of the workspace has rules or a `.env` at its top, which the explorer gives a badge, or a change of many files that was interrupted. */
export async function workspaceMatters(): Promise<boolean> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const places = folders.flatMap(({ uri }) =>
    [configName, '.env', '.lockstep/journal', environmentsPath].map((name) => vscode.Uri.joinPath(uri, name)),
  );
  return (await Promise.all(places.map(exists))).includes(true);
}

/** A `.sops.yaml` between a file and its workspace folder may have a rule for it. */
async function hasConfigAbove(file: vscode.Uri): Promise<boolean> {
  const root = vscode.workspace.getWorkspaceFolder(file)?.uri.path;
  if (root === undefined) return false;
  for (let at = vscode.Uri.joinPath(file, '..'); at.path.startsWith(root); at = vscode.Uri.joinPath(at, '..')) {
    if (await exists(vscode.Uri.joinPath(at, configName))) return true;
    if (at.path === root || isTop(at)) break;
  }
  return false;
}
