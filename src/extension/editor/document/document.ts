import * as vscode from 'vscode';
import { requireNoDraft } from '../../../core/document/courses.ts';
import { carryDraft, type KeptDraft } from '../../../core/document/draft.ts';
import type { DocumentText, Kept, KnownFile } from '../../../core/document/file.ts';
import { DocumentModel } from '../../../core/document/model.ts';
import {
  type Ask,
  type Effects,
  type Event,
  isDirty,
  isStale,
  keptOf,
  type Note,
} from '../../../core/document/state.ts';
import type { Step } from '../../../core/document/steps.ts';
import { LockstepError } from '../../../core/errors.ts';
import { hashOf } from '../../../core/hash.ts';
import type { Opened } from '../../../core/open/open.ts';
import type { SealedText } from '../../../core/seal/prove.ts';
import type { Change } from '../../../core/seal/sign.ts';
import { Session } from '../../../core/session/session.ts';
import type { FileState } from '../../../core/session/state.ts';
import { describeError } from '../../log.ts';
import type { Services } from '../../services.ts';
import type { OpenFile } from '../../session/openfile.ts';
import { later } from '../../surface.ts';
import { dotenvxSecret } from '../../vault/dotenvxkeys.ts';
import { listen } from '../listen.ts';
import { asksOf } from './asks.ts';
import { textEditorOf } from './text.ts';

/** Edits come in bursts, also undone ones: VS Code learns that nothing is unsaved after this many milliseconds. */
const calm = 150;

/** An edit of the document as VS Code learns of it; without `label` it learns only that something changed. */
export interface Told {
  readonly label?: string;
  undo(): Promise<void>;
  redo(): Promise<void>;
}

/** Whom a document keeps informed; it may not be open yet. */
interface Owner {
  /** Text, state or what is known about the disk changed. */
  changed(document: SecretsDocument): void;
  /** VS Code has to know of a step; without `told`, that something changed. */
  told(document: SecretsDocument, told?: Told): void;
  /** VS Code has to know that nothing is unsaved; `textSaved`: with the text editor of the file, just now. */
  stale(document: SecretsDocument, textSaved: boolean): void;
  closed(document: SecretsDocument): void;
}

/**
 * A secret file in the Secrets Editor: `DocumentModel` says what happens, this does it. The document holds ciphertext only.
 * What is decrypted is made from that, and dropped on a lock; so undo, backups and restarts hold ciphertext, and a lock
 * loses no edit.
 */
export class SecretsDocument implements vscode.CustomDocument, OpenFile {
  readonly uri: vscode.Uri;
  readonly #services: Services;
  readonly #owner: Owner;
  readonly #model = new DocumentModel(hashOf);
  readonly #session: Session;
  readonly #asks: ReturnType<typeof asksOf>;
  /** A draft, and what it is under the data key that the text has now. */
  #carried: { readonly from: KeptDraft; readonly to: KeptDraft } | undefined;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  #ticket = 0;
  readonly #calm = later(calm, () => this.#news({ type: 'calm', textSaved: false }));
  readonly #disposable: vscode.Disposable;

  private constructor(uri: vscode.Uri, services: Services, owner: Owner) {
    this.uri = uri;
    this.#services = services;
    this.#owner = owner;
    const { vault, rules, sessions } = services;
    this.#session = new Session({
      // A text is looked at when the model says so.
      source: {
        path: uri.path,
        version: 0,
        text: () => {
          const { file, text } = this.#model.state;
          if (file.failure) throw file.failure;
          return text;
        },
      },
      keys: vault.keysFor(uri),
      rule: async () => (await rules.find(uri))?.rule,
      dotenvx: (text, publicKey) => dotenvxSecret(services, uri, text, publicKey),
      handOver: async (previous, opened) => {
        const { now } = this.#model.state.drafts;
        this.#carried = now && { from: now, to: await carryDraft(now, previous.dataKey, opened.dataKey) };
      },
    });
    this.#asks = asksOf(services.platform, uri, this.#session, () => this.#carried);
    this.#disposable = vscode.Disposable.from(
      this.#calm,
      vault.onDidChange(() => {
        // What is decrypted goes at once, whatever else is under way.
        this.#session.keysChanged();
        owner.changed(this);
        this.#news({ type: 'keys' });
      }),
      rules.onDidChange(() => this.#news({ type: 'keys' })),
      listen(
        uri,
        (type) => this.#news({ type }),
        () => sessions.typing(uri),
      ),
    );
  }

  /**
   * Opens a file, or brings back what a backup kept of it. A file that cannot be read, or is there no more, is a state
   * and no error. `restored`: VS Code counts the document as changed. It learns nothing before the turn after this one.
   */
  static async open(uri: vscode.Uri, services: Services, owner: Owner, kept: Kept | undefined, restored: boolean) {
    const document = new SecretsDocument(uri, services, owner);
    await document.#send({ type: 'opened', kept, restored });
    return document;
  }

  /** As `Session.opened`. */
  opened(): Opened {
    return this.#session.opened();
  }

  /** The text as it is now. */
  get text(): DocumentText {
    return this.#model.state.text;
  }
  get state(): FileState {
    return this.#session.state;
  }
  get file(): KnownFile {
    return this.#model.state.file;
  }
  get dirty(): boolean {
    return isDirty(this.#model.state);
  }
  /** A text that did not parse. */
  get draft(): KeptDraft | undefined {
    return this.#model.state.drafts.now;
  }
  get kept(): Kept {
    return keptOf(this.#model.state);
  }

  /** Work on the document when everything before is done. */
  settled<T>(work: () => Promise<T>): Promise<T> {
    return this.#send({ type: 'work', work }) as Promise<T>;
  }

  /**
   * One change: what `make` makes of the opened file is one step that can be undone. Throws what `make` throws, and why
   * the file may not be changed.
   */
  async change(label: string, make: (opened: Opened) => Promise<Change>): Promise<void> {
    await this.#send({ type: 'change', label, make });
  }

  /** Keeps or drops a text that does not parse, or goes back or forth among those. False where there is none. */
  setDraft(to: KeptDraft | 'none' | 'undo' | 'redo'): boolean {
    const before = this.#model.state.drafts;
    this.#news({ type: 'draft', to });
    return this.#model.state.drafts !== before;
  }

  /**
   * The end of a conflict: `text`, made of my text and theirs, becomes the present one, and their file the one that it
   * started from. Throws CHANGED_ON_DISK when one of the two is another one by now.
   */
  async resolve(label: string, versions: { readonly mine: string; readonly theirs: string }, text: SealedText) {
    await this.#send({ type: 'resolve', label, ...versions, text });
  }

  /**
   * Throws CHANGED_ON_DISK, GONE, DRAFT, UNTRUSTED, why a text that came from a backup is not
   * open, and what writing can throw; then the document stays changed.
   */
  async save(): Promise<void> {
    await this.#send({ type: 'save' });
  }

  /** Throws DRAFT, with the line, while a text that does not parse waits. */
  requireNoDraft(): void {
    requireNoDraft(this.#model.state);
  }

  requireSettled(): void {
    this.requireNoDraft();
    if (this.file.theirs) throw new LockstepError('CHANGED_ON_DISK');
  }

  ready(): Promise<FileState> {
    return this.settled(async () => this.state);
  }

  /** Throws DRAFT, UNTRUSTED, and what writing can throw. */
  async saveAs(target: vscode.Uri): Promise<void> {
    await this.#send({ type: 'saveAs', to: target.toString() });
  }

  /** Back to the file as it is on the disk. Throws what reading can throw. */
  async revert(): Promise<void> {
    await this.#send({ type: 'revert' });
  }

  /** Looks at the disk again. */
  async reload(): Promise<void> {
    await this.#send({ type: 'disk' });
  }

  /** A time at which VS Code can learn that nothing is unsaved, if it does not know. */
  rest(): void {
    if (isStale(this.#model.state)) this.#news({ type: 'calm', textSaved: false });
  }

  /** Has VS Code save by `save`, only for it to learn that nothing is unsaved. */
  async cleaning(save: () => Thenable<unknown>): Promise<void> {
    this.#news({ type: 'cleaning', on: true });
    try {
      await save();
    } finally {
      this.#news({ type: 'cleaning', on: false });
    }
  }

  dispose(): void {
    if (this.#model.state.closed) return;
    this.#owner.closed(this);
    this.#news({ type: 'closed' });
    this.#session.dispose();
    this.#disposable.dispose();
  }

  #send(event: Event): Promise<unknown> {
    const ticket = ++this.#ticket;
    const answer = new Promise((resolve, reject) => this.#waiting.set(ticket, { resolve, reject }));
    this.#perform(this.#model.send(event, ticket));
    return answer;
  }

  /** An event whose answer nobody waits for. */
  #news(event: Event): void {
    this.#send(event).catch((error) => this.#services.log.error(describeError(error)));
  }

  #perform({ notes, ask }: Effects): void {
    for (const note of notes) this.#note(note);
    if (ask) void this.#answer(ask);
  }

  async #answer(ask: Ask): Promise<void> {
    this.#perform(this.#model.outcome(await this.#asks(ask)));
  }

  #note(note: Note): void {
    switch (note.do) {
      case 'answer':
        this.#waiting.get(note.ticket)?.resolve(note.value);
        this.#waiting.delete(note.ticket);
        break;
      case 'refuse': {
        const waiting = this.#waiting.get(note.ticket);
        // What goes wrong after the answer.
        if (waiting) waiting.reject(note.error);
        else this.#services.log.error(describeError(note.error));
        this.#waiting.delete(note.ticket);
        break;
      }
      case 'tellEdit':
        this.#owner.told(this, this.#toldOf(note.label ?? vscode.l10n.t('Edits in the text editor'), note.step));
        break;
      case 'tellChange':
        this.#owner.told(this);
        break;
      case 'wait':
        if (note.textSaved) setTimeout(() => this.#news({ type: 'calm', textSaved: true }), calm);
        else this.#calm.start();
        break;
      case 'clean':
        this.#owner.stale(this, note.textSaved);
        break;
      case 'changed':
        this.#owner.changed(this);
    }
  }

  #toldOf(label: string, step: Step): Told {
    const go = async (forth: boolean) => {
      await this.#send({ type: 'travel', step, forth, beside: textEditorOf(this.uri) });
    };
    return { label, undo: () => go(false), redo: () => go(true) };
  }
}
