import type { Span } from '../format/document.ts';

/** What is shown in a value's place. Always eight dots: a mask must not give away the length. */
export const MASK = '•'.repeat(8);

/** Whether `[start, end]` and a span share a position, edges included: a cursor right beside a mask touches it. */
export function touches(span: Span, start: number, end: number): boolean {
  return start <= span.end && end >= span.start;
}

/** Sorted, without empty ones, overlapping ones joined. Neighbours that only meet stay apart: each is a value. */
export function tidySpans(spans: readonly Span[]): Span[] {
  const out: { start: number; end: number }[] = [];
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = out.at(-1);
    if (end <= start) continue;
    if (last && start < last.end) last.end = Math.max(last.end, end);
    else out.push({ start, end });
  }
  return out;
}

/** One edit as a text editor reports it: `length` characters at `offset` became `inserted` characters. */
interface Edit {
  readonly offset: number;
  readonly length: number;
  readonly inserted: number;
}

/**
 * Where spans are after one edit, as an editor's own decorations move: one before it stays, one after it shifts, one
 * that the edit touches grows over it. Sorted and apart before, sorted and apart after.
 */
export function moveSpans(spans: readonly Span[], edit: Edit): Span[] {
  const by = edit.inserted - edit.length;
  const editEnd = edit.offset + edit.length;
  const moved = spans.map(({ start, end }) => {
    if (end < edit.offset) return { start, end };
    if (start > editEnd) return { start: start + by, end: end + by };
    return { start: Math.min(start, edit.offset), end: Math.max(end, editEnd) + by };
  });
  return tidySpans(moved);
}
