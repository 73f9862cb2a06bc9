/** A word as a POSIX shell reads it, whatever is in it. */
export const shellQuoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** The same for people to read and copy: without quotes where a word needs none. */
export const shellWord = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : shellQuoted(word));
