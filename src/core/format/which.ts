import { fromUtf8, tryUtf8 } from '../bytes.ts';
import { binary, isEnvelope } from './binary.ts';
import { namingConflicts } from './conflict.ts';
import type { Format, FormatId } from './document.ts';
import { dotenv } from './dotenv.ts';
import { textOfFile } from './encoding.ts';
import { ini } from './ini.ts';
import { json } from './json.ts';
import { yaml } from './yaml.ts';

/**
 * The format by name, case-sensitive as in sops (cmd/sops/formats/formats.go): what has no ending of its own is binary.
 * `.env.production` and its like are dotenv here; sops takes them for binary unless told otherwise, so see `recognise` for
 * one that is encrypted.
 */
export function formatOfName(fileName: string): FormatId {
  const base = fileName.slice(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
  if (base.endsWith('.yaml') || base.endsWith('.yml')) return 'yaml';
  if (base.endsWith('.json')) return 'json';
  if (base.endsWith('.ini')) return 'ini';
  return base.endsWith('.env') || base.startsWith('.env.') ? 'dotenv' : 'binary';
}

/** The format by name and text: a dotenv name that holds the JSON envelope of the binary store is binary. */
export function recognise(fileName: string, text: string): FormatId {
  const named = formatOfName(fileName);
  return named === 'dotenv' && isEnvelope(text) ? 'binary' : named;
}

/**
 * The format of a file's bytes, and their text. A binary file that is not encrypted has none that means anything: the text
 * is empty where its bytes are no UTF-8. Throws NOT_UTF8 for YAML and JSON.
 */
export function recogniseBytes(fileName: string, bytes: Uint8Array): { format: FormatId; text: string } {
  const named = formatOfName(fileName);
  const text = named === 'binary' ? (tryUtf8(bytes) ?? '') : textOfFile(bytes, named);
  const format = recognise(fileName, text);
  return { format, text: format === named ? text : fromUtf8(bytes) };
}

const formats: Readonly<Record<FormatId, Format>> = {
  yaml: namingConflicts(yaml),
  json: namingConflicts(json),
  dotenv: namingConflicts(dotenv),
  ini: namingConflicts(ini),
  binary: namingConflicts(binary),
};

/** The implementation of a format. */
export function getFormat(id: FormatId): Format {
  return formats[id];
}
