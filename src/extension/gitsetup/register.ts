import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { setUpGit } from './setup.ts';

/** git's configuration, for merges of encrypted files. */
export const register = (services: Services): Feature => ({
  commands: { [commands.setUpGit]: () => setUpGit(services) },
  disposable: new vscode.Disposable(() => undefined),
});
