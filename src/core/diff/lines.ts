import type { TextEdit } from '../format/document.ts';
import { align } from './align.ts';

/** The edits that make `after` out of `before`: one for each run of changed lines, cut to the characters that differ. */
export function textEdits(before: string, after: string): TextEdit[] {
  const same = sameLines(before, after);
  const old = linesOf(before.slice(same));
  const fresh = linesOf(after.slice(same));
  const pairs = align(old, fresh);
  const edits: TextEdit[] = [];
  const offsets = [same];
  for (const line of old) offsets.push((offsets.at(-1) as number) + line.length);
  let done = 0;
  let text = '';
  const flush = (to: number): void => {
    const [start, end] = [offsets[done] as number, offsets[to] as number];
    if (end > start || text !== '') edits.push(trimmed(before, { start, end, text }));
    text = '';
  };
  fresh.forEach((line, j) => {
    const pair = pairs[j] as number;
    if (pair === -1) {
      text += line;
      return;
    }
    flush(pair);
    done = pair + 1;
  });
  flush(old.length);
  return edits;
}

/** How far both texts have the same whole lines. */
function sameLines(before: string, after: string): number {
  const most = Math.min(before.length, after.length);
  let at = 0;
  while (at < most && before.charCodeAt(at) === after.charCodeAt(at)) at++;
  return at === 0 ? 0 : before.lastIndexOf('\n', at - 1) + 1;
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Without the characters that stay at both ends. A pair of surrogates is not parted. */
function trimmed(before: string, { start, end, text }: TextEdit): TextEdit {
  let head = 0;
  const most = Math.min(end - start, text.length);
  while (head < most && before[start + head] === text[head]) head++;
  if (head > 0 && isHigh(text.charCodeAt(head - 1))) head--;
  let tail = 0;
  while (tail < most - head && before[end - 1 - tail] === text[text.length - 1 - tail]) tail++;
  if (tail > 0 && isLow(text.charCodeAt(text.length - tail))) tail--;
  return { start: start + head, end: end - tail, text: text.slice(head, text.length - tail) };
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

/**
 * Where an offset of the text before `edits` (in order, not overlapping) is after them: behind what was put there.
 * Undefined inside a part that was replaced.
 */
export function shifted(edits: readonly TextEdit[], offset: number): number | undefined {
  let moved = offset;
  for (const edit of edits) {
    if (edit.start > offset || (edit.start === offset && edit.end > offset)) break;
    if (edit.end > offset) return undefined;
    moved += edit.text.length - (edit.end - edit.start);
  }
  return moved;
}
