import { type LineMask, maskLines } from './lines.ts';

/** What a value that is still open at the end of its line waits for; a backslash takes the next line as well. */
type Open = '"""' | '`' | '\\' | undefined;

const delimiter = /^(?:"""(?:(?!""").){0,1024}"""|"[^"]{0,1024}"|`[^`]{0,1024}`)?[^=:]*[=:][ \t]*/;
const commented = /^\s*[#;][#;\s]*[\w.-]{1,128}\s*[=:][ \t]*/;

/** Masks of an INI file that does not parse, line by line: all after the first `=` or `:`, and whole lines that go on. */
export function iniLineMasks(text: string): LineMask[] {
  let open: Open;
  return maskLines(text, (content) => {
    const from = open ? indentOf(content) : valueStart(content);
    const stray = !open && /^\s*[#;]/.test(content);
    open = stray ? undefined : stillOpen(content.slice(from ?? 0), open, from !== undefined);
    return from === undefined ? undefined : { from, stray };
  });
}

/** Where the secret part of a line starts; undefined for a header, a blank line and a comment without an assignment. */
function valueStart(content: string): number | undefined {
  if (/^\s*(?:\[.*\]\s*(?:[#;].*)?)?$/.test(content)) return undefined;
  if (/^\s*[#;]/.test(content)) return commented.exec(content)?.[0].length;
  // Blanks are left out by hand: a pattern that could take them in two ways would try each.
  const indent = indentOf(content);
  return indent + (delimiter.exec(content.slice(indent))?.[0].length ?? 0);
}

function indentOf(content: string): number {
  return content.length - content.trimStart().length;
}

function stillOpen(value: string, open: Open, holds: boolean): Open {
  if (open === '"""' || open === '`') {
    const close = value.lastIndexOf(open);
    // A backslash behind the quote lets the value go on.
    return close === -1 ||
      value
        .slice(close + open.length)
        .trimEnd()
        .endsWith('\\')
      ? open
      : undefined;
  }
  if (!holds) return undefined;
  if (!open) {
    const quote = value.startsWith('"""') ? '"""' : value.startsWith('`') ? '`' : undefined;
    if (quote) return value.slice(quote.length).includes(quote) ? undefined : quote;
  }
  return value.trimEnd().endsWith('\\') ? '\\' : undefined;
}
