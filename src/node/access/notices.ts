import { closeSync, constants, existsSync, fstatSync, lstatSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { noticeAttributes, noticeFolder } from '../../core/access/notice.ts';
import { LockstepError } from '../../core/errors.ts';
import { publicMode } from '../../core/platform/disk.ts';
import { fileError } from '../files.ts';
import { writeFullySync } from '../fullwrite.ts';

/**
 * Adds a line to the notices of a repository: where it has a folder for them, or `make` says that it shall have one. Who made the
 * repository may have put links there that lead to files of this user: none is followed.
 * @returns whether it wants notices. Throws what `Disk.write` throws, and NOT_A_FILE.
 */
export function addNotice(root: string, file: string, line: string, make: boolean): boolean {
  try {
    let folder = root;
    for (const name of noticeFolder) {
      folder = join(folder, name);
      if (!existsSync(folder) && !make) return false;
      requireFolder(folder);
    }
    const attributes = join(folder, '.gitattributes');
    if (!existsSync(attributes)) append(attributes, noticeAttributes);
    append(join(folder, file), line);
    return true;
  } catch (error) {
    throw fileError(error);
  }
}

function requireFolder(folder: string): void {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (!found) mkdirSync(folder);
  else if (!found.isDirectory()) throw new LockstepError('NOT_A_FILE');
}

function append(path: string, text: string): void {
  // Windows has no such flag for `open`; there is little to win by a link there, which few may make.
  const how = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
  const file = openSync(path, how | (constants.O_NONBLOCK ?? 0), publicMode);
  try {
    const found = fstatSync(file);
    if (!found.isFile() || found.nlink > 1) throw new LockstepError('NOT_A_FILE');
    writeFullySync(file, Buffer.from(text));
  } finally {
    closeSync(file);
  }
}
