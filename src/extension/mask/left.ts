import type { Span } from '../../core/format/document.ts';
import type { Lines } from '../../core/view/lines.ts';
import { touches } from '../../core/view/mask.ts';

/**
 * When a mask gives way to a cursor. `touching`: ciphertext is shown where one edits. `inside`: a plain value is shown to
 * whoever went into it, not to a selection that runs across it. `never`.
 */
export type Yielding = 'touching' | 'inside' | 'never';

/** Indices of the masks that are left out. */
export function leftOut(spans: readonly Span[], selections: readonly Span[], when: Yielding): number[] {
  if (when === 'never') return [];
  const out: number[] = [];
  spans.forEach((span, i) => {
    if (
      selections.some(
        (s) => touches(span, s.start, s.end) && (when === 'touching' || (s.start >= span.start && s.end <= span.end)),
      )
    ) {
      out.push(i);
    }
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
