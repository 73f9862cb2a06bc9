import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import type { VersionsPanel } from '../versions/panel.ts';
import { compareSecrets } from './choosing.ts';

/** Versions of secrets, and files with the same secrets, beside each other. */
export function register(services: Services): Feature {
  const panels = new Set<VersionsPanel>();
  return {
    commands: {
      [commands.compareSecrets]: async (...ids) => {
        const panel = await compareSecrets(services, ids);
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
