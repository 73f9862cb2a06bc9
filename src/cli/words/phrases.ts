import { isAbsolute, resolve } from 'node:path';
import { type ErrorCode, LockstepError } from '../../core/errors.ts';
import { visible } from '../../core/tree/path.ts';
import { AboutFile, exit, Failure } from '../failure.ts';

/** What was being done when an error came: sops has other words for it then. */
export interface Moment {
  /** The verb, `edit` for a file without one. */
  readonly verb: string;
  readonly cwd: string;
}

const tree = 'Error decrypting tree: Error walking tree: Could not decrypt value:';
const noDataKey = 'Failed to get the data key required to decrypt the SOPS file.';
const noAnswer = 'no identity matched any of the recipients';
const taken = `The file you have provided contains a top-level entry called 'sops', or for
flat file formats top-level entries starting with 'sops_'.`;

/** Nobody to encrypt for. Programs compare all of standard error with it. */
export const emptyGroup = 'Could not generate data key: [empty key group provided]';

type Words = string | ((moment: Moment, error: LockstepError, exitCode: number | undefined, file: string) => string);

const phrases: Partial<Readonly<Record<ErrorCode, Words>>> = {
  NO_METADATA: 'sops metadata not found',
  BAD_METADATA: 'Error unmarshalling input: the sops metadata cannot be read',
  BAD_VERSION: 'sops metadata not found',
  EMPTY_FILE: ({ verb }, _, exitCode) => {
    if (verb !== 'encrypt') return 'sops metadata not found';
    return exitCode === exit.cannotRead
      ? 'Error unmarshalling file: EOF'
      : 'File cannot be completely empty, it must contain at least one document';
  },
  SYNTAX: unreadable,
  DUPLICATE_KEY: unreadable,
  NOT_A_MAP: unreadable,
  NOT_UTF8: unreadable,
  ALREADY_ENCRYPTED: taken,
  NO_IDENTITY: `${noDataKey}\nfailed to load age identities`,
  NOT_A_RECIPIENT: `${noDataKey}\n${noAnswer}`,
  NO_AGE_RECIPIENT: `${noDataKey}\n${noAnswer}`,
  BAD_IDENTITY: `${noDataKey}\nfailed to load age identities`,
  BAD_PASSPHRASE: `${noDataKey}\nfailed to load age identities`,
  NO_RECIPIENTS: emptyGroup,
  BAD_RECIPIENT: 'failed to parse input as Bech32-encoded age public key: malformed recipient',
  MAC_MISMATCH: 'MAC mismatch. File has another MAC than its values',
  MAC_MISSING: 'MAC mismatch. File has no MAC',
  MAC_DAMAGED: 'Cannot decrypt MAC: Could not decrypt with AES_GCM: cipher: message authentication failed',
  EDIT_LOCKED: 'MAC mismatch. File has another MAC than its values',
  VALUE_DAMAGED: `${tree} Could not decrypt with AES_GCM: cipher: message authentication failed`,
  BAD_ENVELOPE: `${tree} Input string does not match sops' data format`,
  BAD_VALUE_TYPE: `${tree} Unknown datatype`,
  NO_SUCH_ENTRY: notThere,
  BAD_PATH: ({ verb }, _, exitCode) =>
    exitCode === exit.badTreePath ? 'error parsing --extract path' : `Invalid ${verb} index format`,
  BAD_VALUE: unwritable,
  BAD_NAME: unwritable,
  BAD_CONFIG: 'error loading config: Could not unmarshal config file',
  NO_RULE: 'error loading config: no matching creation rules found',
  CONFLICTING_SELECTORS:
    'Error: cannot use more than one of encrypted_suffix, unencrypted_suffix, encrypted_regex, unencrypted_regex, encrypted_comment_regex, or unencrypted_comment_regex in the same file',
  GONE: missing,
  NOT_A_FILE: (_, __, exitCode, file) =>
    exitCode === exit.cannotWrite ? cannotOpen(file) : `Error reading file: read ${file}: is a directory`,
  READ_ONLY: (_, __, exitCode, file) =>
    exitCode === exit.cannotWrite
      ? `${cannotOpen(file)}: permission denied`
      : `Error reading file: open ${file}: permission denied`,
};

/**
 * What sops says of an error, as far as other programs look for it there: in its words, without what it adds of a value or a
 * MAC, which is a digest of values. Undefined where it has no words of its own for it.
 */
export function phraseOf(error: unknown, moment: Moment): string | undefined {
  return wordsFor(error, moment)?.split('\n').map(visible).join('\n');
}

function wordsFor(error: unknown, moment: Moment): string | undefined {
  const [file, cause, exitCode] =
    error instanceof AboutFile ? [error.file, error.cause, error.exit] : ['', error, undefined];
  if (cause instanceof Failure)
    return cause.sops ?? (cause.exit === exit.noEditor ? 'Could not run editor' : undefined);
  if (!(cause instanceof LockstepError)) return undefined;
  const words = phrases[cause.code];
  return typeof words === 'function' ? words(moment, cause, exitCode, visible(file)) : words;
}

function unreadable({ verb }: Moment): string {
  return verb === 'encrypt' ? 'Error unmarshalling file' : 'Error unmarshalling input';
}

function unwritable({ verb }: Moment, { place }: LockstepError): string {
  if (verb === 'exec-env')
    return `cannot use complex value in environment; offending key ${place.path?.join('.') ?? ''}`;
  return verb === 'decrypt' || verb === 'encrypt' ? 'Error dumping file' : 'Could not marshal tree';
}

function notThere({ verb }: Moment, { place }: LockstepError): string {
  const last = place.path?.at(-1);
  const index = typeof last === 'number';
  if (verb === 'unset') return index ? `Index ${last} out of bounds` : `Key not found: ${last ?? ''}`;
  return `error truncating tree: component [${index ? last : `'${last ?? ''}'`}] ${index ? 'accesses out of bounds' : 'not found'}`;
}

const cannotOpen = (file: string) => `Could not open output file for writing: open ${file}`;

function missing({ cwd }: Moment, _: LockstepError, exitCode: number | undefined, file: string): string {
  if (exitCode === exit.noFile) {
    return `Error: cannot operate on non-existent file "${isAbsolute(file) ? file : resolve(cwd, file)}"`;
  }
  const what = `open ${file}: no such file or directory`;
  if (exitCode === exit.cannotWrite) return `Could not open output file for writing: ${what}`;
  return exitCode === exit.cannotRead ? `Error reading file: ${what}` : what;
}
