import { clearText } from '../emitting.ts';
import { readInput } from '../input.ts';
import { openInput } from '../opening.ts';
import { checkTarget, writeResult } from '../output.ts';
import type { Run } from '../verbs.ts';

/** The clear text of a file, or one value or branch of it. */
export const decrypt: Run = async (call) => {
  checkTarget(call);
  const input = await readInput(call);
  const opened = await openInput(call, input);
  try {
    await writeResult(call, input, await clearText(call, input, opened), true);
    return 0;
  } finally {
    opened.dispose();
  }
};
