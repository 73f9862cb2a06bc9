import * as vscode from 'vscode';
import { visible } from '../../core/tree/path.ts';
import type { Services } from '../services.ts';
import { faultOf, type RunDefinition, taskType } from './definition.ts';
import { executionOf } from './execution.ts';
import { type Script, scriptsIn } from './scripts.ts';

const { t } = vscode.l10n;

/** Where tasks of ours say that they come from. */
const source = 'Lockstep';

/** A program that is run with secrets, as a task of VS Code: its output stays when it has ended. */
export async function taskFor(
  services: Services,
  folder: vscode.WorkspaceFolder,
  name: string,
  definition: RunDefinition,
  env?: Readonly<Record<string, string>>,
): Promise<vscode.Task> {
  const execution = await executionOf(services, folder.uri, definition, env);
  return new vscode.Task(definition, folder, name, source, execution);
}

/** What a script is as a task of ours. */
export function definitionOf({ words, folder }: Script, top: vscode.Uri): RunDefinition {
  const [command = '', ...args] = words;
  const isTop = folder.path === top.path;
  return { type: taskType, command, args, ...(isTop ? {} : { cwd: vscode.workspace.asRelativePath(folder, false) }) };
}

/** How a script is called, with its folder where that is not the top. */
export function nameOf({ words, folder }: Script, top: vscode.Uri): string {
  const name = visible(words.join(' '));
  return folder.path === top.path ? name : `${name} (${vscode.workspace.asRelativePath(folder, false)})`;
}

/** The task type of ours: the scripts of packages in folders that have environments, and whatever tasks.json holds. */
export class RunTasks implements vscode.TaskProvider {
  readonly #services: Services;
  /** What somebody was told already: VS Code asks for a task each time it lists them. */
  readonly #told = new Set<string>();

  constructor(services: Services) {
    this.#services = services;
  }

  async provideTasks(): Promise<vscode.Task[]> {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    if (!vscode.workspace.isTrusted) return [];
    return (await Promise.all(folders.map((folder) => this.#tasksIn(folder)))).flat();
  }

  async #tasksIn(folder: vscode.WorkspaceFolder): Promise<vscode.Task[]> {
    try {
      if ((await this.#services.environments.list(folder.uri)).length === 0) return [];
      const scripts = await scriptsIn(folder.uri);
      const made = scripts.map((one) =>
        taskFor(this.#services, folder, nameOf(one, folder.uri), definitionOf(one, folder.uri)),
      );
      return await Promise.all(made);
    } catch {
      // Nobody asked for these: what is wrong is said where somebody does.
      return [];
    }
  }

  async resolveTask(task: vscode.Task): Promise<vscode.Task | undefined> {
    const { definition, scope, name } = task;
    const folder = scope && typeof scope === 'object' ? scope : vscode.workspace.workspaceFolders?.[0];
    if (!folder) return undefined;
    const fault = faultOf(definition);
    if (fault !== undefined) {
      this.#tell(name, fault);
      return undefined;
    }
    // VS Code knows a task by its definition: it has to be the same object.
    const execution = await executionOf(this.#services, folder.uri, definition as RunDefinition);
    return new vscode.Task(definition, scope ?? folder, name, source, execution, task.problemMatchers);
  }

  #tell(name: string, fault: string): void {
    const message = t('The task “{0}” in tasks.json cannot run: {1}', visible(name), fault);
    if (this.#told.has(message)) return;
    this.#told.add(message);
    void this.#services.ui.error(message);
  }
}
