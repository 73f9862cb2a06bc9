import type { FormatId } from '../core/format/document.ts';
import { formatOfName, recognise } from '../core/format/which.ts';
import type { Call } from './verbs.ts';

const types: readonly string[] = ['yaml', 'json', 'dotenv', 'ini', 'binary'] satisfies FormatId[];

/** The format that a flag names; undefined without one. An unknown one is passed over with a warning, as by sops. */
function typed({ io, flags }: Call, flag: 'input-type' | 'output-type'): FormatId | undefined {
  const type = flags.text(flag);
  if (type === undefined) return undefined;
  if (types.includes(type)) return type as FormatId;
  io.writeStderr(`lockstep: --${flag} is none of ${types.join(', ')}; the name of the file decides.\n`);
  return undefined;
}

/** How a file is read: by `--input-type`, its name, and what is in it. */
export function inputFormat(call: Call, name: string, text: string): FormatId {
  return typed(call, 'input-type') ?? recognise(name, text);
}

/** How a result is written: by `--output-type`, or the name alone. A name that says nothing says what the input says. */
export function outputFormat(call: Call, name: string, input: FormatId): FormatId {
  const named = formatOfName(name);
  return typed(call, 'output-type') ?? (named === 'binary' ? input : named);
}
