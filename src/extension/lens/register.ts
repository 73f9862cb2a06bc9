import * as vscode from 'vscode';
import type { Feature, Services } from '../services.ts';
import { later, secretFiles } from '../surface.ts';
import { LensProvider } from './provider.ts';

/** A cursor that runs through a file should not drag lenses along. */
const settle = 120;

/** One lens row for the file, and one for each entry. */
export function register(services: Services): Feature {
  const provider = new LensProvider(services);
  const soon = later(settle, () => provider.refresh());
  const readKeys = async () => {
    provider.own = new Set((await services.vault.keys()).map((key) => key.recipient));
    provider.refresh();
  };
  // Names of our own keys only sharpen a count: nothing waits for them, and without them the file's opener still counts.
  const tryKeys = () => void readKeys().catch(() => undefined);

  tryKeys();
  const disposable = vscode.Disposable.from(
    provider,
    soon,
    vscode.languages.registerCodeLensProvider(secretFiles, provider),
    vscode.window.onDidChangeTextEditorSelection(() => soon.start()),
    vscode.window.onDidChangeActiveTextEditor(() => soon.start()),
    services.sessions.onDidChange(() => provider.refresh()),
    services.survey.onDidChange(() => soon.start()),
    services.settings.onDidChange(() => provider.refresh()),
    services.vault.onDidChange(tryKeys),
    services.revealed.onDidChange(() => provider.refresh()),
    services.presentation.onDidChange(() => provider.refresh()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => provider.refresh()),
  );
  return { commands: {}, disposable };
}
