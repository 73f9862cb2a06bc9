import { RE2JS, type RE2JSSyntaxException } from 're2js';
import { LockstepError, type Setting } from '../errors.ts';
import type { Span } from '../format/document.ts';
import { visible } from '../tree/path.ts';
import { compileCost } from './size.ts';

/** An RE2 pattern: what SOPS means by a regular expression. Hold it against texts by an `Effort`. */
export interface Pattern {
  readonly source: string;
  /** Instructions of the compiled program: each character of a text may cost so many steps. */
  readonly size: number;
  /** An unanchored search. */
  test(text: string): boolean;
  /** Where the first match of an unanchored search is, as offsets into the text. */
  find(text: string): Span | undefined;
}

/** Of one pattern: a third of a second, and ten times what people write. */
const maxCost = 30_000;

/** Patterns that were compiled last. A file's is wanted for every look at the file, one of a rule in many rules. */
const known = new Map<string, Pattern>();
const maxKnown = 64;
const maxKnownSize = 500_000;

/**
 * Compile a pattern. SOPS treats one that RE2 rejects as "no match", which can leave a whole file as plaintext;
 * here it is an error: throws BAD_REGEX with the setting and RE2's reason.
 */
export function compilePattern(source: string, setting: Setting): Pattern {
  const found = known.get(source) ?? compile(source, setting);
  known.delete(source);
  known.set(source, found);
  forget();
  return found;
}

function compile(source: string, setting: Setting): Pattern {
  if (compileCost(source) > maxCost) throw new LockstepError('BAD_REGEX', { what: 'too-large', setting });
  try {
    const compiled = RE2JS.compile(source);
    const find = (text: string) => firstMatch(compiled, text);
    return { source, size: compiled.programSize(), test: (text) => find(text) !== undefined, find };
  } catch (error) {
    throw new LockstepError('BAD_REGEX', { setting, reason: reasonOf(error) });
  }
}

/** The oldest go first. */
function forget(): void {
  let size = 0;
  for (const pattern of known.values()) size += pattern.size;
  for (const [source, pattern] of known) {
    if (known.size <= maxKnown && size <= maxKnownSize) return;
    known.delete(source);
    size -= pattern.size;
  }
}

/** RE2's own words, and the part of the pattern that they are about. */
function reasonOf(error: unknown): string {
  if (!isSyntaxError(error)) return 'RE2 does not accept it';
  const words = error.getDescription();
  const part = [...visible(error.getPattern() ?? '')];
  if (part.length === 0) return words;
  return `${words}: ${part.length > maxPart ? `${part.slice(0, maxPart).join('')}…` : part.join('')}`;
}

const maxPart = 60;

/** By its name: its class would load the whole package, which a bundle puts off until a pattern is there. */
function isSyntaxError(error: unknown): error is RE2JSSyntaxException {
  return error instanceof Error && error.name === 'RE2JSSyntaxException';
}

function firstMatch(compiled: RE2JS, text: string): Span | undefined {
  const matcher = compiled.matcher(text);
  return matcher.find() ? { start: matcher.start(), end: matcher.end() } : undefined;
}
