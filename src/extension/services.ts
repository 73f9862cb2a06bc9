import type * as vscode from 'vscode';
import type { PrivateKey } from '../core/age/private/privatekey.ts';
import type { Keyring } from '../core/keys/keyring.ts';
import type { Platform } from '../core/platform/platform.ts';
import type { Clock } from '../core/ports.ts';
import type { Clipboard } from './clipboard.ts';
import type { CommandId } from './ids.ts';
import type { Presence } from './person/presence.ts';
import type { Revealed } from './person/revealed.ts';
import type { ExposedValues } from './session/exposed.ts';
import type { Rules } from './session/rules.ts';
import type { Sessions } from './session/sessions.ts';
import type { Settings } from './settings.ts';
import type { Inventory } from './survey/inventory.ts';
import type { Survey } from './survey/survey.ts';
import type { Ui } from './ui/ui.ts';

/** One age identity in SecretStorage, without its secret part. */
export interface KeyInfo {
  readonly label: string;
  readonly recipient: string;
  /** RFC 3339. */
  readonly created: string;
}

/** The keys in SecretStorage, and whether they may be used now. No private key comes out of here, but in `backUp`'s encrypted file. */
export interface Vault {
  readonly locked: boolean;
  /** The list is readable while locked: labels and public recipients only. */
  keys(): Promise<readonly KeyInfo[]>;
  /** No openers while locked. */
  readonly keyring: Keyring;
  create(label: string): Promise<KeyInfo>;
  /** Adds a key, which is wiped; one that is there already is not added twice. No two keys get the same label. */
  add(key: PrivateKey, label: string): Promise<KeyInfo>;
  rename(recipient: string, label: string): Promise<void>;
  remove(recipient: string): Promise<void>;
  /** An age file of all private keys under a pass phrase (`age -d` opens it). Throws NO_IDENTITY, LOCKED. */
  backUp(passphrase: string): Promise<string>;
  lock(): void;
  unlock(): void;
  /** Keys were added or removed, or the lock changed. */
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

/** What every feature is given. */
export interface Services {
  readonly context: vscode.ExtensionContext;
  /** What there is besides VS Code. */
  readonly platform: Platform;
  readonly log: vscode.LogOutputChannel;
  readonly ui: Ui;
  readonly settings: Settings;
  readonly vault: Vault;
  /** Which keys are in a back-up. */
  readonly backUps: BackUps;
  readonly sessions: Sessions;
  /** The creation rules of the workspace. */
  readonly rules: Rules;
  /** What files are, seen without a key. */
  readonly survey: Survey;
  /** The secret files of the workspace. */
  readonly inventory: Inventory;
  /** The list of values in git history. */
  readonly exposed: ExposedValues;
  readonly presentation: Presentation;
  /** What a person has on screen now. */
  readonly revealed: Revealed;
  readonly clipboard: Clipboard;
  readonly presence: Presence;
  readonly clock: Clock;
}

/** A feature: what it listens to, and the commands it answers. Handlers return nothing, ever. */
export interface Feature {
  readonly commands: Partial<Record<CommandId, (...ids: unknown[]) => Promise<void>>>;
  readonly disposable: vscode.Disposable;
  /** What answers for the Secrets Editor, which is registered before there is anything else. */
  readonly customEditor?: vscode.CustomEditorProvider;
}
