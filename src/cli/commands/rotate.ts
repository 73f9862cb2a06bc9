import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { bytesOfText } from '../../core/format/encoding.ts';
import { rotate as rotateFile } from '../../core/sops/rotate.ts';
import { inOutputFormat } from '../emitting.ts';
import { about, exit, Failure } from '../failure.ts';
import type { Flags } from '../flags.ts';
import { readFileOperand, requireFile } from '../input.ts';
import { openInput } from '../opening.ts';
import { addForeign, rmForeign } from '../options.ts';
import { checkTarget, writeResult } from '../output.ts';
import { listed, refuseForeign } from '../recipe.ts';
import type { Call, Run } from '../verbs.ts';

/** A new data key, for the same people or for others. */
export const rotate: Run = async (call) => {
  checkTarget(call);
  refuseForeign(call.flags, addForeign);
  const options = { addAge: listed(call.flags, 'add-age'), rmAge: removed(call.flags) };
  checkThere(call, options.addAge.length + options.rmAge.length > 0);
  const input = await readFileOperand(call, exit.cannotRead);
  const opened = await openInput(call, input);
  try {
    const shaped = await inOutputFormat(call, input, opened);
    const change = await about(
      input.label,
      () => rotateFile(shaped, call.io.clock, options),
      () => exit.generic,
    );
    await writeResult(call, input, bytesOfText(change.text), false);
    return 0;
  } finally {
    opened.dispose();
  }
};

/** A key of any kind can be removed by its name. */
const removed = (flags: Flags) => ['rm-age' as const, ...rmForeign].flatMap((name) => listed(flags, name));

function checkThere(call: Call, changesKeys: boolean): void {
  const file = requireFile(call);
  if (changesKeys && !existsSync(resolve(call.io.cwd, file)))
    throw new Failure(
      exit.noFileForKeys,
      `${file}: There is no such file whose keys could be changed.`,
      'Look at the name. lockstep edit FILE makes a new file.',
      `Error: cannot add or remove keys on non-existent file "${resolve(call.io.cwd, file)}", use the \`edit\` subcommand instead.`,
    );
}
