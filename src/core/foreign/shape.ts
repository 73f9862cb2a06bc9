import { keyNameAt, keyVariable } from '../enckeys/names.ts';
import { variableName } from '../env/nested.ts';
import type { FormatId } from '../format/document.ts';
import { heldIn } from '../open/same.ts';
import type { Path } from '../tree/path.ts';
import { type Scalar, scalar, text, type Value } from '../tree/value.ts';
import type { Found } from './found.ts';
import { spelledFor } from './spelled.ts';

/** Where an entry goes in a file, and what it is there. */
interface Shaped {
  readonly path: readonly string[];
  readonly value: Value | undefined;
}

/** A name that a `.env` can hold, for every program that loads one. */
const isPlainName = (name: string) => /^[A-Za-z_]\w*$/.test(name) && !name.startsWith('sops_');

/**
 * An entry as a file of a format has it. A `.env` has variables: `db.password` is `DB_PASSWORD`, and each item of a list is one. INI has
 * sections of entries. Both hold texts alone. What has no place in the file comes back as nothing: an empty map or list in these two, and what
 * is called `sops` in others.
 */
export function shapedFor(found: Found, format: FormatId): Shaped[] {
  const { path, value, spelled } = found;
  // There the metadata is.
  if (format !== 'dotenv' && path[0] === 'sops') return [];
  if (format !== 'dotenv' && format !== 'ini') return [{ path, value: value && fitted(value, format) }];
  const whole: Scalar = value?.kind === 'scalar' ? value.scalar : { type: 'null' };
  const parts = value === undefined || value.kind === 'scalar' ? [{ path, value: whole }] : leavesOf(path, value);
  return parts.map((part) => ({
    path: format === 'dotenv' ? [variableOf(part.path)] : sectioned(part.path),
    value: value && scalar(textIn(format, part.value, spelled)),
  }));
}

/** Of a list or map, each value with the names and positions that lead to it. */
function leavesOf(path: Path, value: Value): { path: Path; value: Scalar }[] {
  if (value.kind === 'scalar') return [{ path, value: value.scalar }];
  if (value.kind === 'map') return value.members.flatMap((one) => leavesOf([...path, one.key], one.value));
  return value.items.flatMap((item, i) => leavesOf([...path, i], item));
}

/** A name as a file of a format has it. */
export const nameIn = (name: string, format: FormatId): string => (format === 'dotenv' ? variableOf([name]) : name);

function variableOf(path: Path): string {
  const [name] = path;
  if (path.length === 1 && typeof name === 'string' && isPlainName(name)) return name;
  const key = keyNameAt('yaml', path);
  const made = key === undefined ? variableName(path) : keyVariable(key);
  return isPlainName(made) ? made : `_${made.replace(/\W/g, '_')}`;
}

function sectioned([first, ...rest]: Path): string[] {
  return rest.length === 0 ? ['DEFAULT', String(first)] : [String(first), rest.join('.')];
}

function textIn(format: 'dotenv' | 'ini', value: Scalar, spelled: string | undefined): Scalar {
  if (value.type === 'null') return text('');
  const held = heldIn(format, value);
  if (format === 'ini' || held.type !== 'str' || typeof held.value !== 'string') return held;
  // A value of several lines in quotes cannot stand as it does in its file; SOPS reads `\n` as a line break, in any quotes.
  const isOneLine = spelled !== undefined && !spelled.includes('\n');
  return text(isOneLine ? spelled.replaceAll('\\n', '\n') : spelledFor(held.value));
}

/** JSON has no dates. */
function fitted(value: Value, format: FormatId): Value {
  if (format !== 'json') return value;
  if (value.kind === 'list') return { kind: 'list', items: value.items.map((item) => fitted(item, format)) };
  if (value.kind === 'map')
    return { kind: 'map', members: value.members.map((one) => ({ ...one, value: fitted(one.value, format) })) };
  return value.scalar.type === 'time' ? scalar(text(value.scalar.value)) : value;
}
