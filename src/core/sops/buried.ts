import { LockstepError } from '../errors.ts';
import type { FormatId, SourceDocument } from '../format/document.ts';
import { getFormat } from '../format/which.ts';
import { commentText } from '../open/comments.ts';
import { collect } from './sealed.ts';
import { defaultSelector } from './selection.ts';
import { parseEnvelope } from './value.ts';

/**
 * Throws ALREADY_ENCRYPTED for a plain file that holds what SOPS encrypted: `values` where metadata got lost, `content` where a
 * binary file is an encrypted file of another format. Another layer of encryption would bury it, and sops itself looks for
 * metadata in the file's own format only.
 */
export function requirePlain(doc: SourceDocument): void {
  if (doc.format !== 'binary') {
    if (holdsCiphertext(doc)) throw new LockstepError('ALREADY_ENCRYPTED', { what: 'values' });
    return;
  }
  const only = doc.documents[0]?.members[0];
  const scalar = only?.kind === 'entry' && only.value.kind === 'scalar' ? only.value.scalar : undefined;
  const text = scalar?.type === 'str' && typeof scalar.value === 'string' ? scalar.value : '';
  if (text.includes('ENC[AES256_GCM,') && textFormats.some((format) => isEncrypted(text, format)))
    throw new LockstepError('ALREADY_ENCRYPTED', { what: 'content' });
}

const textFormats: readonly FormatId[] = ['json', 'yaml', 'ini', 'dotenv'];

function isEncrypted(text: string, format: FormatId): boolean {
  try {
    const doc = getFormat(format).parse(text);
    return doc.metadata[0] !== undefined || holdsCiphertext(doc);
  } catch {
    return false;
  }
}

function holdsCiphertext(doc: SourceDocument): boolean {
  if (!doc.text.includes('ENC[AES256_GCM,')) return false;
  const { leaves, comments } = collect(doc, defaultSelector);
  return (
    leaves.some(({ node: { scalar } }) => scalar.type === 'str' && isCiphertext(scalar.value)) ||
    comments.some(({ node }) => isCiphertext(commentText(node)))
  );
}

/** As SOPS writes it: a text that only looks like one is a text. */
function isCiphertext(value: string | Uint8Array): boolean {
  const envelope = typeof value === 'string' ? parseEnvelope(value.trim()) : undefined;
  return envelope !== undefined && envelope.tag.length === 16 && envelope.iv.length >= 12;
}
