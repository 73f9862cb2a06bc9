import { utf8 } from '../bytes.ts';
import { isCommon } from './common.ts';
import { spellings } from './spellings.ts';

/** A value that a program was given, with the name it has there. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

/** Bytes to look for, and whose they are. */
export interface Pattern {
  readonly bytes: Uint8Array;
  readonly name: string;
}

/** A value that is not looked for: every other word of a program's output would be covered, or nothing was hidden by it. */
export interface LeftOut {
  readonly name: string;
  readonly why: 'short' | 'common';
}

/** Shorter values are not looked for. In characters. */
const shortest = 4;
/** From here on a value is looked for in other spellings too, and a spelling or a line of a value counts. */
const longEnough = 8;

/**
 * Everything that gives values away when a program prints them: each value, and its spellings in the encodings that programs print, except
 * for those that are `leftOutOf` the search.
 */
export function patternsOf(secrets: readonly Secret[]): readonly Pattern[] {
  const found = new Map<string, Pattern>();
  for (const { name, value } of secrets) {
    if (whyNot(value)) continue;
    for (const text of [value, ...partsOf(value)].flatMap(textsOf))
      if (!found.has(text)) found.set(text, { bytes: utf8(text), name });
  }
  return [...found.values()];
}

/** The values that are not looked for. An empty one is no secret, and is passed over in silence. */
export function leftOutOf(secrets: readonly Secret[]): readonly LeftOut[] {
  return secrets.flatMap(({ name, value }) => {
    const why = whyNot(value);
    return why && value.trim() !== '' ? [{ name, why }] : [];
  });
}

function whyNot(value: string): LeftOut['why'] | undefined {
  if (value.length < shortest || value.trim() === '') return 'short';
  return isCommon(value) ? 'common' : undefined;
}

/**
 * What a program makes of a value before it prints it: it drops white space at both ends, and takes the password out of
 * `postgres://user:password@host`, as written or decoded.
 */
function partsOf(value: string): string[] {
  const password = /^\s*[a-z][a-z\d+.-]*:\/\/[^/?#@:]*:([^/?#]+)@/i.exec(value)?.[1] ?? '';
  return [...new Set([value.trim(), password, decoded(password)])].filter((text) => whyNot(text) === undefined);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function textsOf(value: string): string[] {
  if (value.length < longEnough) return [value];
  return [value, ...[...spellings(value)].filter((text) => text.length >= longEnough)];
}
