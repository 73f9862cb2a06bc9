import { applyEdits, type TextEdit } from '../../../core/format/document.ts';
import { hashOf } from '../../../core/hash.ts';
import type { SealedText } from '../../../core/seal/prove.ts';

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

/** The way from one sealed text to another and back. Ciphertext only, and only the parts that differ. */
export interface Step {
  readonly forth: readonly TextEdit[];
  readonly back: readonly TextEdit[];
  readonly before: string;
  readonly after: string;
}

/** Edits that refer to `before`, and those that take them back. */
export function stepOf(before: string, edits: readonly TextEdit[], after: string): Step {
  let shift = 0;
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  const back = sorted.map(({ start, end, text }) => {
    const at = start + shift;
    shift += text.length - (end - start);
    return { start: at, end: at + text.length, text: before.slice(start, end) };
  });
  return { forth: sorted, back, before: hashOf(before), after: hashOf(after) };
}

/** The text on the other side of a step; undefined for a text that is not the one on this side. */
export function travel(text: string, step: Step, forth: boolean): string | undefined {
  if (hashOf(text) !== (forth ? step.before : step.after)) return undefined;
  return applyEdits(text, forth ? step.forth : step.back);
}

/** One edit that makes `after` out of `before`; none when they are the same. */
export function differenceOf(before: string, after: string): TextEdit[] {
  if (before === after) return [];
  const least = Math.min(before.length, after.length);
  let start = 0;
  while (start < least && before[start] === after[start]) start++;
  let end = 0;
  while (end < least - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return [{ start, end: before.length - end, text: after.slice(start, after.length - end) }];
}
