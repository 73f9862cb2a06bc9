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
  /** The process numbers of tasks, once VS Code tells them: before or after it says that it started the task. */
  readonly #pids = new WeakMap<vscode.TaskExecution, Pid>();
  readonly #announced = new WeakSet<vscode.TaskExecution>();
  readonly #listeners: vscode.Disposable;

  constructor(services: Services) {
    this.#services = services;
    this.#listeners = vscode.Disposable.from(
      // It tells of a process only once that runs; where it is on another machine, later than the process asks.
      vscode.tasks.onDidStartTask(({ execution }) => this.#announce(execution)),
      vscode.tasks.onDidStartTaskProcess(({ execution, processId }) => {
        this.#announce(execution);
        this.#pidOf(execution).tell(processId);
      }),
    );
  }

  /** Runs a task. @param files what it may open */
  async execute(task: vscode.Task, files: readonly vscode.Uri[]): Promise<void> {
    const started = Promise.resolve(vscode.tasks.executeTask(task));
    this.#services.agent.allowProcess(started.then(async (one) => ({ pid: await this.#pidOf(one).known, files })));
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
    this.#listeners.dispose();
  }

  #announce(execution: vscode.TaskExecution): void {
    if (execution.task.definition.type !== taskType || this.#announced.has(execution)) return;
    this.#announced.add(execution);
    const { known } = this.#pidOf(execution);
    this.#services.agent.allowProcess(known.then((pid) => this.#known(execution.task, pid)));
  }

  #pidOf(execution: vscode.TaskExecution): Pid {
    const found = this.#pids.get(execution) ?? pid();
    this.#pids.set(execution, found);
    return found;
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

/** A process number that VS Code will tell. */
interface Pid {
  readonly known: Promise<number>;
  tell(pid: number): void;
}

function pid(): Pid {
  let tell: Pid['tell'] = () => undefined;
  const known = new Promise<number>((resolve) => {
    tell = resolve;
  });
  return { known, tell };
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
