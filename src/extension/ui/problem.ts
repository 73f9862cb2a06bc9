import { isOurs } from '../../core/errors.ts';
import type { Problem } from '../../protocol/messages.ts';
import { wordsOfAny } from './words.ts';

/** A failure as the page shows it: words, and where in the text. */
export function problemOf(error: unknown): Problem {
  const { message, next } = wordsOfAny(error);
  const known = isOurs(error) ? error : undefined;
  const line = known?.place.line;
  return { code: known?.code ?? 'IO', text: `${message} ${next}`, ...(line === undefined ? {} : { line }) };
}
