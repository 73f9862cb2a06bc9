import { parsePath } from '../../core/sops/keypath.ts';
import { showPath } from '../../core/tree/path.ts';
import { recordAccess } from '../access/record.ts';
import type { Run } from '../call.ts';
import { exit, orFailWith } from '../failure.ts';
import { clearPart, clearText } from '../files/emitting.ts';
import { readInput } from '../files/input.ts';
import { openInput } from '../files/opening.ts';
import { checkTarget, writeResult } from '../files/output.ts';
import { keyAt } from '../files/revision.ts';

/** The plaintext of a file, or one value or branch of it. */
export const decrypt: Run = async (call) => {
  checkTarget(call);
  const input = await readInput(call);
  const path = orFailWith(exit.badTreePath, () => parsePath(call.flags.text('extract') ?? ''));
  const opened = await openInput(call, input);
  try {
    const bytes = path.length > 0 ? await clearPart(call, input, opened, path) : await clearText(call, input, opened);
    const { flags } = call;
    const to = flags.on('in-place') ? 'in place' : (flags.text('output') ?? 'standard output');
    recordAccess(call, {
      purpose: 'decrypt',
      input,
      key: keyAt(path.length > 0 ? showPath(path) : undefined, input.commit),
      to,
    });
    await writeResult(call, input, bytes, true);
    return 0;
  } finally {
    opened.dispose();
  }
};
