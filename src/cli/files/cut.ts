import { errnoOf, fileError } from '../../node/files.ts';
import { AboutFile, exit, Failure } from '../failure.ts';

/** Whether an error says that nobody reads any more, as when `head` has enough. */
export function isReaderGone(error: unknown): boolean {
  const cause = error instanceof AboutFile ? error.cause : error;
  return cause instanceof Error && 'code' in cause && cause.code === 'EPIPE';
}

/**
 * What a failed write to a pipe, a device or an open file becomes: part of the bytes may be there. The error itself when
 * nobody reads any more, which is no trouble of ours.
 */
export function cutOff(label: string, error: unknown): unknown {
  if (isReaderGone(error) || error instanceof Failure) return error;
  const { code } = fileError(error);
  const full = code === 'DISK_FULL';
  return new Failure(
    exit.cannotWrite,
    `${label}: ${full ? 'The disk is full, or a limit on the size of files is reached.' : `It cannot be written (${errnoOf(error) ?? code}).`}`,
    'The output is incomplete: do not use it, and keep the source.',
  );
}
