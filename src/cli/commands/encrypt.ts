import { LockstepError } from '../../core/errors.ts';
import { sealBytes } from '../../core/sops/seal.ts';
import { about, exit, Failure } from '../failure.ts';
import { readInput } from '../input.ts';
import { checkTarget, writeResult } from '../output.ts';
import { recipeFor } from '../recipe.ts';
import { plainFormat } from '../store.ts';
import type { Run } from '../verbs.ts';

/** Encrypts a plain file for the recipients of its rule or of the flags. */
export const encrypt: Run = async (call) => {
  const { io, flags, args } = call;
  checkTarget(call);
  if ((args[0] === undefined || args[0] === '-') && !flags.text('filename-override'))
    throw new Failure(
      exit.conflictingFlags,
      'Standard input has no name.',
      'Say which rule and format to use: --filename-override NAME.',
    );
  const input = await readInput(call);
  const recipe = await recipeFor(call, input.name);
  const sealed = await about(
    input.label,
    () => sealBytes(input.content.bytes, plainFormat(call, input.name), recipe, io.clock),
    exitOf,
  );
  await writeResult(call, input, sealed.bytes, false);
  return 0;
};

/** sops reads a plain file before it does anything else: what cannot be read is exit code 2. */
function exitOf(error: unknown): number | undefined {
  const reading = ['SYNTAX', 'DUPLICATE_KEY', 'NOT_A_MAP', 'ALIAS_BOMB', 'NOT_UTF8'];
  return error instanceof LockstepError && reading.includes(error.code) ? exit.cannotRead : undefined;
}
