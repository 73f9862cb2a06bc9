import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { exportSecrets } from './export.ts';

/** Secrets go to other systems, in their own forms. */
export function register(services: Services): Feature {
  return {
    commands: { [commands.exportSecrets]: (...ids) => exportSecrets(services, ids) },
    disposable: new vscode.Disposable(() => {}),
  };
}
