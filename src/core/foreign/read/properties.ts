import { LockstepError } from '../../errors.ts';
import { maxNodes } from '../../format/place.ts';
import { scalar, text as textScalar } from '../../tree/value.ts';
import type { Entry } from '../found.ts';

/**
 * A `.properties` file as `java.util.Properties.load` reads it: `=`, `:` or a blank behind the name, `\` at the end of a line that goes on,
 * escapes, `#` and `!` before comments. A name is one name, whatever dots are in it. Throws SYNTAX with the line for a `\u` without four
 * digits, as Java does; TOO_LARGE.
 */
export function readProperties(text: string): Entry[] {
  const found: Entry[] = [];
  for (const { line, content } of logicalLines(text)) {
    if (found.length >= maxNodes) throw new LockstepError('TOO_LARGE', { what: 'nodes', line });
    const { name, value } = split(content);
    const entry = { name: unescaped(name, line), value: unescaped(value, line) };
    found.push({ path: [entry.name], value: scalar(textScalar(entry.value)), kind: 'plain', line });
  }
  return found;
}

const begin = /^[ \t\f]+/;
const isComment = (content: string) => /^[#!]/.test(content);

/** Lines without comments and blank ones, each with those that it goes on in. */
function* logicalLines(text: string): Generator<{ line: number; content: string }> {
  const lines = text.split(/\r\n|\n|\r/);
  for (let at = 0; at < lines.length; at++) {
    const line = at + 1;
    let content = (lines[at] ?? '').replace(begin, '');
    if (content === '' || isComment(content)) continue;
    let whole = '';
    // Behind a line that holds nothing but its `\`, a comment is one.
    while (goesOn(content) && at + 1 < lines.length && !(whole === '' && isComment(content))) {
      whole += content.slice(0, -1);
      content = (lines[++at] ?? '').replace(begin, '');
    }
    if (whole === '' && isComment(content)) continue;
    // Java drops a `\` that ends the file. A line that nothing is left of is none, unless the file ends with it.
    whole += goesOn(content) ? content.slice(0, -1) : content;
    if (whole !== '' || at === lines.length - 1) yield { line, content: whole };
  }
}

const goesOn = (content: string) => (/\\*$/.exec(content)?.[0].length ?? 0) % 2 === 1;

function split(content: string): { name: string; value: string } {
  const name = /^(?:\\.|[^\\=: \t\f])*/s.exec(content)?.[0] ?? '';
  return { name, value: content.slice(name.length).replace(/^[ \t\f]*[=:]?[ \t\f]*/, '') };
}

const escapes: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

function unescaped(text: string, line: number): string {
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|(.))/gs, (_, hex: string | undefined, sign: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (sign === 'u') throw new LockstepError('SYNTAX', { line, what: 'escape' });
    return escapes[sign] ?? sign;
  });
}
