import { LockstepError } from '../errors.ts';
import { applyEdits, type TextEdit } from '../format/document.ts';
import { Lines } from '../view/lines.ts';
import { type Assigned, assignments, readNpm, withLf } from './npm.ts';

/** A value in quotes that goes on over line ends, which loaders read and SOPS's dotenv cannot hold. */
interface SeveralLines {
  readonly name: string;
  /** From 1, of the first and the last line. */
  readonly line: number;
  readonly lastLine: number;
}

/** The values of several lines in a plain `.env`. */
export function severalLines(text: string): SeveralLines[] {
  const lf = withLf(text);
  const lines = new Lines(lf);
  return broken(lf).map(({ name, start, valueEnd }) => ({
    name,
    line: lines.lineAt(start) + 1,
    lastLine: lines.lineAt(valueEnd) + 1,
  }));
}

function broken(lf: string): Assigned[] {
  if (!/["'`]/.test(lf)) return [];
  return [...assignments(lf)].filter(({ valueStart, valueEnd }) => lf.slice(valueStart, valueEnd).includes('\n'));
}

/** Throws `severalLinesError` of a `.env` that is to be encrypted, but for what was so in the text `before`. */
export function requireOneLineEach(text: string, before = ''): void {
  const known = new Set(severalLines(before).map(({ name }) => name));
  const fresh = severalLines(text).find(({ name }) => !known.has(name));
  if (fresh) throw errorOf(fresh);
}

/**
 * SYNTAX for a value of several lines. sops takes each of its lines for an entry: one with an equals sign would even
 * be in the encrypted file, up to the sign, as plaintext.
 * @param line of a text that does not parse, from 1, which is a part of the value.
 */
export function severalLinesError(text: string, line = 0): LockstepError | undefined {
  const found = severalLines(text).find((one) => one.line <= line && line <= one.lastLine);
  return found && errorOf(found);
}

function errorOf({ name, ...place }: SeveralLines): LockstepError {
  return new LockstepError('SYNTAX', { ...place, path: [name], what: 'several-lines' });
}

/**
 * The text with each value of several lines on one, in double quotes with `\n`: what a loader reads stays the same. Throws
 * BAD_VALUE with the name of one that cannot be written so, as its quotes or its `\n` would mean something else.
 */
export function joinLines(text: string): string {
  const lf = withLf(text);
  const found = broken(lf);
  if (found.length === 0) return text;
  const edits = found.map(({ name, value, valueStart, valueEnd }): TextEdit => {
    const joined = `"${value.replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"`;
    if (readNpm(`A=${joined}`).get('A') !== value)
      throw new LockstepError('BAD_VALUE', { path: [name], what: 'lines' });
    return { start: valueStart, end: valueEnd, text: joined };
  });
  const joined = applyEdits(lf, edits);
  return text.includes('\r\n') ? joined.replaceAll('\n', '\r\n') : joined;
}
