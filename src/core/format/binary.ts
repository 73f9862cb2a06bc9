import { tryUtf8 } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import type { Format, MapNode, SourceDocument } from './document.ts';
import { json } from './json/json.ts';

/** The one name in the envelope (SOPS stores/json/store.go `BinaryStore`). */
export const dataKey = 'data';

/** The envelope of a plain file, before its bytes take the place of the empty text. @param step its indentation. */
export const emptyEnvelope = (step = '\t') => `{\n${step}"${dataKey}": ""\n}\n`;

/**
 * A file of any bytes: encrypted, it is JSON with the bytes as one text, `data`. Text and places are those of that envelope;
 * the plain file has neither, see `sealBytes` and `unsealBytes`.
 */
export const binary: Format = {
  ...json,
  id: 'binary',
  parse,
  addEntry: (_doc, map) => refuse(map.span.start),
  renameEntry: (_doc, _map, entry) => refuse(entry.keySpan.start),
  removeEntry: (_doc, _map, entry) => refuse(entry.keySpan.start),
  removeItem: (_doc, _list, item) => refuse(item.span.start),
};

function refuse(offset: number): never {
  throw new LockstepError('BAD_VALUE', { offset, what: 'binary-file' });
}

function parse(text: string): SourceDocument {
  const doc = json.parse(text);
  if (!isData(doc.documents[0])) throw new LockstepError('UNSUPPORTED_FORMAT', { what: 'envelope' });
  return { ...doc, format: 'binary' };
}

function isData(root: MapNode | undefined): boolean {
  const [only, second] = root?.members ?? [];
  const named = only?.kind === 'entry' && only.key === dataKey && only.value.kind === 'scalar';
  return named && second === undefined && only.value.kind === 'scalar' && only.value.scalar.type === 'str';
}

/** The document of an envelope as if it held `bytes` in clear: JSON could not. */
export function withData(doc: SourceDocument, bytes: Uint8Array): SourceDocument {
  const root = doc.documents[0];
  const only = root?.members[0];
  if (!root || only?.kind !== 'entry' || only.value.kind !== 'scalar') throw new LockstepError('EMPTY_FILE');
  const scalar = { type: 'str', value: tryUtf8(bytes) ?? bytes } as const;
  const entry = { ...only, value: { ...only.value, scalar } };
  return { ...doc, documents: [{ ...root, members: [entry] }] };
}

/** Whether a text is the envelope of an encrypted file. Never throws. */
export function isEnvelope(text: string): boolean {
  if (!/^\ufeff?\s*\{/.test(text)) return false;
  try {
    return parse(text).metadata[0] !== undefined;
  } catch {
    return false;
  }
}
