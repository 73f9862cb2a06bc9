import { applyEdits, type TextEdit } from '../format/document.ts';
import { type UnknownText, unknownText } from '../seal/prove.ts';

/** A hash of the platform, by which two texts are compared. */
export type Digest = (text: string) => string;

/** The way from one encrypted text to another and back. Ciphertext only, and only the parts that differ. */
export interface Step {
  readonly forth: readonly TextEdit[];
  readonly back: readonly TextEdit[];
  /** Digests of the texts at both ends. */
  readonly before: string;
  readonly after: string;
}

/** Edits that refer to `before`, and those that take them back. */
export function stepOf(before: string, edits: readonly TextEdit[], after: string, digest: Digest): Step {
  let shift = 0;
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  const back = sorted.map(({ start, end, text }) => {
    const at = start + shift;
    shift += text.length - (end - start);
    return { start: at, end: at + text.length, text: before.slice(start, end) };
  });
  return { forth: sorted, back, before: digest(before), after: digest(after) };
}

/** The text at the other end of a step; undefined for a text that is not the one at this end. */
export function travel(text: string, step: Step, forth: boolean, digest: Digest): UnknownText | undefined {
  if (digest(text) !== (forth ? step.before : step.after)) return undefined;
  return unknownText(applyEdits(text, forth ? step.forth : step.back));
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

/** Whether two texts differ in their line ends at most, which an editor makes all the same when it opens a file. */
export function sameLines(a: string, b: string): boolean {
  return a === b || a.replaceAll('\r\n', '\n') === b.replaceAll('\r\n', '\n');
}
