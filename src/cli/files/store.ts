import type { FormatId } from '../../core/format/document.ts';
import { formatOfName } from '../../core/format/which.ts';
import { sealedTextOf } from '../../core/sops/sealedfile.ts';
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

/** As `sealedTextOf`, by `--input-type` where that is given. */
export function sealedText(call: Call, name: string, bytes: Uint8Array): { format: FormatId; text: string } {
  return sealedTextOf(name, bytes, typed(call, 'input-type'));
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
