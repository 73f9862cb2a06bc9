import { RE2JS } from 're2js';
import { LockstepError } from '../errors.ts';
import type { Span } from '../format/document.ts';

/** An RE2 pattern: what SOPS means by a regular expression. It runs in linear time, so no pattern can hang the editor. */
export interface Pattern {
  readonly source: string;
  /** An unanchored search. */
  test(text: string): boolean;
  /** Where the first match is, as offsets into the text. */
  find(text: string): Span | undefined;
}

/**
 * Characters of a pattern and the numbers of its repetitions, together: ten times what people write. Compiling unrolls
 * repetitions, and one that is over could take seconds.
 */
const maxSize = 20_000;

function sizeOf(source: string): number {
  let size = source.length;
  for (const [, least, most] of source.matchAll(/\{(\d+)(?:,(\d*))?\}/g)) size += Number(most || least);
  return size;
}

/**
 * Compile a pattern. SOPS treats one that RE2 rejects as "no match", which can leave a whole file in clear text;
 * here it is an error: throws BAD_REGEX with `what` naming the setting.
 */
export function compilePattern(source: string, what: string): Pattern {
  if (sizeOf(source) > maxSize) throw new LockstepError('BAD_REGEX', { what });
  try {
    const compiled = RE2JS.compile(source);
    return { source, test: (text) => compiled.matcher(text).find(), find: (text) => firstMatch(compiled, text) };
  } catch {
    throw new LockstepError('BAD_REGEX', { what });
  }
}

function firstMatch(compiled: RE2JS, text: string): Span | undefined {
  const matcher = compiled.matcher(text);
  return matcher.find() ? { start: matcher.start(), end: matcher.end() } : undefined;
}
