import { type ErrorCode, faults, LockstepError, type Place, type WordsFor, wordsFor } from '../../core/errors.ts';
import { kindNames } from '../../core/sops/kinds.ts';
import { showPath, visible } from '../../core/tree/path.ts';
import { AboutFile, exit, Failure } from '../failure.ts';

/** What happened, and what to do next. */
type Sentences = readonly [what: string, next: string];

const restore = 'Compare it with the last commit, or restore it from there.';
const correct = 'Correct the file, then try again. Nothing was written.';
const nothing = 'Nothing was written.';
const nevertheless = `${restore} lockstep decrypt --ignore-mac FILE shows what is in it.`;

/** A creation rule as people count them; empty for an error that is about none. */
const inRule = (word: string, { rule }: Place) => (rule === undefined ? '' : `${word} rule ${rule + 1}`);

const brokenSyntax = (): Sentences => [
  'The syntax is broken.',
  `${correct} --input-type tells how to read a file whose name does not.`,
];
const composeRefuses = 'docker compose would refuse the file. Correct it, or use another loader: --dotenv=dotenv.';
const tooMuchWork = (): Sentences => [
  'Reading the file would take too long.',
  'If you did not write it, do not trust it.',
];
const tooLargeNumber = (): Sentences => [
  'The value is too large for a number in a SOPS file.',
  '--quote-numbers keeps it as text, as it stands.',
];
const noFormat = (): Sentences => ['This format is not handled.', 'Use sops for this file.'];
const notEncrypted = (): Sentences => [
  'The file is not encrypted: it has no sops metadata.',
  'lockstep encrypt -i FILE encrypts it. If it is encrypted, its name misleads: --input-type says what it is.',
];
const unknownProtection = (): Sentences => [
  'An SSH key is protected in a way that is not handled.',
  'Give it a new pass phrase with ssh-keygen -p.',
];
const composeRefusesDollar =
  'docker compose would refuse the file. Write $$ for a dollar sign, or use another loader: --dotenv=dotenv.';
const recipientKinds = 'Use age1…, ssh-ed25519 or ssh-rsa.';
const foreignRecipient = (): Sentences => [
  'A public key is of a kind that cannot be encrypted for here.',
  recipientKinds,
];
const unholdable = (): Sentences => [
  'The format cannot hold this value.',
  `Change the entry, or choose another --output-type. ${nothing}`,
];
const inClear = (): Sentences => [
  'By the rules of the file this entry would stay in clear text.',
  'Choose a name that they encrypt; the rules are in its sops metadata: encrypted_regex and its like.',
];
const badConfig = (facts: Place): Sentences => [
  facts.rule === undefined
    ? '.sops.yaml cannot be read.'
    : `Something${inRule(' in', facts)} of .sops.yaml has another type than it should have.`,
  'Correct it, then try again.',
];
const changedOnDisk = (): Sentences => [
  'Another program changed the file meanwhile.',
  'Nothing was overwritten. Look at that change, then try again.',
];
const notAFile = (): Sentences => [
  'This is a folder or a device, not an ordinary file.',
  'Name a file; a link must lead to one.',
];
const diskError = (): Sentences => [
  'The disk reported an error.',
  'The old file is as it was. Try again; if it comes back, check the disk.',
];

const sentences: WordsFor<Sentences> = {
  NOT_UTF8: () => ['The file is not UTF-8 text.', 'Save it as UTF-8, or take it as binary: --input-type binary.'],
  TOO_LARGE: {
    '': () => ['The file is larger than 50 MB.', 'Split it, or use sops.'],
    'key-file': () => ['The file is too large for a key file.', 'Name a file that holds keys only.'],
    names: tooMuchWork,
    nodes: () => ['The file holds more than 250,000 entries, items and comments.', 'Split it, or use sops.'],
    pattern: tooMuchWork,
    sealed: () => [
      'Encrypted, the file would be larger than 50 MB and could not be read again.',
      `Split it, or use sops. ${nothing}`,
    ],
    variable: () => [
      'With its variables put in, the value would be too large.',
      'If you did not write it, do not trust it. Else use another loader: --dotenv=dotenv.',
    ],
  },
  SYNTAX: {
    '': brokenSyntax,
    'byte-order-mark': () => [
      'A byte order mark, which is invisible, stands at the start of a line.',
      `Remove it there. ${nothing}`,
    ],
    conflict: () => [
      'The file holds the conflict markers of a merge.',
      'Resolve the conflict first: keep one side of each marked part, and take the markers out.',
    ],
    'several-lines': () => [
      'The value goes over several lines, and in the dotenv of sops each line is an entry.',
      'encrypt --join-lines writes it on one line, with \\n.',
    ],
    'variable-name': () => ['This is no name of a variable.', composeRefuses],
    'variable-quote': () => ['A quoted value has no end.', composeRefuses],
  },
  DUPLICATE_KEY: () => ['A name appears twice in one map.', 'Remove or rename one of the two.'],
  NOT_A_MAP: () => [
    'The top level is a list or a single value; a SOPS file has a map there.',
    'Put it under a name, or encrypt the file as bytes: --input-type binary --output-type binary, also to decrypt it.',
  ],
  EMPTY_FILE: () => ['The file is empty: there is no entry in it.', 'Write a name and a value first.'],
  UNSUPPORTED_VALUE: {
    '': () => [
      'The file holds something that a SOPS file cannot hold there.',
      'Simplify that entry, for example by quoting the value.',
    ],
    alias: () => ['The value is an alias of another entry.', 'Change the entry that it points to.'],
    'byte-order-mark': () => [
      'The file starts with a byte order mark, which SOPS took for a part of the first name.',
      'Decrypt the file and encrypt it again.',
    ],
    comment: () => [
      'This comment says what is encrypted, but sops does not see it there.',
      `Put it on a line of its own, directly above the entry. ${nothing}`,
    ],
    'comment-place': () => [
      'A comment would stay in clear text, because it would come to belong to another map.',
      `Move it to the top. ${nothing}`,
    ],
    duplicate: () => ['The entry stands there twice.', 'Remove or rename one of the two.'],
    envelope: () => [
      'A text there looks like an encrypted comment, and could not be told from one.',
      `Change or remove it. ${nothing}`,
    ],
    'float-range': tooLargeNumber,
    indentation: () => [
      'The indentation there leaves no room for the entry.',
      'Indent that part of the file by two spaces or more.',
    ],
    key: () => [
      'A key is not text, such as a number or true.',
      'Put it in quotes: sops has no other keys than text. A list or a map as a key has to go.',
    ],
    structure: () => [
      'The result would not read back as the same entries, so it was thrown away.',
      `Simplify what stands around the entry: flow style, tags, comments in between. ${nothing}`,
    ],
    uint64: tooLargeNumber,
  },
  ALIAS_BOMB: () => [
    'The aliases in the file expand without end.',
    'If you did not write them, do not trust the file.',
  ],
  UNSUPPORTED_FORMAT: {
    binary: () => [
      'A binary file has no names and values that another format could hold.',
      'decrypt it, and encrypt what you make of it.',
    ],
    envelope: () => [
      'As a binary file this would be JSON with one text, `data`; it is not.',
      'Say what it is: --input-type yaml, json, dotenv or ini.',
    ],
    other: noFormat,
  },
  NO_METADATA: { '': notEncrypted, plain: notEncrypted, decrypted: notEncrypted },
  BAD_METADATA: {
    '': () => ['The sops metadata is damaged.', restore],
    changed: () => [
      'The sops metadata was edited.',
      'Put it back as it was; recipients, updatekeys and rotate change who can read a file.',
    ],
    'no-keys': () => ['The sops metadata names no key that could open the file.', restore],
    twice: () => ['A field appears twice in the sops metadata, so it is not clear who can read the file.', restore],
  },
  BAD_VERSION: () => ['The sops metadata does not say which version wrote it.', restore],
  CONFLICTING_SELECTORS: (facts) => [
    `Two settings${inRule(' of', facts)} contradict each other about which values are encrypted.`,
    'Keep one of the six: encrypted or unencrypted, suffix, regex or comment regex.',
  ],
  // A pattern is no secret: RE2's words may show a part of it.
  BAD_REGEX: {
    '': (facts) => [
      `The ${facts.setting}${inRule(' of', facts)} is not a regular expression of RE2${facts.reason === undefined ? '' : `: ${facts.reason}`}.`,
      'Correct it. RE2 knows no look-around and no back references.',
    ],
    ciphertext: ({ setting }) => [
      `The ${setting} matches the text of an encrypted comment, which would then select values.`,
      `Change the pattern. ${nothing}`,
    ],
    'too-large': (facts) => [
      `The ${facts.setting}${inRule(' of', facts)} would take too long to read.`,
      'If you did not write it, do not trust it.',
    ],
  },
  KEY_GROUPS: {
    empty: () => ['A key group would be empty.', 'Every group needs a key that can open it.'],
    missing: () => ['There is no such key group.', 'Groups are counted from 0.'],
    threshold: () => [
      'The threshold must be between 2 and the number of groups.',
      'Look at --shamir-secret-sharing-threshold and the number of groups.',
    ],
  },
  ALREADY_ENCRYPTED: {
    '': () => [
      'The file is encrypted already, or holds an entry named sops.',
      'lockstep edit FILE changes an encrypted file; rename the entry if it is yours.',
    ],
    content: () => [
      'What the file holds is encrypted by SOPS already.',
      'Its name does not say so: open it with --input-type yaml, json, dotenv or ini.',
    ],
    values: () => ['The file holds values that SOPS encrypted, but not the metadata that opens them.', restore],
  },
  NO_IDENTITY: () => [
    'There is no key on this machine.',
    'Set SOPS_AGE_KEY_FILE to the path of a key file, or put one where the standard one should be.',
  ],
  NOT_A_RECIPIENT: ({ missing }) =>
    missing
      ? [
          `The file needs keys of several groups; ${missing} more must be opened.`,
          'Do this together with somebody who has a key of another group.',
        ]
      : [
          'None of your keys can open this file.',
          'Ask somebody who can to add your public key, which lockstep whoami prints: lockstep recipients add FILE age1…',
        ],
  NO_AGE_RECIPIENT: ({ kind }) => [
    `The file opens only with ${kindNames[kind]}.`,
    'Use sops, or ask somebody who can open it to add an age key.',
  ],
  BAD_IDENTITY: {
    '': () => [
      'A key file holds something that is not an age key.',
      'Look at SOPS_AGE_KEY, SOPS_AGE_KEY_FILE and the standard key file.',
    ],
    armor: () => ['A key file that age encrypted is damaged.', 'Take it from where it was made, or from a backup.'],
    command: () => ['A program that should print a key did not.', 'Run it by hand: it has to end with 0.'],
    'key-file': () => ['A key file is encrypted, but not with a pass phrase.', 'Open it with age -d first.'],
    misplaced: () => ['This holds a private key, not the path of a file.', 'SOPS_AGE_KEY takes the key itself.'],
    none: () => ['There is no key in it.', 'An age key is a line that starts with AGE-SECRET-KEY-1.'],
    path: () => [
      'This looks like the path of a file, not like a key.',
      'SOPS_AGE_KEY_FILE takes the path of a key file.',
    ],
    'pkcs8-passphrase': unknownProtection,
    plugin: () => ['A key needs a plug-in of age, which is not supported.', 'Use sops, or another key.'],
    public: () => ['This is a public key, not a private one.', 'A private age key starts with AGE-SECRET-KEY-1.'],
    'rsa-size': () => ['An RSA key is too short or too long.', 'Use one of 2048 to 8192 bits, or an age key.'],
    scrypt: () => ['The pass phrase of a key file is made to take very long.', 'Open it with age -d first.'],
    'ssh-cipher': unknownProtection,
    'ssh-kdf': unknownProtection,
    'ssh-kind': () => ['An SSH key is of a kind that is not handled.', 'Use ssh-ed25519, ssh-rsa, or an age key.'],
    'ssh-passphrase': () => ['An SSH key is protected by a pass phrase.', 'Use one without, or an age key.'],
    'ssh-public': () => [
      'An SSH key in the old PEM form is protected, and its .pub file is not beside it.',
      'Make that with ssh-keygen -y.',
    ],
    'ssh-rounds': unknownProtection,
  },
  BAD_RECIPIENT: {
    '': () => [
      'A public key is not valid.',
      'Each starts with age1, or is an SSH public key; several are separated by commas.',
    ],
    plugin: foreignRecipient,
    'private-key': (facts) => [
      `A private key stands where a public key belongs${inRule(', in', facts)}.`,
      'Put its public key there, age1…; age-keygen -y prints it. If anybody else could read the private key, it is no secret any more: make a new one.',
    ],
    'rsa-size': () => ['An RSA public key is too short or too long (2048 to 8192 bits).', recipientKinds],
    ssh: foreignRecipient,
  },
  BAD_PASSPHRASE: {
    '': () => ['The pass phrase does not open the key.', 'Try again.'],
    none: () => [
      'A key needs its pass phrase, and there is no terminal to ask for it.',
      'Run this in a terminal, or use a key without one.',
    ],
  },
  BAD_DATA_KEY: () => [
    'The data key in the sops metadata is damaged, so nothing in the file can be decrypted.',
    restore,
  ],
  MISLABELLED_KEY: () => [
    'The entry of the file that your key opens names another public key, so somebody may have changed who can read it.',
    `A new wrap would be for that key and not for yours. ${restore} ${nothing}`,
  ],
  LOCKED_OUT: ({ missing }) => [
    missing === undefined
      ? 'None of the keys at hand would open the file any more.'
      : `The keys at hand would not open the file any more: keys of more groups would be needed (${missing}).`,
    `${nothing} Keep a public key of yours among the readers; --yes-lock-me-out goes on without.`,
  ],
  FOREIGN_MASTER_KEY: ({ kind }) => [
    `The file is also shared through ${kindNames[kind]}, which cannot be encrypted for here.`,
    `Use sops for this step. ${nothing}`,
  ],
  BAD_ENVELOPE: () => [
    'A value that should be encrypted is in clear text.',
    `Somebody changed it without the key. ${restore}`,
  ],
  VALUE_DAMAGED: () => ['A value was changed or moved without the key.', restore],
  BAD_VALUE_TYPE: () => [
    'A value is of a type that is not known here.',
    `Use the sops that wrote it. Else: ${restore}`,
  ],
  MAC_MISSING: () => ['The MAC over the whole file is missing, so a change of it would not show.', nevertheless],
  MAC_DAMAGED: () => ['The MAC over the whole file is damaged, so a change of it would not show.', nevertheless],
  MAC_MISMATCH: () => ['The file does not match its MAC: somebody changed it without the key.', nevertheless],
  NO_SUCH_ENTRY: () => [
    'There is no such entry.',
    `Names are in clear text in the file: look there. A path looks like '["database"]["hosts"][0]'.`,
  ],
  ENTRY_EXISTS: () => ['There is an entry of this name already.', 'Choose another name.'],
  BAD_PATH: () => [
    'This is no path in the file.',
    'Write it as in \'["database"]["hosts"][0]\': names in double quotes, the whole in single ones for the shell.',
  ],
  BAD_NAME: {
    '': () => ['The format cannot hold this name.', 'Use letters, digits and underscores.'],
    variable: () => ['An environment cannot hold a variable of this name.', 'Rename the entry, or use exec-file.'],
  },
  BAD_VALUE: {
    '': unholdable,
    'backslash-n': unholdable,
    batch: () => ['Windows cannot give a .cmd or .bat program these words.', 'Leave out quotes, % and line breaks.'],
    'binary-file': unholdable,
    bytes: unholdable,
    lines: () => [
      'The value cannot be written on one line so that loaders read the same.',
      'Take its quotes, or its \\n, out.',
    ],
    'not-bool': unholdable,
    'not-float': unholdable,
    'not-int': unholdable,
    'not-null': unholdable,
    'not-time': unholdable,
    required: () => ['A variable that it needs is not set.', composeRefusesDollar],
    template: () => ['A ${ has no end.', composeRefusesDollar],
    type: unholdable,
    unshown: unholdable,
    variable: () => [
      'An environment holds texts only: no maps, lists or bytes.',
      'Use exec-file, or a file that is flat.',
    ],
  },
  NOT_SELECTED: { '': inClear, pattern: inClear, regex: inClear },
  FOREIGN_EDIT: {
    ciphertext: () => ['It holds an encrypted value that is not of the verified version.', nevertheless],
    metadata: () => ['Its metadata is not that of the verified version.', nevertheless],
    touched: () => ['An encrypted value was edited as text.', nevertheless],
  },
  EDIT_LOCKED: () => ['The file does not match its MAC, so it is not changed.', nevertheless],
  NO_RULE: () => ['No creation rule in .sops.yaml matches.', 'Add a rule, or say for whom: --age age1…'],
  NO_RECIPIENTS: () => [
    'Nobody is named who could read the file.',
    'Add a public key to the rule in .sops.yaml, or say --age age1…',
  ],
  BAD_CONFIG: {
    '': badConfig,
    others: badConfig,
    patterns: () => [
      'The patterns of all rules together would take too long to read.',
      'If you did not write them, do not trust them.',
    ],
  },
  CHANGED_ON_DISK: { '': changedOnDisk, text: changedOnDisk, unreadable: changedOnDisk },
  GONE: {
    '': ({ errno }) => [
      'There is no such file or folder.',
      errno ? '' : 'Look at its name, and at the folder that it should be in.',
    ],
    tilde: () => ['There is no such file or folder. Only a shell makes a home folder of ~, and not within quotes.', ''],
  },
  READ_ONLY: () => [
    'The file may not be read or written.',
    `Look at its permissions and at those of its folder. ${nothing}`,
  ],
  DISK_FULL: () => ['There is no room left on the disk.', 'The old file is as it was. Make room, then try again.'],
  HALF_WRITTEN: () => [
    'The file could be written in part only, and is damaged now.',
    'Put the copy that is named above in its place.',
  ],
  NOT_A_FILE: { '': notAFile, scheme: notAFile },
  IO: { '': diskError, 'secret-storage': diskError },
};

/** Codes that tell of a file that could not be written, when writing it failed. */
const unwritten: readonly ErrorCode[] = ['READ_ONLY', 'DISK_FULL', 'HALF_WRITTEN', 'IO', 'CHANGED_ON_DISK'];

interface Description {
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
    const what: Sentences = [
      'Something went wrong that was not expected.',
      `${nothing} With --verbose it names the kind of error, which helps when you report it.`,
    ];
    const name = verbose && cause instanceof Error ? ` (${cause.name})` : '';
    return { lines: lines([what[0] + name, what[1]], file), exit: exit.generic };
  }
  const code = given ?? (unwritten.includes(cause.code) ? exit.cannotWrite : faults[cause.code].exit);
  const [what, next] = wordsFor(sentences, cause);
  const detail = verbose ? ` (${cause.code}${cause.place.what ? `, ${cause.place.what}` : ''}; exit code ${code})` : '';
  return { lines: lines([what + detail, next], [file, placeOf(cause)].filter(Boolean).join(': ')), exit: code };
}

/** What went wrong, and what to do about it, in one line. */
export function sentenceOf(error: LockstepError): string {
  const line = error.place.line === undefined ? '' : `line ${error.place.line}: `;
  return line + wordsFor(sentences, error).filter(Boolean).join(' ');
}

const lines = ([what, next]: Sentences, where: string | undefined): string[] =>
  [where ? `${where}: ${what}` : what, next].filter((line) => line !== '').map(visible);

function placeOf({ place }: LockstepError): string | undefined {
  const { path, line, lastLine } = place;
  if (path?.length) return line && lastLine ? `${showPath(path)}, lines ${line}-${lastLine}` : showPath(path);
  return line === undefined ? undefined : `line ${line}`;
}
