import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { taskType } from './definition.ts';
import { offerInTerminals } from './paths.ts';
import { Permissions } from './permissions.ts';
import { runWithSecrets } from './run.ts';
import { RunTasks } from './tasks.ts';
import { openTerminal } from './terminal.ts';

/** Programs that get secrets: commands, tasks and terminals. */
export function register(services: Services): Feature {
  const permissions = new Permissions(services);
  return {
    commands: {
      [commands.runWithSecrets]: () => runWithSecrets(services, permissions),
      [commands.openTerminal]: () => openTerminal(services, permissions),
    },
    disposable: vscode.Disposable.from(
      permissions,
      vscode.tasks.registerTaskProvider(taskType, new RunTasks(services)),
      offerInTerminals(services),
    ),
  };
}
