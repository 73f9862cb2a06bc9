import type * as vscode from 'vscode';
import type { AccessEvent } from '../core/access/event.ts';
import type { Checked } from '../core/access/verify.ts';
import type { NewKeyKind, PrivateKey } from '../core/age/private/privatekey.ts';
import type { Grant } from '../core/agent/grants.ts';
import type { Announced } from '../core/agent/launches.ts';
import type { AgentAnswer, AgentClient, AgentRequest } from '../core/agent/protocol.ts';
import type { Configuration } from '../core/debug/configuration.ts';
import type { Found } from '../core/env/environments.ts';
import type { SecretName } from '../core/env/secretnames.ts';
import type { LockstepError } from '../core/errors.ts';
import type { Platform } from '../core/platform/platform.ts';
import type { CommandLine } from '../core/platform/shims.ts';
import type { Clock } from '../core/ports.ts';
import type { Keys } from '../core/session/session.ts';
import type { Clipboard } from './clipboard.ts';
import type { CommandId } from './ids.ts';
import type { Presence } from './person/presence.ts';
import type { Revealed } from './person/revealed.ts';
import type { Policies } from './policy/policies.ts';
import type { ExposedValues } from './session/exposed.ts';
import type { Rules } from './session/rules.ts';
import type { Sessions } from './session/sessions.ts';
import type { Settings } from './settings.ts';
import type { Inventory } from './survey/inventory.ts';
import type { Survey } from './survey/survey.ts';
import type { Ui } from './ui/ui.ts';
import type { Place } from './vault/places.ts';

/** One age identity in SecretStorage, without its secret part. */
export interface KeyInfo {
  readonly label: string;
  readonly recipient: string;
  /** RFC 3339. */
  readonly created: string;
  /** Kept under a pass phrase of its own. */
  readonly wrapped?: boolean;
  /** Under a pass phrase that nobody gave since the last lock. */
  readonly asleep?: boolean;
  /** The repositories it may be used in; everywhere without it. */
  readonly places?: readonly Place[];
  /** Offered first for new files. */
  readonly forNew?: boolean;
}

/**
 * The keys in SecretStorage, and whether they may be used now. No private key comes out of here, but in `backUp`'s encrypted file, and in
 * the text of `exportKey`, which a person asked for.
 */
export interface Vault {
  readonly locked: boolean;
  /** The list is readable while locked: labels and public recipients only. */
  keys(): Promise<readonly KeyInfo[]>;
  /** The keys that may be used for a file where it is. */
  keysIn(file: vscode.Uri): Promise<readonly KeyInfo[]>;
  /** What may open a file where it is; no openers while locked. Throws nothing. */
  keysFor(file: vscode.Uri): Keys;
  /** Whether the entry in SecretStorage cannot be read whole. */
  isDamaged(): Promise<boolean>;
  /** Whether a damaged entry was put aside: keys may be in it without their pass phrases. */
  hasAside(): Promise<boolean>;
  forgetAside(): Promise<void>;
  create(label: string, how?: { readonly kind?: NewKeyKind; readonly place?: Place }): Promise<KeyInfo>;
  /**
   * Adds a key, which is wiped; one that is there already is not added twice, but takes the place of one that cannot be used now. No two
   * keys get the same label.
   */
  add(key: PrivateKey, label: string): Promise<KeyInfo>;
  rename(recipient: string, label: string): Promise<void>;
  remove(recipient: string): Promise<void>;
  /** Offers a key first for new files; none without a recipient. */
  offer(recipient: string | undefined): Promise<void>;
  /** Says where a key may be used; everywhere without places. */
  bind(recipient: string, places: readonly Place[] | undefined): Promise<void>;
  /**
   * Opens a key by its pass phrase until the next lock, and unlocks. Throws BAD_PASSPHRASE; BAD_IDENTITY when what is stored is damaged;
   * LOCKED when a lock came meanwhile.
   */
  wake(recipient: string, passphrase: string): Promise<void>;
  /** Puts a key under a pass phrase, another one too; without one it is kept as it is. Throws LOCKED for a key that is asleep. */
  wrap(recipient: string, passphrase: string | undefined): Promise<void>;
  /** An age file of all private keys under a pass phrase (`age -d` opens it). Throws NO_IDENTITY, LOCKED also when one is asleep. */
  backUp(passphrase: string): Promise<string>;
  /** A new key that is kept nowhere but in the backup given out, under a pass phrase. */
  backUpNew(label: string, passphrase: string): Promise<{ readonly key: KeyInfo; readonly armored: string }>;
  /** One private key, as a key file has it. Throws as `backUp`. */
  exportKey(recipient: string): Promise<string>;
  /** Why the age plugin of a key did not open the last file that it was asked for; it is not asked again before `tryPluginsAgain`. */
  pluginFault(recipient: string): LockstepError | undefined;
  tryPluginsAgain(): void;
  /** Keys of another kind than age came or went: files are looked at anew. */
  renew(): void;
  lock(): void;
  /** Lets the keys be used that need no pass phrase. */
  unlock(): void;
  /** Keys were added, opened, changed or removed, or the lock changed. */
  readonly onDidChange: vscode.Event<void>;
}

/** Which of one's keys are in a backup that was opened here: one just written, or one that was restored or checked. */
export interface BackUps {
  /** The keys that no known backup has. */
  missing(): Promise<readonly KeyInfo[]>;
  /** A backup holds these keys: it was opened just now. */
  note(recipients: readonly string[], at: Date): Promise<void>;
  /** A backup was noted, or keys came or went. */
  readonly onDidChange: vscode.Event<void>;
}

export interface Presentation {
  readonly on: boolean;
  set(on: boolean): void;
  readonly onDidChange: vscode.Event<boolean>;
}

/** An access to a value or a key, and the file that it was about. */
export type Accessed = Omit<AccessEvent, 'file'> & { readonly uri?: vscode.Uri | undefined };

/** The log that VS Code's windows write, and that of the command line. */
export interface AccessLogs {
  readonly own: Checked;
  readonly commandLine: Checked;
}

/**
 * The access log. Everything that lets a value or a key out calls `record`, right before it does: a value on the screen, on the
 * clipboard, in a file, given to a program; a key exported, backed up, unlocked.
 */
export interface Access {
  /** Returns at once, and never throws: what goes wrong is told to the person. No value, ever. */
  record(event: Accessed): void;
  /** Resolves when everything that was recorded is written. */
  settled(): Promise<void>;
  /** Checks and reads the logs of this user; undefined where there is no place for one. Throws what reading a file throws. */
  read(): Promise<AccessLogs | undefined>;
  /** Takes the end of the log for what it has reached: that it was cut is known, and recorded. */
  acceptEnd(): Promise<void>;
}

/** A process that a person has started, and the files that it is for. */
export interface StartedProcess {
  readonly pid: number;
  readonly files: readonly vscode.Uri[];
}

/** The agent of this window, which gives keys of files to other programs. */
export interface AgentService {
  /** The socket of a workspace folder; undefined while there is none: without trust, or where nothing can listen. */
  socketFor(folder: vscode.Uri): string | undefined;
  /** What SOPS_KEYSERVICE takes there, for sops 3.11 or newer; undefined also on Windows, where sops cannot connect to what we can listen at. */
  keyServiceFor(folder: vscode.Uri): string | undefined;
  /** Sockets came or went. */
  readonly onDidChange: vscode.Event<void>;
  /** A folder outside the workspace that only this user can look into: for scripts that hold no secret, not for values. */
  runtimeFolder(): string | undefined;
  /**
   * A process that is started now opens these files without a question, and so do those that come of it: `id` goes into its environment as
   * LOCKSTEP_LAUNCH. @param seconds until it has to have asked; 600 at most
   */
  launch(files: readonly vscode.Uri[], seconds?: number): Announced;
  /**
   * The same for a process that VS Code starts and then names by its number: no other extension can pass for it, as it could with an id
   * that it has read. Undefined, or an error, where none comes of it: then the process is asked about.
   */
  allowProcess(started: Promise<StartedProcess | undefined>): void;
  /** Answers a request that came another way than by these sockets. Never throws; the keys are the caller's to wipe. */
  answer(request: AgentRequest, client: AgentClient): Promise<AgentAnswer>;
  /** What a person has allowed for this session, and what never. */
  readonly grants: readonly Grant[];
  /** Forgets one of them, or all. */
  forget(grant?: Grant): void;
  /** The window closes: who waits is told, and the sockets go. */
  close(): void;
}

/** A secret of an environment, and its file. */
export interface EnvironmentSecret extends SecretName {
  readonly file: vscode.Uri;
}

/** The environments of a workspace folder, and the one that programs are given where none is named. Names only, no value. */
export interface Environments {
  /** In the order of their names. Throws BAD_ENVIRONMENTS. */
  list(folder: vscode.Uri): Promise<readonly Found<vscode.Uri>[]>;
  /** The one that a person switched to, else the default, else the files that speak of none; undefined: somebody has to choose. */
  active(folder: vscode.Uri): Promise<Found<vscode.Uri> | undefined>;
  /** The one of a name, the active one without. Throws NO_ENVIRONMENT, BAD_ENVIRONMENTS. */
  find(folder: vscode.Uri, name: string | undefined): Promise<Found<vscode.Uri>>;
  /** Its secrets, seen without a key. Throws BAD_ENVIRONMENTS, with the file that is not there, not encrypted or not to be read. */
  names(found: Found<vscode.Uri>): Promise<readonly EnvironmentSecret[]>;
  /** What `lockstep run` is given for exactly this environment, in front of its `--`. Names and paths. */
  flags(found: Found<vscode.Uri>): readonly string[];
  /** What a person calls it; the first of its files for one that has no name. */
  word(found: Found<vscode.Uri>): string;
  /** It is the active one from now on; without one the default is. */
  activate(folder: vscode.Uri, name: string | undefined): Promise<void>;
  /** The list, or the active one, may be another. */
  readonly onDidChange: vscode.Event<void>;
}

/** Our command line, as the one way in which programs get secrets from VS Code. */
export interface Cli {
  /**
   * How it is started with these words. The environment holds where to ask for keys, and no value. Throws Refusal: UNTRUSTED_RUN, NO_PROGRAMS; and
   * what writing the small program fails with that starts it.
   * @param about.folder the workspace folder whose keys it may ask for
   * @param about.launch what it shows the agent for the files that a person has agreed to already
   */
  command(
    args: readonly string[],
    about: { readonly folder: vscode.Uri; readonly launch?: string | undefined },
  ): Promise<CommandLine>;
  /**
   * The folder with programs of our names, for PATH; the same in every window. Undefined where there are none. Throws what writing them
   * fails with.
   */
  shims(): Promise<string | undefined>;
}

/** What every feature is given. */
export interface Services {
  readonly context: vscode.ExtensionContext;
  /** What there is besides VS Code. */
  readonly platform: Platform;
  readonly log: vscode.LogOutputChannel;
  readonly ui: Ui;
  readonly access: Access;
  readonly agent: AgentService;
  readonly settings: Settings;
  readonly vault: Vault;
  /** How programs are started with secrets. */
  readonly cli: Cli;
  /** Which keys are in a back-up. */
  readonly backUps: BackUps;
  readonly sessions: Sessions;
  /** The creation rules of the workspace. */
  readonly rules: Rules;
  /** What files are, seen without a key. */
  readonly survey: Survey;
  /** The secret files of the workspace. */
  readonly inventory: Inventory;
  /** Which secrets programs get. */
  readonly environments: Environments;
  /** Owners and expiry dates. */
  readonly policies: Policies;
  /** The list of values in git history. */
  readonly exposed: ExposedValues;
  readonly presentation: Presentation;
  /** What a person has on screen now. */
  readonly revealed: Revealed;
  readonly clipboard: Clipboard;
  readonly presence: Presence;
  readonly clock: Clock;
}

/** Secrets for debug sessions; `src/extension/debug/lazy.ts` asks it for those that want some. */
export interface Debugging {
  /** What VS Code goes on with, before it replaces variables; undefined: the session does not start. */
  resolve(folder: vscode.Uri | undefined, configuration: Configuration): Promise<Configuration | undefined>;
  /** The same when all other extensions have had their say. */
  prepare(folder: vscode.Uri | undefined, configuration: Configuration): Promise<Configuration | undefined>;
  /** Hears what the debugger of a session of ours says; undefined for other sessions. */
  track(session: vscode.DebugSession): vscode.DebugAdapterTracker | undefined;
}

/** A feature: what it listens to, and the commands it answers. Handlers return nothing, ever. */
export interface Feature {
  readonly commands: Partial<Record<CommandId, (...ids: unknown[]) => Promise<void>>>;
  readonly disposable: vscode.Disposable;
  /** What answers for the Secrets Editor, which is registered before there is anything else. */
  readonly customEditor?: vscode.CustomEditorProvider;
  /** The same for debug sessions. */
  readonly debugging?: Debugging;
}
