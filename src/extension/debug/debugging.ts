import * as vscode from 'vscode';
import { ignoresEnv, lldbCommands, type WhyNot, wayFor, withValues } from '../../core/debug/adapters.ts';
import { attachCommand } from '../../core/debug/attach.ts';
import {
  type Configuration,
  concerns,
  wantedBy,
  withMovedReferences,
  withoutSecrets,
} from '../../core/debug/configuration.ts';
import { LockstepError, Refusal } from '../../core/errors.ts';
import { debugMark } from '../ids.ts';
import type { Debugging, Services } from '../services.ts';
import { report } from '../ui/report.ts';
import { type Asked, findAsked } from './asked.ts';
import { withoutSealedEnvFile } from './envfile.ts';
import { Launch } from './launch.ts';
import { recordGiven } from './record.ts';
import { attachHelp, sameVariable, whoCanRead, whyNot } from './words.ts';
import { askToStart, isWritten } from './written.ts';

const { t } = vscode.l10n;

/** Milliseconds: so long a session that ended may be started anew with the configuration that it has. */
const mayRestart = 60_000;
/** The same for one that has not begun: tasks come before. */
const mayBegin = 3_600_000;

/** A session on its way, running, or just ended. */
interface Held {
  readonly launch: Launch;
  timer: NodeJS.Timeout | undefined;
  session?: vscode.DebugSession;
  starts: number;
}

/** Gives secrets to the programs of debug sessions: names stand in launch.json, values come from our command line. */
export class DebugSecrets implements Debugging, vscode.Disposable {
  readonly #services: Services;
  /** By the mark in the configuration. */
  readonly #held = new Map<string, Held>();
  /** Configurations for which a person agreed to values in `env`, in this window. */
  readonly #agreed = new Set<string>();
  /** What is written down, or a person agreed to: whole configurations, and what they ask for. */
  readonly #mayStart = new Set<string>();
  readonly #listeners: vscode.Disposable;
  #count = 0;

  constructor(services: Services) {
    this.#services = services;
    this.#listeners = vscode.Disposable.from(
      vscode.debug.onDidStartDebugSession((session) => this.#keep(session, undefined)),
      vscode.debug.onDidTerminateDebugSession((session) => {
        if (!session.parentSession) this.#keep(session, mayRestart);
      }),
    );
  }

  /** Before variables are replaced: what asks for secrets is taken out of `env`, before other extensions use that. */
  async resolve(folder: vscode.Uri | undefined, configuration: Configuration): Promise<Configuration | undefined> {
    if (!concerns(configuration)) return configuration;
    if (!(await this.#allows(folder, configuration))) return undefined;
    return withMovedReferences(await withoutSealedEnvFile(this.#services, folder, configuration));
  }

  /** When everything else is done. Undefined when the session is not to start; the person has been told why. */
  async prepare(folder: vscode.Uri | undefined, configuration: Configuration): Promise<Configuration | undefined> {
    if (!concerns(configuration)) return configuration;
    try {
      return await this.#prepare(folder, configuration);
    } catch (error) {
      report(this.#services, error);
      return undefined;
    }
  }

  track(session: vscode.DebugSession): vscode.DebugAdapterTracker | undefined {
    const held = this.#of(session);
    if (held && !session.parentSession) held.session = session;
    return (
      held && {
        onWillReceiveMessage: (message: { command?: unknown } | undefined) => {
          const starts = message?.command === 'restart' || (!session.parentSession && message?.command === 'launch');
          if (starts && held.starts++ > 0) void held.launch.again();
        },
        onDidSendMessage: (message: unknown) => held.launch.screen.clean(message),
      }
    );
  }

  dispose(): void {
    this.#listeners.dispose();
    for (const mark of [...this.#held.keys()]) this.#end(mark);
  }

  async #prepare(at: vscode.Uri | undefined, configuration: Configuration): Promise<Configuration | undefined> {
    const services = this.#services;
    if (!vscode.workspace.isTrusted) throw new Refusal('UNTRUSTED_RUN');
    const wanted = wantedBy(configuration);
    if (!wanted)
      return this.#refuse(t('“secrets” is the name of an environment, or names of secrets by their variables.'));
    // Asked for where nobody has seen it: another extension put it there on the way.
    if (!this.#mayStart.has(JSON.stringify(wanted)) && !(await this.#allows(at, configuration))) return undefined;
    const plain = withoutSecrets(configuration);
    if (wanted.environment === undefined && Object.keys(wanted.references).length === 0) return plain;
    const folder = at ?? vscode.workspace.workspaceFolders?.[0]?.uri;
    if (!folder) return this.#refuse(t('Debugging with secrets needs a folder that is open.'));
    const asked = await findAsked(services, folder, wanted);
    if (!asked) return undefined;
    const given = await asked.open();
    const variables = given.map(({ variable }) => variable);
    const twice = variables.find((one, i) => variables.indexOf(one) < i);
    if (twice !== undefined) return this.#refuse(sameVariable(twice));
    const way = wayFor(plain, services.platform.launches?.isWindows ?? false);
    const values = Object.fromEntries(given.map(({ variable, value }) => [variable, value]));
    if (way.way === 'pipe' && lldbCommands(values) === undefined)
      throw new LockstepError('BAD_VALUE', { what: 'lines' });
    if (way.way !== 'none') return this.#start(plain, { folder, asked, way });
    if (!(await this.#mayTell(plain, way.why, asked))) return undefined;
    recordGiven(services, given, `debugger ${configuration.type}`);
    return this.#start(withValues(plain, values), { folder, asked, way: undefined });
  }

  /** In Restricted Mode, and for what cannot be read, the next step says why not. */
  async #allows(folder: vscode.Uri | undefined, configuration: Configuration): Promise<boolean> {
    const wanted = wantedBy(configuration);
    if (!wanted || !vscode.workspace.isTrusted) return true;
    const whole = JSON.stringify(configuration);
    const may = this.#mayStart.has(whole) || isWritten(folder, configuration);
    if (!may && !(await askToStart(this.#services, configuration))) return false;
    this.#mayStart.add(whole).add(JSON.stringify(wanted));
    return true;
  }

  async #start(
    configuration: Configuration,
    about: { folder: vscode.Uri; asked: Asked; way: ConstructorParameters<typeof Launch>[1]['way'] },
  ): Promise<Configuration> {
    const mark = String(++this.#count);
    const launch = new Launch(this.#services, about, (error) => this.#stop(mark, error));
    this.#held.set(mark, { launch, timer: this.#later(mark, mayBegin), starts: 0 });
    try {
      await launch.screen.look();
      return await launch.put(configuration, mark);
    } catch (error) {
      this.#end(mark);
      throw error;
    }
  }

  /** Whether a person lets the values be put into `env`, where no other way is known and that one is. */
  async #mayTell(configuration: Configuration, why: WhyNot, { flags, files }: Asked): Promise<boolean> {
    const { ui } = this.#services;
    const reason = whyNot(configuration.type, why);
    const command = attachCommand(configuration, flags);
    const copies = t('Copy Command');
    if (why === 'attach' || why === 'elsewhere' || why === 'listens' || ignoresEnv(configuration.type)) {
      if ((await ui.error(`${reason} ${attachHelp(command)}`, copies)) === copies) await ui.writeClipboard(command);
      return false;
    }
    const key = JSON.stringify([configuration.type, configuration.name, flags, files.map(String)]);
    if (this.#agreed.has(key)) return true;
    const tells = t('Put Them There');
    const chosen = await ui.choose(reason, `${whoCanRead()}\n\n${attachHelp(command)}`, [copies, tells]);
    if (chosen === copies) await ui.writeClipboard(command);
    if (chosen !== tells) return false;
    this.#agreed.add(key);
    return true;
  }

  #refuse(message: string): undefined {
    void this.#services.ui.error(message);
  }

  #of(session: vscode.DebugSession): Held | undefined {
    let root = session;
    while (root.parentSession) root = root.parentSession;
    const mark: unknown = root.configuration[debugMark];
    return typeof mark === 'string' ? this.#held.get(mark) : undefined;
  }

  #keep(session: vscode.DebugSession, ms: number | undefined): void {
    const held = this.#of(session);
    if (!held) return;
    clearTimeout(held.timer);
    const mark = String(session.configuration[debugMark]);
    held.timer = ms === undefined ? undefined : this.#later(mark, ms);
    if (ms !== undefined) held.launch.rest();
  }

  #later(mark: string, ms: number): NodeJS.Timeout {
    const timer = setTimeout(() => this.#end(mark), ms);
    // In a browser it is a number.
    timer.unref?.();
    return timer;
  }

  #end(mark: string): void {
    const held = this.#held.get(mark);
    clearTimeout(held?.timer);
    this.#held.delete(mark);
    held?.launch.dispose();
  }

  /** The program would run without what it needs. */
  #stop(mark: string, error: unknown): void {
    report(this.#services, error);
    const session = this.#held.get(mark)?.session;
    if (session) void vscode.debug.stopDebugging(session);
  }
}
