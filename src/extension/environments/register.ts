import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { completeNames } from './completion.ts';
import { showActive } from './item.ts';
import { showProblems } from './problems.ts';
import { switchEnvironment } from './switch.ts';

/** Environments: which one is active, in the status bar, and another one. */
export function register(services: Services): Feature {
  return {
    commands: { [commands.switchEnvironment]: () => switchEnvironment(services) },
    disposable: vscode.Disposable.from(showActive(services), showProblems(services), completeNames(services)),
  };
}
