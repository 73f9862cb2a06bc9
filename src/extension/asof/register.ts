import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { openAsOf } from './open.ts';

/** Secrets as a commit has them. */
export function register(services: Services): Feature {
  const panels = new Set<vscode.Disposable>();
  return {
    commands: {
      [commands.openAsOf]: async (...ids) => {
        const panel = await openAsOf(services, ids);
        if (!panel) return;
        panels.add(panel);
        panel.onDidDispose(() => panels.delete(panel));
      },
    },
    disposable: new vscode.Disposable(() => {
      for (const panel of [...panels]) panel.dispose();
    }),
  };
}
