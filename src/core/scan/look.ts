/** Parts of a text that people make up: words, and numbers as they stand in names. */
const word = /^(?:[a-z]+|[A-Z]+|[A-Z][a-z]+)$/;
const vowel = /[aeiouyAEIOUY]/;
const crowd = /[^aeiouyAEIOUY]{5}/;

const date = /^\d{4}-\d\d-\d\d(?:[T ][\d:.Z+-]*)?$/;

/** Whether a text is a date, with a time or without. */
export const isDate = (text: string): boolean => date.test(text);

/** What programs are full of and nobody keeps secret: an address without a password, a path, a date, a version, an address of a mail. */
const ordinary = [
  /^[a-z][a-z\d+.-]*:\/\/(?![^/?#\s]*:[^/?#\s]*@)/i,
  /^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/,
  /^(?:\.{0,2}|~|[A-Za-z]:)[/\\][\w. /\\@-]+$/,
  date,
  /^v?\d+(?:\.\d+){1,3}(?:[-+][\w.-]+)?$/,
  /^[+-]?[\d.,:]+$/,
];

/**
 * Whether a text looks as if chance had made it, so that it hardly stands in two places for two reasons. No sentence, path, address or name
 * does.
 * @param least fewer characters say nothing
 */
export function looksRandom(text: string, least = 12): boolean {
  if (text.length < least || /\s/.test(text) || ordinary.some((one) => one.test(text))) return false;
  if (new Set(text).size < Math.min(8, text.length / 2)) return false;
  let odd = 0;
  let plain = 0;
  for (const part of text.match(/[A-Za-z]+|\d+|[^A-Za-z\d]+/g) ?? []) {
    if (/^\d/.test(part)) odd += part.length > 4 && part.length < 9 ? 2 : part.length > 8 ? 0 : 1;
    else if (/^[A-Za-z]/.test(part)) {
      const words = part.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? [];
      for (const one of words) {
        if (isWordy(one)) plain += one.length;
        else odd += one.length;
      }
    } else if (!/^[-_./:]$/.test(part)) odd += part.length;
  }
  return odd >= 4 && odd >= plain * 0.6;
}

const isWordy = (text: string) => text.length > 2 && word.test(text) && vowel.test(text) && !crowd.test(text);
