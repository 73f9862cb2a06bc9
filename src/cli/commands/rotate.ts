import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { change as changeFile } from '../../core/change/change.ts';
import { bytesOfText } from '../../core/format/encoding.ts';
import { planRotation, type RotateOptions } from '../../core/keys/rotate.ts';
import type { KeyPlan } from '../../core/keys/updatekeys.ts';
import type { Opened } from '../../core/open/open.ts';
import type { Change } from '../../core/seal/sign.ts';
import type { Call, Run } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { inOutputFormat } from '../files/emitting.ts';
import { type Input, readFileOperand, requireFile } from '../files/input.ts';
import { keysToAdd, listed } from '../files/namedkeys.ts';
import { openInput } from '../files/opening.ts';
import { checkTarget, writeResult } from '../files/output.ts';

import type { Flags } from '../flags.ts';
import { tellRemoved } from '../keys/changes.ts';
import { agreeOnReaders, requireOwnAccess } from '../keys/readers.ts';
import { rmForeign } from '../options.ts';

/** A new data key, for the same people or for others. */
export const rotate: Run = async (call) => {
  checkTarget(call);
  const add = await about('The keys that are named', () => keysToAdd(call.flags), exit.generic);
  const options = { add, rmAge: removed(call.flags) };
  checkThere(call, add.length + options.rmAge.length > 0);
  const input = await readFileOperand(call, exit.cannotRead);
  const opened = await openInput(call, input);
  try {
    const shaped = await inOutputFormat(call, input, opened);
    const change = await rotated(call, input, shaped, options);
    await writeResult(call, input, bytesOfText(change.text), false);
    tellRemoved(call, input, change.plan, true);
    return 0;
  } finally {
    opened.dispose();
  }
};

/** An opened file under a new data key, for readers that a person has seen and that the keys at hand are among. */
export async function rotated(
  call: Call,
  input: Input,
  opened: Opened,
  options: RotateOptions = {},
): Promise<Change & { readonly plan: KeyPlan }> {
  const { metadata, format } = opened.sealed;
  const { plan, change } = await about(
    input.label,
    async () => ({
      plan: planRotation(metadata, options),
      change: await changeFile(opened, { kind: 'rotate', ...options }, call.io.clock),
    }),
    exit.generic,
  );
  const readers = { groups: plan.groups, threshold: plan.threshold.after, typed: options.add ?? [] };
  await agreeOnReaders(call, input.label, input.name, 'The new data key', readers);
  await requireOwnAccess(call, input.label, change, format);
  return { ...change, plan };
}

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
