import type { Format, FormatId } from './document.ts';
import { dotenv } from './dotenv.ts';
import { json } from './json.ts';
import { yaml } from './yaml.ts';

/** What a file is: a format that is handled, or a store of sops that is only recognised. */
export type Recognised = { readonly format: FormatId } | { readonly unsupported: 'ini' | 'binary' };

/**
 * The format by name, case-sensitive as in sops (cmd/sops/formats/formats.go). `.env.production` and its like are
 * dotenv here; sops takes them for binary unless told otherwise, so see `recognise` for one that is encrypted.
 */
export function formatOfName(fileName: string): Recognised {
  const base = fileName.slice(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
  if (base.endsWith('.yaml') || base.endsWith('.yml')) return { format: 'yaml' };
  if (base.endsWith('.json')) return { format: 'json' };
  if (base.endsWith('.ini')) return { unsupported: 'ini' };
  if (base.endsWith('.env') || base.startsWith('.env.')) return { format: 'dotenv' };
  return { unsupported: 'binary' };
}

/** The format by name and text: a dotenv name that holds the JSON envelope of the binary store is 'binary'. */
export function recognise(fileName: string, text: string): Recognised {
  const named = formatOfName(fileName);
  if ('format' in named && named.format === 'dotenv' && isEnvelope(text)) return { unsupported: 'binary' };
  return named;
}

/** The implementation of a format. */
export function getFormat(id: FormatId): Format {
  if (id === 'yaml') return yaml;
  return id === 'json' ? json : dotenv;
}

/** A binary-store file (SOPS stores/json/store.go): an object of `data`, a string, and `sops`, nothing else. */
function isEnvelope(text: string): boolean {
  if (!/^\s*\{/.test(text)) return false;
  try {
    const doc = json.parse(text);
    const members = doc.documents[0]?.members ?? [];
    const only = members[0];
    return members.length === 1 && only?.kind === 'entry' && only.key === 'data' && doc.metadata[0] !== undefined;
  } catch {
    return false;
  }
}
