/** Finds many short words in texts at once, in one pass, whatever the case of their letters (Aho and Corasick, 1975). */
export class Words {
  /** The column of each character in the table: 0 for those that are in no word. */
  readonly #columns = new Uint8Array(128);
  readonly #width: number;
  /** The next state, by state and column. */
  readonly #next: Int32Array;
  /** What ends in a state: numbers of words. */
  readonly #ends: readonly (readonly number[] | undefined)[];

  /** @param words in small letters, ASCII */
  constructor(words: readonly string[]) {
    const letters = [...new Set(words.join(''))].sort();
    this.#width = letters.length + 1;
    for (const [i, letter] of letters.entries()) {
      this.#columns[letter.charCodeAt(0)] = i + 1;
      this.#columns[letter.toUpperCase().charCodeAt(0)] = i + 1;
    }
    const next: number[][] = [this.#row()];
    const ends: number[][] = [[]];
    for (const [n, word] of words.entries()) {
      let state = 0;
      for (const letter of word) {
        const column = this.#columns[letter.charCodeAt(0)] as number;
        const row = next[state] as number[];
        if (row[column] === -1) {
          row[column] = next.push(this.#row()) - 1;
          ends.push([]);
        }
        state = row[column] as number;
      }
      ends[state]?.push(n);
    }
    link(next, ends);
    this.#next = Int32Array.from(next.flat());
    this.#ends = ends.map((one) => (one.length > 0 ? one : undefined));
  }

  #row(): number[] {
    return new Array<number>(this.#width).fill(-1);
  }

  /** Calls `found` for each word where it ends, with its number and the place behind it. */
  find(text: string, found: (word: number, end: number) => void): void {
    const [columns, next, width, ends] = [this.#columns, this.#next, this.#width, this.#ends];
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      state = code > 127 ? 0 : (next[state * width + (columns[code] as number)] as number);
      const ended = ends[state];
      if (ended) for (const word of ended) found(word, at + 1);
    }
  }
}

/** From where a word does not go on, to the longest beginning of another that has been read. */
function link(next: number[][], ends: number[][]): void {
  const fails = new Array<number>(next.length).fill(0);
  const queue: number[] = [];
  const [root = []] = next;
  for (const [column, state] of root.entries()) {
    if (state === -1) root[column] = 0;
    else queue.push(state);
  }
  for (let at = 0; at < queue.length; at++) {
    const state = queue[at] as number;
    const row = next[state] as number[];
    const back = fails[state] as number;
    ends[state]?.push(...(ends[back] ?? []));
    for (const [column, to] of row.entries()) {
      const otherwise = next[back]?.[column] as number;
      if (to === -1) row[column] = otherwise;
      else {
        fails[to] = otherwise;
        queue.push(to);
      }
    }
  }
}
