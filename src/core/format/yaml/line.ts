/**
 * Lines of a YAML text: the one definition of a line break for all that reads and writes YAML. It is go-yaml's `is_break`
 * (yamlprivateh.go): CR, LF, NEL, LS and PS, and CR LF is one. The lines of the other formats end in LF: see place.ts.
 */

/** Whether a character breaks a line. */
export function isBreak(c: number): boolean {
  return c === 0x0a || c === 0x0d || c === 0x85 || c === 0x2028 || c === 0x2029;
}

/** The inside of a character class of a pattern: what breaks a line. */
const marks = '\\n\\r\\x85\\u2028\\u2029';

/** A pattern in which `%B` stands for one line break, and `%b` inside brackets for the characters that break lines. */
export function linePattern(source: string, flags = ''): RegExp {
  return new RegExp(source.replaceAll('%B', `(?:\\r\\n|[${marks}])`).replaceAll('%b', marks), flags);
}

/** Whether a line ends behind the character at `at`. */
function endsLine(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  return isBreak(c) && !(c === 0x0d && text.charCodeAt(at + 1) === 0x0a);
}

/** Where the line that holds `offset` starts. */
export function lineStart(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && !endsLine(text, at - 1)) at--;
  return at;
}

/** Where the line that holds `offset` ends, before its line break. */
export function lineEnd(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && !isBreak(text.charCodeAt(at))) at++;
  return at;
}

/** Where the next line starts, the end of the text if there is none. */
export function nextLine(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && !endsLine(text, at)) at++;
  return Math.min(at + 1, text.length);
}

/** Whether `offset` is behind a line break. */
export function isBehindBreak(text: string, offset: number): boolean {
  return offset > 0 && isBreak(text.charCodeAt(offset - 1));
}

const white = linePattern('^[ \\t%b]*$');

/** Whether a stretch holds blanks and line breaks only: other white space is content to YAML. */
export function isWhite(text: string): boolean {
  return white.test(text);
}

/** The same, where a byte order mark may stand as well. */
export function isMargin(text: string): boolean {
  return isWhite(text.replace('\uFEFF', ''));
}

/** Where the blanks and line breaks before `offset` start. */
export function whiteBefore(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && isWhite(text.charAt(at - 1))) at--;
  return at;
}
