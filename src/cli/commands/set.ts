import { change as changeFile } from '../../core/change/change.ts';
import type { Step } from '../../core/change/intent.ts';
import { LockstepError } from '../../core/errors.ts';
import { bytesOfText } from '../../core/format/encoding.ts';
import type { Opened } from '../../core/open/open.ts';
import { parsePath } from '../../core/sops/keypath.ts';
import type { Path } from '../../core/tree/path.ts';
import type { Call, Run } from '../call.ts';
import { agreeOnLoss } from '../enckeys/loss.ts';
import { about, contradiction, exit, Failure, orFailWith } from '../failure.ts';
import { inOutputFormat } from '../files/emitting.ts';
import { readFileOperand, readPath } from '../files/input.ts';
import { openInput } from '../files/opening.ts';
import { replace } from '../files/output.ts';
import { tellClear } from '../words/clearnote.ts';
import { spelledJson } from '../words/spelling.ts';

/** Puts a JSON value at a path. */
export const set: Run = async (call) => {
  const { flags, args } = call;
  if (flags.on('value-file') && flags.on('value-stdin'))
    throw contradiction(
      'value-file',
      'value-stdin',
      'Error: cannot use both --value-file and --value-stdin',
      exit.generic,
    );
  checkCount(call, flags.on('value-stdin') ? 2 : 3);
  const path = pathOf(args[1]);
  const json = await jsonOf(call);
  checkJson(json);
  return change(call, { path, json }, ({ sealed }, label) => ({
    kind: 'setPath',
    path,
    json: spelledJson(call, label, json, path, sealed.format),
  }));
};

/** Removes what is at a path. */
export const unset: Run = async (call) => {
  checkCount(call, 2);
  const path = pathOf(call.args[1]);
  const idempotent = call.flags.on('idempotent');
  return change(call, { path }, () => ({ kind: 'unsetPath', path, idempotent }));
};

function checkCount({ args, flags }: Call, count: number): void {
  if (args.length === count) return;
  const needed = ['a file', 'a path', 'a value'].slice(0, count).join(', ');
  throw new Failure(
    exit.noFile,
    `Needed are ${needed}, in this order.`,
    `For example: config.yaml '["database"]["port"]'${count > 2 ? ' 5432' : ''}`,
    flags.on('value-stdin') || count > 2
      ? `Error: no file specified, or index and value are missing. Need precisely ${count} positional arguments`
      : 'Error: no file specified, or index is missing',
  );
}

const pathOf = (text: string | undefined): Path => orFailWith(exit.badSetFormat, () => parsePath(text ?? ''));

/** On the command line, in a file, or on standard input, where no list of processes shows it. */
async function jsonOf(call: Call): Promise<string> {
  const { io, flags, args } = call;
  if (flags.on('value-stdin')) return Buffer.from(await io.readStdin()).toString('utf8');
  const last = args[2] ?? '';
  if (!flags.on('value-file')) return last;
  return Buffer.from((await readPath(call, last, exit.generic)).bytes).toString('utf8');
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new Failure(
      exit.badSetFormat,
      'The value is not JSON.',
      `A text needs double quotes: '"a text"'.`,
      'Value for --set is not valid JSON',
    );
  }
}

/** sops looks at what a format can hold when it writes the file. */
function exitOf(error: unknown): number | undefined {
  return error instanceof LockstepError && error.code === 'BAD_VALUE' ? exit.cannotEmit : undefined;
}

async function change(
  call: Call,
  { path, json }: { readonly path: Path; readonly json?: string },
  wanted: (opened: Opened, label: string) => Step,
): Promise<number> {
  const input = await readFileOperand(call, exit.cannotRead);
  const opened = await openInput(call, input);
  try {
    const shaped = await inOutputFormat(call, input, opened);
    await about(input.label, () => agreeOnLoss(call, input.label, shaped, path, json));
    const { edits, text, swapped } = await about(
      input.label,
      () => changeFile(shaped, wanted(shaped, input.label), call.io.clock),
      exitOf,
    );
    if (edits.length === 0 && (shaped === opened || call.flags.on('idempotent'))) return 0;
    await replace(input, bytesOfText(text));
    if (!swapped) tellClear(call.io, input.label, shaped.sealed, text);
    return 0;
  } finally {
    opened.dispose();
  }
}
