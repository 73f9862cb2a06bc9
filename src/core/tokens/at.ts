import type { Span } from '../format/document.ts';

/** Single values on one line, by the marks that `recognise` knows, and those of SOPS files. */
const inLine = [
  /ENC\[AES256_GCM,[^[\]]*\]/g,
  /\$ffsec\$\d+\$\d+\$[\w-]+={0,2}/g,
  /encrypted:[A-Za-z\d+/]+={0,2}/g,
  /(?<![\w-])gAAAAA[\w-]+={0,2}/g,
  /(?<![\w-])[\w-]{22}dBQUFB[\w-]+={0,2}/g,
  /(?<![A-Za-z\d+/])[A-Za-z\d+/]+={0,2}--[A-Za-z\d+/]{16}--[A-Za-z\d+/]{22}==/g,
];
/** Base64 without a mark, as a named encryption key makes it: at least 28 bytes. */
const bare = [/(?<![A-Za-z\d+/])[A-Za-z\d+/]{38,}={0,2}(?![A-Za-z\d+/=])/g];
/** And on several. */
const blocks = [
  /-----BEGIN AGE ENCRYPTED FILE-----[A-Za-z\d+/=\s]*-----END AGE ENCRYPTED FILE-----/g,
  /\$ANSIBLE_VAULT;[^\n$]*(?:\r?\n[ \t]*[\da-f]+[ \t]*(?=\r?\n|$))+/g,
];

/** The encrypted value around an offset of a text, which is looked for in its own line first; undefined without one. */
export function valueAt(text: string, offset: number): Span | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  const line = text.slice(start, end < 0 ? undefined : end);
  return (
    around(line, inLine, offset - start, start) ??
    around(text, blocks, offset, 0) ??
    around(line, bare, offset - start, start)
  );
}

function around(text: string, shapes: readonly RegExp[], offset: number, from: number): Span | undefined {
  for (const shape of shapes)
    for (const { 0: found, index } of text.matchAll(shape))
      if (index <= offset && offset <= index + found.length)
        return { start: from + index, end: from + index + found.length };
  return undefined;
}

const quotes = ['"', "'", '`'];

/** A selected span without the space around it, and without quotes around that. */
export function bareSpan(text: string, { start, end }: Span): Span {
  const selected = text.slice(start, end);
  const from = start + (selected.length - selected.trimStart().length);
  const to = from + selected.trim().length;
  const quoted = to - from > 2 && quotes.includes(text[from] ?? '') && text[to - 1] === text[from];
  return quoted ? { start: from + 1, end: to - 1 } : { start: from, end: to };
}
