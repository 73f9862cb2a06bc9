import { type LineMask, maskLines, unescaped } from './lines.ts';

// Behind a longer name the whole line is masked; without an end, the stack of the matcher would overflow.
const key = /^[\s{[,]*"(?:[^"\\]|\\.){0,4096}"\s*:[ \t]*/;
const punctuation = /^[\s{}[\],]*$/;

/** Masks of a JSON file that does not parse, line by line: all that follows the first name. */
export function jsonLineMasks(text: string): LineMask[] {
  let inString = false;
  return maskLines(text, (content) => {
    const from = inString ? 0 : (key.exec(content)?.[0].length ?? 0);
    const quotes = unescaped(content).split('"').length - 1;
    if (quotes % 2 === 1) inString = !inString;
    const rest = content.slice(from);
    if (!inString && punctuation.test(rest)) return undefined;
    return {
      from: from + rest.length - rest.trimStart().length,
      end: from + rest.trimEnd().replace(/,$/, '').length,
    };
  });
}
