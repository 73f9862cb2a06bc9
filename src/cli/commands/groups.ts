import { bytesOfText } from '../../core/format/encoding.ts';
import { addGroup, deleteGroup } from '../../core/keys/updatekeys.ts';
import type { Call, Run } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { readFileOperand } from '../files/input.ts';
import { keysOfGroup } from '../files/namedkeys.ts';
import { writeResult } from '../files/output.ts';
import { changeKeys, tellRemoved } from '../keys/changes.ts';

/** One more key group, at the end. */
export const addKeyGroup: Run = async (call) => {
  if (call.args.length > 0)
    throw new Failure(
      exit.generic,
      'Nothing but flags is expected.',
      'For example: lockstep groups add --file secrets.yaml --age age1…',
      'error: no positional arguments allowed',
    );
  return change(call, async ({ call, input }, threshold) => {
    const typed = await about(input.label, () => keysOfGroup(call.flags), exit.generic);
    return changeKeys(call, input, (sealed, key) => addGroup(sealed, key, typed, threshold, call.io.clock), typed);
  });
};

/** One key group less. */
export const deleteKeyGroup: Run = async (call) => {
  const [index = '', more] = call.args;
  if (!/^\d{1,9}$/.test(index) || more !== undefined)
    throw new Failure(
      exit.generic,
      'The number of one group is expected, counted from 0.',
      'For example: lockstep groups delete --file secrets.yaml 1',
      'error: exactly one positional argument (index) required',
    );
  return change(call, (target, threshold) =>
    changeKeys(target.call, target.input, (sealed, key) =>
      deleteGroup(sealed, key, Number(index), threshold, target.call.io.clock),
    ),
  );
};

interface Target {
  readonly call: Call;
  readonly input: Awaited<ReturnType<typeof readFileOperand>>;
}

async function change(
  call: Call,
  work: (target: Target, threshold: number | undefined) => ReturnType<typeof changeKeys>,
): Promise<number> {
  const file = call.flags.text('file');
  if (file === undefined)
    throw new Failure(exit.generic, 'No file is named.', 'Name it with --file.', 'Error: no file specified');
  const input = await readFileOperand({ ...call, args: [file] }, exit.cannotRead);
  const changed = await work({ call, input }, call.flags.number('shamir-secret-sharing-threshold'));
  await writeResult(call, input, changed ? bytesOfText(changed.text) : input.content.bytes, false);
  if (changed) tellRemoved(call, input, changed.plan);
  return 0;
}
