import { environmentWith } from '../../node/spawn.ts';
import { nameOfProgram, recordAccess } from '../access/record.ts';
import type { Run } from '../call.ts';
import { about, contradiction, exit } from '../failure.ts';
import { readFileOperand } from '../files/input.ts';
import { openInput } from '../files/opening.ts';
import { keyAt } from '../files/revision.ts';
import { becomeThem, userFor } from '../run/asuser.ts';
import { envValues, loaderOf } from '../run/envvalues.ts';
import { commandOf, start, waitFor } from '../run/running.ts';

/** Runs a program with the values of a flat file in its environment, and nowhere else. */
export const execEnv: Run = async (call) => {
  const { io, flags } = call;
  const user = userFor(call);
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
  recordAccess(call, { purpose: 'exec-env', input, key: keyAt(undefined, input.commit), to: nameOfProgram(call) });
  // As in sops: what the file says of HOME and USER counts for more.
  const all = { ...becomeThem(call, user), ...values };
  const env = flags.on('pristine') ? all : environmentWith(io, all);
  const child = start(call, command, env, { apart: background, user });
  if (!background) return waitFor(io, child, command.program);
  child.release();
  return 0;
};
