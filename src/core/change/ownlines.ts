import type { SourceDocument, Span } from '../format/document.ts';
import { linesOf } from '../format/linerules.ts';

/**
 * The comment lines that belong to what stands on the line of `offset`: those right above it at its own column, without
 * a blank line between. From the start of the first line to the start of the line of `offset`; empty if there are none.
 * @param from no line that starts before this offset is looked at: what stands above ends there.
 */
export function linesAbove(doc: SourceDocument, offset: number, from: number): Span {
  const { text } = doc;
  const { lineStart } = linesOf(doc);
  const end = lineStart(text, offset);
  const indent = /^[ \t]*/.exec(text.slice(end, offset))?.[0] ?? '';
  let start = end;
  while (start > from) {
    const above = lineStart(text, start - 1);
    if (above < from || !isComment(doc, text.slice(above, start), indent)) break;
    start = above;
  }
  return { start, end };
}

function isComment(doc: SourceDocument, line: string, indent: string): boolean {
  if (!line.startsWith(indent)) return false;
  return signsOf(doc).includes(line.charAt(indent.length) || ' ');
}

/** What a comment line can start with. */
function signsOf(doc: SourceDocument): string {
  return doc.format === 'ini' ? '#;' : '#';
}
