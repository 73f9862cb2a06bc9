import { visible } from '../tree/path.ts';

/** What was done with a value or a key. One word each: people filter by it, and files keep it. */
export const purposes = [
  'reveal', // a value on the screen
  'edit', // a value in a field or an editor, to be changed
  'search', // a text was looked for in the values
  'copy', // to the clipboard
  'decrypt', // a file, or a part of it, as plaintext
  'save-copy', // plaintext beside the encrypted file
  'export', // values in another form
  'exec-env', // to a program, in its environment
  'exec-file', // to a program, as a file
  'answer', // to another process that asked
  'key-export', // a private key
  'back-up', // private keys, under a pass phrase
  'unlock', // the keys may be used
  'grant', // somebody else can read files from now on
  'revoke', // somebody cannot read later versions of files
  'fault', // the log itself was found changed or cut
] as const;
export type Purpose = (typeof purposes)[number];

/** What is recorded of one access. Never a value or a private key. */
export interface AccessEvent {
  readonly purpose: Purpose;
  /** An absolute path, or a URI; undefined where it is about no file. */
  readonly file?: string | undefined;
  /** A key path as `showPath` shows it, a public key, or a few words; undefined for the whole file. */
  readonly key?: string | undefined;
  /** Who asked: a surface of ours, or a program. */
  readonly by: string;
  /** Where it went, if that is not the screen: a file, a program. */
  readonly to?: string | undefined;
}

/** Longer texts are cut, so that no name makes a log of any size. */
const most = 2_000;

/** A text of an event as it is kept: on one line, of a bounded length. */
export function kept(text: string): string {
  const shown = visible(text);
  return shown.length > most ? `${shown.slice(0, most - 1)}…` : shown;
}

/** Whether a value or a key left: everything but what concerns Lockstep itself. */
export const isExtraction = ({ purpose }: AccessEvent): boolean =>
  !['unlock', 'grant', 'revoke', 'fault'].includes(purpose);
