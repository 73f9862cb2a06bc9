import * as vscode from 'vscode';
import type { Vault } from '../services.ts';
import type { Settings } from '../settings.ts';
import { stopwatch } from './stopwatch.ts';

const noted = new vscode.EventEmitter<void>();

/** Reports activity that VS Code does not report to extensions, as in a webview. */
export const noteActivity = (): void => noted.fire();

/** How often the clock is read: a lock comes at most so much late, also after the machine slept. */
const tick = 4000;

/** Whichever clock says more counts. */
function gone(): () => number {
  const since = stopwatch();
  return () => Math.max(...Object.values(since()));
}

/** Locks the vault after the set time without typing, moving the cursor or returning to the window. */
export function lockWhenIdle(vault: Vault, settings: Settings): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  let idle = gone();

  const check = () => {
    clearTimeout(timer);
    const limit = settings.idleMinutes * 60_000;
    if (limit === 0 || vault.locked) return;
    const left = limit - idle();
    if (left <= 0) return vault.lock();
    timer = setTimeout(check, Math.min(left, tick));
    timer.unref?.();
  };
  /** Too late is too late: what comes after the time was over does not keep the vault open. */
  const active = () => {
    check();
    idle = gone();
  };
  const restart = () => {
    idle = gone();
    check();
  };
  check();
  return vscode.Disposable.from(
    noted.event(active),
    vscode.window.onDidChangeTextEditorSelection(() => vscode.window.state.focused && active()),
    vscode.window.onDidChangeActiveTextEditor(() => vscode.window.state.focused && active()),
    vscode.window.onDidChangeWindowState((state) => (state.focused ? active() : check())),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      // Output channels write without anybody, and so does what changes a file on the disk, which leaves nothing to save.
      const byDisk = document.uri.scheme === 'file' && !document.isDirty;
      if (vscode.window.state.focused && !byDisk && document.uri.scheme !== 'output') active();
    }),
    settings.onDidChange(restart),
    vault.onDidChange(restart),
    { dispose: () => clearTimeout(timer) },
  );
}
