/**
 * The words of a command line, quoted as for a shell, of which nothing is expanded (google/shlex, which sops uses).
 * Undefined when a quote is left open. On Windows a backslash is a letter: it stands in paths.
 */
export function splitWords(line: string, platform: NodeJS.Platform): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < line.length; i++) {
    const c = line.charAt(i);
    if (c === '\\' && quote !== "'" && platform !== 'win32') {
      if (++i >= line.length) return undefined;
      word = (word ?? '') + line.charAt(i);
    } else if (quote) {
      if (c === quote) quote = '';
      else word = (word ?? '') + c;
    } else if (c === '"' || c === "'") {
      quote = c;
      word ??= '';
    } else if (/\s/.test(c)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + c;
  }
  if (quote) return undefined;
  return word === undefined ? words : [...words, word];
}
