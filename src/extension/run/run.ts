import * as vscode from 'vscode';
import type { Found } from '../../core/env/environments.ts';
import { visible } from '../../core/tree/path.ts';
import { commands } from '../ids.ts';
import { askToUnlock } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { mayRun } from '../session/trust.ts';
import { chooseFolder } from '../ui/folder.ts';
import { choicesFor } from './choices.ts';
import { taskType } from './definition.ts';
import { filesOf, type Permissions } from './permissions.ts';
import { type Runnable, remember } from './recent.ts';
import { taskFor } from './tasks.ts';

const { t } = vscode.l10n;

/** Asks which program is to be run, and runs it with the secrets of the active environment. Everything is checked before it starts. */
export async function runWithSecrets(services: Services, permissions: Permissions): Promise<void> {
  if (!(await mayRun(services))) return;
  const folder = await chooseFolder(services.ui, t('Run With Secrets'));
  if (!folder) return;
  const chosen = await chooseRun(services, folder);
  if (!chosen) return;
  const { run, found } = chosen;
  if (!(await mayOpen(services, found))) return;
  const definition = { ...run.definition, ...(found.name === '' ? {} : { environment: found.name }) };
  const task = await taskFor(services, folder, run.name, definition, run.env);
  task.problemMatchers = [...(run.problemMatchers ?? [])];
  // The line that starts it is long, and no help to anybody.
  task.presentationOptions = {
    echo: false,
    reveal: vscode.TaskRevealKind.Always,
    panel: vscode.TaskPanelKind.Dedicated,
  };
  await remember(services.context.workspaceState, folder.uri, run);
  await permissions.execute(task, filesOf(found));
}

interface Chosen {
  readonly run: Runnable;
  readonly found: Found<vscode.Uri>;
}

async function chooseRun(services: Services, folder: vscode.WorkspaceFolder): Promise<Chosen | undefined> {
  for (;;) {
    const found = await environmentOf(services, folder.uri);
    if (!found) return undefined;
    const word = services.environments.word(found);
    const chosen = await services.ui.pick(await choicesFor(services, folder), {
      title: t('Run With Secrets: {0}', visible(word)),
      placeholder: t('Which program gets the secrets? Values in its output are hidden.'),
    });
    if (!chosen) return undefined;
    if (chosen.run) return { run: chosen.run, found };
    if (chosen.goes === 'switch') await vscode.commands.executeCommand(commands.switchEnvironment);
    else {
      const run = await typeRun(services);
      if (run) return { run, found };
    }
  }
}

/** The active environment; where nothing says which that is, somebody has to. */
export async function environmentOf(services: Services, folder: vscode.Uri): Promise<Found<vscode.Uri> | undefined> {
  const active = await services.environments.active(folder);
  if (active) return active;
  const there = await services.environments.list(folder);
  // None at all is told in words.
  if (there.length === 0) return services.environments.find(folder, undefined);
  await vscode.commands.executeCommand(commands.switchEnvironment);
  return services.environments.active(folder);
}

/** Whether its files can be opened, as far as that can be known before. Throws what is wrong with them. */
export async function mayOpen(services: Services, found: Found<vscode.Uri>): Promise<boolean> {
  await services.environments.names(found);
  for (const file of filesOf(found)) if (!(await askToUnlock(services, file))) return false;
  return true;
}

async function typeRun({ ui, platform }: Services): Promise<Runnable | undefined> {
  const line = await ui.input({
    title: t('Run With Secrets'),
    prompt: t('A command line. It is remembered as you type it, so use variables such as $TOKEN in it, and no values.'),
  });
  const [command, ...args] = (line?.trim() && platform.shims?.shellWords(line.trim())) || [];
  return command && line ? { name: line.trim(), definition: { type: taskType, command, args } } : undefined;
}
