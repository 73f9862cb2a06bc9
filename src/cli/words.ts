import { type ErrorCode, LockstepError, sopsExitCode } from '../core/errors.ts';
import { showPath, visible } from '../core/tree/path.ts';
import { AboutFile, exit, Failure } from './failure.ts';

/** What happened, and what to do next. */
type Sentences = readonly [what: string, next: string];

const restore = 'Compare it with the last commit, or restore it from there.';
const correct = 'Correct the file, then try again. Nothing was written.';
const nothing = 'Nothing was written.';

const foreignNames: Readonly<Record<string, string>> = {
  pgp: 'PGP',
  kms: 'AWS KMS',
  gcp_kms: 'Google Cloud KMS',
  'gcp-kms': 'Google Cloud KMS',
  azure_kv: 'Azure Key Vault',
  'azure-kv': 'Azure Key Vault',
  azure_keyvault: 'Azure Key Vault',
  hc_vault: 'HashiCorp Vault',
  'hc-vault-transit': 'HashiCorp Vault',
  hc_vault_transit_uri: 'HashiCorp Vault',
  hckms: 'Huawei Cloud KMS',
};

/** The name of a kind of key, from the word that sops uses for it in metadata, rules or flags. */
export function foreignName(kind: string): string {
  return foreignNames[kind] ?? 'another kind of key';
}

const notAKey: Sentences = [
  'A key file holds something that is not an age key.',
  'Look at SOPS_AGE_KEY, SOPS_AGE_KEY_FILE and the standard key file.',
];
const unknownProtection: Sentences = [
  'An SSH key is protected in a way that is not handled.',
  'Give it a new pass phrase with ssh-keygen -p.',
];

/** What can be wrong with an identity, by the word that core has for it. */
const identitySentences: Readonly<Record<string, Sentences>> = {
  command: ['A program that should print a key did not.', 'Run it by hand: it has to end with 0.'],
  plugin: ['A key needs a plug-in of age, which is not supported.', 'Use sops, or another key.'],
  'ssh-passphrase': ['An SSH key is protected by a pass phrase.', 'Use one without, or an age key.'],
  'ssh-public': [
    'An SSH key in the old PEM form is protected, and its .pub file is not beside it.',
    'Make that with ssh-keygen -y.',
  ],
  'ssh-kind': ['An SSH key is of a kind that is not handled.', 'Use ssh-ed25519, ssh-rsa, or an age key.'],
  'rsa-size': ['An RSA key is too short or too long.', 'Use one of 2048 to 8192 bits, or an age key.'],
  'pkcs8-passphrase': unknownProtection,
  'ssh-cipher': unknownProtection,
  'ssh-kdf': unknownProtection,
  'ssh-rounds': unknownProtection,
  armor: ['A key file that age encrypted is damaged.', 'Take it from where it was made, or from a backup.'],
  'key-file': ['A key file is encrypted, but not with a pass phrase.', 'Open it with age -d first.'],
  scrypt: ['The pass phrase of a key file is made to take very long.', 'Open it with age -d first.'],
};

const sentences: Readonly<Record<ErrorCode, (what: string | undefined) => Sentences>> = {
  NOT_UTF8: () => ['The file is not UTF-8 text.', 'Save it as UTF-8, or take it as binary: --input-type binary.'],
  TOO_LARGE: (what) =>
    what === 'pattern' || what === 'names'
      ? ['Reading the file would take too long.', 'If you did not write it, do not trust it.']
      : ['The file is larger than 50 MB.', 'Split it, or use sops.'],
  SYNTAX: (what) => {
    if (what === 'several-lines')
      return [
        'The value goes over several lines, and in the dotenv of sops each line is an entry.',
        'encrypt --join-lines writes it on one line, with \\n.',
      ];
    if (what === 'quote' || what === 'variable-name')
      return [
        what === 'quote' ? 'A quoted value has no end.' : 'This is no name of a variable.',
        'docker compose would refuse the file. Correct it, or use another loader: --dotenv=dotenv.',
      ];
    return ['The syntax is broken.', `${correct} --input-type tells how to read a file whose name does not.`];
  },
  DUPLICATE_KEY: () => ['A name stands twice in one map.', 'Remove or rename one of the two.'],
  NOT_A_MAP: () => [
    'The top level is a list or a single value; a SOPS file has a map there.',
    'Put it under a name, or encrypt the file as bytes: --input-type binary --output-type binary, also to decrypt it.',
  ],
  EMPTY_FILE: () => ['The file is empty.', 'Write a name and a value first.'],
  UNSUPPORTED_VALUE: (what) => {
    if (what === 'alias') return ['The value is an alias of another entry.', 'Change the entry that it points to.'];
    if (what === 'key')
      return [
        'A key is not text, such as a number or true.',
        'Put it in quotes: sops has no other keys than text. A list or a map as a key has to go.',
      ];
    return [
      'The file holds something that a SOPS file cannot hold there.',
      'Simplify that entry, for example by quoting the value.',
    ];
  },
  ALIAS_BOMB: () => [
    'The aliases in the file expand without end.',
    'If you did not write them, do not trust the file.',
  ],
  UNSUPPORTED_FORMAT: () => ['This format is not handled.', 'Use sops for this file.'],
  NO_METADATA: () => ['The file is not encrypted: it has no sops metadata.', 'lockstep encrypt -i FILE encrypts it.'],
  BAD_METADATA: (what) =>
    what === 'changed'
      ? [
          'The sops metadata was edited.',
          'Put it back as it was; recipients, updatekeys and rotate change who can read a file.',
        ]
      : ['The sops metadata is damaged.', restore],
  BAD_VERSION: () => ['The sops metadata does not say which version wrote it.', restore],
  CONFLICTING_SELECTORS: () => [
    'Two settings contradict each other about which values are encrypted.',
    'Keep one of the six: encrypted or unencrypted, suffix, regex or comment regex.',
  ],
  BAD_REGEX: () => ['A regular expression is not valid.', 'Correct it; the syntax is RE2.'],
  KEY_GROUPS: (what) => {
    if (what === 'empty') return ['A key group would be empty.', 'Every group needs a key that can open it.'];
    if (what === 'threshold')
      return [
        'So many key groups cannot be asked for.',
        'Look at --shamir-secret-sharing-threshold and the number of groups.',
      ];
    return ['There is no such key group.', 'Groups are counted from 0.'];
  },
  ALREADY_ENCRYPTED: () => [
    'The file is encrypted already, or holds an entry named sops.',
    'lockstep edit FILE changes an encrypted file; rename the entry if it is yours.',
  ],
  NO_IDENTITY: () => [
    'There is no key on this machine.',
    'Set SOPS_AGE_KEY_FILE, or put an age key into the key file that lockstep help decrypt names.',
  ],
  NOT_A_RECIPIENT: (what) =>
    what?.startsWith('missing-')
      ? [
          `The file needs keys of several groups; ${what.slice(8)} more must be opened.`,
          'Do this together with somebody who has a key of another group.',
        ]
      : [
          'None of your keys can open this file.',
          'Ask somebody who can to add your public key: lockstep recipients add FILE age1…',
        ],
  NO_AGE_RECIPIENT: (what) => [
    `The file opens only with ${foreignName(what ?? '')}.`,
    'Use sops, or ask somebody who can open it to add an age key.',
  ],
  BAD_IDENTITY: (what) => (what && identitySentences[what]) || notAKey,
  BAD_RECIPIENT: (what) => {
    const use = 'Use age1…, ssh-ed25519 or ssh-rsa.';
    if (what === 'ssh' || what === 'plugin')
      return ['A public key is of a kind that cannot be encrypted for here.', use];
    if (what === 'rsa-size') return ['An RSA public key is too short or too long (2048 to 8192 bits).', use];
    return [
      'A public key is not valid.',
      'Each starts with age1, or is an SSH public key; several are separated by commas.',
    ];
  },
  BAD_PASSPHRASE: (what) =>
    what === 'none'
      ? [
          'A key needs its pass phrase, and there is no terminal to ask for it.',
          'Run this in a terminal, or use a key without one.',
        ]
      : ['The pass phrase does not open the key.', 'Try again.'],
  BAD_DATA_KEY: () => ['The data key of the file is damaged.', restore],
  FOREIGN_MASTER_KEY: (what) => [
    `The file is also shared through ${foreignName(what ?? '')}, which cannot be encrypted for here.`,
    `Use sops for this step. ${nothing}`,
  ],
  BAD_ENVELOPE: () => [
    'A value that should be encrypted is in clear text.',
    `Somebody changed it without the key. ${restore}`,
  ],
  VALUE_DAMAGED: () => ['A value was changed or moved without the key.', restore],
  BAD_VALUE_TYPE: () => ['A value is of an unknown type.', restore],
  MAC_MISSING: () => ['The MAC over the whole file is missing.', `${restore} --ignore-mac reads it nevertheless.`],
  MAC_DAMAGED: () => ['The MAC over the whole file is damaged.', `${restore} --ignore-mac reads it nevertheless.`],
  MAC_MISMATCH: () => [
    'The file does not match its MAC: somebody changed it without the key.',
    `${restore} --ignore-mac reads it nevertheless.`,
  ],
  NO_SUCH_ENTRY: () => ['There is no such entry.', `A path looks like '["database"]["hosts"][0]'.`],
  ENTRY_EXISTS: () => ['There is an entry of this name already.', 'Choose another name.'],
  BAD_PATH: () => ['This is no path in the file.', 'Write it as in \'["database"]["hosts"][0]\'.'],
  BAD_NAME: (what) =>
    what === 'variable'
      ? ['An environment cannot hold a variable of this name.', 'Rename the entry.']
      : ['The format cannot hold this name.', 'Use letters, digits and underscores.'],
  BAD_VALUE: (what) => {
    if (what === 'variable')
      return ['An environment holds texts only: no maps, lists or bytes.', 'Use exec-file, or a file that is flat.'];
    if (what === 'template' || what === 'required')
      return [
        what === 'template' ? 'A ${ has no end.' : 'A variable that it needs is not set.',
        'docker compose would refuse the file. Write $$ for a dollar sign, or use another loader: --dotenv=dotenv.',
      ];
    if (what === 'lines')
      return [
        'The value cannot be written on one line so that loaders read the same.',
        'Take its quotes, or its \\n, out.',
      ];
    if (what === 'batch')
      return ['Windows cannot give a .cmd or .bat program these words.', 'Leave out quotes, % and line breaks.'];
    return ['The format cannot hold this value.', nothing];
  },
  NOT_SELECTED: () => [
    'By the rules of the file this entry would stay in clear text.',
    'Choose a name that is encrypted.',
  ],
  EDIT_LOCKED: () => ['The file does not match its MAC, so it is not changed.', restore],
  NO_RULE: () => ['No creation rule in .sops.yaml matches.', 'Add a rule, or say for whom: --age age1…'],
  NO_RECIPIENTS: () => [
    'Nobody is named who could read the file.',
    'Add a public key to the rule in .sops.yaml, or say --age age1…',
  ],
  BAD_CONFIG: () => ['.sops.yaml cannot be read.', 'Correct it, then try again.'],
  CHANGED_ON_DISK: () => ['The file changed meanwhile.', 'Nothing was overwritten. Try again.'],
  GONE: () => ['There is no such file or folder.', ''],
  READ_ONLY: () => ['The file may not be read or written.', `Look at its permissions. ${nothing}`],
  DISK_FULL: () => ['There is no room left on the disk.', 'The old file is as it was.'],
  NOT_A_FILE: () => ['This is not an ordinary file.', 'A link must lead to one.'],
  IO: () => ['The disk reported an error.', 'The old file is as it was.'],
};

/** Codes that tell of a file that could not be written, when writing it failed. */
const unwritten: readonly ErrorCode[] = ['READ_ONLY', 'DISK_FULL', 'IO', 'CHANGED_ON_DISK'];

export interface Description {
  readonly lines: readonly string[];
  readonly exit: number;
}

/** An error as a person reads it: one line what happened, one line what to do. Never a value, nor a line of a file. */
export function describe(error: unknown, verbose: boolean): Description {
  const file = error instanceof AboutFile ? visible(error.file) : undefined;
  const cause = error instanceof AboutFile ? error.cause : error;
  const given = error instanceof AboutFile ? error.exit : undefined;
  if (cause instanceof Failure)
    return { lines: lines([cause.message, cause.next], file).map(visible), exit: cause.exit };
  if (!(cause instanceof LockstepError)) {
    const what: Sentences = ['Something went wrong that was not expected.', nothing];
    const name = verbose && cause instanceof Error ? ` (${cause.name})` : '';
    return { lines: lines([what[0] + name, what[1]], file), exit: exit.generic };
  }
  const code = given ?? (unwritten.includes(cause.code) ? exit.cannotWrite : sopsExitCode(cause.code));
  const [what, next] = sentences[cause.code](cause.place.what);
  const detail = verbose ? ` (${cause.code}${cause.place.what ? `, ${cause.place.what}` : ''}; exit code ${code})` : '';
  return { lines: lines([what + detail, next], [file, placeOf(cause)].filter(Boolean).join(': ')), exit: code };
}

/** One line about a source of keys that gave nothing. */
export function problemLine({ source, error }: { readonly source: string; readonly error: LockstepError }): string {
  const [what] = sentences[error.code](error.place.what);
  return `lockstep: ${visible(source)}${error.place.line === undefined ? '' : `: line ${error.place.line}`}: ${what}\n`;
}

const lines = ([what, next]: Sentences, where: string | undefined): string[] =>
  [where ? `${where}: ${what}` : what, next].filter((line) => line !== '').map(visible);

function placeOf({ place }: LockstepError): string | undefined {
  const { path, line, lastLine } = place;
  if (path?.length) return line && lastLine ? `${showPath(path)}, lines ${line}-${lastLine}` : showPath(path);
  return line === undefined ? undefined : `line ${line}`;
}
