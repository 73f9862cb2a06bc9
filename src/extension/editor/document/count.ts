/**
 * What VS Code believes about a document: it counts the edits it was told of, and does not look at the text. The same
 * count here says when its belief is wrong (workbench/api/browser/mainThreadCustomEditors.ts, MainThreadCustomEditorModel).
 */
export class Count {
  #edits = 0;
  #at = 0;
  #saved = 0;
  /** Told that the content changed, without an edit. */
  #changed = false;
  #restored: boolean;

  constructor(restored: boolean) {
    this.#restored = restored;
  }

  get dirty(): boolean {
    if (this.#changed) return true;
    return this.#edits > 0 ? this.#saved !== this.#at : this.#restored;
  }

  edit(): void {
    this.#edits = ++this.#at;
  }

  undo(): void {
    this.#at--;
  }

  redo(): void {
    this.#at++;
  }

  change(): void {
    this.#changed = true;
  }

  save(): void {
    this.#saved = this.#at;
    this.#changed = false;
    this.#restored = false;
  }

  revert(): void {
    this.#at = this.#saved;
    this.#edits = Math.min(this.#edits, this.#at);
    this.#changed = false;
    this.#restored = false;
  }
}
