import * as vscode from 'vscode';
import { type CommandId, commands } from '../ids.ts';
import { hardCoded, source } from './problems.ts';

const { t } = vscode.l10n;

/** Quick fixes for a secret that stands in a file as plaintext. The place goes along, never the text. */
export const quickFixes: vscode.CodeActionProvider = {
  provideCodeActions({ uri }, _range, context) {
    return context.diagnostics
      .filter((one) => one.source === source && one.code === hardCoded)
      .flatMap((one) => [
        fix(uri, one, t('Move to Secrets…'), commands.moveToSecrets, true),
        fix(uri, one, t('Not a Secret…'), commands.notSecret, false),
      ]);
  },
};

function fix(
  uri: vscode.Uri,
  diagnostic: vscode.Diagnostic,
  title: string,
  command: CommandId,
  isPreferred: boolean,
): vscode.CodeAction {
  const fix = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  const { line, character } = diagnostic.range.start;
  fix.command = { title, command, arguments: [uri.toString(), line, character] };
  fix.diagnostics = [diagnostic];
  fix.isPreferred = isPreferred;
  return fix;
}
