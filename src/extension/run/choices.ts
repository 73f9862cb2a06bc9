import * as vscode from 'vscode';
import { shellQuoted } from '../../core/shell.ts';
import type { Services } from '../services.ts';
import type { Choice } from '../ui/ui.ts';
import { type RunDefinition, taskType } from './definition.ts';
import { lastRun, type Runnable } from './recent.ts';
import { scriptsIn } from './scripts.ts';
import { definitionOf, nameOf } from './tasks.ts';

const { t } = vscode.l10n;

/** What the list of programs offers: one of them, or another list. */
interface RunChoice extends Choice {
  readonly run?: Runnable;
  readonly goes?: 'type' | 'switch';
}

/** Milliseconds; providers of other extensions may take long. */
const patience = 1500;

/** What can be run: what was run last, scripts of packages, tasks of tasks.json, and any line. */
export async function choicesFor(services: Services, folder: vscode.WorkspaceFolder): Promise<RunChoice[]> {
  const [scripts, tasks] = await Promise.all([scriptChoices(folder), taskChoices(services, folder)]);
  const last = lastRun(services.context.workspaceState, folder.uri);
  const recent: RunChoice[] = last.map((run) => ({ icon: 'history', label: run.name, description: t('last'), run }));
  // What is in a list further down was not run under another name.
  const known = new Set(last.map(({ name }) => name));
  const others = [...scripts, ...tasks].filter(({ run }) => run && !known.has(run.name));
  return [
    ...recent,
    ...others,
    { icon: 'terminal', label: t('Type a Command…'), description: t('one line for the shell'), goes: 'type' },
    { icon: 'server-environment', label: t('Switch Environment…'), goes: 'switch' },
  ];
}

async function scriptChoices({ uri }: vscode.WorkspaceFolder): Promise<RunChoice[]> {
  return (await scriptsIn(uri)).map((script) => {
    const name = nameOf(script, uri);
    const run = { name, definition: definitionOf(script, uri) };
    return { icon: 'play', label: name, description: script.line, run };
  });
}

async function taskChoices(services: Services, folder: vscode.WorkspaceFolder): Promise<RunChoice[]> {
  const fetched = Promise.all(['shell', 'process'].map((type) => vscode.tasks.fetchTasks({ type })));
  const late = new Promise<vscode.Task[][]>((resolve) => setTimeout(resolve, patience, []));
  // Another extension's provider may fail, too.
  const found = (await Promise.race([fetched, late]).catch(() => [])).flat();
  return found.flatMap((task): RunChoice[] => {
    const isHere = typeof task.scope === 'object' && task.scope.uri.toString() === folder.uri.toString();
    const run = isHere && task.source === 'Workspace' ? runnableOf(services, task) : undefined;
    return run ? [{ icon: 'checklist', label: task.name, description: t('task'), run }] : [];
  });
}

/** A task of tasks.json as one of ours. VS Code does not say which tasks it depends on: those do not run. */
function runnableOf({ platform }: Services, task: vscode.Task): Runnable | undefined {
  const { execution, name, problemMatchers } = task;
  if (execution instanceof vscode.CustomExecution || !execution) return undefined;
  const words =
    execution instanceof vscode.ProcessExecution
      ? [execution.process, ...execution.args]
      : platform.shims?.shellWords(lineOf(execution));
  const [command, ...args] = words ?? [];
  if (!command) return undefined;
  const { cwd, env } = execution.options ?? {};
  const definition: RunDefinition = { type: taskType, command, args, ...(cwd === undefined ? {} : { cwd }) };
  return { name, definition, problemMatchers, ...(env && { env }) };
}

/** As VS Code makes a line of a command and its words. */
function lineOf({ commandLine, command, args }: vscode.ShellExecution): string {
  if (commandLine !== undefined) return commandLine;
  return [command, ...(args ?? [])].map((word) => (word === undefined ? '' : wordOf(word))).join(' ');
}

function wordOf(word: string | vscode.ShellQuotedString): string {
  const text = typeof word === 'string' ? word : word.value;
  const isQuoted = typeof word === 'string' ? /\s/.test(text) && !/^['"]/.test(text) : true;
  return isQuoted ? shellQuoted(text) : text;
}
