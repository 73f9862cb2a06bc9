import * as vscode from 'vscode';
import { lazyEditor } from './customeditor.ts';
import { lazyDebugging } from './debug/lazy.ts';
import type { Engine } from './engine.ts';
import { mayMatter, workspaceMatters } from './gate.ts';
import { commands } from './ids.ts';
import { paintFirst } from './mask/first.ts';
import { readSettings } from './settings.ts';
import { firstViews } from './views.ts';

/** Milliseconds; messages to the window are written in a timer of their own. */
const afterFirstMasks = 10;
/** The same; what nobody asked for waits until the window is there. */
const afterStart = 1_500;

let engine: Promise<Engine | undefined> | undefined;

/**
 * Registers the commands and watches for a file that matters; everything else is loaded then. Exports nothing: what
 * another extension can reach, it can read.
 */
export function activate(context: vscode.ExtensionContext): void {
  const settings = readSettings();
  const first = paintFirst(settings);
  const views = firstViews(() => load());
  context.subscriptions.push(settings, first, views);
  const load = () => {
    engine ??= import('./nodeengine.ts')
      .then(({ start }) => {
        // The engine's own take their place.
        views.dispose();
        const started = start(context);
        // Its masks are on; were the engine to fail, these would stay.
        first.dispose();
        return started;
      })
      .catch(tellFailure);
    return engine;
  };
  for (const id of Object.values(commands)) {
    context.subscriptions.push(
      vscode.commands.registerCommand(id, async (...ids: unknown[]): Promise<void> => {
        await (await load())?.run(id, ids);
      }),
    );
  }
  context.subscriptions.push(
    lazyEditor(async () => (await load())?.customEditor),
    lazyDebugging(async () => (await load())?.debugging),
  );
  const look = async (document: vscode.TextDocument) => {
    if (engine || !(await mayMatter(document))) return;
    // Loading holds this process up: let the first masks go out to the screen before.
    await new Promise((resolve) => setTimeout(resolve, afterFirstMasks));
    await load();
  };
  const opened = vscode.workspace.onDidOpenTextDocument(look);
  context.subscriptions.push(opened);
  for (const document of vscode.workspace.textDocuments) void look(document);
  const around = async () => {
    if (!engine && (await workspaceMatters())) await load();
  };
  const timer = setTimeout(() => void around(), afterStart);
  context.subscriptions.push({ dispose: () => clearTimeout(timer) });
  // Host tests talk to the engine's dialogs before they open a file.
  if (context.extensionMode === vscode.ExtensionMode.Test) void load();
}

/** VS Code waits for this when the window closes. */
export async function deactivate(): Promise<void> {
  await (await engine)?.stop();
}

/** The error's text may quote what it failed on, so only its name is shown. */
function tellFailure(error: unknown): undefined {
  const name = error instanceof Error ? error.name : 'Error';
  void vscode.window.showErrorMessage(
    vscode.l10n.t('Lockstep could not start ({0}). Reload the window; if it stays so, install it again.', name),
  );
}
