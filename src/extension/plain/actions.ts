import * as vscode from 'vscode';
import { type CommandId, commands } from '../ids.ts';
import { plainCode, source } from './diagnostics.ts';

/** Quick fixes for our own problems. */
export const quickFixes: vscode.CodeActionProvider = {
  provideCodeActions(document, _range, context) {
    return context.diagnostics.filter((one) => one.source === source).flatMap((one) => fixesFor(document, one));
  },
};

function fixesFor(document: vscode.TextDocument, diagnostic: vscode.Diagnostic): vscode.CodeAction[] {
  if (diagnostic.code === plainCode)
    return [fix(document, diagnostic, vscode.l10n.t('Encrypt this file'), commands.encryptFile)];
  return [
    fix(document, diagnostic, vscode.l10n.t('Show what fails verification'), commands.explainFile),
    fix(document, diagnostic, vscode.l10n.t('Encrypt edits…'), commands.encryptEdits, false),
  ];
}

function fix(
  { uri }: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
  title: string,
  command: CommandId,
  isPreferred = true,
): vscode.CodeAction {
  const fix = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  fix.command = { title, command, arguments: [uri.toString()] };
  fix.diagnostics = [diagnostic];
  fix.isPreferred = isPreferred;
  return fix;
}
