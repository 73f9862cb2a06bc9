import { LockstepError } from '../core/errors.ts';
import type { FormatId } from '../core/format/document.ts';
import { formatOfName, type Recognised, recognise } from '../core/format/which.ts';
import type { Call } from './verbs.ts';

const types: Readonly<Record<string, Recognised>> = {
  yaml: { format: 'yaml' },
  json: { format: 'json' },
  dotenv: { format: 'dotenv' },
  ini: { unsupported: 'ini' },
  binary: { unsupported: 'binary' },
};

/** The format that a flag names; undefined without one. An unknown one is passed over with a warning, as by sops. */
function typed({ io, flags }: Call, flag: 'input-type' | 'output-type'): Recognised | undefined {
  const type = flags.text(flag);
  if (type === undefined) return undefined;
  if (!Object.hasOwn(types, type))
    io.writeStderr(`lockstep: --${flag} is none of ${Object.keys(types).join(', ')}; the name of the file decides.\n`);
  return Object.hasOwn(types, type) ? types[type] : undefined;
}

function handled(found: Recognised): FormatId {
  if ('format' in found) return found.format;
  throw new LockstepError('UNSUPPORTED_FORMAT', { what: found.unsupported });
}

/** How a file is read: by `--input-type`, its name, and what is in it. Throws UNSUPPORTED_FORMAT. */
export function inputFormat(call: Call, name: string, text: string): FormatId {
  return handled(typed(call, 'input-type') ?? recognise(name, text));
}

/** How a result is written: by `--output-type`, or the name alone. Throws UNSUPPORTED_FORMAT. */
export function outputFormat(call: Call, name: string, input: FormatId): FormatId {
  const flag = typed(call, 'output-type');
  if (flag) return handled(flag);
  const named = formatOfName(name);
  return 'format' in named ? named.format : input;
}
