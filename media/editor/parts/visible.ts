import { h } from './dom.ts';

/**
 * Control, format, bidi, zero-width and private characters, spaces that look like a space and are none, blank letters,
 * and halves of surrogate pairs. Tab and line breaks are the caller's matter.
 */
const hidden =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}\u00a0\u115f\u1160\u1680\u2000-\u200a\u202f\u205f\u2800\u3000\u3164\uffa0]/u;

const code = (character: string) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

interface Piece {
  readonly text: string;
  readonly escaped: boolean;
}

/** `text` in pieces: what can be shown as it is, and escapes for what can not. `keep`: characters left as they are. */
function pieces(text: string, keep: string): Piece[] {
  const out: { text: string; escaped: boolean }[] = [];
  for (const character of text) {
    const escaped = hidden.test(character) && !keep.includes(character);
    const shown = escaped ? code(character) : character;
    const last = out.at(-1);
    if (last?.escaped === escaped) last.text += shown;
    else out.push({ text: shown, escaped });
  }
  return out;
}

/** `text` with what does not show as `\u{hex}`, as a string, for titles and sentences. */
export function visibleText(text: string): string {
  return pieces(text, '')
    .map((piece) => piece.text)
    .join('');
}

/** Nodes of a one-line name: escapes are marked, and spaces at either end show as `␣`. */
function visibleName(name: string): Node[] {
  let [start, end] = [0, name.length];
  while (name[start] === ' ') start++;
  while (end > start && name[end - 1] === ' ') end--;
  const spaces = (count: number) => (count > 0 ? [h('span', { class: 'escape' }, '␣'.repeat(count))] : []);
  return [...spaces(start), ...nodes(pieces(name.slice(start, end), '')), ...spaces(name.length - end)];
}

/** Nodes of a value on one line: line breaks as ⏎, tabs as ⇥. */
export function visibleLine(value: string): Node[] {
  const marked = value.split(/(\r\n|\r|\n|\t)/);
  return marked.flatMap((part, index) =>
    index % 2 === 1 ? [h('span', { class: 'escape' }, part === '\t' ? '⇥' : '⏎')] : nodes(pieces(part, '')),
  );
}

/** Nodes of a value over several lines; line breaks and tabs stay. */
export function visibleLines(value: string): Node[] {
  return nodes(pieces(value.replace(/\r\n/g, '\n'), '\n\t'));
}

function nodes(parts: readonly Piece[]): Node[] {
  return parts.map(({ text, escaped }) =>
    escaped ? h('span', { class: 'escape' }, text) : document.createTextNode(text),
  );
}

/** A name as nodes, with every place where `query` occurs marked. */
export function highlighted(name: string, query: string): Node[] {
  if (query === '') return visibleName(name);
  const lower = name.toLowerCase();
  // Lower case may have another length (İ): then the places would be wrong.
  if (lower.length !== name.length) return visibleName(name);
  const wanted = query.toLowerCase();
  const out: Node[] = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    if (at > from) out.push(...visibleName(name.slice(from, at)));
    from = at + wanted.length;
    out.push(h('mark', {}, ...visibleName(name.slice(at, from))));
  }
  return from < name.length ? [...out, ...visibleName(name.slice(from))] : out;
}
