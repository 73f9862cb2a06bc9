import type { Step } from '../../../src/core/document/steps.ts';

/** One element of the undo history of a file, which VS Code shares between its Secrets Editor and its text editor. */
export type Element =
  | { readonly of: 'document'; readonly step: Step }
  | { readonly of: 'text'; readonly before: string; readonly after: string };

/** What VS Code does with a custom document: MainThreadCustomEditorModel, line by line, and the undo history of its file. */
export class CustomModel {
  edits: Step[] = [];
  at = -1;
  savePoint = -1;
  changed = false;
  fromBackup: boolean;
  done: Element[] = [];
  undone: Element[] = [];

  constructor(fromBackup: boolean) {
    this.fromBackup = fromBackup;
  }

  get dirty(): boolean {
    if (this.changed) return true;
    return this.edits.length > 0 ? this.savePoint !== this.at : this.fromBackup;
  }

  pushEdit(step: Step): void {
    this.#splice(step);
    this.at = this.edits.length - 1;
    this.push({ of: 'document', step });
  }

  push(element: Element): void {
    this.done.push(element);
    this.undone = [];
  }

  /** The step that is undone; undefined where VS Code does nothing. */
  undo(): Step | undefined {
    // After a revert to a point that an undo and another edit took away, VS Code counts a step that is not there, and fails.
    return this.at < 0 || this.at >= this.edits.length ? undefined : this.edits[this.at--];
  }

  redo(): Step | undefined {
    return this.at >= this.edits.length - 1 ? undefined : this.edits[++this.at];
  }

  /** Whether it reverts at all. */
  revert(): boolean {
    if (this.at === this.savePoint && !this.changed && !this.fromBackup) return false;
    this.changed = false;
    this.fromBackup = false;
    this.at = this.savePoint;
    this.#splice();
    return true;
  }

  saved(): void {
    this.changed = false;
    this.savePoint = this.at;
    this.fromBackup = false;
  }

  /** The text editor is closed, and with it its part of the history. */
  forgetText(): void {
    this.done = this.done.filter(({ of }) => of === 'document');
    this.undone = this.undone.filter(({ of }) => of === 'document');
  }

  /**
   * The texts that undo and redo lead to, from this one. A step that the document undoes is put into the text editor as one
   * more of its own, behind which those below stay what they are.
   */
  reachable(text: string): Set<string> {
    const ends = (one: Element) => (one.of === 'text' ? one : one.step);
    const before = new Set([text]);
    for (const one of this.done.toReversed()) if (before.has(ends(one).after)) before.add(ends(one).before);
    const after = new Set([text]);
    for (const one of this.undone.toReversed()) if (after.has(ends(one).before)) after.add(ends(one).after);
    return new Set([...before, ...after]);
  }

  #splice(step?: Step): void {
    this.edits.splice(this.at + 1, this.edits.length - this.at, ...(step ? [step] : []));
  }
}
