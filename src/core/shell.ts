/** A word as a POSIX shell reads it, whatever is in it. */
export const shellQuoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
