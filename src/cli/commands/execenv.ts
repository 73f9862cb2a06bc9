import type { Run } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { readFileOperand } from '../files/input.ts';
import { openInput } from '../files/opening.ts';
import type { Io } from '../io.ts';
import { withoutKeys } from '../run/childenv.ts';
import { envValues, loaderOf } from '../run/envvalues.ts';
import { commandOf, refuseUser, start, waitFor } from '../run/running.ts';

/** Runs a program with the values of a flat file in its environment, and nowhere else. */
export const execEnv: Run = async (call) => {
  const { io, flags } = call;
  refuseUser(call);
  const background = flags.on('background');
  if (background && flags.on('same-process'))
    throw new Failure(
      exit.conflictingFlags,
      '--same-process and --background contradict each other.',
      'Keep one of the two.',
      'Error: The --same-process flag cannot be used with --background',
    );
  const command = commandOf(call);
  loaderOf(flags);
  const input = await readFileOperand(call, exit.cannotRead);
  const opened = await openInput(call, input);
  const values = await about(
    input.label,
    () => envValues(call, input.label, opened),
    () => exit.generic,
  ).finally(() => opened.dispose());
  const env = flags.on('pristine') ? values : joined(io, values);
  const child = start(call, command, env, background);
  if (!background) return waitFor(io, child, command.program);
  child.release();
  return 0;
};

/** Windows knows a variable in any case of its letters, and Node would give a program the wrong one of two. */
function joined({ env, platform }: Io, values: Readonly<Record<string, string>>): Record<string, string | undefined> {
  const taken = new Set(Object.keys(values).map((name) => name.toUpperCase()));
  const kept = Object.entries(withoutKeys(env)).filter(
    ([name]) => platform !== 'win32' || !taken.has(name.toUpperCase()),
  );
  return { ...Object.fromEntries(kept), ...values };
}
