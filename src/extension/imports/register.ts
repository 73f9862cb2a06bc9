import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { importSecrets } from './import.ts';

/** The values of other files and systems come into encrypted files. */
export function register(services: Services): Feature {
  return {
    commands: { [commands.importSecrets]: (...ids) => importSecrets(services, ids) },
    disposable: new vscode.Disposable(() => undefined),
  };
}
