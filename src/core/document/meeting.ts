import { type KnownFile, unknownFile } from './file.ts';
import { isDirty, type State, type TextEditor } from './state.ts';
import { sameLines } from './steps.ts';

/**
 * What is to happen when the document and the text editor of its file are looked at together: both are the `same`; the
 * editor is to get the document's text (`push`); the document `take`s the editor's, as edits of one history, or as a `step`
 * of its own because both have edits; or they stay as they are (`apart`).
 */
export function meeting(state: State, { text, dirty }: TextEditor): 'same' | 'push' | 'take' | 'step' | 'apart' {
  const { met, file } = state;
  if (sameLines(text, state.text)) return 'same';
  if (met?.text === text) {
    // It is our document that went on. VS Code will load the version on the disk by itself into an editor without edits.
    return dirty || (isDirty(state) && !file.theirs) ? 'push' : 'apart';
  }
  // An editor without edits shows the file. Where it seems to show something else, it reads the bytes as other characters
  // than we do, or has not looked yet: that is no edit.
  if (!dirty && !sameLines(text, file.base?.text ?? '')) return 'apart';
  if (met && sameLines(met.text, state.text)) return 'take';
  // It shows the other version of a conflict.
  if (file.theirs) return 'apart';
  if (!isDirty(state)) return 'take';
  // With edits on both sides the text editor's count, and undo brings ours back.
  return dirty ? 'step' : 'push';
}

/** The file for a document that takes what was typed in its text editor: a conflict, if that started from an older version. */
export function fileOfTyped({ met, file }: State, { dirty }: TextEditor): KnownFile {
  const older = dirty && met !== undefined && met.base?.hash !== file.base?.hash;
  return older && !file.theirs ? { ...unknownFile, base: met.base, theirs: file.base } : file;
}
