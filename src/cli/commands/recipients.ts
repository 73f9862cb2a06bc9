import { bytesOfText } from '../../core/format/encoding.ts';
import { addRecipients, ageNames, removeRecipients } from '../../core/keys/updatekeys.ts';
import { visible } from '../../core/tree/path.ts';
import type { Call, Run } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { readFileOperand, requireFile } from '../files/input.ts';
import { readEncrypted } from '../files/opening.ts';
import { replace } from '../files/output.ts';
import { changeKeys, planLines, tellRemoved } from '../keys/changes.ts';
import { named, namesOf } from '../keys/names.ts';

/** Who can read a file: public keys, one a line, with the names that `.sops.yaml` has for them. */
export const listRecipients: Run = async (call) => {
  const input = await readFileOperand(call, exit.generic);
  const { groups } = (await readEncrypted(call, input)).metadata;
  const names = await namesOf(call);
  const lines = groups.flatMap((keys, i) => [
    ...(groups.length > 1 ? [`Group ${i}`] : []),
    ...keys.map(({ kind, name }) => `${kind === 'age' ? '' : `${kind} `}${named(names, { name })}`),
  ]);
  await call.io.writeStdout(lines.map((line) => `${visible(line)}\n`).join(''));
  return 0;
};

/** Lets more people read a file. */
export const addToFile: Run = (call) => change(call, true);

/** Lets people not read a file any more. */
export const removeFromFile: Run = (call) => change(call, false);

async function change(call: Call, add: boolean): Promise<number> {
  const { io } = call;
  requireFile(call);
  const recipients = call.args.slice(1).flatMap((one) => one.split(',').map((name) => name.trim()));
  if (recipients.length === 0)
    throw new Failure(exit.generic, 'No public key is named.', 'For example: lockstep recipients add FILE age1…');
  const typed = add
    ? await about(recipients.length === 1 ? 'The public key' : 'The public keys', () => ageNames(recipients))
    : [];
  const input = await readFileOperand(call, exit.cannotRead);
  const changed = await changeKeys(
    call,
    input,
    (sealed, key) =>
      add ? addRecipients(sealed, key, recipients, 0, io.clock) : removeRecipients(sealed, key, recipients, io.clock),
    typed,
  );
  if (!changed) {
    io.writeStderr(`lockstep: ${visible(input.label)}: Nothing changes.\n`);
    return 0;
  }
  await replace(input, bytesOfText(changed.text));
  await io.writeStdout(planLines(changed.plan, await namesOf(call)));
  tellRemoved(call, input, changed.plan);
  return 0;
}
