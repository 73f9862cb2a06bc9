import * as vscode from 'vscode';
import type { OpenFile as OpenVersion } from '../../core/checklist/digests.ts';
import { maxFileSize } from '../../core/format/encoding.ts';
import { formatOfBytes } from '../../core/format/which.ts';
import type { Rule } from '../../core/rules/rules.ts';
import { type Keys, type Port, Session } from '../../core/session/session.ts';
import type { FileState, Tracked } from '../../core/session/state.ts';
import type { OpenFile } from './openfile.ts';
import type { Rules } from './rules.ts';
import { documentOf, isShown } from './tabs.ts';

/** Files on a disk, here or there. Untitled documents have no place that could be encrypted; `git:` ones are history. */
const schemes = ['file', 'vscode-remote', 'vscode-vfs'];

/** After an edit, this many milliseconds without another one before the text is looked at. */
const quiet = 50;

/** What opens files; each where it is. */
interface Keyed {
  keysFor(file: vscode.Uri): Keys;
  readonly onDidChange: vscode.Event<void>;
}

/** A text document that is looked at. */
interface Held {
  readonly document: vscode.TextDocument;
  readonly session: Session;
  timer: NodeJS.Timeout | undefined;
}

/** Which texts are looked at, and when: a session for each text document on screen, until its last editor closes. */
export class Sessions implements vscode.Disposable {
  readonly #vault: Keyed;
  readonly #rules: Rules;
  readonly #held = new Map<string, Held>();
  /** Of texts that no document holds. */
  readonly #loose = new Set<Session>();
  /** What the Secrets Editor holds, by address. */
  readonly editors = new Map<string, OpenFile>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  /** What a document waits for before it is looked at. */
  #waits: (document: vscode.TextDocument) => Promise<void> | undefined = () => undefined;
  readonly #disposable: vscode.Disposable;
  /** A state changed (text, lock, keys, rules). */
  readonly onDidChange = this.#changed.event;

  constructor(vault: Keyed, rules: Rules) {
    this.#vault = vault;
    this.#rules = rules;
    this.#disposable = vscode.Disposable.from(
      this.#changed,
      vault.onDidChange(() => this.#again((session) => session.keysChanged())),
      rules.onDidChange(() => this.#again((session) => session.outdate())),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#look()),
      vscode.window.tabGroups.onDidChangeTabs(() => this.#sweep()),
      // A document whose language changes is closed and opened, its editor stays.
      vscode.workspace.onDidOpenTextDocument(() => this.#look()),
      vscode.workspace.onDidCloseTextDocument((document) => this.#drop(document.uri.toString())),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#edited(document)),
    );
    this.#look();
  }

  /** The state last computed for a document; undefined while the first one is still being computed. Never blocks. */
  current(uri: vscode.Uri): Tracked | undefined {
    return this.#held.get(uri.toString())?.session.tracked;
  }

  /** The state of exactly the document's present text; opens it (decrypts) if it can. */
  async ready(document: vscode.TextDocument): Promise<Tracked> {
    while (schemes.includes(document.uri.scheme) && !document.isClosed) {
      await this.#waits(document);
      const tracked = await this.#sessionOf(document).ready();
      if (tracked) return tracked;
    }
    return { version: document.version, state: { kind: 'none' } };
  }

  /** What a file is, as it is open, or else as it is on its disk; `none` where nothing can be read. */
  async stateAt(uri: vscode.Uri): Promise<FileState> {
    const editor = this.editors.get(uri.toString());
    if (editor) return editor.ready();
    const document = documentOf(uri);
    if (document) return (await this.ready(document)).state;
    try {
      if ((await vscode.workspace.fs.stat(uri)).size > maxFileSize) return { kind: 'none' };
      const { text } = formatOfBytes(uri.path, await vscode.workspace.fs.readFile(uri));
      return await this.with(uri, text, async (session) => session.state);
    } catch {
      return { kind: 'none' };
    }
  }

  /** What is being typed into a document is encrypted before anybody looks at it: a half-typed text is no damaged file. */
  waitFor(waits: (document: vscode.TextDocument) => Promise<void> | undefined): vscode.Disposable {
    this.#waits = waits;
    return new vscode.Disposable(() => {
      this.#waits = () => undefined;
    });
  }

  /** What a file's document waits for; undefined when nobody types into it. */
  typing(uri: vscode.Uri): Promise<void> | undefined {
    const document = documentOf(uri);
    return document && this.#waits(document);
  }

  /**
   * Looks at a text under a file's name that no document holds, such as bytes on the disk, for as long as `work` takes; a
   * lock takes it away meanwhile. What it has in common with `kin`, or with the open document, is not decrypted again.
   * @param dotenvx where the text may be a file of dotenvx
   */
  async with<T>(
    uri: vscode.Uri,
    text: string,
    work: (session: Session) => Promise<T>,
    kin?: Session,
    dotenvx?: Port['dotenvx'],
  ): Promise<T> {
    const { path } = uri;
    const session = new Session({
      source: { path, version: 0, text: () => text },
      keys: this.#vault.keysFor(uri),
      rule: async () => undefined,
      ...(dotenvx && { dotenvx }),
      kin: () => {
        const { state } = kin ?? this.#held.get(uri.toString())?.session ?? {};
        return state && 'opened' in state ? state.opened : undefined;
      },
    });
    this.#loose.add(session);
    try {
      await session.ready();
      return await work(session);
    } finally {
      this.#loose.delete(session);
      session.dispose();
    }
  }

  /** Opens files below a root, and versions of them, by their paths from there: each for as long as the work. */
  openerIn(root: vscode.Uri): OpenVersion {
    return async ({ path, bytes }, work) => {
      const { text } = formatOfBytes(path, bytes);
      return this.with(vscode.Uri.joinPath(root, path), text, async ({ state }) =>
        'opened' in state ? work(state.opened) : undefined,
      );
    };
  }

  dispose(): void {
    this.#disposable.dispose();
    for (const key of [...this.#held.keys()]) this.#drop(key);
    for (const session of this.#loose) session.dispose();
  }

  #sessionOf(document: vscode.TextDocument): Session {
    const { uri } = document;
    const key = uri.toString();
    const found = this.#held.get(key);
    if (found?.document === document) return found.session;
    found?.session.dispose();
    const session = new Session({
      source: {
        path: uri.path,
        get version() {
          return document.version;
        },
        text: () => document.getText(),
      },
      keys: this.#vault.keysFor(uri),
      rule: () => this.#ruleOf(uri),
      changed: () => this.#changed.fire(uri),
    });
    this.#held.set(key, { document, session, timer: undefined });
    return session;
  }

  async #ruleOf(uri: vscode.Uri): Promise<Rule | undefined> {
    return (await this.#rules.find(uri))?.rule;
  }

  /** Every session learns of it before the first one looks. */
  #again(learn: (session: Session) => void): void {
    const held = [...this.#held.values()];
    for (const session of [...held.map(({ session }) => session), ...this.#loose]) learn(session);
    for (const { document } of held) void this.ready(document);
  }

  #edited(document: vscode.TextDocument): void {
    const held = this.#held.get(document.uri.toString());
    if (!held || held.session.tracked?.version === document.version) return;
    clearTimeout(held.timer);
    held.timer = setTimeout(() => void this.ready(document), quiet);
    held.timer.unref?.();
  }

  #look(): void {
    for (const { document } of vscode.window.visibleTextEditors) {
      if (!this.#held.has(document.uri.toString())) void this.ready(document);
    }
    this.#sweep();
  }

  /** A document may live on for minutes after its last tab is closed; what we hold of it does not. */
  #sweep(): void {
    for (const [key, { document, session }] of [...this.#held]) {
      // One that is being looked at without an editor: somebody waits for it.
      if (!session.busy && !isShown(document.uri)) this.#drop(key);
    }
  }

  #drop(key: string): void {
    const held = this.#held.get(key);
    if (!held) return;
    this.#held.delete(key);
    clearTimeout(held.timer);
    held.session.dispose();
    this.#changed.fire(held.document.uri);
  }
}
