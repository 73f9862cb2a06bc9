import * as vscode from 'vscode';
import { LockstepError } from '../../core/errors.ts';
import type { TextEdit } from '../../core/format/document.ts';
import type { Opened } from '../../core/sops/open.ts';
import type { SealedText } from '../../core/sops/sign.ts';
import type { Services } from '../services.ts';
import { requireOpen } from '../session/apply.ts';
import { inspect } from '../session/inspect.ts';
import type { FileState } from '../session/state.ts';
import { later } from '../surface.ts';
import { Count } from './count.ts';
import { type OnDisk, readFile, watchFile, writeFile } from './disk.ts';
import { differenceOf, stepOf, travel } from './steps.ts';
import { sameLines, shownText, write } from './twin.ts';

/** An edit of the document as VS Code is told of it; without `label` it learns only that something changed. */
export interface Told {
  readonly label?: string;
  undo(): Promise<void>;
  redo(): Promise<void>;
}

/** What a change of an encrypted file makes of it. */
export interface Made {
  readonly edits: readonly TextEdit[];
  readonly text: SealedText;
}

/** A document as a backup holds it. */
export interface Kept {
  readonly text: string;
  /** The hash of the file that the edits started from, and its text. */
  readonly base: string;
  readonly baseText: string;
  /** A text that did not parse, sealed with the data key. */
  readonly draft?: string;
  /** The line where it does not, from 1. */
  readonly draftLine?: number;
}

/** After a change in the text editor, this many milliseconds without another one before it is looked at. */
const quiet = 50;

/** Edits come in bursts, also undone ones: VS Code is told that nothing is unsaved after this many milliseconds. */
const calm = 150;

/** While somebody types in the text editor, the text may change under a change; after this many times we say so. */
const attempts = 3;

/**
 * A secret file in the Secrets Editor. It holds ciphertext only: the file as it was read, the present text, and steps
 * between sealed texts. What is decrypted is made from that, and dropped on a lock; so undo, backups and restarts hold
 * ciphertext, and a lock loses no edit. One change at a time: each starts from the last one's result.
 */
export class SecretsDocument implements vscode.CustomDocument {
  readonly uri: vscode.Uri;
  readonly #services: Services;
  readonly #tell: (told: Told | undefined) => void;
  readonly #count: Count;
  readonly #changed = new vscode.EventEmitter<void>();
  /** Text, state or what is known about the disk changed. */
  readonly onDidChange = this.#changed.event;
  readonly #ended = new vscode.EventEmitter<void>();
  readonly onDidDispose = this.#ended.event;
  readonly #savedText = new vscode.EventEmitter<void>();
  /** The text editor of the file was saved, and this document is `stale`. */
  readonly onDidSaveText = this.#savedText.event;
  readonly #stale = new vscode.EventEmitter<void>();
  /** It is `stale`, and has been for a moment. */
  readonly onDidBecomeStale = this.#stale.event;
  readonly #clean = later(calm, () => {
    if (this.stale) this.#stale.fire();
  });
  /** The next save is only to let VS Code know that nothing is unsaved. */
  cleaning = false;
  readonly #disposable: vscode.Disposable;
  #text = '';
  #base: OnDisk | undefined;
  /** Another version on the disk, under unsaved edits. */
  #theirs: OnDisk | undefined;
  #gone = false;
  #draft: string | undefined;
  #draftLine: number | undefined;
  #failure: LockstepError | undefined;
  #state: FileState = { kind: 'none' };
  #opened: Opened | undefined;
  /** Counts locks and new keys: what was decrypted before does not count. */
  #epoch = 0;
  #queue: Promise<unknown> = Promise.resolve();
  /** The text editor of the file has held the same text. */
  #inStep = false;
  /** What it held then. */
  #seen = '';
  #saving = false;
  /** The text editor started from an older file than this document. */
  #ahead = false;
  #disposed = false;

  private constructor(uri: vscode.Uri, services: Services, tell: (told: Told | undefined) => void, restored: boolean) {
    this.uri = uri;
    this.#services = services;
    this.#tell = tell;
    this.#count = new Count(restored);
    const { vault, rules } = services;
    const own = (document: vscode.TextDocument) => document.uri.toString() === uri.toString();
    const soon = later(quiet, () => this.#later(() => this.#meet()));
    const meet = (document: vscode.TextDocument) => {
      if (own(document)) soon.start();
    };
    this.#disposable = vscode.Disposable.from(
      this.#changed,
      this.#ended,
      this.#stale,
      this.#savedText,
      this.#clean,
      watchFile(uri, () => this.#later(() => this.#readDisk())),
      vault.onDidChange(() => this.#keysChanged()),
      rules.onDidChange(() => this.#later(() => this.#look())),
      soon,
      vscode.workspace.onDidOpenTextDocument(meet),
      // A text that VS Code remembered gets its tab again.
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        for (const { document } of editors) if (!this.#inStep) meet(document);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => meet(document)),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (own(document)) this.#inStep = false;
      }),
      vscode.workspace.onDidSaveTextDocument((document) => {
        // Not the one that goes along when VS Code is told that nothing is unsaved.
        if (own(document) && !this.cleaning) this.#later(() => this.#textSaved());
      }),
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) this.#later(() => this.#readDisk());
      }),
    );
  }

  /**
   * Opens a file, or brings back what a backup kept of it. A file that cannot be read, or is there no more, is a state
   * and no error.
   */
  static async open(
    uri: vscode.Uri,
    services: Services,
    tell: (told: Told | undefined) => void,
    kept?: Kept,
  ): Promise<SecretsDocument> {
    const document = new SecretsDocument(uri, services, tell, kept !== undefined);
    await document.#run(() => document.#start(kept));
    return document;
  }

  /** The opened file. Throws NO_IDENTITY when it is locked, and why else it is not open. */
  opened(): Opened {
    const state = this.#state;
    if ('opened' in state) return state.opened;
    if (state.kind === 'locked') throw new LockstepError('NO_IDENTITY', { what: 'locked' });
    throw 'error' in state ? state.error : new LockstepError('NO_METADATA', { what: 'plain' });
  }

  /** The sealed text as it is now. */
  get text(): string {
    return this.#text;
  }
  get state(): FileState {
    return this.#state;
  }
  /** The text of the file as it was read or saved last. */
  get savedText(): string | undefined {
    return this.#base?.text;
  }
  get gone(): boolean {
    return this.#gone;
  }
  /** The file's text on the disk, when it changed under unsaved edits. */
  get theirs(): string | undefined {
    return this.#theirs?.text;
  }
  get dirty(): boolean {
    return this.#draft !== undefined || this.#text !== (this.#base?.text ?? '');
  }
  /** VS Code shows the document as changed. */
  get marked(): boolean {
    return this.#count.dirty;
  }
  /** A text that did not parse, sealed with the data key. */
  get draft(): string | undefined {
    return this.#draft;
  }

  /** Why the file could not be read. */
  get failure(): LockstepError | undefined {
    return this.#failure;
  }

  get kept(): Kept {
    return {
      text: this.#text,
      base: this.#base?.hash ?? '',
      baseText: this.#base?.text ?? '',
      ...(this.#draft === undefined ? {} : { draft: this.#draft }),
      ...(this.#draftLine === undefined ? {} : { draftLine: this.#draftLine }),
    };
  }

  /** Work on the document when everything before is done. */
  settled<T>(work: () => Promise<T>): Promise<T> {
    return this.#run(work);
  }

  /**
   * One change: what `make` makes of the opened file is one step that can be undone. Throws what `make` throws, and why
   * the file may not be changed.
   */
  change(label: string, make: (opened: Opened) => Promise<Made>): Promise<void> {
    return this.#run(async () => {
      await this.#meet();
      for (let n = 0; n < attempts; n++) {
        const made = await make(requireOpen(this.#state));
        if (made.text === this.#text) return;
        const twin = this.#inStep ? shownText(this.uri) : undefined;
        if (!twin) return this.#step(label, made.edits, made.text);
        // The text editor's own undo history has the step then; one more of ours would have to be undone, too.
        if (await write(twin, this.#text, made.edits, made.text)) {
          this.#isInStep(twin);
          return this.#take(twin.getText());
        }
        await this.#meet();
      }
      throw new LockstepError('CHANGED_ON_DISK');
    });
  }

  /** Keeps or drops a text that does not parse; `sealed` is its ciphertext under `draftAad`, `line` where it does not. */
  async keepDraft(sealed: string | undefined, line?: number): Promise<void> {
    if (this.#draft === sealed) return;
    this.#draft = sealed;
    this.#draftLine = line;
    this.#mark();
    this.#changed.fire();
  }

  /**
   * The end of a conflict: `text`, made of my text and theirs, becomes the present one, and their file the one that it
   * started from. Throws CHANGED_ON_DISK when one of the two is another one by now.
   */
  resolve(
    label: string,
    { mine, theirs }: { readonly mine: string; readonly theirs: string },
    text: SealedText,
  ): Promise<void> {
    return this.#run(async () => {
      const found = this.#theirs;
      if (!found || found.text !== theirs || this.#text !== mine) throw new LockstepError('CHANGED_ON_DISK');
      this.#base = found;
      this.#theirs = undefined;
      this.#ahead = true;
      await this.#step(label, differenceOf(this.#text, text), text);
      await this.#push();
      this.#mark();
      this.#changed.fire();
    });
  }

  /** Throws CHANGED_ON_DISK, GONE, EDIT_LOCKED (`draft`), and what writing can throw; then the document stays changed. */
  save(): Promise<void> {
    const { cleaning } = this;
    return this.#run(async () => {
      this.#saving = true;
      try {
        if (!cleaning || !this.dirty) await this.#save();
        else this.#count.save();
      } finally {
        this.#saving = false;
      }
      // Somebody edited while VS Code was to learn that nothing is unsaved: that is no wish to save it.
      if (cleaning) setTimeout(() => this.#later(async () => this.#mark()), 0);
    });
  }

  async #save(): Promise<void> {
    this.requireNoDraft();
    await this.#meet();
    await this.#readDisk();
    if (this.#gone) throw new LockstepError('GONE');
    if (this.#theirs) throw new LockstepError('CHANGED_ON_DISK');
    const twin = shownText(this.uri);
    const inStep = twin?.isDirty === true && sameLines(twin.getText(), this.#text);
    // One writer: VS Code may be saving that editor already. What it wrote is looked at, not believed.
    if (inStep && this.dirty && !this.#ahead && (await twin.save())) await this.#readDisk();
    if (this.dirty && this.#base) {
      this.#base = await writeFile(this.uri, this.#text as SealedText, this.#base.mark, this.#base.hash);
      // The file is as this editor has it; its save only takes its dot away.
      if (inStep) await twin.save();
    }
    this.#ahead = false;
    this.#count.save();
    this.#changed.fire();
  }

  /** Throws SYNTAX (`draft`), with the line, while a text that does not parse waits. */
  requireNoDraft(): void {
    if (this.#draft !== undefined) throw new LockstepError('SYNTAX', { what: 'draft', line: this.#draftLine });
  }

  /** Throws UNSUPPORTED_FORMAT for a name of another format, and what writing can throw. */
  saveAs(target: vscode.Uri): Promise<void> {
    return this.#run(async () => {
      this.requireNoDraft();
      await writeFile(target, this.#text as SealedText, this.#base?.mark ?? false, undefined);
      this.#count.save();
    });
  }

  /** Back to the file as it is on the disk. Throws what reading can throw. */
  revert(): Promise<void> {
    return this.#run(async () => {
      const found = await readFile(this.uri);
      this.#draft = undefined;
      this.#draftLine = undefined;
      this.#theirs = undefined;
      this.#gone = false;
      this.#failure = undefined;
      this.#base = found;
      this.#count.revert();
      await this.#take(found.text);
      const twin = this.#inStep ? shownText(this.uri) : undefined;
      if (twin && !sameLines(twin.getText(), found.text) && (await this.#push())) await twin.save();
    });
  }

  /** Looks at the disk again. */
  reload(): Promise<void> {
    return this.#run(() => this.#readDisk());
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#ended.fire();
    this.#disposed = true;
    this.#epoch++;
    this.#opened?.dispose();
    this.#opened = undefined;
    this.#state = { kind: 'none' };
    this.#disposable.dispose();
  }

  async #start(kept: Kept | undefined): Promise<void> {
    await this.#readDisk();
    if (kept) {
      // The edits started from another file than the one that is there now.
      const found = this.#base;
      if (found && found.hash !== kept.base && found.text !== kept.text) {
        this.#theirs = found;
        this.#base = { text: kept.baseText, hash: kept.base, mark: found.mark };
      }
      this.#text = kept.text;
      this.#draft = kept.draft;
      this.#draftLine = kept.draftLine;
    }
    await this.#look();
    await this.#meet();
  }

  #run<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#queue.then(work, work);
    this.#queue = mine.catch(() => undefined);
    return mine;
  }

  /** Work that nobody waits for. */
  #later(work: () => Promise<unknown>): void {
    if (this.#disposed) return;
    void this.#run(async () => {
      if (!this.#disposed) await work();
    }).catch((error) => this.#services.log.error(describe(error)));
  }

  /** A step of our own. */
  async #step(label: string, edits: readonly TextEdit[], after: string): Promise<void> {
    if (after === this.#text) return;
    const step = stepOf(this.#text, edits, after);
    const go = (forth: boolean) =>
      this.#run(async () => {
        if (forth) this.#count.redo();
        else this.#count.undo();
        // After a reload the step belongs to another text: it is passed over.
        const text = travel(this.#text, step, forth);
        if (text !== undefined) await this.#take(text);
        else this.#mark();
        // VS Code is still at it, and the text editor's history is the same one.
        if (this.#inStep) setTimeout(() => this.#later(() => this.#push()), 0);
      });
    this.#count.edit();
    await this.#take(after, () => this.#tell({ label, undo: () => go(false), redo: () => go(true) }));
  }

  /** `text` is the present one now. */
  async #take(text: string, tell?: () => void): Promise<void> {
    this.#text = text;
    tell?.();
    this.#mark();
    await this.#look();
  }

  /** Where VS Code's count has the wrong idea, it is told. */
  #mark(): void {
    const { dirty } = this;
    // Nothing of ours is left that could stand against the file on the disk.
    if (!dirty && this.#theirs) this.#later(() => this.#readDisk());
    if (dirty && !this.#count.dirty) {
      this.#count.change();
      this.#tell(undefined);
    } else if (!dirty && this.#count.dirty && !this.#saving && !this.#theirs) {
      this.#clean.start();
    }
  }

  /** VS Code takes this document for a changed one, and nothing is left to save. */
  get stale(): boolean {
    return this.#count.dirty && !this.dirty && !this.#saving && !this.#theirs && !this.#disposed;
  }

  async #textSaved(): Promise<void> {
    await this.#readDisk();
    await this.#meet();
    if (this.stale) setTimeout(() => this.#savedText.fire(), calm);
  }

  /** What the present text is to us. */
  async #look(): Promise<void> {
    for (;;) {
      const epoch = this.#epoch;
      const previous = this.#opened;
      const state = await this.#inspect(previous);
      const opened = 'opened' in state ? state.opened : undefined;
      if (epoch !== this.#epoch) {
        opened?.dispose();
        if (this.#disposed) return;
        continue;
      }
      this.#state = state;
      if (state.kind !== 'broken') {
        if (opened && previous) await this.#carryDraft(previous, opened);
        this.#opened = opened;
        previous?.dispose();
      }
      this.#changed.fire();
      return;
    }
  }

  async #inspect(previous: Opened | undefined): Promise<FileState> {
    if (this.#failure) return { kind: 'broken', plain: false, error: this.#failure };
    const { vault, rules } = this.#services;
    return inspect({
      path: this.uri.path,
      text: this.#text,
      locked: vault.locked,
      keyring: vault.keyring,
      rule: async () => (await rules.find(this.uri))?.rule,
      previous,
    });
  }

  /** A draft is sealed with the data key, and a rotation takes that away. */
  async #carryDraft(previous: Opened, opened: Opened): Promise<void> {
    if (this.#draft === undefined || previous.dataKey.equals(opened.dataKey)) return;
    const plain = await previous.dataKey.open(this.#draft, draftAad).catch(() => undefined);
    if (plain) this.#draft = await opened.dataKey.seal(plain, draftAad);
  }

  #keysChanged(): void {
    this.#epoch++;
    if (this.#services.vault.locked) {
      // Nothing decrypted stays, not even until the next look.
      this.#opened?.dispose();
      this.#opened = undefined;
      if ('sealed' in this.#state) this.#state = { kind: 'locked', sealed: this.#state.sealed };
      this.#changed.fire();
    }
    this.#later(() => this.#look());
  }

  /** What became of the file on the disk. */
  async #readDisk(): Promise<void> {
    let found: OnDisk;
    try {
      found = await readFile(this.uri);
    } catch (error) {
      return this.#notRead(error);
    }
    const wasGone = this.#gone || this.#failure !== undefined;
    this.#gone = false;
    this.#failure = undefined;
    const first = this.#base === undefined;
    if (found.hash !== this.#base?.hash) {
      const clean = !this.dirty;
      if (first || found.text === this.#text || clean) {
        this.#base = found;
        this.#theirs = undefined;
        if (first || found.text !== this.#text) return this.#take(found.text);
        this.#mark();
      } else this.#theirs = found;
    } else if (this.#theirs) this.#theirs = undefined;
    else if (!wasGone) return this.#mark();
    if (wasGone) await this.#look();
    else this.#changed.fire();
  }

  async #notRead(error: unknown): Promise<void> {
    if (!(error instanceof LockstepError)) throw error;
    if (error.code === 'GONE') this.#gone = true;
    // What is open already stays so; only a file that was never read has nothing else to show.
    else if (!this.#base) this.#failure = error;
    this.#changed.fire();
  }

  /** Brings this document and the text editor of the same file together. */
  async #meet(): Promise<void> {
    const twin = shownText(this.uri);
    if (!twin) {
      this.#inStep = false;
      return;
    }
    if (!sameLines(twin.getText(), this.#text)) await this.#reconcile(twin);
    else this.#isInStep(twin);
    this.#mark();
  }

  async #reconcile(twin: vscode.TextDocument): Promise<void> {
    if (!twin.isDirty) await this.#readDisk();
    const text = twin.getText();
    if (sameLines(text, this.#text)) return this.#isInStep(twin);
    // It is this document that went on.
    if (this.#inStep && text === this.#seen) {
      await this.#push();
      return;
    }
    // An editor without edits shows the file. Where it seems to show something else, it reads the bytes as other
    // characters than we do, or has not looked yet: that is no edit.
    if (!twin.isDirty && !sameLines(text, this.#base?.text ?? '')) return;
    // It shows the other version of a conflict.
    if (this.#theirs && !this.#inStep) return;
    if (this.#inStep || !this.dirty) {
      this.#isInStep(twin);
      return this.#take(text);
    }
    if (!twin.isDirty) {
      await this.#push();
      return;
    }
    // Two different edits of one file: the text editor's counts, and undo brings ours back.
    await this.#step(vscode.l10n.t('Edits in the text editor'), differenceOf(this.#text, text), text);
    this.#isInStep(twin);
  }

  #isInStep(twin: vscode.TextDocument): void {
    this.#inStep = true;
    this.#seen = twin.getText();
  }

  /** Puts our text into the text editor. */
  async #push(): Promise<boolean> {
    const twin = shownText(this.uri);
    if (!twin || this.#theirs) return false;
    const written = await write(twin, this.#text, [], this.#text);
    if (written) this.#isInStep(twin);
    return written;
  }
}

/** No key path ends without a colon, so no value of a file is sealed like this. */
export const draftAad = 'lockstep draft';

function describe(error: unknown): string {
  return error instanceof LockstepError ? error.message : 'editor: unexpected failure';
}
