/** Map keys (strings) and list indices (0-based numbers) from a document's root to a node. */
export type Path = readonly (string | number)[];

// To set up a pattern with classes of Unicode takes longer than to decrypt a small file. Most names need none.
const plainAscii = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const printableAscii = /^[ -~]*$/;

const isPlainKey = (key: string) => plainAscii.test(key) || /^[\p{L}_][\p{L}\p{N}_-]*$/u.test(key);

/**
 * A key path as people read it: `database.hosts[0].name`; a key that is not a plain word is quoted as in
 * `data["tls.key"]`. Control and bidi characters come out as `\u` escapes, so a hostile name cannot forge a line.
 */
export function showPath(path: Path): string {
  let out = '';
  for (const part of path) {
    if (typeof part === 'number') out += `[${part}]`;
    else if (isPlainKey(part)) out += out ? `.${part}` : part;
    else out += `[${visible(JSON.stringify(part))}]`;
  }
  return out;
}

/** `text` with control, format and bidi characters as `\u{hex}`, and bytes that are no UTF-8 as `\xhex`, for names on a screen. */
export function visible(text: string): string {
  if (printableAscii.test(text)) return text;
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu, (c) => {
    const code = c.codePointAt(0) ?? 0;
    return code >= 0xdc80 && code <= 0xdcff ? `\\x${(code - 0xdc00).toString(16)}` : `\\u{${code.toString(16)}}`;
  });
}

/** Whether two paths are the same. */
export function samePath(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((part, i) => part === b[i]);
}
