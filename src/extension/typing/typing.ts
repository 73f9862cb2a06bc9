import * as vscode from 'vscode';
import type { LockstepError, Refusal } from '../../core/errors.ts';
import type { TextEdit } from '../../core/format/document.ts';
import { looksSealed } from '../../core/view/envelopes.ts';
import { commands } from '../ids.ts';
import type { Services } from '../services.ts';
import { linesOf, secretFiles, textOf } from '../surface.ts';
import { listenToEdits } from './edits.ts';
import { encrypted, holdsPlaintext, isPlainWhole, type Outcome, putInto } from './encrypting.ts';
import type { VerifiedTexts } from './verified.ts';

/**
 * After a key was pressed, this many milliseconds without another one before what was typed is encrypted. VS Code writes its
 * backup of an unsaved document a second after the last change.
 */
const pause = 500;

/** While somebody goes on typing, this many times before a save goes on without. */
const mostTries = 5;

/** Undo steps in a row that are gone through because they hold a value in plaintext. */
const mostSteps = 100;

type Failed = (document: vscode.TextDocument, error: LockstepError | Refusal | undefined) => void;

/** One document that somebody types into. */
interface Typed {
  readonly document: vscode.TextDocument;
  /** The line of the last edit. */
  line: number;
  /** Entries on that line whose value was typed since the cursor came there: typing goes on with it. */
  growing: ReadonlySet<string>;
  timer: NodeJS.Timeout | undefined;
  /** A run is waited for or under way; else all is encrypted, or cannot be. */
  busy: Promise<void> | undefined;
  done: () => void;
  /** The last run, over or not. */
  last: Promise<unknown>;
  /** The version that seems to have been read from the disk. */
  read: number | undefined;
  /** Undo steps that were gone through without the person. */
  steps: number;
}

/** Encrypts what is typed into encrypted files: on a short pause, when the cursor leaves the line, and at once what is pasted. */
export class Typing implements vscode.Disposable {
  readonly #services: Services;
  readonly #texts: VerifiedTexts;
  readonly #failed: Failed;
  readonly #typed = new Map<vscode.TextDocument, Typed>();
  /** The version that our own edit makes. */
  readonly #own = new WeakMap<vscode.TextDocument, number>();
  /** Those over all of which a plain text was put. In the history of others one is from before the encryption. */
  readonly #over = new WeakSet<vscode.TextDocument>();
  readonly #disposable: vscode.Disposable;

  /** @param failed is told of a document whose typed text cannot be encrypted as it is. */
  constructor(services: Services, texts: VerifiedTexts, failed: Failed) {
    this.#services = services;
    this.#texts = texts;
    this.#failed = failed;
    const { window, workspace } = vscode;
    this.#disposable = vscode.Disposable.from(
      listenToEdits({ typed: (event) => this.#changed(event), read: (document) => this.#read(document) }),
      workspace.onDidCloseTextDocument((document) => this.#forget(document)),
      window.onDidChangeTextEditorSelection(({ textEditor }) => this.#moved(textEditor)),
      window.onDidChangeActiveTextEditor(() => this.flush()),
      window.onDidChangeWindowState(({ focused }) => !focused && this.flush()),
      // One that was restored with what was typed before a crash.
      services.sessions.onDidChange((uri) => this.#judged(uri)),
      services.sessions.waitFor((document) => this.#typed.get(document)?.busy),
    );
  }

  /** Encrypts now what would be encrypted after a pause. */
  flush(): void {
    for (const typed of this.#typed.values()) if (typed.busy) this.#start(typed, 0);
  }

  /** Encrypts the present text, and says what came of it. Undefined while somebody goes on typing. */
  async settle(document: vscode.TextDocument): Promise<Outcome | undefined> {
    const typed = this.#of(document);
    for (let n = 0; n < mostTries; n++) {
      clearTimeout(typed.timer);
      const outcome = await this.#queue(typed);
      if (outcome) return outcome;
    }
    return undefined;
  }

  /** Whether something was typed that nobody has looked at yet. */
  isBusy(document: vscode.TextDocument): boolean {
    return this.#typed.get(document)?.busy !== undefined;
  }

  /** An edit that is not taken for something typed. False when the text is another by now. */
  async put(document: vscode.TextDocument, version: number, edits: readonly TextEdit[]): Promise<boolean> {
    this.#own.set(document, version + 1);
    return putInto(document, version, edits);
  }

  /** Whether a document is one whose edits are looked at. */
  concerns(document: vscode.TextDocument): boolean {
    return (
      vscode.languages.match(secretFiles, document) > 0 && (this.#texts.has(document) || looksSealed(textOf(document)))
    );
  }

  dispose(): void {
    this.#disposable.dispose();
    for (const document of [...this.#typed.keys()]) this.#forget(document);
  }

  #changed({ document, contentChanges, reason }: vscode.TextDocumentChangeEvent): void {
    const [last] = contentChanges;
    if (!last || this.#own.get(document) === document.version) return;
    if (!this.concerns(document)) return this.#forget(document);
    const typed = this.#of(document);
    if (typed.read !== undefined && typed.read !== document.version) typed.growing = new Set();
    typed.read = undefined;
    const step = reason && stepCommands[reason];
    // An edit of ours would take away what can be redone.
    const plain = step && (holdsPlaintext(document) || (this.#over.has(document) && isPlainWhole(document)));
    if (step) return plain ? void this.#goOn(typed, step) : this.#end(typed);
    typed.steps = 0;
    typed.line = last.range.start.line + last.text.split('\n').length - 1;
    this.#start(typed, this.#isUrgent(typed, last) ? 0 : pause);
  }

  /** A document that was read again, or that will turn out in a moment to be edited for the first time since a save. */
  #read(document: vscode.TextDocument): void {
    const typed = this.#typed.get(document);
    if (!typed) return;
    typed.read = document.version;
    this.#end(typed);
  }

  /** What was pasted is there whole; what touches a ciphertext is stopped before more is typed into it. */
  #isUrgent({ document, growing }: Typed, { range, text }: vscode.TextDocumentContentChangeEvent): boolean {
    if (text.trim().length > 2 || text.includes('\n')) return true;
    const line = document.lineAt(Math.min(range.start.line, document.lineCount - 1)).text;
    const at = line.indexOf('ENC[');
    return growing.size === 0 && at >= 0 && range.start.character >= at;
  }

  #moved({ document, selection }: vscode.TextEditor): void {
    const typed = this.#typed.get(document);
    if (!typed || selection.active.line === typed.line) return;
    typed.growing = new Set();
    if (typed.busy) this.#start(typed, 0);
  }

  #judged(uri: vscode.Uri): void {
    const state = this.#services.sessions.current(uri)?.state;
    if (state?.kind !== 'damaged') return;
    const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
    if (document?.isDirty && !this.#typed.has(document)) this.#start(this.#of(document), 0);
  }

  #of(document: vscode.TextDocument): Typed {
    const found = this.#typed.get(document);
    if (found) return found;
    const done = () => undefined;
    const rest = { timer: undefined, busy: undefined, done, last: Promise.resolve(), read: undefined, steps: 0 };
    const typed: Typed = { document, line: -1, growing: new Set(), ...rest };
    this.#typed.set(document, typed);
    return typed;
  }

  #start(typed: Typed, ms: number): void {
    typed.busy ??= new Promise((resolve) => {
      typed.done = resolve;
    });
    clearTimeout(typed.timer);
    typed.timer = setTimeout(() => void this.#settleSoon(typed), ms);
    typed.timer.unref?.();
  }

  async #settleSoon(typed: Typed): Promise<void> {
    if (!(await this.#queue(typed)) && typed.busy) this.#start(typed, pause);
  }

  /** One run at a time: two would encrypt the same text twice. */
  #queue(typed: Typed): Promise<Outcome | undefined> {
    const next = typed.last.then(() => this.#run(typed));
    typed.last = next.catch(() => undefined);
    return next;
  }

  /** Undefined when somebody typed meanwhile. */
  async #run(typed: Typed): Promise<Outcome | undefined> {
    const { document, growing } = typed;
    const { version } = document;
    const outcome = await this.#work(document, growing);
    if (document.version !== version) return undefined;
    if (!('edits' in outcome)) {
      this.#end(typed);
      this.#failed(document, outcome.error);
      return outcome;
    }
    let isLast = true;
    if (outcome.edits.length > 0) {
      const lines = linesOf(document);
      if (!looksSealed(textOf(document))) this.#over.add(document);
      const here = outcome.typed.filter((leaf) => lines.lineAt(leaf.node.span.end) === typed.line);
      if (!(await this.put(document, version, outcome.edits))) return undefined;
      this.#texts.made(document, outcome.text);
      typed.growing = new Set([...growing, ...here.map(({ id }) => id)]);
      // What is typed right behind the edit waits for a run of its own.
      isLast = document.version === version + 1;
    }
    if (isLast) this.#end(typed);
    if (outcome.set !== undefined)
      void vscode.commands.executeCommand(commands.setValue, document.uri.toString(), outcome.set);
    return isLast ? outcome : undefined;
  }

  async #work(document: vscode.TextDocument, growing: ReadonlySet<string>): Promise<Outcome> {
    if (this.#services.vault.locked) return { error: undefined };
    const text = textOf(document);
    const base = await this.#texts.base(document);
    const changed = this.#texts.changed(document);
    const of = (version: string) => encrypted(this.#services, this.#texts, document, version, text, growing);
    const outcome = changed === undefined ? undefined : await of(changed);
    if (outcome && 'edits' in outcome) return outcome;
    return base === undefined ? { error: undefined } : of(base);
  }

  #end(typed: Typed): void {
    clearTimeout(typed.timer);
    typed.busy = undefined;
    typed.done();
  }

  #forget(document: vscode.TextDocument): void {
    const typed = this.#typed.get(document);
    if (!typed) return;
    this.#typed.delete(document);
    this.#end(typed);
  }

  /** An undo that comes to a step with a value in plaintext goes on to the one before it; a redo to the one behind. */
  async #goOn(typed: Typed, step: string): Promise<void> {
    const { document } = typed;
    const { version } = document;
    if (vscode.window.activeTextEditor?.document === document && typed.steps++ < mostSteps)
      await vscode.commands.executeCommand(step);
    if (document.version === version) this.#start(typed, 0);
  }
}

const stepCommands: Readonly<Record<vscode.TextDocumentChangeReason, string>> = { 1: 'undo', 2: 'redo' };
