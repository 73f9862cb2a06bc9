import * as vscode from 'vscode';
import { LockstepError } from '../../../core/errors.ts';
import type { TextEdit } from '../../../core/format/document.ts';
import type { Opened } from '../../../core/open/open.ts';
import type { Platform } from '../../../core/platform/platform.ts';
import type { SealedText } from '../../../core/seal/prove.ts';
import { Session } from '../../../core/session/session.ts';
import { type FileState, requireOpen } from '../../../core/session/state.ts';
import { describeError } from '../../log.ts';
import type { Services } from '../../services.ts';
import { requireTrust } from '../../session/trust.ts';
import { listen } from '../listen.ts';
import type { Kept } from './backup.ts';
import { readFile, writeFile } from './disk.ts';
import { carryDraft, type KeptDraft } from './draft.ts';
import { KnownFile } from './file.ts';
import { Queue } from './queue.ts';
import { differenceOf, type Made, stepOf, type Told, travel } from './steps.ts';
import { type Partner, sameLines, shownText, Twin } from './twin.ts';
import { Unsaved } from './unsaved.ts';

/** While somebody types in the text editor, the text may change under a change; after this many times we say so. */
const attempts = 3;

/**
 * A secret file in the Secrets Editor. It holds ciphertext only: the file as it was read, the present text, and steps
 * between sealed texts. What is decrypted is made from that, and dropped on a lock; so undo, backups and restarts hold
 * ciphertext, and a lock loses no edit. One change at a time: each starts from the last one's result.
 */
export class SecretsDocument implements vscode.CustomDocument {
  readonly uri: vscode.Uri;
  readonly unsaved: Unsaved;
  readonly #twin: Twin;
  readonly #changed = new vscode.EventEmitter<void>();
  /** Text, state or what is known about the disk changed. */
  readonly onDidChange = this.#changed.event;
  readonly #ended = new vscode.EventEmitter<void>();
  readonly onDidDispose = this.#ended.event;
  readonly #disposable: vscode.Disposable;
  #text = '';
  readonly #file: KnownFile;
  #draft: KeptDraft | undefined;
  readonly #platform: Platform;
  readonly #session: Session;
  readonly #queue: Queue;
  /** The text editor started from an older file than this document. */
  #ahead = false;
  #disposed = false;

  private constructor(uri: vscode.Uri, services: Services, tell: (told: Told | undefined) => void, restored: boolean) {
    this.uri = uri;
    this.#platform = services.platform;
    this.#queue = new Queue((error) => services.log.error(describeError(error)));
    this.#session = this.#sessionOn(services);
    const { vault, rules } = services;
    this.#file = new KnownFile(services.platform, uri);
    const partner = this.#partner();
    this.unsaved = new Unsaved(partner, tell, restored);
    this.#twin = new Twin(partner);
    this.#disposable = vscode.Disposable.from(
      this.#changed,
      this.#ended,
      this.unsaved,
      vault.onDidChange(() => this.#keysChanged()),
      rules.onDidChange(() => this.#queue.later(() => this.#look())),
      listen(uri, {
        disk: () => this.#queue.later(() => this.#readDisk()),
        text: () => this.#queue.later(() => this.#meet()),
        textClosed: () => this.#twin.part(),
        // Not a save that goes along when VS Code is told that nothing is unsaved.
        textSaved: () => {
          if (!this.unsaved.cleaning) this.#queue.later(() => this.#textSaved());
        },
      }),
    );
  }

  /**
   * Opens a file, or brings back what a backup kept of it. A file that cannot be read, or is there no more, is a state
   * and no error. `restored`: VS Code counts the document as changed.
   */
  static async open(
    uri: vscode.Uri,
    services: Services,
    tell: (told: Told | undefined) => void,
    kept?: Kept,
    restored = false,
  ): Promise<SecretsDocument> {
    const document = new SecretsDocument(uri, services, tell, restored);
    await document.#queue.run(() => document.#start(kept));
    return document;
  }

  /** As `Session.opened`. */
  opened(): Opened {
    return this.#session.opened();
  }

  /** The sealed text as it is now. */
  get text(): string {
    return this.#text;
  }
  get state(): FileState {
    return this.#session.state;
  }
  /** The text of the file as it was read or saved last. */
  get savedText(): string | undefined {
    return this.#file.base?.text;
  }
  get gone(): boolean {
    return this.#file.gone;
  }
  /** The file's text on the disk, when it changed under unsaved edits. */
  get theirs(): string | undefined {
    return this.#file.theirs?.text;
  }
  get dirty(): boolean {
    return this.#draft !== undefined || this.#text !== (this.#file.base?.text ?? '');
  }
  /** A text that did not parse. */
  get draft(): KeptDraft | undefined {
    return this.#draft;
  }

  /** Why the file could not be read. */
  get failure(): LockstepError | undefined {
    return this.#file.failure;
  }

  get kept(): Kept {
    return {
      text: this.#text,
      base: this.#file.base?.hash ?? '',
      baseText: this.#file.base?.text ?? '',
      ...(this.#draft === undefined ? {} : { draft: this.#draft }),
    };
  }

  /** Work on the document when everything before is done. */
  settled<T>(work: () => Promise<T>): Promise<T> {
    return this.#queue.run(work);
  }

  /**
   * One change: what `make` makes of the opened file is one step that can be undone. Throws what `make` throws, and why
   * the file may not be changed.
   */
  change(label: string, make: (opened: Opened) => Promise<Made>): Promise<void> {
    return this.#queue.run(async () => {
      await this.#meet();
      for (let n = 0; n < attempts; n++) {
        const made = await make(requireOpen(this.#session.state));
        if (made.text === this.#text) return;
        if (!this.#twin.inStep) return this.#step(label, made.edits, made.text);
        // The text editor's own undo history has the step then; one more of ours would have to be undone, too.
        const written = await this.#twin.write(made);
        if (written !== undefined) return this.#take(written);
        await this.#meet();
      }
      throw new LockstepError('CHANGED_ON_DISK');
    });
  }

  /** Keeps or drops a text that does not parse. */
  async keepDraft(draft: KeptDraft | undefined): Promise<void> {
    if (this.#draft === draft) return;
    this.#draft = draft;
    this.#mark(false);
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
    return this.#queue.run(async () => {
      const found = this.#file.theirs;
      if (!found || found.text !== theirs || this.#text !== mine) throw new LockstepError('CHANGED_ON_DISK');
      this.#file.is(found);
      this.#ahead = true;
      await this.#step(label, differenceOf(this.#text, text), text);
      await this.#twin.push();
      this.#mark();
      this.#changed.fire();
    });
  }

  /**
   * Throws CHANGED_ON_DISK, GONE, SYNTAX (`draft`), READ_ONLY (`restricted`), why a text that came from a backup is not
   * open, and what writing can throw; then the document stays changed.
   */
  save(): Promise<void> {
    const { unsaved } = this;
    const { cleaning } = unsaved;
    return this.#queue.run(async () => {
      unsaved.saving = true;
      try {
        if (!cleaning || !this.dirty) await this.#save();
        else unsaved.count.save();
      } finally {
        unsaved.saving = false;
      }
      // Somebody edited while VS Code was to learn that nothing is unsaved: that is no wish to save it.
      if (cleaning) setTimeout(() => this.#queue.later(async () => this.#mark()), 0);
    });
  }

  async #save(): Promise<void> {
    this.requireNoDraft();
    if (this.dirty) requireTrust();
    await this.#meet();
    await this.#readDisk();
    if (this.#file.gone) throw new LockstepError('GONE');
    if (this.#file.theirs) throw new LockstepError('CHANGED_ON_DISK');
    if (this.dirty) this.#session.requireProven();
    const twin = shownText(this.uri);
    const inStep = twin?.isDirty === true && sameLines(twin.getText(), this.#text);
    // One writer: VS Code may be saving that editor already. What it wrote is looked at, not believed.
    if (inStep && this.dirty && !this.#ahead && (await twin.save())) await this.#readDisk();
    const { base } = this.#file;
    if (this.dirty && base) {
      this.#file.is(await writeFile(this.#platform, this.uri, this.#text as SealedText, base.mark, base.hash));
      // The file is as this editor has it; its save only takes its dot away.
      if (inStep) await twin.save();
    }
    this.#ahead = false;
    this.unsaved.count.save();
    this.#changed.fire();
  }

  /** Throws SYNTAX (`draft`), with the line, while a text that does not parse waits. */
  requireNoDraft(): void {
    if (this.#draft !== undefined) throw new LockstepError('SYNTAX', { what: 'draft', line: this.#draft.line });
  }

  /** Throws SYNTAX (`draft`), READ_ONLY (`restricted`), and what writing can throw. */
  saveAs(target: vscode.Uri): Promise<void> {
    return this.#queue.run(async () => {
      this.requireNoDraft();
      requireTrust();
      await writeFile(this.#platform, target, this.#text as SealedText, this.#file.base?.mark ?? false, undefined);
      this.unsaved.count.save();
    });
  }

  /** Back to the file as it is on the disk. Throws what reading can throw. */
  revert(): Promise<void> {
    return this.#queue.run(async () => {
      const found = await readFile(this.#platform, this.uri);
      this.#draft = undefined;
      this.#file.is(found);
      this.unsaved.count.revert();
      await this.#take(found.text);
      await this.#twin.revert();
    });
  }

  /** Looks at the disk again. */
  reload(): Promise<void> {
    return this.#queue.run(() => this.#readDisk());
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#ended.fire();
    this.#disposed = true;
    this.#queue.close();
    this.#session.dispose();
    this.#disposable.dispose();
  }

  async #start(kept: Kept | undefined): Promise<void> {
    await this.#readDisk();
    if (kept) {
      const { base } = this.#file;
      if (base && base.hash !== kept.base && base.text !== kept.text) {
        this.#file.startedFrom({ text: kept.baseText, hash: kept.base });
      }
      this.#text = kept.text;
      this.#draft = kept.draft;
      this.#session.doubt();
    }
    await this.#look();
    await this.#meet();
    this.#mark();
  }

  async #meet(): Promise<void> {
    await this.#twin.meet();
    this.#mark();
  }

  /** This document, as the text editor of the same file sees it. */
  #partner(): Partner {
    const own = this;
    return {
      uri: this.uri,
      get text() {
        return own.#text;
      },
      get savedText() {
        return own.#file.base?.text;
      },
      get dirty() {
        return own.dirty;
      },
      get conflict() {
        return own.#file.theirs !== undefined;
      },
      take: (text) => this.#take(text),
      step: (label, text) => this.#step(label, differenceOf(this.#text, text), text),
      readDisk: () => this.#readDisk(),
    };
  }

  /** A step of our own. */
  async #step(label: string, edits: readonly TextEdit[], after: string): Promise<void> {
    if (after === this.#text) return;
    const step = stepOf(this.#text, edits, after);
    const go = (forth: boolean) =>
      this.#queue.run(async () => {
        if (forth) this.unsaved.count.redo();
        else this.unsaved.count.undo();
        // After a reload the step belongs to another text: it is passed over.
        const text = travel(this.#text, step, forth);
        if (text !== undefined) await this.#take(text, () => undefined);
        else this.#mark();
        // VS Code is still at it, and the text editor's history is the same one.
        if (this.#twin.inStep) setTimeout(() => this.#queue.later(() => this.#twin.push()), 0);
      });
    this.unsaved.count.edit();
    await this.#take(after, () => this.unsaved.tell({ label, undo: () => go(false), redo: () => go(true) }));
  }

  /** `text` is the present one now. `tell` lets VS Code know, where it does not by other means. */
  async #take(text: string, tell?: () => void): Promise<void> {
    this.#text = text;
    tell?.();
    this.#mark(tell !== undefined);
    await this.#look();
  }

  #mark(known = true): void {
    // Nothing of ours is left that could stand against the file on the disk.
    if (!this.dirty && this.#file.theirs) this.#queue.later(() => this.#readDisk());
    this.unsaved.mark(known);
  }

  async #textSaved(): Promise<void> {
    await this.#readDisk();
    await this.#meet();
    this.unsaved.textSaved();
  }

  /** What the present text is to us. */
  async #look(): Promise<void> {
    await this.#session.look();
    if (!this.#disposed) this.#changed.fire();
  }

  /** The present text, opened while nothing is locked. */
  #sessionOn({ vault, rules }: Services): Session {
    return new Session({
      source: {
        path: this.uri.path,
        // A text is looked at when it is taken.
        version: 0,
        text: () => {
          if (this.#file.failure) throw this.#file.failure;
          return this.#text;
        },
      },
      keys: vault,
      rule: async () => (await rules.find(this.uri))?.rule,
      handOver: async (previous, opened) => {
        if (this.#draft) this.#draft = await carryDraft(this.#draft, previous.dataKey, opened.dataKey);
      },
    });
  }

  #keysChanged(): void {
    this.#session.keysChanged();
    this.#changed.fire();
    this.#queue.later(() => this.#look());
  }

  /** What became of the file on the disk. */
  async #readDisk(): Promise<void> {
    const found = await this.#file.look(this.#text, this.dirty);
    if (typeof found === 'object') return this.#take(found.take);
    this.#mark();
    if (found === 'other') await this.#look();
  }
}
