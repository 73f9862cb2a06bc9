import * as vscode from 'vscode';
import { LockstepError } from '../../core/errors.ts';
import type { Opened } from '../../core/open/open.ts';
import { describeError } from '../log.ts';
import type { Vault } from '../services.ts';
import { inspect } from './inspect.ts';
import type { Rules } from './rules.ts';
import type { FileState, Sessions, Tracked } from './state.ts';
import { isShown } from './tabs.ts';

/** Files on a disk, here or there. Untitled documents have no place that could be encrypted; `git:` ones are history. */
const schemes = ['file', 'vscode-remote', 'vscode-vfs'];

/** After an edit, this many milliseconds without another one before the text is looked at. */
const quiet = 50;

/** One file. `epoch` counts locks and new keys: a result of an older one is thrown away. */
interface Held {
  tracked: Tracked | undefined;
  /** The last decryption, kept over broken states so that the next one is quick. */
  opened: Opened | undefined;
  epoch: number;
  running: Promise<void> | undefined;
  timer: NodeJS.Timeout | undefined;
}

export function createSessions(vault: Vault, rules: Rules, log: vscode.LogOutputChannel): Sessions & vscode.Disposable {
  return new Store(vault, rules, log);
}

class Store implements Sessions, vscode.Disposable {
  readonly #rules: Rules;
  readonly #vault: Vault;
  readonly #log: vscode.LogOutputChannel;
  readonly #held = new Map<string, Held>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #disposable: vscode.Disposable;
  readonly onDidChange = this.#changed.event;

  constructor(vault: Vault, rules: Rules, log: vscode.LogOutputChannel) {
    this.#vault = vault;
    this.#rules = rules;
    this.#log = log;
    this.#disposable = vscode.Disposable.from(
      this.#changed,
      vault.onDidChange(() => this.#keysChanged()),
      rules.onDidChange(() => this.refresh()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#look()),
      vscode.window.tabGroups.onDidChangeTabs(() => this.#sweep()),
      // A document whose language changes is closed and opened, its editor stays.
      vscode.workspace.onDidOpenTextDocument(() => this.#look()),
      vscode.workspace.onDidCloseTextDocument((document) => this.#drop(document.uri)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#edited(document)),
    );
    this.#look();
  }

  current(uri: vscode.Uri): Tracked | undefined {
    return this.#held.get(uri.toString())?.tracked;
  }

  async ready(document: vscode.TextDocument): Promise<Tracked> {
    // One look at a time: a second caller waits for the first one's, and looks itself only if the text went on.
    while (schemes.includes(document.uri.scheme) && !document.isClosed) {
      const held = this.#hold(document.uri);
      if (held.running) await held.running;
      else if (held.tracked?.version === document.version) return held.tracked;
      else await this.#start(document, held);
    }
    return { uri: document.uri, version: document.version, state: { kind: 'none' } };
  }

  refresh(): void {
    for (const document of vscode.workspace.textDocuments) {
      const held = this.#held.get(document.uri.toString());
      if (!held) continue;
      held.epoch++;
      // The state stays on screen until the next one is there, but no longer counts as one of this text.
      if (held.tracked) held.tracked = { ...held.tracked, version: -1 };
      void this.ready(document);
    }
  }

  dispose(): void {
    for (const held of this.#held.values()) this.#empty(held);
    this.#held.clear();
    this.#disposable.dispose();
  }

  #hold(uri: vscode.Uri): Held {
    const key = uri.toString();
    const found = this.#held.get(key);
    if (found) return found;
    const held: Held = { tracked: undefined, opened: undefined, epoch: 0, running: undefined, timer: undefined };
    this.#held.set(key, held);
    return held;
  }

  #start(document: vscode.TextDocument, held: Held): Promise<void> {
    clearTimeout(held.timer);
    const running = this.#compute(document, held).finally(() => {
      held.running = undefined;
    });
    held.running = running;
    return running;
  }

  async #compute(document: vscode.TextDocument, held: Held): Promise<void> {
    const { epoch, opened: previous } = held;
    const { version } = document;
    const state = await this.#inspect(document, previous);
    const opened = 'opened' in state ? state.opened : undefined;
    // Locked, or other keys, or dropped meanwhile: what came out must not stay.
    if (held.epoch !== epoch) {
      opened?.dispose();
      return;
    }
    held.tracked = { uri: document.uri, version, state };
    // A text that is broken for a moment, in the middle of an edit, does not cost the decryption.
    if (state.kind !== 'broken') {
      held.opened = opened;
      previous?.dispose();
    }
    this.#changed.fire(document.uri);
  }

  async #inspect(document: vscode.TextDocument, previous: Opened | undefined): Promise<FileState> {
    try {
      return await inspect({
        path: document.uri.path,
        text: document.getText(),
        locked: this.#vault.locked,
        keyring: this.#vault.keyring,
        rule: async () => (await this.#rules.find(document.uri))?.rule,
        previous,
      });
    } catch (error) {
      this.#log.error(describeError(error));
      return { kind: 'broken', plain: false, error: new LockstepError('IO') };
    }
  }

  #keysChanged(): void {
    // After a lock nothing decrypted stays, not even until the next look.
    if (this.#vault.locked) {
      for (const held of this.#held.values()) {
        this.#empty(held);
        if (held.tracked) held.tracked = { ...held.tracked, state: lockedState(held.tracked.state) };
      }
    }
    this.refresh();
  }

  #edited(document: vscode.TextDocument): void {
    const held = this.#held.get(document.uri.toString());
    if (!held || held.tracked?.version === document.version) return;
    clearTimeout(held.timer);
    held.timer = setTimeout(() => void this.ready(document), quiet);
    held.timer.unref();
  }

  #look(): void {
    for (const { document } of vscode.window.visibleTextEditors) {
      if (!this.#held.has(document.uri.toString())) void this.ready(document);
    }
    this.#sweep();
  }

  /** A document may live on for minutes after its last tab is closed; what we hold of it does not. */
  #sweep(): void {
    for (const [key, held] of [...this.#held]) {
      const uri = vscode.Uri.parse(key, true);
      // One that is being looked at without an editor: somebody waits for it.
      if (!held.running && !isShown(uri)) this.#drop(uri);
    }
  }

  #drop(uri: vscode.Uri): void {
    const held = this.#held.get(uri.toString());
    if (!held) return;
    this.#held.delete(uri.toString());
    this.#empty(held);
    this.#changed.fire(uri);
  }

  #empty(held: Held): void {
    held.epoch++;
    clearTimeout(held.timer);
    held.opened?.dispose();
    held.opened = undefined;
  }
}

function lockedState(state: FileState): FileState {
  return 'sealed' in state ? { kind: 'locked', sealed: state.sealed } : state;
}
