import * as vscode from 'vscode';
import type { Feature, Services } from '../services.ts';
import { secretFiles } from '../surface.ts';
import { quickFixes } from './actions.ts';
import { diagnosticsOf } from './diagnostics.ts';
import { showDrift } from './drift.ts';

/** Problems of secret files: plaintext values and entries that fail verification, each with its quick fix. */
export function register(services: Services): Feature {
  const problems = vscode.languages.createDiagnosticCollection('lockstep');
  const update = (uri: vscode.Uri) => {
    const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
    const tracked = services.sessions.current(uri);
    if (!document || !tracked) problems.delete(uri);
    else if (tracked.version === document.version) problems.set(uri, diagnosticsOf(document, tracked));
  };

  for (const document of vscode.workspace.textDocuments) update(document.uri);
  const disposable = vscode.Disposable.from(
    problems,
    showDrift(services),
    services.sessions.onDidChange(update),
    vscode.workspace.onDidCloseTextDocument((document) => problems.delete(document.uri)),
    vscode.languages.registerCodeActionsProvider(secretFiles, quickFixes, {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
  );
  return { commands: {}, disposable };
}
