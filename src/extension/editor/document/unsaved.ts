import * as vscode from 'vscode';
import { later } from '../../surface.ts';
import { Count } from './count.ts';
import type { Told } from './steps.ts';

/** Edits come in bursts, also undone ones: VS Code is told that nothing is unsaved after this many milliseconds. */
const calm = 150;

/** What a document knows of itself. */
interface Facts {
  /** Something is not saved. */
  readonly dirty: boolean;
  /** The file changed on the disk under unsaved edits. */
  readonly conflict: boolean;
}

/** What VS Code believes to be unsaved in a document, and how it learns better. */
export class Unsaved implements vscode.Disposable {
  /** To be told of every step, save and revert. */
  readonly count: Count;
  /** Lets VS Code know of a step; without one, that something changed. */
  readonly tell: (told: Told | undefined) => void;
  readonly #facts: Facts;
  readonly #stale = new vscode.EventEmitter<{ readonly textSaved: boolean }>();
  /** It is `stale`, and has been for a moment, or since the text editor of the file was saved. */
  readonly onDidBecomeStale = this.#stale.event;
  readonly #clean = later(calm, () => this.#sayStale(false));
  /** The next save is only to let VS Code know that nothing is unsaved. */
  cleaning = false;
  /** A save is under way: what is unsaved is not to be told. */
  saving = false;
  #disposed = false;

  /** `restored`: VS Code counts the document as changed. */
  constructor(facts: Facts, tell: (told: Told | undefined) => void, restored: boolean) {
    this.#facts = facts;
    this.tell = tell;
    this.count = new Count(restored);
  }

  /** VS Code takes the document for a changed one, and nothing is left to save. */
  get stale(): boolean {
    const { dirty, conflict } = this.#facts;
    return this.count.dirty && !dirty && !this.saving && !conflict && !this.#disposed;
  }

  /**
   * Where VS Code's count has the wrong idea, it is told; and of every change that it does not `know` of, or its backup
   * would be of an older text.
   */
  mark(known = true): void {
    if (this.#facts.dirty && !(known && this.count.dirty)) {
      this.count.change();
      this.tell(undefined);
    } else if (this.stale) this.#clean.start();
  }

  /** The text editor of the file was saved, and with it what this document held. */
  textSaved(): void {
    if (this.stale) setTimeout(() => this.#sayStale(true), calm);
  }

  #sayStale(textSaved: boolean): void {
    if (this.stale) this.#stale.fire({ textSaved });
  }

  dispose(): void {
    this.#disposed = true;
    this.#clean.dispose();
    this.#stale.dispose();
  }
}
