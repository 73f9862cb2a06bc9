import * as vscode from 'vscode';
import { isConfigName } from '../../core/view/names.ts';
import { type CommandId, commands } from '../ids.ts';
import { damagedCode, driftCode, plainCode, source } from './diagnostics.ts';

/** Quick fixes for our own problems. */
export const quickFixes: vscode.CodeActionProvider = {
  provideCodeActions(document, _range, context) {
    return context.diagnostics.filter((one) => one.source === source).flatMap((one) => fixesFor(document, one));
  },
};

function fixesFor(document: vscode.TextDocument, diagnostic: vscode.Diagnostic): vscode.CodeAction[] {
  if (diagnostic.code === plainCode)
    return [fix(document, diagnostic, vscode.l10n.t('Encrypt this file'), commands.encryptFile)];
  if (diagnostic.code === driftCode) {
    // On a rule it is about many files.
    const [title, command] = isConfigName(document.uri.path)
      ? [vscode.l10n.t('Update who can read files…'), commands.updateListed]
      : [vscode.l10n.t('Update who can read this file'), commands.updateReaders];
    return [fix(document, diagnostic, title, command)];
  }
  if (diagnostic.code !== damagedCode) return [];
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
  // Of the files that a rule is about a person chooses.
  fix.command = { title, command, arguments: command === commands.updateListed ? [] : [uri.toString()] };
  fix.diagnostics = [diagnostic];
  fix.isPreferred = isPreferred;
  return fix;
}
