import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { type AccessEvent, isExtraction } from '../../core/access/event.ts';
import { noticeFile, noticeFolder, noticeLine } from '../../core/access/notice.ts';
import { LockstepError } from '../../core/errors.ts';
import { visible } from '../../core/tree/path.ts';
import { appendRecordSync } from '../../node/access/append.ts';
import { addNotice } from '../../node/access/notices.ts';
import { stateFolder } from '../../node/access/place.ts';
import { keyLabel, requester } from '../../node/access/requester.ts';
import { fileError } from '../../node/files.ts';
import type { Call } from '../call.ts';
import type { Input } from '../files/input.ts';
import type { Io } from '../io.ts';
import { sentenceOf } from '../words/words.ts';

/** What is said of an access; the input that it is about has the file. */
type Accessed = Omit<AccessEvent, 'by' | 'file'> & {
  readonly input?: Pick<Input, 'path' | 'name'>;
  /** Who asked, where it is not the program that started this one. */
  readonly by?: string;
};

/**
 * Writes one access into this user's log, right before a value or a key leaves. It never throws: what goes wrong is told on standard
 * error, like every remark, and the work goes on.
 */
export function recordAccess({ io }: Pick<Call, 'io'>, { input, ...about }: Accessed): void {
  const file = input?.path ?? (input?.name || undefined);
  const event: AccessEvent = { ...about, ...(file !== undefined && { file }), by: about.by ?? requester() };
  const now = io.clock.now();
  try {
    const { lost } = appendRecordSync(logFolder(io), event, now);
    if (lost > 0)
      io.writeStderr(
        `lockstep: The access log has lost its last records (${lost}): somebody removed them, or the machine lost power.\nA record says so; lockstep log verify shows where.\n`,
      );
    if (file !== undefined && isExtraction(event)) notice(io, event, file, now);
  } catch (error) {
    io.writeStderr(`lockstep: This access could not be recorded: ${sentenceOf(fileError(error))}\n${place(io)}`);
  }
}

/** The folder of this user's log. Throws GONE where there is no place for one. */
function logFolder({ env, home, platform }: Io): string {
  const folder = stateFolder(env, home, platform);
  if (folder === undefined) throw new LockstepError('GONE');
  return folder;
}

function place({ env, home, platform }: Io): string {
  const folder = stateFolder(env, home, platform);
  const where = folder === undefined ? 'there is no home folder' : `its place is ${visible(folder)}`;
  return `The access log is for you alone: ${where}. XDG_STATE_HOME names another one.\n`;
}

/** For the owner of a repository that asks for it. A program that takes us for sops does not expect it to be written to. */
function notice({ name }: Io, event: AccessEvent, file: string, now: Date): void {
  const root = name === 'sops' ? undefined : rootOf(file);
  if (root === undefined || !existsSync(join(root, ...noticeFolder))) return;
  const path = relative(root, file).split(sep).join('/');
  addNotice(root, noticeFile(keyLabel(), now), noticeLine(event, path, now), false);
}

function rootOf(file: string): string | undefined {
  for (let at = dirname(file); ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (at === dirname(at)) return undefined;
  }
}

/** The program that gets values. Of a line for the shell nothing is kept: it may hold anything. */
export function nameOfProgram({ after }: Pick<Call, 'after'>): string {
  return after?.[0] === undefined ? 'a shell' : basename(after[0]);
}
