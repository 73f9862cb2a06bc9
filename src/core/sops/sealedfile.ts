import { isEnvelope } from '../format/binary.ts';
import type { FormatId } from '../format/document.ts';
import { byteOrderMark, textOfFile } from '../format/encoding.ts';
import { formatOfBytes } from '../format/which.ts';

/**
 * The text of an encrypted file, and its format: the given one, or by its name and what is in it. A byte order mark stays
 * where sops takes it for a part of a name: before the first one of a dotenv file. Throws NOT_UTF8.
 */
export function sealedTextOf(name: string, bytes: Uint8Array, asked?: FormatId): { format: FormatId; text: string } {
  const { format, text } = asked ? read(bytes, asked) : formatOfBytes(name, bytes);
  const marked = format === 'dotenv' && startsWithMark(bytes) && /^[^\n=]*=/.test(text);
  return { format, text: marked ? byteOrderMark + text : text };
}

/** The binary store of sops reads any JSON; only of an envelope it can write bytes. */
function read(bytes: Uint8Array, asked: FormatId): { format: FormatId; text: string } {
  const text = textOfFile(bytes, asked);
  return { format: asked === 'binary' && !isEnvelope(text) ? 'json' : asked, text };
}

function startsWithMark([a, b, c]: Uint8Array): boolean {
  return a === 0xef && b === 0xbb && c === 0xbf;
}
