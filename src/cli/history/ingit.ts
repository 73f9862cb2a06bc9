import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { OpenFile } from '../../core/checklist/digests.ts';
import { LockstepError } from '../../core/errors.ts';
import type { Git } from '../../core/platform/git.ts';
import { gitHere } from '../../node/git/run.ts';
import { blobReader, fileLog } from '../../node/git.ts';
import type { Call } from '../call.ts';
import { openerFor } from '../files/repository.ts';

/** What the history of files is read with: git as the environment leads it, for a command that a person types. */
export const gitOfPerson: Pick<Git, 'fileLog' | 'blobReader'> = {
  fileLog: (folder, path, all) => fileLog(folder, path, all, true),
  blobReader: (folder) => blobReader(folder, true),
};

/** Where a file is in its repository: the root of the work tree, and the path from there; undefined outside git. */
export async function placeInGit(path: string): Promise<{ readonly root: string; readonly path: string } | undefined> {
  const folder = await realpath(dirname(path)).catch(() => undefined);
  const found = folder === undefined ? undefined : await gitHere(folder, ['rev-parse', '--show-toplevel']);
  const top = found?.code === 0 ? found.out.toString('utf8').replace(/\r?\n$/, '') : '';
  if (folder === undefined || top === '') return undefined;
  const root = await realpath(top).catch(() => top);
  return {
    root,
    path: relative(root, join(folder, basename(path)))
      .split(sep)
      .join('/'),
  };
}

/** Opens what it can; nothing where there is no key at all. */
export function opensIfItCan(call: Call): OpenFile {
  const open = openerFor(call);
  return async (file, work) => {
    try {
      return await open(file, work);
    } catch (error) {
      if (error instanceof LockstepError && error.code === 'NO_IDENTITY') return undefined;
      throw error;
    }
  };
}
