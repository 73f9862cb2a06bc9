import type { Span } from '../format/document.ts';
import { Lines } from './lines.ts';

/** What a value that is still open at the end of its line waits for; a backslash takes the next line as well. */
type Open = '"""' | '`' | '\\' | undefined;

const delimiter = /^(?:"""(?:(?!""").){0,1024}"""|"[^"]{0,1024}"|`[^`]{0,1024}`)?[^=:]*[=:][ \t]*/;
const commented = /^\s*[#;][#;\s]*[\w.-]{1,128}\s*[=:][ \t]*/;

interface IniMask extends Span {
  /** An assignment in a comment: to a parser it is no value. */
  readonly stray: boolean;
}

/** Masks of an INI file that does not parse, line by line: all after the first `=` or `:`, and whole lines that go on. */
export function iniLineMasks(text: string): IniMask[] {
  const lines = new Lines(text);
  const masks: IniMask[] = [];
  let open: Open;
  for (let line = 0; line < lines.count; line++) {
    const content = lines.text(line);
    const from = open ? indentOf(content) : valueStart(content);
    const comment = !open && /^\s*[#;]/.test(content);
    open = comment ? undefined : stillOpen(content.slice(from ?? 0), open, from !== undefined);
    if (from === undefined) continue;
    const end = content.trimEnd().length;
    if (end > from) masks.push({ start: lines.start(line) + from, end: lines.start(line) + end, stray: comment });
  }
  return masks;
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
  if (open === '"""' || open === '`') return value.includes(open) ? undefined : open;
  if (!holds) return undefined;
  if (!open) {
    const quote = value.startsWith('"""') ? '"""' : value.startsWith('`') ? '`' : undefined;
    if (quote) return value.slice(quote.length).includes(quote) ? undefined : quote;
  }
  return value.trimEnd().endsWith('\\') ? '\\' : undefined;
}
