import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import { plainCode, source } from './diagnostics.ts';

/** Quick fixes for our own problems. */
export const quickFixes: vscode.CodeActionProvider = {
  provideCodeActions(document, _range, context) {
    return context.diagnostics.filter((one) => one.source === source).map((one) => fixFor(document, one));
  },
};

function fixFor({ uri }: vscode.TextDocument, diagnostic: vscode.Diagnostic): vscode.CodeAction {
  const [title, command] =
    diagnostic.code === plainCode
      ? [vscode.l10n.t('Encrypt this file'), commands.encryptFile]
      : [vscode.l10n.t('Show what fails verification'), commands.explainFile];
  const fix = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  fix.command = { title, command, arguments: [uri.toString()] };
  fix.diagnostics = [diagnostic];
  fix.isPreferred = true;
  return fix;
}
