import type { FormatId, Span } from '../format/document.ts';
import { lineMasks } from './plain.ts';

/** A line of a file in a search editor: its number, a colon where it matches, the line. */
const found = /^( +\d+(?::| ) )(.*)$/;

/**
 * Masks of the lines of secret files in the text of a search editor, which has each file's path on a line of its own and
 * below it the lines that were found. @param formatOf the format of a file by the path that stands there; undefined for one
 * that holds no secrets
 */
export function resultMasks(text: string, formatOf: (path: string) => FormatId | undefined): Span[] {
  const spans: Span[] = [];
  let format: FormatId | undefined;
  let at = 0;
  for (const line of text.split('\n')) {
    // A window on Windows may end lines in its own way.
    const shown = line.replace(/\r$/, '');
    const [, head = '', content = ''] = found.exec(shown) ?? [];
    if (!head) format = shown.endsWith(':') ? formatOf(shown.slice(0, -1)) : undefined;
    const from = at + head.length;
    if (head && format)
      spans.push(...lineMasks(content, format).map(({ start, end }) => ({ start: from + start, end: from + end })));
    at += line.length + 1;
  }
  return spans;
}
