import * as vscode from 'vscode';
import type { Found } from '../../core/env/environments.ts';
import type { Services, StartedProcess } from '../services.ts';
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
  /** The processes of tasks. VS Code tells of one before or after it says that it started the task. */
  readonly #pids = new WeakMap<vscode.TaskExecution, number>();
  readonly #awaited = new WeakMap<vscode.TaskExecution, (pid: number) => void>();
  readonly #listener: vscode.Disposable;

  constructor(services: Services) {
    this.#services = services;
    this.#listener = vscode.tasks.onDidStartTaskProcess(({ execution, processId }) => {
      if (execution.task.definition.type !== taskType) return;
      this.#pids.set(execution, processId);
      this.#awaited.get(execution)?.(processId);
      services.agent.allowProcess(this.#known(execution.task, processId));
    });
  }

  /** Runs a task. @param files what it may open */
  async execute(task: vscode.Task, files: readonly vscode.Uri[]): Promise<void> {
    const started = Promise.resolve(vscode.tasks.executeTask(task));
    this.#services.agent.allowProcess(started.then(async (one) => ({ pid: await this.#pidOf(one), files })));
    await started;
  }

  /** A terminal was made for a person. */
  allow(terminal: vscode.Terminal, files: readonly vscode.Uri[]): void {
    const { processId } = terminal;
    this.#services.agent.allowProcess(
      Promise.resolve(processId).then((pid) => (pid === undefined ? undefined : { pid, files })),
    );
  }

  dispose(): void {
    this.#listener.dispose();
  }

  #pidOf(execution: vscode.TaskExecution): Promise<number> | number {
    return this.#pids.get(execution) ?? new Promise((resolve) => this.#awaited.set(execution, resolve));
  }

  /** A task that a person wrote down or that we offer, and that runs exactly what it says; what another extension made up is asked about. */
  async #known(task: vscode.Task, pid: number): Promise<StartedProcess | undefined> {
    const { definition, scope, execution } = task;
    const folder = scope && typeof scope === 'object' ? scope : undefined;
    if (!folder || faultOf(definition) !== undefined) return undefined;
    const run = definition as RunDefinition;
    if (!(await isKnown(run, folder.uri)) || !isSame(execution, await executionOf(this.#services, folder.uri, run)))
      return undefined;
    const { environments } = this.#services;
    const found = await Promise.all(environmentsOf(run).map((name) => environments.find(folder.uri, name)));
    return { pid, files: found.flatMap(filesOf) };
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
