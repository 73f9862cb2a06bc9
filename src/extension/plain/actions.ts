import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import { damagedCode, plainCode, source } from './diagnostics.ts';

/** Quick fixes for our own problems. */
export const quickFixes: vscode.CodeActionProvider = {
  provideCodeActions(document, _range, context) {
    return context.diagnostics.filter((one) => one.source === source).flatMap((one) => fixFor(document, one) ?? []);
  },
};

function fixFor(document: vscode.TextDocument, diagnostic: vscode.Diagnostic): vscode.CodeAction | undefined {
  if (diagnostic.code === plainCode)
    return action(vscode.l10n.t('Encrypt this file'), commands.encryptFile, document, diagnostic);
  if (diagnostic.code === damagedCode)
    return action(vscode.l10n.t('Show what does not match'), commands.explainFile, document, diagnostic);
  return undefined;
}

function action(
  title: string,
  command: string,
  document: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
): vscode.CodeAction {
  const fix = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  fix.command = { title, command, arguments: [document.uri.toString()] };
  fix.diagnostics = [diagnostic];
  fix.isPreferred = true;
  return fix;
}
