import { type Inner, isMarked } from './unpack.ts';

/**
 * What stands in bytes as a text of other bytes: runs of base64, of hex, of numbers, of single characters, and of UTF-16.
 * Short ones are left out, as forms.ts has a canary written so; what is packed, or written so twice, is longer.
 */
export function* runsOf(bytes: Buffer): Generator<Inner> {
  yield* wide(bytes);
  yield* letters(bytes);
  yield* lists(bytes);
}

const shortest = 16;

/** Texts in UTF-16, of letters that are below 256. */
function* wide(bytes: Buffer): Generator<Inner> {
  for (let at = 0; at + 4 < bytes.length; at += shortest) {
    const from = bytes[at] === 0 ? at + 1 : at;
    if (bytes[from] === 0 || bytes[from + 1] !== 0 || bytes[from + 2] === 0 || bytes[from + 3] !== 0) continue;
    let begin = from;
    while (begin >= 2 && bytes[begin - 2] !== 0 && bytes[begin - 1] === 0) begin -= 2;
    let end = from;
    while (end + 1 < bytes.length && bytes[end] !== 0 && bytes[end + 1] === 0) end += 2;
    if (end - begin < 2 * shortest) continue;
    const text = Buffer.alloc((end - begin) / 2);
    for (let n = 0; n < text.length; n++) text[n] = bytes[begin + 2 * n]!;
    yield { how: 'utf-16', bytes: text, start: false };
    at = end;
  }
}

const alphabet = new Uint8Array(256);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_') {
  alphabet[char.charCodeAt(0)] = /[A-Z]/.test(char) ? 1 : /[a-z]/.test(char) ? 2 : 4;
}
const shortestCode = 24;
/** Of so many letters something without a mark may be packed. */
const shortestStart = 40;

/** Base64 and hex, also in lines. */
function* letters(bytes: Buffer): Generator<Inner> {
  for (let at = shortestCode - 1; at < bytes.length; at += shortestCode - 1) {
    if (!alphabet[bytes[at]!]) continue;
    let begin = at;
    while (begin > 0 && alphabet[bytes[begin - 1]!]) begin--;
    const end = endOfLines(bytes, begin);
    if (end - begin >= shortestCode) yield* decoded(bytes, begin, end);
    at = Math.max(at, end);
  }
}

/** The end of a run: after a line of 60 letters and more it goes on in the next. */
function endOfLines(bytes: Buffer, begin: number): number {
  for (let line = begin, at = begin; ; ) {
    while (alphabet[bytes[at]!]) at++;
    if (at - line < 60) return at;
    let next = at;
    while (bytes[next] === 13 || bytes[next] === 10 || (next > at && bytes[next] === 32)) next++;
    if (next === at || !alphabet[bytes[next]!]) return at;
    line = at = next;
  }
}

function* decoded(bytes: Buffer, begin: number, end: number): Generator<Inner> {
  let kinds = 0;
  for (let at = begin; at < end; at++) kinds |= alphabet[bytes[at]!]!;
  // Letters of one case, or letters alone, are words of a program.
  if ((kinds & 4) === 0) return;
  const text = bytes.toString('latin1', begin, end).replace(/[\r\n ]+/g, '');
  if (/^(?:0x)?[0-9a-fA-F]+$/.test(text))
    yield { how: 'hex', bytes: Buffer.from(text.replace(/^0x/, ''), 'hex'), start: true };
  if (kinds !== 7) return;
  const whole = Buffer.from(text, 'base64');
  yield { how: 'base64', bytes: whole, start: text.length >= shortestStart };
  // Behind letters of something else it may begin at another one.
  for (const skipped of [1, 2, 3]) {
    const bytes = Buffer.from(text.slice(skipped), 'base64');
    if (isMarked(bytes)) yield { how: 'base64', bytes, start: false };
  }
}

/** `115, 101`, `-61,115`, `"0":115,"1":101`: bytes as programs print them, over one line or several. */
const numbers = /(?:(?:"\d+"\s*:\s*)?-?\d{1,3}\s*,\s*){7,}(?:"\d+"\s*:\s*)?-?\d{1,3}(?!\d)/g;
const singles = /(?:"(?:[^"\\]|\\.)"\s*,\s*){7,}"(?:[^"\\]|\\.)"/g;

function* lists(bytes: Buffer): Generator<Inner> {
  for (const part of stretches(bytes)) {
    for (const [found] of part.matchAll(numbers)) {
      const values = [...found.replace(/"\d+"\s*:/g, '').matchAll(/-?\d+/g)].map(Number);
      yield { how: 'a list of numbers', bytes: Buffer.from(values.map((value) => value & 255)), start: true };
    }
    for (const [found] of part.matchAll(singles)) {
      const chars = [...found.matchAll(/"\\?(.)"/gs)].map(([, char]) => char);
      yield { how: 'a list of characters', bytes: Buffer.from(chars.join(''), 'latin1'), start: true };
    }
  }
}

/** The parts of bytes that hold a list: many commas close together. Most bytes hold none, and cost one look in four. */
function* stretches(bytes: Buffer): Generator<string> {
  const comma = 44;
  for (let at = bytes.indexOf(comma); at >= 0; ) {
    let commas = 1;
    let end = at;
    for (
      let next = bytes.indexOf(comma, end + 1);
      next >= 0 && next - end <= 64;
      next = bytes.indexOf(comma, end + 1)
    ) {
      end = next;
      commas++;
    }
    if (commas >= 7) yield bytes.toString('latin1', Math.max(0, at - 16), end + 16);
    at = bytes.indexOf(comma, end + 1);
  }
}
