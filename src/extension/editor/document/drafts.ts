import type { SecretsDocument } from './document.ts';
import type { KeptDraft } from './draft.ts';

type Kept = KeptDraft | undefined;

/**
 * The texts of the Text view that did not parse, one after the other: undo goes back through them to the file as it is,
 * redo comes back. VS Code's own history holds changes of the file only. A draft that came another way (out of a backup,
 * or under another data key) has nothing before it.
 */
export class Drafts {
  readonly #document: SecretsDocument;
  #past: Kept[] = [];
  #future: KeptDraft[] = [];
  /** What the document's draft was when it was set here, and its text then. */
  #now: Kept;
  #text = '';

  constructor(document: SecretsDocument) {
    this.#document = document;
  }

  get #ours(): boolean {
    return this.#document.draft === this.#now && this.#document.text === this.#text;
  }

  /** One more draft. */
  async keep(draft: KeptDraft): Promise<void> {
    this.#past = [...(this.#ours ? this.#past : []), this.#document.draft];
    this.#future = [];
    await this.#set(draft);
  }

  /** The text parses: there is no way back to drafts. */
  async end(): Promise<void> {
    this.#past = [];
    this.#future = [];
    await this.#set(undefined);
  }

  /** False when there is no draft. */
  async undo(): Promise<boolean> {
    const { draft } = this.#document;
    if (draft === undefined) return false;
    const ours = this.#ours;
    this.#future = [...(ours ? this.#future : []), draft];
    await this.#set(ours ? this.#past.pop() : undefined);
    return true;
  }

  /** False when no draft was undone last. */
  async redo(): Promise<boolean> {
    const next = this.#ours ? this.#future.pop() : undefined;
    if (next === undefined) return false;
    this.#past.push(this.#document.draft);
    await this.#set(next);
    return true;
  }

  async #set(draft: Kept): Promise<void> {
    this.#now = draft;
    this.#text = this.#document.text;
    await this.#document.keepDraft(draft);
  }
}
