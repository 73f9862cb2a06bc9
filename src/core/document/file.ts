import type { LockstepError } from '../errors.ts';
import type { SealedText, UnknownText } from '../seal/prove.ts';
import { sameLines } from './steps.ts';

/** What a document holds: a text that we encrypted, or one from a disk, a backup or a text editor. */
export type DocumentText = SealedText | UnknownText;

/** A file as it was read. */
export interface OnDisk {
  readonly text: DocumentText;
  /** Of the bytes. */
  readonly hash: string;
  /** A byte order mark, which `text` is without. */
  readonly mark: boolean;
}

/** The file of a document, as far as it is known. */
export interface KnownFile {
  /** As it was read or saved last: what edits start from. Undefined for a file that was never read. */
  readonly base: OnDisk | undefined;
  /** Another version on the disk, under unsaved edits: a conflict. */
  readonly theirs: OnDisk | undefined;
  readonly gone: boolean;
  /** Why a file that was never read could not be. */
  readonly failure: LockstepError | undefined;
}

export const unknownFile: KnownFile = { base: undefined, theirs: undefined, gone: false, failure: undefined };

/** The file is this now, and the document started from it. */
export const fileIs = (base: OnDisk): KnownFile => ({ ...unknownFile, base });

/** The file of a document whose edits started from another version than the one that was read. */
export function startedFrom({ base }: KnownFile, text: DocumentText, hash: string): KnownFile {
  return { ...unknownFile, base: { text, hash, mark: base?.mark ?? false }, theirs: base };
}

/** What the file is after a look at the disk, for a document that holds `text`, `dirty` or not; and a text to take from there. */
export function afterLook(
  file: KnownFile,
  found: OnDisk | LockstepError,
  text: string,
  dirty: boolean,
): { readonly file: KnownFile; readonly take?: DocumentText } {
  const { base } = file;
  if (!('hash' in found)) {
    // What is open stays so; only a file that was never read has nothing else to show.
    if (found.code === 'GONE') return { file: { ...file, gone: true, theirs: undefined } };
    return { file: base ? file : { ...file, failure: found } };
  }
  if (found.hash === base?.hash) return { file: fileIs(base) };
  if (base && dirty && !sameLines(found.text, text)) return { file: { ...fileIs(base), theirs: found } };
  return { file: fileIs(found), ...(base && found.text === text ? {} : { take: found.text }) };
}
