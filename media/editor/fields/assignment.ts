/** `NAME=value`, as in a `.env`; what is in quotes is left to the host, which knows their rules. */
const one = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=(.*)$/s;

/** Whether a pasted text is lines of a `.env` rather than one value. Base64 ends in `=` and is a value. */
export function isEnv(text: string): boolean {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '' && !/^\s*#/.test(line));
  const first = one.exec(lines[0] ?? '');
  return first !== null && (lines.length > 1 || /[^=\s]/.test(first[2] ?? ''));
}

/** Name and value of a text that is one plain assignment; undefined for anything else. */
export function assignment(text: string): { readonly name: string; readonly value: string } | undefined {
  const [, name, value] = one.exec(text.replace(/(\r\n|\r|\n)$/, '')) ?? [];
  return name === undefined || value === undefined || /[\r\n"'`#]/.test(value) ? undefined : { name, value };
}
