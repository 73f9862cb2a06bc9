import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { moveDotenvxKey } from './dotenvxkey.ts';
import { exportSecrets } from './export.ts';

/** Secrets go to other systems, in their own forms. */
export function register(services: Services): Feature {
  return {
    commands: {
      [commands.exportSecrets]: (...ids) => exportSecrets(services, ids),
      [commands.moveDotenvxKey]: (...ids) => moveDotenvxKey(services, ids),
    },
    disposable: new vscode.Disposable(() => {}),
  };
}
