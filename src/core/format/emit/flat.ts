import { utf8 } from '../../bytes.ts';
import { LockstepError } from '../../errors.ts';
import { flatText } from '../../tree/flattext.ts';
import type { Path } from '../../tree/path.ts';
import type { PlainEntry, PlainMap } from '../../tree/plain.ts';
import type { Scalar } from '../../tree/value.ts';
import { textOfBytes } from '../encoding.ts';
import { defaultSection, trimSpace } from '../ini/read.ts';
import { commentLines, keyText, valueText } from '../ini/text.ts';

/** Formats that hold texts only (stores/dotenv/store.go, stores/ini/store.go). A null, which sops writes `<nil>`, is refused. */

/** A scalar as text, bytes held in halves of surrogate pairs. */
function textOf(scalar: Scalar, path: Path): string {
  if (scalar.type === 'null') throw new LockstepError('BAD_VALUE', { path, what: 'null' });
  if (scalar.type === 'str' && typeof scalar.value !== 'string') return textOfBytes(scalar.value);
  return flatText(scalar) ?? '';
}

/** `KEY=value` lines. A name that would read as another one is refused. */
export function emitDotenv(map: PlainMap): string {
  return map.members
    .map((member) => {
      if (member.kind === 'comment')
        return member.text
          .split('\n')
          .map((line) => `#${line}\n`)
          .join('');
      const { key, value } = member;
      if (value.kind !== 'scalar') throw new LockstepError('BAD_VALUE', { path: [key], what: 'dotenv' });
      if (/[=\n]|^#/.test(key)) throw new LockstepError('BAD_NAME', { path: [key], what: 'dotenv' });
      return `${key}=${textOf(value.scalar, [key]).replaceAll('\n', '\\n')}\n`;
    })
    .join('');
}

/** Sections of all documents. Where several comments belong to one key sops keeps the last one; here all are kept. */
export function emitIni(documents: readonly PlainMap[]): string {
  const sections = documents.flatMap(({ members }) => members.filter((member) => member.kind === 'entry'));
  return sections
    .map((section, i) => sectionText(section, i === 0))
    .filter((text) => text !== '')
    .join('\n');
}

function sectionText({ key: name, value }: PlainEntry, first: boolean): string {
  if (value.kind !== 'map') throw new LockstepError('BAD_VALUE', { path: [name], what: 'ini-section' });
  const { heading, keys } = byKey(value, name);
  const names = keys.map(({ name: key }) => keyIn(name, key));
  const width = Math.max(0, ...names.map(byteLength));
  const lines = keys.map(({ comments, value: text }, i) => {
    const key = names[i] ?? '';
    return `${remarks(comments.map(trimLines))}${key}${' '.repeat(width - byteLength(key))} = ${text}\n`;
  });
  // What stands before the first header has none.
  if (first && name === defaultSection) return keys.length === 0 ? '' : remarks(heading) + lines.join('');
  if (name === '' || /[\r\n]/.test(name)) throw new LockstepError('BAD_NAME', { path: [name], what: 'ini' });
  return `${remarks(heading)}[${name}]\n${lines.join('')}`;
}

function keyIn(section: string, key: string): string {
  try {
    return keyText(key);
  } catch (error) {
    if (!(error instanceof LockstepError) || error.code !== 'BAD_NAME') throw error;
    throw new LockstepError('BAD_NAME', { ...error.place, path: [section, key] });
  }
}

interface IniLine {
  readonly name: string;
  readonly value: string;
  /** In the tree they come behind their key. */
  readonly comments: string[];
}

function byKey(map: PlainMap, section: string): { heading: string[]; keys: IniLine[] } {
  const heading: string[] = [];
  const keys: IniLine[] = [];
  for (const member of map.members) {
    if (member.kind === 'comment') (keys.at(-1)?.comments ?? heading).push(member.text);
    else keys.push(lineOf(member, [section, member.key]));
  }
  return { heading, keys };
}

function lineOf({ key, value }: PlainEntry, path: Path): IniLine {
  if (value.kind !== 'scalar') throw new LockstepError('BAD_VALUE', { path, what: 'ini' });
  const { scalar } = value;
  const text = scalar.type === 'str' ? scalar : ({ type: 'str', value: textOf(scalar, path) } as const);
  try {
    return { name: key, value: valueText(text), comments: [] };
  } catch (error) {
    throw error instanceof LockstepError ? error.at({ path }) : error;
  }
}

function remarks(comments: readonly string[]): string {
  return comments
    .filter((text) => text !== '')
    .map((text) => `${commentLines(text, '; ', '\n').replace(/^([#;])(?=[^ ])/gm, '$1 ')}\n`)
    .join('');
}

/** sops trims the lines of a key's comment, not those of a section's. */
function trimLines(text: string): string {
  return text.split('\n').map(trimSpace).join('\n');
}

const byteLength = (text: string) => utf8(text).length;
