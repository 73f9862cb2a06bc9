import { utf8 } from '../../bytes.ts';
import { LockstepError } from '../../errors.ts';
import type { Scalar } from '../../tree/value.ts';
import { holdsHalf, textOfBytes } from '../encoding.ts';
import { metadataSection, readAlone, trimSpace } from './read.ts';

/** Values, names and comments as INI text that go-ini reads back as exactly the same. */

/** Forms in which go-ini writes a value (file.go `writeToBuffer`), then others that it reads. */
function forms(text: string): string[] {
  const own = /[\n`]/.test(text)
    ? `"""${text}"""`
    : /[#;]/.test(text)
      ? `\`${text}\``
      : trimSpace(text) === text
        ? text
        : `"${text}"`;
  return [own, text, `"${text}"`, `'${text}'`, `\`${text}\``, `"""${text}"""`];
}

/**
 * The text of a value. `quote` is what it stands in now, kept where it can hold the new value. Throws BAD_VALUE for a value
 * that is no text, and for one that no quotes can hold.
 */
export function valueText(scalar: Scalar, quote = ''): string {
  if (scalar.type !== 'str') throw new LockstepError('BAD_VALUE', { what: 'ini' });
  if (typeof scalar.value === 'string' && holdsHalf(scalar.value))
    throw new LockstepError('BAD_VALUE', { what: 'surrogate' });
  const text = typeof scalar.value === 'string' ? scalar.value : textOfBytes(scalar.value);
  const kept = quote && !text.includes(quote) ? [`${quote}${text}${quote}`] : [];
  const found = [...kept, ...forms(text)].find((form) => holds(form, text));
  if (found === undefined) throw new LockstepError('BAD_VALUE', { what: 'ini-quotes' });
  return found;
}

/** Whether a form reads as `text`, at the end of a line and before a comment. */
function holds(form: string, text: string): boolean {
  return readAlone(`${form}\n`) === text && readAlone(`${form} ; comment\n`) === text;
}

/** The quotes that a value as it is written stands in; empty for none. */
export function quoteOf(written: string): string {
  if (written.startsWith('"""') && written.length >= 6) return '"""';
  const first = written[0] ?? '';
  return written.length > 1 && /["'`]/.test(first) && written.endsWith(first) ? first : '';
}

/** The text of a key's name, in the quotes that go-ini writes. Throws BAD_NAME. */
export function keyText(name: string): string {
  checkText(name);
  // SOPS writes these without the quotes that they need.
  if (/^[#;[]/.test(name) || name === '-') throw new LockstepError('BAD_NAME', { what: 'ini' });
  if (/["=:]/.test(name) && name.includes('`')) throw new LockstepError('BAD_NAME', { what: 'ini' });
  if (/["=:]/.test(name)) return `\`${name}\``;
  return name.includes('`') ? `"""${name}"""` : name;
}

/** The name of a section. Throws BAD_NAME. */
export function sectionText(name: string): string {
  checkText(name);
  if (name === metadataSection) throw new LockstepError('BAD_NAME', { what: 'sops' });
  if (name.includes(']')) throw new LockstepError('BAD_NAME', { what: 'ini' });
  return name;
}

function checkText(name: string): void {
  if (holdsHalf(name)) throw new LockstepError('BAD_NAME', { what: 'surrogate' });
  if (name === '' || trimSpace(name) !== name || /[\r\n]/.test(name))
    throw new LockstepError('BAD_NAME', { what: 'ini' });
}

/** Lines of `key = value`, the signs below one another as go-ini has them: it counts the bytes of names. */
export function keyLines(entries: readonly (readonly [name: string, value: string])[], eol: string): string {
  const names = entries.map(([name]) => keyText(name));
  const widths = names.map((name) => utf8(name).length);
  const width = Math.max(0, ...widths);
  return entries.map(([, value], i) => `${names[i]}${' '.repeat(width - (widths[i] ?? 0))} = ${value}${eol}`).join('');
}

/**
 * The text of a comment from its lines as they stand in the file: only the first one loses its sign (SOPS
 * stores/ini/store.go `stripCommentChar`). Where nothing else stands in the first of several lines it stays, because SOPS
 * ends in a panic when it has to write an empty line.
 */
export function commentOf(written: string): string {
  const whole = trimSpace(written);
  const bare = whole.startsWith(';') ? whole.replace(/^[; ]+/, '') : whole.replace(/^[# ]+/, '');
  return /^\r?\n/.test(bare) ? whole : bare;
}

/** What stands before the text of a comment's first line: signs and blanks, all of which go-ini and sops strip. */
export function leadOf(written: string): string {
  return /^(?:#[# ]*|;[; ]*)/.exec(written)?.[0] ?? '; ';
}

/** The lines of a comment with a sign before each, `lead` before the first one. */
export function commentLines(text: string, lead: string, eol: string): string {
  return text
    .split('\n')
    .map((line, i) => commentLine(line.replace(/\r$/, ''), i === 0 ? lead : undefined))
    .join(eol);
}

function commentLine(line: string, lead: string | undefined): string {
  // Nothing but signs: it kept its own.
  if (/^[#;]/.test(line) && (lead === undefined || /^[#; ]*$/.test(line))) return line;
  if (line === '') return lead?.trimEnd() ?? ';';
  if (lead === undefined) return `; ${line}`;
  // A lead would be stripped together with more of its kind.
  if (line.startsWith(lead.charAt(0))) return `${lead.startsWith(';') ? '#' : ';'} ${line}`;
  return lead + line;
}
