import { fromBase64, tryUtf8 } from '../../bytes.ts';
import { scalar } from '../../tree/value.ts';
import { type Entry, textOf } from '../found.ts';

const prefix = 'SECRET_';

/**
 * The variables that Kestra takes for secrets, under the names that flows have for them and without base64. Others stay as they are. One whose
 * value is no base64 is `damaged`: Kestra passes over it.
 */
export function decodeKestra(entries: readonly Entry[]): Entry[] {
  return entries.map((entry) => {
    if (!isSecret(entry) || entry.why) return entry;
    const bytes = decoded(textOf(entry.value) ?? '');
    const path = [...entry.path.slice(0, -1), nameOf(entry).slice(prefix.length).toUpperCase()];
    const { spelled: _, ...rest } = entry;
    if (!bytes) return { ...rest, path, kind: 'kestra', why: 'damaged' };
    return { ...rest, path, kind: 'kestra', value: scalar({ type: 'str', value: tryUtf8(bytes) ?? bytes }) };
  });
}

/**
 * Whether variables are meant for Kestra, as far as they show it: all that start with `SECRET_` are base64 of readable text, and one is long
 * enough for that to be no accident.
 */
export function looksLikeKestra(entries: readonly Entry[]): boolean {
  const secrets = entries.filter((entry) => isSecret(entry) && !entry.why);
  const texts = secrets.map(({ value }) => textOf(value) ?? '');
  return texts.every(isReadable) && texts.some((one) => one.length >= 12);
}

function isReadable(value: string): boolean {
  const bytes = decoded(value);
  const found = bytes && bytes.length > 0 ? tryUtf8(bytes) : undefined;
  return found !== undefined && !/[^\P{Cc}\t\r\n]/u.test(found);
}

/** As Java's decoder: line breaks are dropped before, and the signs at the end may be missing. */
function decoded(value: string): Uint8Array | undefined {
  const line = value.replace(/\r\n|[\n\v\f\r\x85\u2028\u2029]/g, '');
  if (line.includes('=')) return fromBase64(line);
  return fromBase64(line.padEnd(Math.ceil(line.length / 4) * 4, '='));
}

const nameOf = ({ path }: Entry) => path.at(-1) ?? '';
const isSecret = (entry: Entry) => nameOf(entry).startsWith(prefix) && nameOf(entry).length > prefix.length;
