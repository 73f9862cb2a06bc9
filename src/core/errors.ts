import type { Path } from './tree/path.ts';

/**
 * What can go wrong, closed. The number that `sops` exits with for the same trouble is in `sopsExitCode`.
 * Outer rooms turn a code into words; core never writes a sentence for people.
 */
export type ErrorCode =
  // reading a file
  | 'NOT_UTF8' //               the bytes are not UTF-8
  | 'TOO_LARGE' //              over the size limit
  | 'SYNTAX' //                 not valid YAML, JSON, dotenv or INI
  | 'DUPLICATE_KEY' //          a key stands twice in one map (YAML, INI)
  | 'NOT_A_MAP' //              the top level is not a map
  | 'EMPTY_FILE' //             no document
  | 'UNSUPPORTED_VALUE' //      a value or key that the format or SOPS cannot hold (uint64, list as key)
  | 'ALIAS_BOMB' //             aliases expand without end or far beyond the file's size
  | 'UNSUPPORTED_FORMAT' //     recognised, not handled: what another store of sops wrote under this name
  // SOPS metadata
  | 'NO_METADATA' //            no `sops` block
  | 'BAD_METADATA' //           the block cannot be read
  | 'BAD_VERSION' //            `version` missing or not MAJOR.MINOR.PATCH
  | 'CONFLICTING_SELECTORS' //  more than one of the six selectors
  | 'BAD_REGEX' //              RE2 does not accept a pattern
  | 'KEY_GROUPS' //             key groups that cannot be: 'empty' one, 'threshold' out of range, 'missing' one
  | 'ALREADY_ENCRYPTED' //      a plain file that has `sops` metadata (or a `sops` / `sops_*` key)
  // keys
  | 'NO_IDENTITY' //            no identity at all is at hand
  | 'NOT_A_RECIPIENT' //        identities are at hand, none of them is a recipient of the file
  | 'NO_AGE_RECIPIENT' //       the file has only master keys of other kinds (PGP, cloud)
  | 'BAD_IDENTITY' //           text that is not an age identity
  | 'BAD_RECIPIENT' //          text that is not an age recipient
  | 'BAD_PASSPHRASE' //         the pass phrase does not open the key file
  | 'BAD_DATA_KEY' //           a data key that is not 32 bytes
  | 'FOREIGN_MASTER_KEY' //     the operation needs a new wrap for a kind of key that is not handled
  // opening
  | 'BAD_ENVELOPE' //           a value in encrypted position that is no ENC[...] text
  | 'VALUE_DAMAGED' //          an ENC[...] text that does not open at its key path
  | 'BAD_VALUE_TYPE' //         an unknown `type:`, or bytes that do not fit it
  | 'MAC_MISSING'
  | 'MAC_DAMAGED' //            the stored MAC does not open
  | 'MAC_MISMATCH'
  // changing
  | 'NO_SUCH_ENTRY'
  | 'ENTRY_EXISTS'
  | 'BAD_PATH' //               no key path in the syntax of sops, or one that leads into the wrong kind of group
  | 'BAD_NAME' //               a name that the format cannot hold
  | 'BAD_VALUE' //              a value that the format or the entry's type cannot hold
  | 'NOT_SELECTED' //           the file's selector would leave the entry in clear text
  | 'EDIT_LOCKED' //            the MAC does not match, so the file may not be edited
  // rules
  | 'NO_RULE' //                no creation rule matches
  | 'NO_RECIPIENTS' //          a rule (or the caller) names no recipient
  | 'BAD_CONFIG' //             .sops.yaml cannot be read
  // outside (node and extension rooms)
  | 'CHANGED_ON_DISK'
  | 'GONE'
  | 'READ_ONLY'
  | 'DISK_FULL'
  | 'NOT_A_FILE' //             a folder, a device, or a link that leads nowhere
  | 'IO';

/** Where the trouble is: names and positions only, never text of the file. */
export interface ErrorPlace {
  /** UTF-16 offset into the text. */
  readonly offset?: number;
  /** 1-based line, set where the text is at hand. */
  readonly line?: number;
  /** The last line of what is several lines long. */
  readonly lastLine?: number;
  /** Key path of the entry. */
  readonly path?: Path;
  /** A short fixed word that tells cases of one code apart (`'version'`, `'tab-indent'`); never user text. */
  readonly what?: string;
}

/**
 * The one error that Lockstep throws on purpose. Its message is the code and the place; it never holds a value,
 * a key or a line of a file, so it may be logged and shown.
 */
export class LockstepError extends Error {
  readonly code: ErrorCode;
  readonly place: ErrorPlace;

  constructor(code: ErrorCode, place: ErrorPlace = {}) {
    super(code + (place.what ? ` (${place.what})` : '') + (place.line ? ` at line ${place.line}` : ''));
    this.name = 'LockstepError';
    this.code = code;
    this.place = place;
  }
}

const exitCodes: Partial<Record<ErrorCode, number>> = {
  EMPTY_FILE: 92,
  ALREADY_ENCRYPTED: 203,
  CONFLICTING_SELECTORS: 1,
  BAD_ENVELOPE: 25,
  VALUE_DAMAGED: 25,
  BAD_VALUE_TYPE: 25,
  MAC_MISSING: 51,
  MAC_DAMAGED: 51,
  MAC_MISMATCH: 51,
  NO_IDENTITY: 128,
  NOT_A_RECIPIENT: 128,
  NO_AGE_RECIPIENT: 128,
  BAD_DATA_KEY: 128,
  UNSUPPORTED_VALUE: 23,
  BAD_VALUE: 7,
  BAD_PATH: 91,
};

/** The exit code of `sops` for the same trouble (cmd/sops/codes/codes.go); 1 where sops has no code of its own. */
export function sopsExitCode(code: ErrorCode): number {
  return exitCodes[code] ?? 1;
}
