import type { Text } from '@codemirror/state';

/** The part of a line before its first masked value. */
const head = (line: string) => line.split('\uE000', 1)[0] ?? '';

/**
 * Where the cursor goes when the host has put the text in another order, and masks have moved: to the line that begins the
 * same (the n-th of those), else to the line of the same number; at the same column.
 */
export function sameLine(before: Text, at: number, after: Text): number {
  const line = before.lineAt(at);
  const start = head(line.text);
  let nth = 0;
  for (let n = 1; n < line.number; n++) if (head(before.line(n).text) === start) nth++;
  let found = after.line(Math.min(line.number, after.lines));
  for (let n = 1; n <= after.lines && nth >= 0; n++) {
    if (head(after.line(n).text) !== start) continue;
    if (nth-- === 0) found = after.line(n);
  }
  return Math.min(found.from + at - line.from, found.to);
}
