import * as vscode from 'vscode';
import { editorId } from './ids.ts';

type Provider = vscode.CustomEditorProvider;
type Changed = Parameters<Parameters<Provider['onDidChangeCustomDocument']>[0]>[0];

/**
 * Registers the Secrets Editor without loading it: VS Code wants a provider as soon as one of its tabs comes back, and what
 * answers is loaded with the first one.
 */
export function lazyEditor(load: () => Promise<Provider | undefined>): vscode.Disposable {
  const changed = new vscode.EventEmitter<Changed>();
  let piped: vscode.Disposable | undefined;
  const real = async (): Promise<Provider> => {
    const provider = await load();
    if (!provider) throw new Error(vscode.l10n.t('The Secrets Editor could not start.'));
    piped ??= (provider.onDidChangeCustomDocument as vscode.Event<Changed>)((event) => changed.fire(event));
    return provider;
  };
  const lazy: Provider = {
    onDidChangeCustomDocument: changed.event as vscode.Event<vscode.CustomDocumentEditEvent>,
    openCustomDocument: async (...args) => (await real()).openCustomDocument(...args),
    resolveCustomEditor: async (...args) => (await real()).resolveCustomEditor(...args),
    saveCustomDocument: async (...args) => (await real()).saveCustomDocument(...args),
    saveCustomDocumentAs: async (...args) => (await real()).saveCustomDocumentAs(...args),
    revertCustomDocument: async (...args) => (await real()).revertCustomDocument(...args),
    backupCustomDocument: async (...args) => (await real()).backupCustomDocument(...args),
  };
  return vscode.Disposable.from(
    changed,
    { dispose: () => piped?.dispose() },
    vscode.window.registerCustomEditorProvider(editorId, lazy, {
      supportsMultipleEditorsPerDocument: true,
      webviewOptions: { retainContextWhenHidden: false, enableFindWidget: false },
    }),
  );
}
