/**
 * The words of a command line, as sops takes apart those in its variables (github.com/google/shlex): white space between
 * words, `'…'` as it stands, `"…"` and the rest with `\` before a character that is meant as it is, `#` up to the end of the
 * line a comment. No variables, no globs, no other programs: nothing of a shell. Undefined when a quote does not end.
 */
export function shellWords(line: string): string[] | undefined {
  const words: string[] = [];
  const pattern = /#[^\n]*|((?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|[^ \t\r\n\\'"])+)|[ \t\r\n]+/sy;
  while (pattern.lastIndex < line.length) {
    // A word may hold a `#`, so only one at its start begins a comment.
    const found = pattern.exec(line);
    if (!found) return undefined;
    if (found[1] !== undefined) words.push(bare(found[1]));
  }
  return words;
}

const bare = (word: string) =>
  word.replace(/\\(.)|'([^']*)'|"((?:\\.|[^"\\])*)"/gs, (_, escaped, single, double) =>
    double === undefined ? (escaped ?? single) : double.replace(/\\(.)/gs, '$1'),
  );
