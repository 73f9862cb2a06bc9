import { tryUtf8 } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import { binary, isEnvelope } from './binary.ts';
import { namingConflicts } from './conflict.ts';
import type { Format, FormatId } from './document.ts';
import { dotenv } from './dotenv/dotenv.ts';
import { byteOrderMark, textOfFile } from './encoding.ts';
import { ini } from './ini/ini.ts';
import { json } from './json/json.ts';
import { isSealed, sealedStart } from './look.ts';
import { yaml } from './yaml/yaml.ts';

/**
 * The format by name, case-sensitive as in sops (cmd/sops/formats/formats.go): what has no ending of its own is binary.
 * `.env.production` and its like are dotenv here; sops takes them for binary unless told otherwise. It is the format of a
 * file that is not encrypted; what an encrypted one is, `formatOf` knows.
 */
export function formatOfName(fileName: string): FormatId {
  const base = fileName.slice(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
  if (base.endsWith('.yaml') || base.endsWith('.yml')) return 'yaml';
  if (base.endsWith('.json')) return 'json';
  if (base.endsWith('.ini')) return 'ini';
  return base.endsWith('.env') || base.startsWith('.env.') ? 'dotenv' : 'binary';
}

/** JSON before YAML, which reads most of it; the envelope of the binary store before other JSON. */
const sniffed: readonly FormatId[] = ['binary', 'json', 'yaml', 'dotenv', 'ini'];

/**
 * The format of a file by its name and what is in it: that of the name, as for sops, unless the text is a SOPS file of
 * another format and none of that one. So `values.yaml.enc`, `.env.sops` and standard input are what they hold, where
 * sops sees a binary file and fails. Never throws.
 */
export function formatOf(fileName: string, text: string): FormatId {
  const named = formatOfName(fileName);
  if (!text.includes('"sops"') && !text.includes(sealedStart)) return named;
  // An envelope is JSON, and nothing else where the name says so.
  const possible = sniffed.filter((format) => format !== named && !(named === 'json' && format === 'binary'));
  const others = possible.filter((format) => isSealed(text, format));
  if (others.length === 0 || (named !== 'binary' && holds(text, named))) return named;
  if (named === 'binary' && isEnvelope(text)) return named;
  return others.find((format) => holds(text, format)) ?? named;
}

/** Whether a text is a SOPS file of this format. */
function holds(text: string, format: FormatId): boolean {
  if (format === 'binary') return isEnvelope(text);
  try {
    const found = formats[format].parse(text).metadata[0]?.root.members ?? [];
    return found.some((member) => member.kind === 'entry' && /^(?:mac|version)$/i.test(member.key));
  } catch {
    return false;
  }
}

/**
 * The format of a file's bytes, and their text, without a byte order mark. A binary file that is not encrypted has none that
 * means anything: the text is empty where its bytes are no UTF-8. Throws NOT_UTF8 where the format is UTF-8 or nothing.
 */
export function formatOfBytes(fileName: string, bytes: Uint8Array): { format: FormatId; text: string } {
  const utf8 = tryUtf8(bytes);
  if (utf8 !== undefined) {
    const text = utf8.startsWith(byteOrderMark) ? utf8.slice(1) : utf8;
    return { format: formatOf(fileName, text), text };
  }
  const named = formatOfName(fileName);
  const text = isLoose(named) || looksSealed(bytes) ? textOfFile(bytes, 'dotenv') : '';
  const format = formatOf(fileName, text);
  if (format === 'binary') return { format, text: '' };
  if (!isLoose(format)) throw new LockstepError('NOT_UTF8');
  return { format, text };
}

/** Formats whose clear values may be any bytes. */
const isLoose = (format: FormatId) => format === 'dotenv' || format === 'ini';

/** Whether bytes hold a ciphertext of sops. As text they would take many times their room, and most that are no UTF-8 are no text at all. */
export const looksSealed = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes).includes(sealedStart);

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
