import type { Token } from '../../../src/protocol/requests.ts';

const pattern = /\uE000[A-Za-z0-9]+\uE001/g;

interface Placed {
  readonly token: Token;
  readonly from: number;
  readonly to: number;
}

/** The tokens in a text, with their places. `start`: where the text starts in the document. */
export function tokensIn(text: string, start = 0): Placed[] {
  return [...text.matchAll(pattern)].map((match) => {
    const from = start + match.index;
    return { token: match[0], from, to: from + match[0].length };
  });
}

/** A text with something else in the place of each token. */
export function replaceTokens(text: string, by: (token: Token) => string): string {
  return text.replace(pattern, by);
}
