import type { Span } from '../format/document.ts';
import { Lines } from './lines.ts';

// Behind a longer name the whole line is masked; without an end, the stack of the matcher would overflow.
const key = /^[\s{[,]*"(?:[^"\\]|\\.){0,4096}"\s*:[ \t]*/;
const punctuation = /^[\s{}[\],]*$/;

/** Masks of a JSON file that does not parse, line by line: all that follows the first name. */
export function jsonLineMasks(text: string): Span[] {
  const lines = new Lines(text);
  const masks: Span[] = [];
  let inString = false;
  for (let line = 0; line < lines.count; line++) {
    const content = lines.text(line);
    const from = inString ? 0 : (key.exec(content)?.[0].length ?? 0);
    if (quotes(content) % 2 === 1) inString = !inString;
    const rest = content.slice(from);
    if (!inString && punctuation.test(rest)) continue;
    const start = from + rest.length - rest.trimStart().length;
    const end = from + rest.trimEnd().replace(/,$/, '').length;
    if (end > start) masks.push({ start: lines.start(line) + start, end: lines.start(line) + end });
  }
  return masks;
}

function quotes(content: string): number {
  let count = 0;
  for (let at = 0; at < content.length; at++) {
    if (content[at] === '\\') at++;
    else if (content[at] === '"') count++;
  }
  return count;
}
