import * as vscode from 'vscode';
import type { Vault } from '../services.ts';
import type { Settings } from '../settings.ts';

const noted = new vscode.EventEmitter<void>();

/** Reports activity that VS Code does not report to extensions, as in a webview. */
export const noteActivity = (): void => noted.fire();

/** Locks the vault after the set time without typing, moving the cursor or returning to the window. */
export function lockWhenIdle(vault: Vault, settings: Settings): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  let last = Date.now();

  const wait = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(check, ms);
    timer.unref?.();
  };
  // The timer is not set anew at every key press: it looks at the time of the last one when it is due.
  const check = () => {
    const limit = settings.idleMinutes * 60_000;
    if (limit === 0 || vault.locked) return;
    const left = last + limit - Date.now();
    if (left > 0) wait(left);
    else vault.lock();
  };
  const active = () => {
    last = Date.now();
  };
  const restart = () => {
    active();
    clearTimeout(timer);
    if (settings.idleMinutes > 0 && !vault.locked) wait(settings.idleMinutes * 60_000);
  };
  restart();
  return vscode.Disposable.from(
    noted.event(active),
    vscode.window.onDidChangeTextEditorSelection(active),
    vscode.window.onDidChangeActiveTextEditor(active),
    vscode.window.onDidChangeWindowState((state) => {
      // A laptop that slept wakes up with the time over: the look comes before the activity counts.
      check();
      if (state.focused) active();
    }),
    vscode.workspace.onDidChangeTextDocument((event) => {
      // Output channels are documents too, and they write without anybody.
      if (event.document.uri.scheme !== 'output') active();
    }),
    settings.onDidChange(restart),
    vault.onDidChange(restart),
    { dispose: () => clearTimeout(timer) },
  );
}
