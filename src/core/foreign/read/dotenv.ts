import { assignments, withLf } from '../../env/npm.ts';
import { LockstepError } from '../../errors.ts';
import { maxNodes } from '../../format/place.ts';
import { scalar, text as textScalar } from '../../tree/value.ts';
import { Lines } from '../../view/lines.ts';
import type { Entry } from '../found.ts';

/**
 * The assignments of a `.env` as npm's dotenv reads them, without quotes and with nothing put in for `$`. The public keys of dotenvx
 * are left out: they are no secrets. Throws SYNTAX with the line of a text that is no assignment, which loaders pass over in
 * silence, and of a value that most of them read to its end, and npm's to a `#`; TOO_LARGE.
 */
export function readDotenv(text: string): Entry[] {
  const lf = withLf(text);
  const lines = new Lines(lf);
  const covered = new Set<number>();
  const found: Entry[] = [];
  for (const { name, value, start, valueStart, valueEnd } of assignments(lf)) {
    const [first, last] = [lines.lineAt(start), lines.lineAt(Math.max(start, valueEnd - 1))];
    for (let line = first; line <= last; line++) covered.add(line);
    if (found.length >= maxNodes) throw new LockstepError('TOO_LARGE', { what: 'nodes', line: first + 1 });
    if (/^DOTENV_PUBLIC_KEY(?:_|$)/.test(name)) continue;
    const spelled = lf.slice(valueStart, valueEnd);
    if (isCut(spelled, lf.slice(start, valueEnd), lf[valueEnd]))
      throw new LockstepError('SYNTAX', { line: first + 1, what: 'hash-sign' });
    found.push({ path: [name], value: scalar(textScalar(value)), kind: 'plain', line: first + 1, spelled });
  }
  for (let line = 0; line < lines.count; line++)
    if (!covered.has(line) && !/^\s*(?:#.*)?$/.test(lines.text(line)))
      throw new LockstepError('SYNTAX', { line: line + 1, what: 'equals-sign' });
  return found;
}

/** Whether a `#` ends a value without quotes, or all of it, and no blank is in front: for most loaders it is a part of the value. */
const isCut = (spelled: string, line: string, next: string | undefined): boolean =>
  spelled === '' ? /^[^=:]*[=:]#\S/.test(line) : next === '#' && !quoted.test(spelled);

/** One quote in front does not put a value in quotes. */
const quoted = /^(?:'(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`)$/;
