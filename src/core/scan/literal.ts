/** A text as a program's source has it: where it stands with its quotes, and what it says. */
export interface Literal {
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

const quotes = new Set(['"', "'", '`']);
const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '\\': '\\',
  '"': '"',
  "'": "'",
  '`': '`',
  '/': '/',
  $: '$',
};

/**
 * The quoted text of a source that a place is in. Undefined where no quotes are around it, where it is put together of parts (`${…}`), and
 * where it has an escape that languages read differently.
 * @param raw the quotes within which a backslash is a backslash
 */
export function literalAround(text: string, start: number, end: number, raw: string): Literal | undefined {
  const open = opening(text, start);
  if (!open) return undefined;
  const { at, mark } = open;
  if (!isOutermost(text, at, mark, raw)) return undefined;
  const close = closing(text, end, mark, raw.includes(mark[0] ?? ''));
  if (close === undefined) return undefined;
  const inside = text.slice(at + mark.length, close);
  const value = raw.includes(mark[0] ?? '') ? inside : unescaped(inside);
  // A letter in front changes how it is read: `f"…"`, `r'…'`.
  if (value === undefined || /[A-Za-z]/.test(text[at - 1] ?? '')) return undefined;
  if (mark === '`' && inside.includes('${')) return undefined;
  return { start: at, end: close + mark.length, value };
}

/** The nearest quote before a place that no quote of its kind closes before that. */
function opening(text: string, start: number): { at: number; mark: string } | undefined {
  for (let at = start - 1; at >= Math.max(0, start - 20_000); at--) {
    const one = text[at] as string;
    if (!quotes.has(one) || text[at - 1] === '\\') {
      if (one === '\n' && !text.slice(at, start).includes('-----BEGIN')) {
        // A text in three quotes has lines.
        const three = Math.max(text.lastIndexOf('"""', start), text.lastIndexOf("'''", start));
        return three !== -1 && start - three < 20_000 ? { at: three, mark: text.slice(three, three + 3) } : undefined;
      }
      continue;
    }
    const mark = one.repeat(3);
    if (text.slice(at - 2, at + 1) === mark) return { at: at - 2, mark };
    return { at, mark: one };
  }
  return undefined;
}

/** Whether a quote opens a text, and is not a sign of one: in a text what reads a secret would be a text, too. */
function isOutermost(text: string, at: number, mark: string, raw: string): boolean {
  const before = text.slice(0, at);
  const blocks = before.replace(/("""|''')[\s\S]*?\1/g, '');
  if (/"""|'''/.test(blocks) || (blocks.match(/(?<!\\)`/g)?.length ?? 0) % 2 === 1) return false;
  let inside = '';
  for (let i = mark.length === 3 ? at : text.lastIndexOf('\n', at - 1) + 1; i < at; i++) {
    const one = text[i] as string;
    if (one === '\\' && !(inside !== '' && raw.includes(inside))) i++;
    else if (inside === '' && quotes.has(one)) inside = one;
    else if (one === inside) inside = '';
  }
  return inside === '';
}

function closing(text: string, end: number, mark: string, isRaw: boolean): number | undefined {
  for (let at = end; at < text.length; at++) {
    if (text[at] === '\\' && !isRaw) at++;
    else if (text.startsWith(mark, at)) return at;
    else if (text[at] === '\n' && mark.length === 1 && mark !== '`') return undefined;
  }
  return undefined;
}

function unescaped(inside: string): string | undefined {
  const used = inside.match(/\\[\s\S]?/g) ?? [];
  if (used.some((one) => !Object.hasOwn(escapes, one.slice(1)))) return undefined;
  return inside.replace(/\\(.)/g, (_, one: string) => escapes[one] ?? one);
}

/** The text before a quoted value: its name, or the start of a list item. Any other quotes belong to the value, as in a command. */
const inFront = /(?:^\s*|^\s*-\s+|:\s+|["']:|[[{,]\s*|^\s*(?:- +)?(?:[\w.-]+|"[^"]+")\s*=\s*)$/;

/**
 * A value of a file of settings that stands without quotes, or in them: `name: value`, `name=value`. Undefined where the place is a part of a
 * command.
 */
export function settingAround(text: string, start: number, end: number): Literal | undefined {
  const quoted = literalAround(text, start, end, "'");
  if (quoted) return isWhole(text, quoted) ? withoutName(text, quoted, start) : undefined;
  const begin = text.lastIndexOf('\n', start - 1) + 1;
  const found = /^\s*(?:- +)?(?:[\w.-]+|"[^"]+")(?:\s*=\s*|:\s+)/.exec(text.slice(begin, start));
  if (!found) return undefined;
  const stop = /\r?\n|$/.exec(text.slice(end));
  const from = begin + found[0].length;
  // One word may be in front, as in `Bearer …`.
  if (/\s\S+\s|["'`]/.test(text.slice(from, start))) return undefined;
  const value = text.slice(from, end + (stop?.index ?? 0)).replace(/\s+#.*$|\s+$/, '');
  return value.length >= end - from && !/^[&*!|>@[{]/.test(value)
    ? { start: from, end: from + value.length, value }
    : undefined;
}

function isWhole(text: string, { start, end }: Literal): boolean {
  const begin = text.lastIndexOf('\n', start - 1) + 1;
  const rest = /[^\r\n]*/.exec(text.slice(end))?.[0] ?? '';
  return inFront.test(text.slice(begin, start)) && /^\s*(?:$|#|[,}\]])/.test(rest);
}

/** Of an item `"NAME=value"` the value. */
function withoutName(text: string, quoted: Literal, start: number): Literal {
  const inside = text.slice(quoted.start + 1, quoted.end - 1);
  const name = /^[A-Za-z_]\w*=/.exec(inside)?.[0] ?? '';
  if (name === '' || inside !== quoted.value || quoted.start + 1 + name.length > start) return quoted;
  return { start: quoted.start + 1 + name.length, end: quoted.end - 1, value: inside.slice(name.length) };
}
