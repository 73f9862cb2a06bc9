import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { OpenFile } from '../../core/checklist/digests.ts';
import type { Held } from '../../core/checklist/version.ts';
import { LockstepError } from '../../core/errors.ts';
import { formatOfBytes } from '../../core/format/which.ts';
import { openVersion } from '../../core/merge/opening.ts';
import type { Opened } from '../../core/open/open.ts';
import type { Git } from '../../core/platform/git.ts';
import { readSealed, type Sealed } from '../../core/sops/sealed.ts';
import { gitHere } from '../../node/git/run.ts';
import { blobReader, fileLog } from '../../node/git.ts';
import type { Call } from '../call.ts';
import { keyringOf } from '../keys/keyring.ts';

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

/**
 * Opens what it can; nothing where there is no key at all. Versions that come one after the other have most of their ciphertext in common,
 * which is decrypted once.
 */
export function opensIfItCan(call: Call): OpenFile {
  const keyring = keyringOf(call);
  let last: Opened | undefined;
  return async (file, work) => {
    try {
      const sealed = file.sealed ?? sealedOf(file);
      const opened = await openVersion(sealed, keyring, last ? [last] : []);
      last?.dispose();
      last = opened;
      return work(opened);
    } catch (error) {
      if (error instanceof LockstepError) return undefined;
      throw error;
    }
  };
}

function sealedOf({ path, bytes }: Held): Sealed {
  const { format, text } = formatOfBytes(path, bytes);
  return readSealed(text, format);
}
