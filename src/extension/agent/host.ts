import * as vscode from 'vscode';
import { Agent } from '../../core/agent/agent.ts';
import type { Grant } from '../../core/agent/grants.ts';
import { KnownKeys } from '../../core/agent/known.ts';
import type { AgentAnswer, AgentClient, AgentRequest } from '../../core/agent/protocol.ts';
import type { OpenDoor } from '../../core/platform/agentdoor.ts';
import { describeError } from '../log.ts';
import type { AgentService, Services, StartedProcess } from '../services.ts';
import { filesOf } from './known.ts';
import { askConsent } from './question.ts';
import { programLine } from './words.ts';

type Given = Pick<Services, 'platform' | 'vault' | 'inventory' | 'access' | 'ui' | 'log' | 'clock'>;

/** Seconds in which a launch has to have asked. */
const life = { usual: 60, most: 600 };

/** What a key that is bound to repositories is not used for: a file that is in none. */
const nowhere = vscode.Uri.file('/');

/**
 * The agent of this window: other programs get keys of files from it, each after a question or for a launch of ours. It has a socket for each
 * folder of the workspace, as long as the workspace is trusted.
 */
export class AgentHost implements AgentService, vscode.Disposable {
  readonly #given: Given;
  readonly #agent: Agent;
  readonly #doors = new Map<string, OpenDoor>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposable: vscode.Disposable;
  #opening: Promise<void> = Promise.resolve();
  #closed = false;
  readonly onDidChange = this.#changed.event;

  constructor(given: Given) {
    this.#given = given;
    const { vault, ui, access, clock } = given;
    const known = new KnownKeys(filesOf(given));
    this.#agent = new Agent({
      shut: () => (vault.locked ? 'LOCKED' : vscode.workspace.isTrusted ? undefined : 'UNTRUSTED'),
      find: (ids, first) => known.find(ids, first),
      keyring: (file) => vault.keysFor(file === undefined ? nowhere : vscode.Uri.parse(file)).keyring,
      ask: (question) => askConsent(ui, question),
      record: (file, client) =>
        access.record({
          purpose: 'answer',
          ...(file !== undefined && { uri: vscode.Uri.parse(file) }),
          by: client.pid === undefined ? programLine(client) : `${programLine(client)} (process ${client.pid})`,
        }),
      now: () => clock.now().getTime(),
      later: (milliseconds, work) => {
        const timer = setTimeout(work, milliseconds);
        return () => clearTimeout(timer);
      },
    });
    this.#disposable = vscode.Disposable.from(
      this.#changed,
      vault.onDidChange(() => {
        if (vault.locked) this.#agent.lock();
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.#open()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#open()),
    );
    this.#open();
  }

  /** Resolves when the sockets of the folders are there. */
  get ready(): Promise<void> {
    return this.#opening;
  }

  get grants(): readonly Grant[] {
    return this.#agent.grants;
  }

  forget(grant?: Grant): void {
    this.#agent.forget(grant);
  }

  socketFor(folder: vscode.Uri): string | undefined {
    return this.#doors.get(folder.toString())?.path;
  }

  keyServiceFor(folder: vscode.Uri): string | undefined {
    return this.#doors.get(folder.toString())?.keyService;
  }

  runtimeFolder(): string | undefined {
    return this.#given.platform.agentDoors?.folder();
  }

  launch(files: readonly vscode.Uri[], seconds: number = life.usual) {
    return this.#agent.launch(
      files.map((uri) => uri.toString()),
      Math.min(seconds, life.most) * 1000,
    );
  }

  allowProcess(started: Promise<StartedProcess | undefined>): void {
    const named = started.then((one) => one && { pid: one.pid, files: one.files.map((uri) => uri.toString()) });
    this.#agent.allowProcess(named, life.usual * 1000);
  }

  answer(request: AgentRequest, client: AgentClient): Promise<AgentAnswer> {
    return this.#agent.answer(request, client);
  }

  /** The window closes: who waits is told, and the sockets go. */
  close(): void {
    this.#closed = true;
    this.#agent.close();
    for (const door of this.#doors.values()) door.close();
    this.#doors.clear();
  }

  dispose(): void {
    this.close();
    this.#disposable.dispose();
  }

  #open(): void {
    this.#opening = this.#opening.then(() => this.#openAll());
  }

  async #openAll(): Promise<void> {
    const { platform } = this.#given;
    if (!platform.agentDoors || !vscode.workspace.isTrusted) return;
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    for (const [key, door] of this.#doors) {
      if (folders.some(({ uri }) => uri.toString() === key)) continue;
      door.close();
      this.#doors.delete(key);
    }
    for (const { uri } of folders) if (!this.#doors.has(uri.toString())) await this.#openOne(uri);
    if (!this.#closed) this.#changed.fire();
  }

  async #openOne(folder: vscode.Uri): Promise<void> {
    const { platform, log } = this.#given;
    try {
      const door = await platform.agentDoors?.open(folder.fsPath, (request, client) => this.answer(request, client));
      if (!door) log.warn('agent: there is no private place for a socket here');
      else if (this.#closed) door.close();
      else this.#doors.set(folder.toString(), door);
    } catch (error) {
      log.error(`agent: ${describeError(error)}`);
    }
  }
}
