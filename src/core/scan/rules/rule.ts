/** How one kind of secret is known. */
export interface Rule {
  /** Names it in lists, and in what is remembered of it; never text of a file. */
  readonly id: string;
  /** In small letters; without one of these in a text the pattern matches nothing in it. */
  readonly words: readonly string[];
  /** The secret is its first group that matched, else all of it. */
  readonly pattern: RegExp;
  /** The group that is the secret, where it is not the first. */
  readonly group?: number;
  /** Less entropy, in bits a character, is no secret. */
  readonly least: number;
  /** Only in files whose path matches. */
  readonly path?: RegExp;
  /** The pattern begins with the name that the word is in, and is tried there only. */
  readonly atName?: true;
  /** How far the pattern reaches from its word, in characters; 1,000 without. */
  readonly reach?: number;
  /** What else must be true. @param name the word before the secret, where the pattern has the group `name` */
  readonly holds?: (secret: string, name: string | undefined) => boolean;
}

/** Bits a character, of a text by itself. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const one of text) counts.set(one, (counts.get(one) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
