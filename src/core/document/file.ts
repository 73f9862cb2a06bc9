import type { LockstepError } from '../errors.ts';
import type { SealedText, UnknownText } from '../seal/prove.ts';
import type { KeptDraft } from './draft.ts';
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

/** A document as a backup holds it. */
export interface Kept {
  readonly text: DocumentText;
  /** The hash of the file that the edits started from, and its text. */
  readonly base: string;
  readonly baseText: DocumentText;
  readonly draft?: KeptDraft;
}

/** The file of a document, as far as it is known. */
export interface KnownFile {
  /** As it was read or saved last: what edits start from. Undefined for a file that was never read. */
  readonly base: OnDisk | undefined;
  /** Another version on the disk, under unsaved edits: a conflict. */
  readonly theirs: OnDisk | undefined;
  /** There is none, or another program left it empty: what is open stays so, and may be the last copy. */
  readonly gone: false | 'deleted' | 'emptied';
  /** Why a file that was never read could not be. */
  readonly failure: LockstepError | undefined;
}

export const unknownFile: KnownFile = { base: undefined, theirs: undefined, gone: false, failure: undefined };

/** The file is this now, and the document started from it. */
export const fileIs = (base: OnDisk): KnownFile => ({ ...unknownFile, base });

/** The file of a document out of a backup, whose edits may have started from another version than the one that is there. */
export function startedFrom(file: KnownFile, kept: Kept): KnownFile {
  const { base } = file;
  const started = { text: kept.baseText, hash: kept.base, mark: base?.mark ?? false };
  if (!base) return kept.base === '' ? file : { ...file, base: started };
  if (base.hash === kept.base || base.text === kept.text) return file;
  if (isEmptied(base, started)) return { ...unknownFile, base: started, gone: 'emptied' };
  return { ...unknownFile, base: started, theirs: base };
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
    if (found.code === 'GONE') return { file: { ...file, gone: 'deleted', theirs: undefined } };
    return { file: base ? file : { ...file, failure: found } };
  }
  if (found.hash === base?.hash) return { file: fileIs(base) };
  if (text !== '' && base && isEmptied(found, base)) return { file: { ...file, gone: 'emptied' } };
  if (dirty && !sameLines(found.text, text)) return { file: { ...unknownFile, base, theirs: found } };
  return { file: fileIs(found), ...(base && found.text === text ? {} : { take: found.text }) };
}

/** A full disk leaves a file so, and a program that did not come to fill it again. Nobody's text is in it that could be taken or kept. */
const isEmptied = (now: OnDisk, before: OnDisk): boolean => now.text === '' && before.text !== '';
