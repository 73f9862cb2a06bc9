import { environmentWith } from '../../node/spawn.ts';
import { nameOfProgram, recordAccess } from '../access/record.ts';
import type { Run } from '../call.ts';
import { about, contradiction, exit } from '../failure.ts';
import { readFileOperand } from '../files/input.ts';
import { openInput } from '../files/opening.ts';
import { keyAt } from '../files/revision.ts';
import { envValues, loaderOf } from '../run/envvalues.ts';
import { commandOf, refuseUser, start, waitFor } from '../run/running.ts';

/** Runs a program with the values of a flat file in its environment, and nowhere else. */
export const execEnv: Run = async (call) => {
  const { io, flags } = call;
  refuseUser(call);
  const background = flags.on('background');
  if (background && flags.on('same-process'))
    throw contradiction(
      'same-process',
      'background',
      'Error: The --same-process flag cannot be used with --background',
    );
  const command = commandOf(call);
  loaderOf(flags);
  const input = await readFileOperand(call, exit.cannotRead);
  const opened = await openInput(call, input);
  const values = await about(input.label, () => envValues(call, input.label, opened), exit.generic).finally(() =>
    opened.dispose(),
  );
  const env = flags.on('pristine') ? values : environmentWith(io, values);
  recordAccess(call, { purpose: 'exec-env', input, key: keyAt(undefined, input.commit), to: nameOfProgram(call) });
  const child = start(call, command, env, { apart: background });
  if (!background) return waitFor(io, child, command.program);
  child.release();
  return 0;
};
