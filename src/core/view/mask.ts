import type { Span } from '../format/document.ts';
import type { Lines } from './lines.ts';

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

/**
 * When a mask gives way to a cursor. `inside`: a plain value is shown to whoever went into it, not to a selection that runs
 * across it. `never`: nobody edits ciphertext.
 */
export type Yielding = 'inside' | 'never';

/** Indices of the masks that are left out. */
export function leftOut(spans: readonly Span[], selections: readonly Span[], when: Yielding): number[] {
  if (when === 'never') return [];
  const out: number[] = [];
  spans.forEach((span, i) => {
    if (selections.some((s) => s.start >= span.start && s.end <= span.end)) out.push(i);
  });
  return out;
}

interface Piece {
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

/** Spans as pieces of single lines, without the white space that starts a line: a block shows dots on each of its lines. */
export function pieces(spans: readonly Span[], lines: Lines): Piece[] {
  const out: Piece[] = [];
  for (const span of spans) {
    const first = lines.lineAt(span.start);
    for (let line = first; line < lines.count && lines.start(line) < span.end; line++) {
      const start = lines.start(line);
      const indent = line === first ? 0 : lines.text(line).length - lines.text(line).trimStart().length;
      const from = Math.max(span.start - start, indent);
      const to = Math.min(span.end, lines.end(line)) - start;
      if (to > from) out.push({ line, from, to });
    }
  }
  return out;
}
