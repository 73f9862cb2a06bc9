import type { Span } from '../format/document.ts';

/** Line starts of a text, to turn offsets into lines without asking an editor for each. `\r\n` and `\n` end a line. */
export class Lines {
  readonly starts: readonly number[];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    const starts = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.starts = starts;
  }

  get count(): number {
    return this.starts.length;
  }

  /** 0-based line of an offset. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  start(line: number): number {
    return this.starts[line] ?? this.#text.length;
  }

  /** The end of a line's content, before `\r\n` or `\n`. */
  end(line: number): number {
    const next = this.starts[line + 1];
    if (next === undefined) return this.#text.length;
    return this.#text[next - 2] === '\r' ? next - 2 : next - 1;
  }

  /** A line's content. */
  text(line: number): string {
    return this.#text.slice(this.start(line), this.end(line));
  }

  position(offset: number): { line: number; character: number } {
    const line = this.lineAt(offset);
    return { line, character: Math.max(0, Math.min(offset, this.end(line)) - this.start(line)) };
  }
}

/** A mask on a line. */
export interface LineMask extends Span {
  /** A parser takes it for no value: a comment that holds an assignment, or a line that goes on. */
  readonly stray: boolean;
}

/**
 * Masks of a text that does not parse, line by line. `find`: where the secret part of a line is, if there is one; without
 * `end`, up to the blanks at the line's end.
 */
export function maskLines(
  text: string,
  find: (content: string) => { readonly from: number; readonly end?: number; readonly stray?: boolean } | undefined,
): LineMask[] {
  const lines = new Lines(text);
  return lines.starts.flatMap((start, line) => {
    const content = lines.text(line);
    const found = find(content);
    const end = found?.end ?? content.trimEnd().length;
    return found && end > found.from
      ? [{ start: start + found.from, end: start + end, stray: found.stray ?? false }]
      : [];
  });
}

/** A line without backslashes and what each of them escapes. */
export const unescaped = (content: string) => content.replace(/\\.?/gs, '');
