import type { Span } from '../format/document.ts';

/**
 * What may be inside `ENC[…]`: base64, field names and separators; a backslash, because JSON may write `\/`. No `[`,
 * so a scan that finds no end stops where the next token would start, and the whole stays linear.
 */
const token = /ENC\[[A-Za-z0-9_]+,[A-Za-z0-9+/=,:_\\-]*\]/y;

/**
 * The `ENC[…]` tokens of a text, in order, by scanning alone: masks drawn from them hold while the file does not parse.
 * Quotes around a token and a comment sign before it are not part of it.
 */
export function envelopes(text: string): Span[] {
  const spans: Span[] = [];
  let at = text.indexOf('ENC[');
  while (at >= 0) {
    token.lastIndex = at;
    const end = token.test(text) ? token.lastIndex : at + 4;
    if (end > at + 4) spans.push({ start: at, end });
    at = text.indexOf('ENC[', end);
  }
  return spans;
}

/** A cheap look: the text has a value of SOPS's and the word that its metadata needs. Never throws. */
export function looksSealed(text: string): boolean {
  return text.includes('ENC[AES256_GCM,') && /(?:^|[\s\x85"'{,[])sops(?:_[a-z]|["'\s]*:|\])/m.test(text);
}
