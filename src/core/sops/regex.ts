import { RE2JS } from 're2js';
import { LockstepError } from '../errors.ts';
import type { Span } from '../format/document.ts';

/** An RE2 pattern: what SOPS means by a regular expression. It runs in linear time, so no pattern can hang the editor. */
export interface Pattern {
  readonly source: string;
  /** How many ways through it may be open at once, at most: each character of a text costs so much. */
  readonly cost: number;
  /** An unanchored search. */
  test(text: string): boolean;
  /** Where the first match is, as offsets into the text. */
  find(text: string): Span | undefined;
}

/**
 * Characters of a pattern, the numbers of its repetitions and its classes of Unicode, together: ten times what people write.
 * Compiling unrolls repetitions, and one that is over could take seconds.
 */
const maxSize = 20_000;
/** A Unicode class in a pattern is a table of hundreds of ranges. */
const classSize = 15;

/** What it costs to compile a pattern: about 10 microseconds for each. */
export function patternSize(source: string): number {
  return source.length + repetitions(source) + classSize * (source.match(/\\[pP]/g)?.length ?? 0);
}

function repetitions(source: string): number {
  let sum = 0;
  for (const [, least, most] of source.matchAll(/\{(\d+)(?:,(\d*))?\}/g)) sum += Number(most || least);
  return sum;
}

/** RE2 follows all ways at once, of which repetitions, choices and classes open more. The few that people write cost nothing. */
function costOf(source: string): number {
  const ways = repetitions(source) + (source.match(/[*+?|.[\\(]/g)?.length ?? 0);
  return Math.max(1, ways - 9);
}

/**
 * Compile a pattern. SOPS treats one that RE2 rejects as "no match", which can leave a whole file in clear text;
 * here it is an error: throws BAD_REGEX with `what` naming the setting.
 */
export function compilePattern(source: string, what: string): Pattern {
  if (patternSize(source) > maxSize) throw new LockstepError('BAD_REGEX', { what });
  try {
    const compiled = RE2JS.compile(source);
    return {
      source,
      cost: costOf(source),
      test: (text) => compiled.matcher(text).find(),
      find: (text) => firstMatch(compiled, text),
    };
  } catch {
    throw new LockstepError('BAD_REGEX', { what });
  }
}

function firstMatch(compiled: RE2JS, text: string): Span | undefined {
  const matcher = compiled.matcher(text);
  return matcher.find() ? { start: matcher.start(), end: matcher.end() } : undefined;
}
