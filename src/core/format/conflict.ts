import { LockstepError } from '../errors.ts';
import type { Format } from './document.ts';

/** The 1-based line of the first part that a merge marked; undefined when there is none. */
function conflictLine(text: string): number | undefined {
  if (!text.includes('<<<<<<< ')) return undefined;
  let [start, middle] = [0, false];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.startsWith('<<<<<<< ')) [start, middle] = [i + 1, false];
    else if (line === '=======' && start > 0) middle = true;
    else if (line.startsWith('>>>>>>> ') && middle) return start;
  }
  return undefined;
}

/**
 * A format whose `parse` throws SYNTAX (`conflict`), with the line, for a text with the conflict markers of a merge: what the
 * parser stumbles over is seldom the marker itself.
 */
export function namingConflicts(format: Format): Format {
  return {
    ...format,
    parse(text, eol) {
      try {
        return format.parse(text, eol);
      } catch (error) {
        const line = conflictLine(text);
        throw line === undefined ? error : new LockstepError('SYNTAX', { line, what: 'conflict' });
      }
    },
  };
}
