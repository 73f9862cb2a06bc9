import * as vscode from 'vscode';
import type { Presentation } from '../services.ts';

/** Presentation mode lives in memory: a new window starts without it. */
export function createPresentation(): Presentation & vscode.Disposable {
  const changed = new vscode.EventEmitter<boolean>();
  let on = false;
  return {
    get on() {
      return on;
    },
    set(value) {
      if (value === on) return;
      on = value;
      changed.fire(on);
    },
    onDidChange: changed.event,
    dispose: () => changed.dispose(),
  };
}
