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
