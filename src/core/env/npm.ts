/**
 * A `.env` as npm's `dotenv` 16 and 17 read it (lib/main.js, `parse`): its own pattern, tried at the first sign of each line,
 * where it alone can match, instead of at every place of the text, which takes time by the square.
 */

/** What follows the blanks at the start of a line. */
const assignment =
  /(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?\s*(?:#.*)?$/dmy;
const blanks = /\s*/y;
/** Where JavaScript's patterns take a line to end. */
const lineEnd = /[\n\u2028\u2029]/g;

/** One assignment of a text whose line ends are LF. */
export interface Assigned {
  readonly name: string;
  readonly value: string;
  /** Offsets: the name with what precedes it, and the value with its quotes. */
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** What is assigned in a text, in order. @param text with LF, see `withLf`. */
export function* assignments(text: string): Generator<Assigned> {
  for (let line = 0; line < text.length; ) {
    blanks.lastIndex = line;
    blanks.test(text);
    const start = blanks.lastIndex;
    assignment.lastIndex = start;
    const found = assignment.exec(text);
    const end = found ? start + found[0].length : start;
    if (found) yield assigned(found, start);
    lineEnd.lastIndex = end;
    line = lineEnd.test(text) ? lineEnd.lastIndex : text.length;
  }
}

/** As dotenv makes line ends alike. */
export const withLf = (text: string) => text.replace(/\r\n?/g, '\n');

function assigned(found: RegExpExecArray, start: number): Assigned {
  const [, name = '', raw = ''] = found;
  const value = raw.trim();
  const end = start + found[0].length;
  const valueStart = (found.indices?.[2]?.[0] ?? end) + raw.length - raw.trimStart().length;
  return { name, value: unquoted(value), start, valueStart, valueEnd: valueStart + value.length };
}

function unquoted(value: string): string {
  const bare = value.replace(/^(['"`])([\s\S]*)\1$/gm, '$2');
  return value.startsWith('"') ? bare.replaceAll('\\n', '\n').replaceAll('\\r', '\r') : bare;
}

/** Names and values of a `.env`. */
export function readNpm(text: string): Map<string, string> {
  return new Map([...assignments(withLf(text))].map(({ name, value }) => [name, value]));
}
