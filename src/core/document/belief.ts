/**
 * What VS Code believes about a document: it counts the edits that were reported to it, and does not look at the text. The same
 * count here says when its belief is wrong (workbench/api/browser/mainThreadCustomEditors.ts, MainThreadCustomEditorModel).
 */
export interface Belief {
  /** How many edits it holds, done and undone. */
  readonly edits: number;
  /** How many of them are done, now and at the last save. */
  readonly at: number;
  readonly saved: number;
  /** A change that is no edit was reported to it. */
  readonly changed: boolean;
  /** It opened the document from a backup. */
  readonly restored: boolean;
}

export const newBelief = (restored: boolean): Belief => ({ edits: 0, at: 0, saved: 0, changed: false, restored });

/** Whether VS Code shows the document as unsaved. */
export function believesDirty({ edits, at, saved, changed, restored }: Belief): boolean {
  if (changed) return true;
  return edits > 0 ? saved !== at : restored;
}

/** What VS Code believes after something that it did, or that was reported to it. */
export function believe(belief: Belief, what: 'edit' | 'change' | 'undo' | 'redo' | 'save' | 'revert'): Belief {
  const { edits, at, saved } = belief;
  switch (what) {
    case 'edit': {
      // After a revert to a point that an undo and another edit took away, it counts more steps as done than it holds.
      const done = Math.min(at, edits) + 1;
      return { ...belief, edits: done, at: done };
    }
    case 'change':
      return { ...belief, changed: true };
    case 'undo':
      return { ...belief, at: at - 1 };
    case 'redo':
      return { ...belief, at: at + 1 };
    case 'save':
      return { ...belief, saved: at, changed: false, restored: false };
    case 'revert':
      return { ...belief, at: saved, edits: Math.min(edits, saved), changed: false, restored: false };
  }
}
