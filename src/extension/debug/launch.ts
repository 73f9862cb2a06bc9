import * as vscode from 'vscode';
import { agentVariables } from '../../core/agent/protocol.ts';
import { type Hook, lldbCommands, type Piped } from '../../core/debug/adapters.ts';
import type { Configuration } from '../../core/debug/configuration.ts';
import { batchScript, shellScript } from '../../core/debug/launchscript.ts';
import { LockstepError, Refusal } from '../../core/errors.ts';
import type { Launches, LaunchFolder } from '../../core/platform/launches.ts';
import { debugMark } from '../ids.ts';
import type { Services } from '../services.ts';
import type { Asked } from './asked.ts';
import { recordGiven } from './record.ts';
import { Screen } from './screen.ts';

/** Seconds in which a program may start without a question: tasks that build it come before that. */
const mayTake = 600;

/** What one debug session is started with, for as long as it lasts. */
export class Launch implements vscode.Disposable {
  readonly screen: Screen;
  readonly #services: Services;
  readonly #folder: vscode.Uri;
  readonly #asked: Asked;
  readonly #way: Hook | Piped | undefined;
  #place: LaunchFolder | undefined;
  #permission: { end(): void } | undefined;
  #isOver = false;

  readonly #failed: (error: unknown) => void;

  /**
   * @param way undefined where the values are in the configuration
   * @param failed is told why the program cannot get its secrets after all
   */
  constructor(
    services: Services,
    { folder, asked, way }: { folder: vscode.Uri; asked: Asked; way: Hook | Piped | undefined },
    failed: (error: unknown) => void,
  ) {
    this.#services = services;
    this.#folder = folder;
    this.#asked = asked;
    this.#way = way;
    this.#failed = failed;
    this.screen = new Screen(services, asked);
  }

  /**
   * The configuration by which the debugger starts the program with its secrets. Throws Refusal: NO_PROGRAMS, and what writing the
   * script fails with.
   * @param mark by which the session is known
   */
  async put(configuration: Configuration, mark: string): Promise<Configuration> {
    const { launches } = this.#services.platform;
    if (!launches) throw new Refusal('NO_PROGRAMS');
    // Beside the program that it starts: in the folders for temporary files of some machines no program can be run.
    const place = vscode.Uri.joinPath(this.#services.context.globalStorageUri, 'launch');
    this.#place = await launches.make(place.fsPath);
    const way = this.#way;
    const path = await this.#prepare(launches, this.#place);
    return {
      ...(way && path !== undefined ? way.put(path) : configuration),
      type: configuration.type,
      [debugMark]: mark,
    };
  }

  /** The session starts its program again: what opens the files, or holds the values, is good for one start. Never throws. */
  async again(): Promise<void> {
    const { launches } = this.#services.platform;
    if (!launches || !this.#place || this.#isOver) return;
    await this.#prepare(launches, this.#place).catch(this.#failed);
    await this.screen.look();
  }

  /** The session has ended; it may be started again. */
  rest(): void {
    this.#revoke();
    this.screen.forget();
  }

  dispose(): void {
    this.#isOver = true;
    this.#revoke();
    this.screen.dispose();
    void this.#place?.remove();
  }

  #revoke(): void {
    this.#permission?.end();
    this.#permission = undefined;
  }

  async #prepare(launches: Launches, place: LaunchFolder): Promise<string | undefined> {
    const way = this.#way;
    if (way?.way === 'script') return this.#script(launches, place, way);
    return way && place.pipe('commands', () => this.#commands());
  }

  async #script({ isWindows }: Launches, place: LaunchFolder, hook: Hook): Promise<string> {
    const { cli, agent } = this.#services;
    this.#revoke();
    const permission = agent.launch(this.#asked.files, mayTake);
    this.#permission = permission;
    const words = ['run', ...this.#asked.flags, '--'];
    const line = await cli.command(words, { folder: this.#folder, launch: permission.id });
    const env = Object.fromEntries(
      Object.values(agentVariables).flatMap((name) => {
        const value = line.env[name];
        return value === undefined ? [] : [[name, value]];
      }),
    );
    const { real, passes, file, beside } = hook;
    if (beside !== undefined) await place.copy(beside, 'release');
    if (!isWindows) return place.script(file, shellScript({ env, words: [line.program, ...line.args], real, passes }));
    const text = batchScript({ env, words: [await this.#batch(), ...words], real });
    if (text === undefined) throw new LockstepError('BAD_VALUE', { what: 'batch' });
    return place.script(`${file}.cmd`, text);
  }

  /** The command line for the shell of Windows, which saves what is meant for the program. Throws Refusal NO_PROGRAMS. */
  async #batch(): Promise<string> {
    const folder = await this.#services.cli.shims();
    if (folder === undefined) throw new Refusal('NO_PROGRAMS');
    return `${folder}\\lockstep.cmd`;
  }

  /** What LLDB reads: it is about to start the program, with or without them. */
  async #commands(): Promise<string> {
    try {
      const given = await this.#asked.open();
      recordGiven(this.#services, given, 'LLDB');
      return lldbCommands(Object.fromEntries(given.map(({ variable, value }) => [variable, value]))) ?? '';
    } catch (error) {
      this.#failed(error);
      return '';
    }
  }
}
