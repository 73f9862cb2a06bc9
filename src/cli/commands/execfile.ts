import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutKeys } from '../../node/spawn.ts';
import { nameOfProgram, recordAccess } from '../access/record.ts';
import type { Call, Run } from '../call.ts';
import { exit, Failure } from '../failure.ts';
import { clearText } from '../files/emitting.ts';
import { inPrivate } from '../files/hideout.ts';
import { readFileOperand } from '../files/input.ts';
import { openInput } from '../files/opening.ts';
import { writing } from '../files/output.ts';
import { offerPipe } from '../files/pipe.ts';
import { keyAt } from '../files/revision.ts';
import { becomeThem, userFor } from '../run/asuser.ts';
import { commandOf, start, waitFor } from '../run/running.ts';

/** Runs a program that reads the plaintext from a pipe or a private file, which is removed when the program ends. */
export const execFile: Run = async (call) => {
  const { io, flags } = call;
  const user = userFor(call);
  if (flags.on('background'))
    throw new Failure(
      exit.generic,
      '--background is not supported: sops removes the file as soon as the program has started, and the program finds none.',
      "Put Lockstep itself into the background: lockstep exec-file FILE 'COMMAND' &",
    );
  const name = fileName(call);
  commandOf(call);
  const input = await readFileOperand(call, exit.cannotRead);
  const opened = await openInput(call, input);
  const bytes = await clearText(call, input, opened).finally(() => opened.dispose());
  recordAccess(call, { purpose: 'exec-file', input, key: keyAt(undefined, input.commit), to: nameOfProgram(call) });
  const own = becomeThem(call, user);
  let running = false;
  return inPrivate(
    io,
    async (folder) => {
      const path = join(folder.path, name);
      const pipe = flags.on('no-fifo') ? undefined : await offerPipe(io, path, bytes);
      if (!pipe) await writing('temporary file', async () => writeFileSync(path, bytes, { mode: 0o600, flag: 'wx' }));
      try {
        const command = commandOf(call, (word) => word.replaceAll('{}', path));
        const child = start(call, command, { ...withoutKeys(io.env), ...own }, { user });
        running = true;
        return await waitFor(io, child, command.program);
      } finally {
        running = false;
        await pipe?.done();
      }
    },
    { answers: () => running },
  );
};

/** Names of devices on Windows, in every folder and with every ending; a colon leads to another stream of a file. */
const notLocal = /[:*?"<>|]|^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\xb9\xb2\xb3]) *(?:\.|$)/i;

/** Throws Failure for a name that would lead out of the private folder. */
function fileName({ io, flags }: Call): string {
  const name = flags.text('filename') ?? 'tmp-file';
  if (/[/\\\0]/.test(name) || name === '.' || name === '..' || (io.platform === 'win32' && notLocal.test(name)))
    throw new Failure(
      exit.generic,
      '--filename takes a name without a folder.',
      'The file is in a private folder; {} in the command is its whole path.',
      'The provided filename is not a local path.',
    );
  return name;
}
