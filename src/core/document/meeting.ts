import { isDirty, type State, type TextEditor } from './state.ts';
import { sameLines } from './steps.ts';

/**
 * What is to happen when the document and the text editor of its file are looked at together: both are the `same`; the
 * editor is to get the document's text (`push`); the document `take`s the editor's, as edits of one history; or as a `step`
 * of its own, because both have edits; or they are `apart` for now.
 */
export function meeting(state: State, { text, dirty }: TextEditor): 'same' | 'push' | 'take' | 'step' | 'apart' {
  const { met, file } = state;
  if (sameLines(text, state.text)) return 'same';
  // It is our document that went on; not over the other version of a conflict.
  if (met === text) return file.theirs ? 'apart' : 'push';
  // An editor without edits shows the file. Where it seems to show something else, it reads the bytes as other characters
  // than we do, or has not looked yet: that is no edit.
  if (!dirty && !sameLines(text, file.base?.text ?? '')) return 'apart';
  if (met !== undefined && sameLines(met, state.text)) return 'take';
  // It shows the other version of a conflict.
  if (file.theirs) return 'apart';
  if (!isDirty(state)) return 'take';
  // With edits on both sides the text editor's count, and undo brings ours back.
  return dirty ? 'step' : 'push';
}
