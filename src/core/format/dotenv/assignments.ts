/** A name and its value, as a program that loads a `.env` reads it. */
export interface Assignment {
  readonly name: string;
  readonly value: string;
  /** Where it starts, from 1. */
  readonly line: number;
}

/** A line that is neither a comment nor blank, and cannot be read: it has no `=`, no name before it, or a quote that does not close. */
interface Skipped {
  readonly line: number;
  readonly why: 'no-assignment' | 'name' | 'quote';
}

interface Assignments {
  /** In order; of a name that stands twice the last value, at the first place. */
  readonly found: readonly Assignment[];
  readonly skipped: readonly Skipped[];
}

const start = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=[ \t]*/;
const closing: Readonly<Record<string, RegExp>> = {
  '"': /^"((?:[^"\\]|\\[\s\S])*)"[ \t]*(?:#.*)?(?:\r?\n|$)/,
  "'": /^'([^']*)'[ \t]*(?:#.*)?(?:\r?\n|$)/,
  '`': /^`([^`]*)`[ \t]*(?:#.*)?(?:\r?\n|$)/,
};
const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', $: '$' };

/**
 * Reads `KEY=value` lines as people write them, which is more than SOPS's dotenv store knows: `export`, quotes that come
 * off, values of several lines in quotes or between the lines of a PEM block, `\n` in double quotes, and comments behind a
 * value. Nothing is expanded.
 */
export function readAssignments(text: string): Assignments {
  const found = new Map<string, Assignment>();
  const skipped: Skipped[] = [];
  let line = 1;
  let rest = text.replace(/^\uFEFF/, '');
  while (rest !== '') {
    const [whole, read] = next(rest);
    if (typeof read === 'string') skipped.push({ line, why: read });
    else if (read) found.set(read.name, { ...read, line });
    line += whole.split('\n').length - 1;
    rest = rest.slice(whole.length);
  }
  return { found: [...found.values()], skipped };
}

/** The next line or lines, with line end, and what they say. */
function next(text: string): readonly [whole: string, read: Omit<Assignment, 'line'> | Skipped['why'] | undefined] {
  const line = /^[^\n]*(?:\n|$)/.exec(text)?.[0] ?? text;
  const content = line.trimEnd();
  if (/^\s*(?:#|$)/.test(content)) return [line, undefined];
  const found = start.exec(line);
  const name = found?.[1];
  if (!found || name === undefined) return [line, content.includes('=') ? 'name' : 'no-assignment'];
  const after = text.slice(found[0].length);
  const quoted = closing[after[0] ?? '']?.exec(after);
  if (quoted) {
    const value = quoted[1] ?? '';
    return [found[0] + quoted[0], { name, value: after[0] === '"' ? unescaped(value) : lines(value) }];
  }
  if (closing[after[0] ?? '']) return [line, 'quote'];
  const block = /^-----BEGIN [^\n]*\n[\s\S]*?\n-----END [^\n]*(?:\n|$)/.exec(after)?.[0];
  if (block !== undefined) return [found[0] + block, { name, value: lines(block.trimEnd()) }];
  return [
    line,
    {
      name,
      value: content
        .slice(found[0].length)
        .replace(/(?:^|\s)#.*$/, '')
        .trimEnd(),
    },
  ];
}

const lines = (value: string) => value.replaceAll('\r\n', '\n');

function unescaped(value: string): string {
  return lines(value).replace(/\\([\s\S])/g, (whole, sign: string) => escapes[sign] ?? whole);
}
