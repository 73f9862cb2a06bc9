import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { explainFile } from './explain.ts';

/** What a file is to us, and why; of one that does not open, what would open it. */
export function register(services: Services): Feature {
  const explain = (uri: unknown) => explainFile(services, uri);
  return {
    commands: { [commands.explainFile]: explain, [commands.whyNotOpen]: explain },
    disposable: new vscode.Disposable(() => undefined),
  };
}
