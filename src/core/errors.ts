import type { Manager } from './managers/kinds.ts';
import type { ForeignKind } from './sops/kinds.ts';
import type { Path } from './tree/path.ts';

/**
 * What can go wrong, closed. Of each code:
 * - the exit code that `sops` has for the same trouble (cmd/sops/codes/codes.go; 1 where it has none of its own);
 * - its cases, of which people are told different things; `''` is the code by itself. Core never writes a sentence for people: outer
 *   rooms have words for every case, and do not compile without;
 * - details, which only a log tells from the code by itself.
 */
export const faults = {
  // Reading a file
  NOT_UTF8: { exit: 1, cases: [''], details: ['name'] }, // the bytes are not UTF-8
  TOO_LARGE: { exit: 1, cases: ['', 'files', 'key-file', 'names', 'nodes', 'pattern', 'sealed', 'token', 'variable'] }, // over a limit, of size or of effort
  SYNTAX: {
    exit: 1, // not valid YAML, JSON, dotenv or INI
    cases: ['', 'byte-order-mark', 'conflict', 'hash-sign', 'several-lines', 'variable-name', 'variable-quote'],
    details: [
      ...(['alias', 'anchor', 'block-header', 'character', 'control-character', 'depth', 'directive'] as const),
      ...(['empty-name', 'equals-sign', 'escape', 'indent-indicator', 'key', 'key-quote', 'list', 'merge'] as const),
      ...(['quote', 'section', 'tab-indent', 'tag', 'trailing', 'value'] as const),
    ],
  },
  DUPLICATE_KEY: { exit: 1, cases: [''], details: ['sops'] }, // a key stands twice in one map (YAML, INI)
  NOT_A_MAP: { exit: 1, cases: [''] }, // the top level is not a map
  EMPTY_FILE: { exit: 92, cases: [''] }, // no document
  UNSUPPORTED_VALUE: {
    exit: 23, // a value, key or comment that the format or SOPS cannot hold
    cases: [
      ...(['', 'alias', 'byte-order-mark', 'comment', 'comment-place', 'duplicate', 'envelope'] as const),
      ...(['float-range', 'indentation', 'key', 'structure', 'uint64'] as const),
    ],
    details: ['auto-key', 'binary', 'clear-text', 'comments', 'documents', 'metadata', 'tag', 'time-zone'],
  },
  ALIAS_BOMB: { exit: 1, cases: [''] }, // aliases expand without end or far beyond the file's size
  UNSUPPORTED_FORMAT: { exit: 1, cases: ['binary', 'envelope', 'other'] }, // recognised, not handled
  // SOPS metadata
  NO_METADATA: { exit: 1, cases: ['', 'plain', 'decrypted', 'dotenvx'] }, // no `sops` block
  BAD_METADATA: { exit: 1, cases: ['', 'changed', 'no-keys', 'twice'], details: ['flattened'] }, // the block cannot be read
  BAD_VERSION: { exit: 1, cases: [''] }, // `version` missing or not MAJOR.MINOR.PATCH
  CONFLICTING_SELECTORS: { exit: 1, cases: [''] }, // more than one of the six selectors
  BAD_REGEX: { exit: 1, cases: ['', 'ciphertext', 'too-large'] }, // RE2 does not accept a pattern
  KEY_GROUPS: { exit: 1, cases: ['differ', 'empty', 'threshold', 'missing'] }, // key groups that cannot be
  ALREADY_ENCRYPTED: { exit: 203, cases: ['', 'content', 'values'] }, // a plain file with a `sops` or `sops_*` key, or with envelopes
  // Keys
  NO_IDENTITY: { exit: 128, cases: [''] }, // no identity at all is at hand
  NOT_A_RECIPIENT: { exit: 128, cases: [''] }, // identities are at hand, none of them is a recipient of the file
  NO_AGE_RECIPIENT: { exit: 128, cases: ['', 'program', 'trust'] }, // the file has only master keys of kinds that cannot be had here
  BAD_IDENTITY: {
    exit: 1, // text that is not an age identity
    cases: [
      ...(['', 'armor', 'command', 'key-file', 'misplaced', 'none', 'path', 'pkcs8-passphrase'] as const),
      ...(['plugin-other', 'plugin-public', 'public', 'rsa-size', 'scrypt', 'sheet', 'ssh-cipher', 'ssh-kdf'] as const),
      ...(['ssh-kind', 'ssh-passphrase', 'ssh-public', 'ssh-rounds'] as const),
    ],
  },
  BAD_REQUEST: { exit: 1, cases: ['', 'altered', 'several'] }, // a text that should be somebody's request for access
  NO_SUCH_PERSON: { exit: 1, cases: ['', 'several'] }, // a name that .sops.yaml gives to no key, or to several
  BAD_RECIPIENT: {
    exit: 1, // text that names no key of its kind
    cases: ['', 'azure-version', 'master-key', 'other-kind', 'private-key', 'rsa-size', 'ssh'],
  },
  PLUGIN: { exit: 1, cases: ['ended', 'error', 'missing', 'none', 'protocol', 'silent'] }, // the program of an age plugin did not do it
  PGP: {
    exit: 1, // the user's gpg did not do it, or has no such key
    cases: [
      ...([
        'asleep',
        'cancelled',
        'card',
        'disabled',
        'expired',
        'failed',
        'missing',
        'name',
        'no-public',
        'no-secret',
      ] as const),
      ...(['other-key', 'passphrase', 'pinentry', 'revoked', 'several', 'sign-only', 'silent'] as const),
    ],
  },
  BAD_PASSPHRASE: { exit: 1, cases: ['', 'none'] }, // the pass phrase does not open the key file
  BAD_DATA_KEY: { exit: 128, cases: [''], details: ['disposed', 'other-key', 'parts'] }, // a data key that is not 32 bytes, or not this file's
  FOREIGN_MASTER_KEY: { exit: 1, cases: ['', 'program', 'trust'] }, // a key of a kind that cannot be had here: what it takes is missing
  KEY_SERVICE: {
    exit: 128,
    cases: [
      'answer',
      'denied',
      'ended',
      'failed',
      'other-key',
      'silent',
      'stopped',
      'unasked',
      'unreachable',
      'unsupported',
      'version',
    ],
  }, // a key service, or the sops that is to be one
  MISLABELLED_KEY: { exit: 1, cases: ['', 'unnamed'] }, // the entry that an identity opened names another recipient
  LOCKED_OUT: { exit: 1, cases: [''] }, // after the change no identity at hand would open the file
  // Opening
  BAD_ENVELOPE: { exit: 25, cases: [''] }, // a value in encrypted position that is no ENC[...] text
  VALUE_DAMAGED: { exit: 25, cases: [''] }, // an ENC[...] text that does not open at its key path
  BAD_VALUE_TYPE: { exit: 25, cases: [''] }, // an unknown `type:`, or bytes that do not fit it
  MAC_MISSING: { exit: 51, cases: [''] },
  MAC_DAMAGED: { exit: 51, cases: [''] }, // the stored MAC does not open
  MAC_MISMATCH: { exit: 51, cases: [''] },
  // Changing
  NO_SUCH_ENTRY: { exit: 1, cases: [''], details: ['conflict'] },
  ENTRY_EXISTS: { exit: 1, cases: [''] },
  BAD_PATH: { exit: 91, cases: [''], details: ['empty', 'list', 'map'] }, // no key path, or one into the wrong kind of group
  BAD_NAME: {
    exit: 1, // a name that the format cannot hold
    cases: ['', 'encryption-key', 'person', 'variable'],
    details: ['dotenv', 'ini', 'ini-default', 'item', 'json', 'length', 'line-break', 'list', 'sops', 'surrogate'],
  },
  BAD_VALUE: {
    exit: 7, // a value that the format or the entry's type cannot hold
    cases: [
      ...(['', 'backslash-n', 'batch', 'binary-file', 'bytes', 'lines', 'not-bool', 'not-float', 'not-int'] as const),
      ...(['not-null', 'not-time', 'required', 'template', 'type', 'unshown', 'variable'] as const),
    ],
    details: [
      ...(['alphabets', 'binary', 'bits', 'carriage-return', 'complex-key', 'depth', 'dotenv', 'ini'] as const),
      ...(['ini-quotes', 'ini-section', 'int64', 'json', 'length', 'line-break', 'list', 'map', 'null'] as const),
      ...(['pair', 'side', 'surrogate', 'time', 'yaml'] as const),
    ],
  },
  NOT_SELECTED: { exit: 1, cases: ['', 'pattern', 'regex'], details: ['comment', 'suffix'] }, // the entry would be in clear text
  FOREIGN_EDIT: { exit: 1, cases: ['ciphertext', 'metadata', 'touched'] }, // an edited text that does not come from the verified one alone
  EDIT_LOCKED: { exit: 1, cases: [''] }, // the MAC does not match, so the file may not be edited
  // Rules
  NO_RULE: { exit: 1, cases: [''] }, // no creation rule matches
  NO_RECIPIENTS: { exit: 1, cases: ['', 'last'], details: ['empty'] }, // a rule (or the caller) names no recipient
  BAD_CONFIG: { exit: 1, cases: ['', 'others', 'patterns'], details: ['indent'] }, // .sops.yaml cannot be read
  BAD_POLICY: { exit: 1, cases: [''] }, // .lockstep/policy.yaml cannot be read, or not be changed as asked
  // Environments
  BAD_ENVIRONMENTS: {
    exit: 1, // .lockstep/environments.yaml, or the setting, cannot be read or says what cannot be
    cases: [
      ...(['', 'field', 'gone', 'kind', 'large', 'link', 'list', 'loader', 'many', 'name'] as const),
      ...(['others', 'path', 'plain', 'twice', 'unread', 'unused', 'variable'] as const),
    ],
  },
  NO_ENVIRONMENT: { exit: 100, cases: ['', 'none'] }, // no environment of a name; no file without a name where none is named
  BAD_REFERENCE: { exit: 1, cases: ['', 'environment', 'name'] }, // a text that should be `lockstep:ENVIRONMENT#NAME`
  NO_SUCH_SECRET: { exit: 1, cases: ['', 'several'] }, // a name that no entry, or more than one, of an environment has
  // Other managers
  MANAGER: {
    exit: 1, // a secret that another manager has, and that did not come from there
    cases: [
      ...(['bytes', 'config', 'denied', 'empty', 'failed', 'field', 'large', 'missing', 'no-programs'] as const),
      ...(['none', 'reference', 'signed-out', 'slow', 'unset', 'workspace'] as const),
    ],
  },
  // Files of other systems
  FOREIGN_FILE: { exit: 1, cases: ['blackbox', 'busy', 'damaged', 'git-crypt', 'key', 'unknown'] }, // a file that cannot be imported
  // Single values, as other systems encrypt them
  BAD_TOKEN: {
    exit: 25, // a text that is no value of its format, or not a whole one
    cases: ['', 'altered', 'cost', 'not-text', 'truncated', 'unknown', 'unsupported'],
  },
  BAD_TOKEN_KEY: {
    exit: 128, // a key or pass phrase that does not open a value, or that is none
    cases: ['', 'anvil', 'dotenvx', 'dotenvx-public', 'empty', 'fernet', 'flowfile', 'rails'],
  },
  // Named encryption keys
  NO_ENCRYPTION_KEY: { exit: 1, cases: ['', 'several'] }, // a name that no key, or more than one, has
  BAD_ENCRYPTION_KEY: { exit: 1, cases: ['', 'length'] }, // a text that is not base64 of 16 or 32 bytes
  // Outside (node and extension rooms)
  CHANGED_ON_DISK: { exit: 1, cases: ['', 'text', 'unreadable', 'unsaved'], details: ['token'] },
  GONE: { exit: 1, cases: ['', 'tilde'] },
  NO_SUCH_VERSION: { exit: 100, cases: ['', 'content', 'file', 'rev', 'size'] }, // git has no such version of a file
  READ_ONLY: { exit: 1, cases: [''] },
  DISK_FULL: { exit: 1, cases: [''] },
  HALF_WRITTEN: { exit: 1, cases: [''] }, // a file written where it stands failed in the middle, and neither content is whole
  NOT_A_FILE: { exit: 1, cases: ['', 'link', 'outside', 'scheme'], details: ['twice'] }, // a folder, a device, or a link that leads nowhere
  IN_PROGRESS: { exit: 1, cases: ['', 'merge', 'rebase', 'cherry-pick', 'revert'] }, // another change of many files, or what git is in the middle of
  GIT_FAILED: { exit: 1, cases: [''] }, // git gave up in the middle of a history
  BAD_JOURNAL: { exit: 1, cases: ['', 'foreign', 'path'] }, // the journal of a change of many files cannot be used
  IO: { exit: 1, cases: ['', 'secret-storage'] },
} as const;

export type ErrorCode = keyof typeof faults;

type Case<C extends ErrorCode> = (typeof faults)[C]['cases'][number];

/** The words that tell the errors of one code apart: its cases and details. */
export type Word<C extends ErrorCode> =
  | Exclude<Case<C>, ''>
  | ((typeof faults)[C] extends { readonly details: readonly (infer D)[] } ? D : never);

/** Where the trouble is: names and positions only, never text of the file. */
export interface Place {
  /** UTF-16 offset into the text. */
  readonly offset?: number;
  /** 1-based line, set where the text is at hand. */
  readonly line?: number;
  /** The last line of what is several lines long. */
  readonly lastLine?: number;
  /** Key path of the entry. */
  readonly path?: Path;
  /** Of `.sops.yaml`: which creation rule, counted from 0. */
  readonly rule?: number;
}

/** What else the errors of some codes say. Never user text, but for `reason`. */
interface MoreFacts {
  readonly BAD_METADATA: { /** The field that cannot be read. */ readonly field?: string };
  readonly BAD_REGEX: {
    /** The setting that holds the pattern. */
    readonly setting: Setting;
    /** RE2's words about a pattern, with a part of it: a pattern is no secret. Not in the message of the error. */
    readonly reason?: string;
  };
  readonly NOT_A_RECIPIENT: Missing;
  readonly LOCKED_OUT: Missing;
  readonly NO_AGE_RECIPIENT: { readonly kind: ForeignKind };
  readonly PLUGIN: { /** Its name: `age-plugin-NAME` without what all have. */ readonly plugin: string };
  readonly PGP: { /** The fingerprint or key ID that a file or rule has for the key. */ readonly key?: string };
  readonly FOREIGN_MASTER_KEY: { readonly kind: ForeignKind };
  readonly KEY_SERVICE: {
    readonly kind: ForeignKind;
    /** The service's words, one short line without a key. Not in the message of the error. */
    readonly reason?: string;
  };
  readonly BAD_ENVIRONMENTS: { /** It is the setting that is wrong, and not the file. */ readonly where?: 'setting' };
  readonly MANAGER: { /** Undefined for what is wrong with all of them. */ readonly manager?: Manager };
  readonly EDIT_LOCKED: { /** What is wrong with the file. */ readonly verdict: Verdict };
  readonly GONE: Errno;
  readonly READ_ONLY: Errno;
  readonly DISK_FULL: Errno;
  readonly NOT_A_FILE: Errno;
  readonly IO: Errno;
}

/** Of a file with several key groups: how many more have to be opened. */
interface Missing {
  readonly missing?: number;
}

/** What the file system called it, such as `EACCES`. */
interface Errno {
  readonly errno?: string;
}

/** Why a file is not what someone with the key last wrote. */
type Verdict = 'MAC_MISMATCH' | 'MAC_MISSING' | 'MAC_DAMAGED' | 'VALUE_DAMAGED';

/** A setting that holds a pattern. */
export type Setting =
  | 'path_regex'
  | 'encrypted_regex'
  | 'unencrypted_regex'
  | 'encrypted_comment_regex'
  | 'unencrypted_comment_regex';

type What<C extends ErrorCode> =
  '' extends Case<C> ? { readonly what?: Word<C> | undefined } : { readonly what: Word<C> };

/** What the errors of each code say besides the code: the case, the place, and facts of its own. */
export type Facts = {
  [C in ErrorCode]: Place & What<C> & (C extends keyof MoreFacts ? MoreFacts[C] : unknown);
};

/** An error of one code. */
export class Fault<C extends ErrorCode> extends Error {
  readonly code: C;
  readonly place: Facts[C];

  constructor(code: C, ...[place]: object extends Facts[C] ? [place?: Facts[C]] : [place: Facts[C]]) {
    const { path: _, offset, line, lastLine, rule, reason, ...facts }: Place & { reason?: string } = place ?? {};
    const told = Object.values(facts).filter((fact) => fact !== undefined);
    super(code + (told.length > 0 ? ` (${told.join(', ')})` : '') + (line ? ` at line ${line}` : ''));
    this.name = 'LockstepError';
    this.code = code;
    this.place = (place ?? {}) as Facts[C];
  }

  /** The same error with more of its place. */
  at(more: Place): Fault<C> {
    return new LockstepError(this.code, { ...this.place, ...more });
  }
}

/**
 * The one error that Lockstep throws on purpose: `code` narrows `place`. Its message is the code and the place; it never holds a
 * value, a key or a line of a file, so it may be logged and shown.
 */
export type LockstepError = { [C in ErrorCode]: Fault<C> }[ErrorCode];
export const LockstepError = Fault as unknown as {
  new <C extends ErrorCode>(
    code: C,
    ...place: object extends Facts[C] ? [place?: Facts[C]] : [place: Facts[C]]
  ): { [K in C]: Fault<K> }[C];
  [Symbol.hasInstance](value: unknown): value is LockstepError;
};

/** What Lockstep does not do though it could, which is nobody's fault: no file is to be mended. */
export type RefusalCode =
  | 'DRAFT' //      the Text view holds a text that cannot be applied
  | 'LOCKED' //     Lockstep is locked
  | 'NO_PROGRAMS' // VS Code runs where no program can be started
  | 'PRESENTING' // presentation mode is on
  | 'UNTRUSTED' // the workspace is in Restricted Mode
  | 'UNTRUSTED_RUN' // the same, and a program was to be started
  | 'UNTRUSTED_START'; // the same, and another manager's program was to be asked

/** The error for a refusal; as safe to log and to show as a `LockstepError`. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly place: Place;

  constructor(code: RefusalCode, place: Place = {}) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.place = place;
  }
}

/** Whether an error is one that Lockstep throws on purpose. */
export function isOurs(error: unknown): error is LockstepError | Refusal {
  return error instanceof LockstepError || error instanceof Refusal;
}

/** What a surface says of errors: something for every case of every code. */
export type WordsFor<S> = {
  readonly [C in ErrorCode]: [Case<C>] extends ['']
    ? (facts: Facts[C]) => S
    : { readonly [W in Case<C>]: (facts: Facts[C]) => S };
};

/** What a surface says of an error. */
export function wordsFor<S>(words: WordsFor<S>, { code, place }: LockstepError): S {
  type Say = (facts: typeof place) => S;
  const said = words[code] as Say | Readonly<Record<string, Say>>;
  if (typeof said === 'function') return said(place);
  // A detail is no case of its own.
  return ((said[place.what ?? ''] ?? said['']) as Say)(place);
}
