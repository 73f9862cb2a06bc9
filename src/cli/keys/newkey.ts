import { type NewKey, newKey } from '../../core/age/private/newkey.ts';
import { visible } from '../../core/tree/path.ts';
import { errnoOf } from '../../node/files.ts';
import { isIgnored, isTracked } from '../../node/git.ts';
import { writeNewFile } from '../../node/keys/newfile.ts';
import type { Call } from '../call.ts';
import { AboutFile, exit, Failure } from '../failure.ts';

/** A new key of the kind that the flags ask for. @param name whose it is */
export const makeKey = ({ io, flags }: Call, name?: string): Promise<NewKey> =>
  newKey(flags.on('post-quantum'), io.clock.now(), name);

/**
 * Puts a key file where there is none. What is there is never written over. Warns of a folder that git looks after.
 * Throws Failure, AboutFile; then nothing is left behind. @param options.isNew the file is that of a new key alone, which another one can hold, too.
 */
export async function placeKey(
  { io }: Call,
  path: string,
  file: Uint8Array,
  { folder = false, isNew = false } = {},
): Promise<void> {
  const label = visible(path);
  try {
    writeNewFile(path, file, folder);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST')
      throw new Failure(
        exit.cannotWrite,
        `${label}: The file is there already, and a key is never written over.`,
        `Name another file.${isNew ? ` A key file may hold several keys: lockstep keygen >> ${label}` : ''}`,
      );
    throw new AboutFile(path, error, exit.cannotWrite);
  }
  const inGit = (await isTracked(path).catch(() => undefined)) !== undefined;
  if (inGit && (await isIgnored(path)) === false)
    io.writeStderr(
      `lockstep: ${label}: This is in a git repository. Do not commit it: whoever has it can read the files.\n`,
    );
}
