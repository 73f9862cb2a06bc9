import { resolve } from 'node:path';
import { wipe } from '../../../core/bytes.ts';
import { visible } from '../../../core/tree/path.ts';
import { recordAccess } from '../../access/record.ts';
import type { Run } from '../../call.ts';
import { exit, Failure } from '../../failure.ts';
import { makeKey, placeKey } from '../../keys/newkey.ts';

/**
 * Makes a key. Its file goes to standard output, and its public key to standard error; with `--output` into a new file for its owner alone, and
 * the public key to standard output. Throws Failure for a file that is there already.
 */
export const keygen: Run = async (call) => {
  const { io, flags, args } = call;
  if (args.length > 0) throw new Failure(exit.generic, 'keygen takes no file name.', 'Write it after -o.');
  const { recipient, file } = await makeKey(call);
  try {
    const output = flags.text('output') ?? '-';
    const to = output === '-' ? 'standard output' : resolve(io.cwd, output);
    recordAccess(call, { purpose: 'key-export', key: recipient, to });
    if (output === '-') {
      await io.writeStdout(file);
      io.writeStderr(`lockstep: Public key: ${recipient}\n`);
      return 0;
    }
    await placeKey(call, resolve(io.cwd, output), file, { isNew: true });
    io.writeStderr(`lockstep: ${visible(output)}: The private key is here, for you alone. Its public key:\n`);
  } finally {
    wipe(file);
  }
  await io.writeStdout(`${recipient}\n`);
  return 0;
};
