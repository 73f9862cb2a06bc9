import { isEnvelope } from '../../core/format/binary.ts';
import type { FormatId } from '../../core/format/document.ts';
import { byteOrderMark, textOfFile } from '../../core/format/encoding.ts';
import { formatOfBytes, formatOfName } from '../../core/format/which.ts';
import type { Call } from '../call.ts';

const types: readonly FormatId[] = ['yaml', 'json', 'dotenv', 'ini', 'binary'];

/** The format that a flag names; undefined without one. An unknown one is passed over with a warning, as by sops. */
function typed({ io, flags }: Call, flag: 'input-type' | 'output-type'): FormatId | undefined {
  const text = flags.text(flag);
  const found = types.find((type) => type === text);
  if (text !== undefined && !found)
    io.writeStderr(`lockstep: --${flag} is none of ${types.join(', ')}; the name of the file decides.\n`);
  return found;
}

/**
 * The text of an encrypted file, and its format: by `--input-type`, or its name and what is in it. A byte order mark stays
 * where sops takes it for a part of a name: before the first one of a dotenv file. Throws NOT_UTF8.
 */
export function sealedText(call: Call, name: string, bytes: Uint8Array): { format: FormatId; text: string } {
  const asked = typed(call, 'input-type');
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

/** The format of a file that is not encrypted: by `--input-type`, or its name. */
export function plainFormat(call: Call, name: string): FormatId {
  return typed(call, 'input-type') ?? formatOfName(name);
}

/**
 * The format of a result: by `--output-type`, or that of the file. One that is read by `--input-type` is written as its name
 * says, as in sops, unless the name says nothing.
 */
export function outputFormat(call: Call, name: string, input: FormatId): FormatId {
  const asked = typed(call, 'output-type');
  if (asked) return asked;
  const named = formatOfName(name);
  // `.env.local` holds an envelope where sops encrypted it.
  const saysNothing = named === 'binary' || (named === 'dotenv' && input === 'binary');
  return saysNothing || call.flags.text('input-type') === undefined ? input : named;
}
