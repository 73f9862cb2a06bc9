import type { FormatId } from './document.ts';
import { linePattern } from './yaml/line.ts';

/**
 * What a text of a format may hold besides its names, values, comments and metadata. What is none of these and no such
 * sign would be plaintext that nobody asked for.
 */

/** Blanks, line breaks, brackets, dashes, colons; anchors, aliases, tags, document marks, and directives without a comment. */
const yaml = linePattern(
  '^(?:[ \\t%b\\uFEFF?:,[\\]{}-]|[&*][0-9A-Za-z_-]+(?![0-9A-Za-z_-])|![^ \\t%b]*(?=[ \\t%b]|$)|\\.{3}|%(?:YAML|TAG)[ \\t][^%b#]*(?=[%b]|$))*$',
);
const json = /^[ \t\r\n\uFEFF{}[\],:]*$/;

const between: Readonly<Record<FormatId, RegExp>> = {
  yaml,
  json,
  binary: json,
  dotenv: /^[\r\n\uFEFF=]*$/,
  ini: /^[\s\u0085\uFEFF[\]=:]*$/,
};

/** Whether a stretch between names, values and comments holds nothing but the format's own signs. */
export function isSigns(format: FormatId, stretch: string): boolean {
  return between[format].test(stretch);
}

const envelope = 'ENC\\[AES256_GCM,data:[0-9A-Za-z+/=]+,iv:[0-9A-Za-z+/=]+,tag:[0-9A-Za-z+/=]+,type:[a-z]+\\]';
const properties = '(?:[&!][^ \\t%b]*(?:[ \\t%b]+|$))*(?:[|>][-+0-9]*)?[ \\t%b]*';

/** Some writers of JSON escape what need not be. */
const escaped = envelope.replaceAll('[0-9A-Za-z+/=]', '(?:[0-9A-Za-z+/=]|\\\\/|\\\\u00(?:2[BbFf]|3[Dd]))');

const sealed: Readonly<Record<FormatId, RegExp>> = {
  yaml: linePattern(`^${properties}(["']?)(?:${envelope}|)\\1[ \\t%b]*$`),
  json: new RegExp(`^"(?:${escaped}|)"$`),
  binary: new RegExp(`^"(?:${escaped}|)"$`),
  dotenv: new RegExp(`^(?:${envelope}|)$`),
  ini: new RegExp(`^("""|["'\`]?)(?:${envelope}|)\\1$`),
};
const nulls: Partial<Record<FormatId, RegExp>> = {
  yaml: linePattern(`^${properties}(?:~|null|Null|NULL)[ \\t%b]*$`),
  json: /^null$/,
};

/** Whether the token of an encrypted value, without the comments in it, holds a ciphertext, an empty text or a null, and nothing else. */
export function isSealedToken(format: FormatId, token: string): boolean {
  return sealed[format].test(token) || nulls[format]?.test(token) === true;
}

const whole = new RegExp(`^${envelope}$`);

/** Whether a text is a ciphertext from its first character to its last: SOPS passes over what stands behind one. */
export function isEnvelopeOnly(text: string): boolean {
  return whole.test(text);
}
