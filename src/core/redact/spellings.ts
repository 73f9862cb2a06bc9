import { base64, utf8 } from '../bytes.ts';

/** Widths at which programs break lines of base64: MIME and `base64`, and PEM. */
const widths = [76, 64];

/**
 * Other texts that a program prints for a value: its lines, the line ends of a terminal, base64, hex, URLs, JSON, shells.
 * Short ones among them are the caller's to drop.
 */
export function* spellings(value: string): Iterable<string> {
  yield* ofLines(value);
  yield* ofJson(value);
  yield* ofUrls(value);
  yield* ofShells(value);
  yield* ofCode(value);
  const bytes = utf8(value);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  yield hex;
  yield hex.toUpperCase();
  for (const text of inBase64(bytes)) {
    yield text;
    yield text.replaceAll('+', '-').replaceAll('/', '_');
  }
  yield* wrapped(base64(bytes));
}

/** A terminal makes `\r\n` of a line break; a program may print each line by itself, with something before it. */
function* ofLines(value: string): Iterable<string> {
  const lines = value.split(/\r\n|\n|\r/);
  if (lines.length === 1) return;
  yield lines.join('\n');
  yield lines.join('\r\n');
  // As a shell passes it on without quotes.
  yield lines.join(' ');
  // The frame of a PEM block is in every one of them.
  for (const line of lines) if (!line.startsWith('-----')) yield line.trim();
}

/**
 * The inside of a JSON string, as JavaScript, Python (ASCII only), Go (no signs of HTML), PHP (`\/`) and .NET (capital digits) write
 * it; and JSON in JSON.
 */
function* ofJson(value: string): Iterable<string> {
  const json = JSON.stringify(value).slice(1, -1);
  const ascii = json.replace(/[^\0-\x7f]/g, escaped);
  yield json;
  yield JSON.stringify(json).slice(1, -1);
  yield ascii;
  yield JSON.stringify(ascii).slice(1, -1);
  yield json.replace(/[<>&\u2028\u2029]/g, escaped);
  yield json.replaceAll('/', '\\/');
  yield ascii.replaceAll('/', '\\/');
  const strict = json.replaceAll('\\"', '\\u0022').replace(/[^\0-\x7f]|[<>&'+`]/g, escaped);
  yield strict.replace(/\\u[\da-f]{4}/g, (code) => `\\u${code.slice(2).toUpperCase()}`);
}

const escaped = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * `encodeURIComponent`, the stricter form of RFC 3986, that of forms, and those that leave slashes as Python's `quote` does; each with hexadecimal
 * digits in both cases.
 */
function* ofUrls(value: string): Iterable<string> {
  // Half a surrogate pair has no URL.
  if (/\p{Surrogate}/u.test(value)) return;
  const loose = encodeURIComponent(value);
  const strict = loose.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  // In forms Python and Go leave a tilde, browsers and Java an asterisk, and PHP neither.
  const form = strict.replaceAll('%20', '+');
  const bare = form.replaceAll('~', '%7E');
  const texts = [loose, strict, encodeURI(value), form, bare, bare.replaceAll('%2A', '*')];
  for (const text of [...texts, ...texts.map((one) => one.replaceAll('%2F', '/'))]) {
    yield text;
    yield text.replace(/%[\dA-F]{2}/g, (code) => code.toLowerCase());
  }
}

/** In single quotes, in double quotes, and with backslashes (`printf %q`). */
function* ofShells(value: string): Iterable<string> {
  yield value.replaceAll("'", "'\\''");
  yield value.replaceAll("'", `'"'"'`);
  yield value.replace(/["$`\\]/g, '\\$&');
  yield value.replace(/[^\w@%+=:,./-]/g, '\\$&');
  // As bash does, in a language that has more letters.
  yield value.replace(/[^\w@%+=:./~#\u0080-\uffff-]|(?<![^=:])~|^#/g, '\\$&');
}

/** Between single quotes or backticks, as Python and Node show a text that has both of the other quotes in it. */
function* ofCode(value: string): Iterable<string> {
  const doubled = value
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
  yield doubled;
  yield doubled.replaceAll("'", "\\'");
}

/**
 * Base64 of something that the value is a part of: for each of three positions, the characters that the value alone decides. Those at
 * both ends depend on what is beside it.
 */
function* inBase64(bytes: Uint8Array): Iterable<string> {
  for (const before of [0, 1, 2]) {
    const all = new Uint8Array(before + bytes.length);
    all.set(bytes, before);
    yield base64(all).slice(Math.ceil((before * 8) / 6), Math.floor((all.length * 8) / 6));
  }
}

/** The lines of base64 that is broken into lines. */
function* wrapped(text: string): Iterable<string> {
  for (const width of widths) {
    if (text.length <= width) continue;
    for (let at = 0; at < text.length; at += width) yield text.slice(at, at + width);
  }
}
