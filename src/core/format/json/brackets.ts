import type { Span, TextEdit } from '../document.ts';
import { changedRuns, type Part } from '../metafields.ts';

/**
 * Edits that make `{…}` or `[…]` hold these parts. Members that stay keep their bytes and what is between them.
 * @param inside the span between the brackets. @param gap what stands between two members where nothing shows it.
 */
export function bracketEdits<T extends { readonly span: Span }>(
  text: string,
  inside: Span,
  old: readonly T[],
  parts: readonly Part<T>[],
  gap: string,
): TextEdit[] {
  const separator = separatorOf(text, old, gap);
  return changedRuns(old, parts).map(({ from, to, texts }): TextEdit => {
    const [before, after, last] = [old[from - 1], old[to], old[to - 1]];
    const joined = texts.join(separator);
    if (before) {
      const end = to > from ? (last as T).span.end : before.span.end;
      return { start: before.span.end, end, text: joined && separator + joined };
    }
    if (after) {
      const start = to > from ? (old[from] as T).span.start : after.span.start;
      return { start, end: after.span.start, text: joined && joined + separator };
    }
    const [first, end] = [old[0], old.at(-1)];
    if (first && end && joined) return { start: first.span.start, end: end.span.end, text: joined };
    return { ...inside, text: joined };
  });
}

/** The comma with its white space between the first two members. */
function separatorOf(text: string, old: readonly { readonly span: Span }[], gap: string): string {
  const [first, second] = old;
  const found = first && second ? text.slice(first.span.end, second.span.start) : '';
  return /^\s*,\s*$/.test(found) ? found : `,${gap}`;
}
