import * as vscode from 'vscode';
import type { Found } from '../../core/env/environments.ts';
import { describeError } from '../log.ts';
import type { Services } from '../services.ts';
import { environmentsOf, faultOf, type RunDefinition, taskType } from './definition.ts';
import { executionOf } from './execution.ts';
import { scriptsIn } from './scripts.ts';
import { definitionOf } from './tasks.ts';

/**
 * What a person started needs no question: the process of that very terminal may open the files of its environment. It is known by
 * its process number, which nobody else can have; what stands in a task or a terminal every extension can read.
 */
export class Permissions implements vscode.Disposable {
  readonly #services: Services;
  /** Of tasks: which process, and what it may open. VS Code tells of a process before or after it says that it started the task. */
  readonly #pids = new WeakMap<vscode.TaskExecution, number>();
  readonly #files = new WeakMap<vscode.TaskExecution, readonly vscode.Uri[]>();
  readonly #started: vscode.Disposable;

  constructor(services: Services) {
    this.#services = services;
    this.#started = vscode.tasks.onDidStartTaskProcess(({ execution, processId }) => {
      if (execution.task.definition.type !== taskType) return;
      this.#pids.set(execution, processId);
      this.#settle(execution);
      void this.#ofTasks(execution.task, processId);
    });
  }

  /** Runs a task. @param files what it may open */
  async execute(task: vscode.Task, files: readonly vscode.Uri[]): Promise<void> {
    const execution = await vscode.tasks.executeTask(task);
    this.#files.set(execution, files);
    this.#settle(execution);
  }

  /** A terminal was made for a person. */
  async allow(terminal: vscode.Terminal, files: readonly vscode.Uri[]): Promise<void> {
    const pid = await terminal.processId;
    if (pid !== undefined) this.#services.agent.allowProcess(pid, files);
  }

  dispose(): void {
    this.#started.dispose();
  }

  #settle(execution: vscode.TaskExecution): void {
    const [pid, files] = [this.#pids.get(execution), this.#files.get(execution)];
    if (pid !== undefined && files) this.#services.agent.allowProcess(pid, files);
  }

  /** A task that a person wrote down or that we offer, and that runs exactly what it says; what another extension made up is asked about. */
  async #ofTasks({ definition, scope, execution }: vscode.Task, pid: number): Promise<void> {
    try {
      const folder = scope && typeof scope === 'object' ? scope : undefined;
      if (!folder || faultOf(definition) !== undefined) return;
      const run = definition as RunDefinition;
      if (!(await isKnown(run, folder.uri)) || !isSame(execution, await executionOf(this.#services, folder.uri, run)))
        return;
      const { environments } = this.#services;
      const found = await Promise.all(environmentsOf(run).map((name) => environments.find(folder.uri, name)));
      this.#services.agent.allowProcess(pid, found.flatMap(filesOf));
    } catch (error) {
      // Then the question comes, or the program says what is wrong.
      this.#services.log.debug(describeError(error));
    }
  }
}

/** The files of an environment. */
export const filesOf = ({ folder, files }: Found<vscode.Uri>): vscode.Uri[] =>
  files.map((file) => vscode.Uri.joinPath(folder, file));

/** In tasks.json of the folder, or one of those that we list. */
async function isKnown(run: RunDefinition, folder: vscode.Uri): Promise<boolean> {
  const written: unknown = vscode.workspace.getConfiguration('tasks', folder).get('tasks');
  const all = Array.isArray(written) ? written.filter((one) => one?.type === taskType) : [];
  const offered = (await scriptsIn(folder)).map((script) => definitionOf(script, folder));
  return [...all, ...offered].some((one) => textOf(one) === textOf(run));
}

/** What a definition says, without what VS Code adds to it. */
function textOf({ command, args = [], cwd, environment, secrets, redact }: RunDefinition): string {
  return JSON.stringify([command, args, cwd, environment, Object.entries(secrets ?? {}), redact]);
}

function isSame(one: vscode.Task['execution'], other: vscode.ProcessExecution): boolean {
  if (!(one instanceof vscode.ProcessExecution) || one.process !== other.process) return false;
  const said = ({ args, options }: vscode.ProcessExecution) => JSON.stringify([args, options?.cwd, options?.env]);
  return said(one) === said(other);
}
