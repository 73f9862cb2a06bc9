import {
  type ErrorCode,
  type Facts,
  faults,
  LockstepError,
  type Place,
  type WordsFor,
  wordsFor,
} from '../../core/errors.ts';
import { UnwrapError } from '../../core/keys/unwrap.ts';
import { kindNames } from '../../core/sops/kinds.ts';
import { showPath, visible } from '../../core/tree/path.ts';
import { agentWords } from '../../node/keyservice/words.ts';
import { RefusedByAgent } from '../agent/refused.ts';
import { AboutFile, exit, Failure } from '../failure.ts';
import { kindNeeds } from './foreign.ts';
import { keyServiceWords } from './keyservicewords.ts';
import { managerWords } from './managerwords.ts';
import { keyWords, tokenWords } from './tokenwords.ts';

/** What happened, and what to do next. */
type Sentences = readonly [what: string, next: string];

const restore = 'Compare it with the last commit, or restore that.';
const correct = 'Correct the file, then try again. Nothing was written.';
const nothing = 'Nothing was written.';
const shape = 'It is a map of environments, each with files, loader, variables or default. docs/use.md shows one.';
const nevertheless = `${restore} lockstep decrypt --ignore-mac FILE shows what is in it.`;
/** A choice between conflict markers takes the MAC of one side for values of both. */
const perhapsMerged = `${nevertheless} After a merge: lockstep git repair FILE.`;

/** A creation rule as people count them; empty for an error that is about none. */
const inRule = (word: string, { rule }: Place) => (rule === undefined ? '' : `${word} rule ${rule + 1}`);

const brokenSyntax = (): Sentences => [
  'The syntax is broken.',
  `${correct} --input-type says how to read a file whose name does not.`,
];
const composeRefuses = 'docker compose would refuse the file. Correct it, or use another loader: --dotenv=dotenv.';
const tooMuchWork = (): Sentences => [
  'Reading the file would take too long.',
  'If you did not write it, do not trust it.',
];
const tooLargeNumber = (): Sentences => [
  'The value is too large for a number in a SOPS file.',
  '--quote-numbers keeps it as text, exactly as written.',
];
const noFormat = (): Sentences => ['Lockstep does not support this format.', 'Use sops for this file.'];
const notEncrypted = (): Sentences => [
  'The file is not encrypted: it has no sops metadata.',
  'lockstep encrypt -i FILE encrypts it. If it is encrypted, its name misleads: --input-type says what it is.',
];
const unknownProtection = (): Sentences => [
  'An SSH key is protected in a way that Lockstep does not support.',
  'Give it a new pass phrase with ssh-keygen -p.',
];
const composeRefusesDollar =
  'docker compose would refuse the file. Write $$ for a dollar sign, or use another loader: --dotenv=dotenv.';
const recipientKinds = 'Use age1…, ssh-ed25519 or ssh-rsa.';
const runPlugin = (plugin: string) => `Run age-plugin-${plugin} by hand, or install its newest version.`;
const unlockPgp = 'Run this in a terminal, or unlock the key once with gpg.';
const lookAtPgp = 'gpg --list-keys shows it. Nothing was changed.';
const foreignRecipient = (): Sentences => ['Lockstep cannot encrypt for a public key of this kind.', recipientKinds];
const unholdable = (): Sentences => [
  'The format cannot hold this value.',
  `Change the entry, or choose another --output-type. ${nothing}`,
];
const inClear = (): Sentences => [
  'The rules of the file would leave this entry as plaintext.',
  'Choose a name that they encrypt. The rules are in the sops metadata, for example encrypted_regex.',
];
const badConfig = (facts: Place): Sentences => [
  facts.rule === undefined
    ? '.sops.yaml cannot be read.'
    : `Something${inRule(' in', facts)} of .sops.yaml has the wrong type.`,
  'Correct it, then try again.',
];
const changedOnDisk = (): Sentences => [
  'Another program changed the file in the meantime.',
  'Nothing was overwritten. Look at that change, then try again.',
];
const notAFile = (): Sentences => [
  'This is a folder or a device, not an ordinary file.',
  'Name a file; a link must lead to one.',
];
const gitIsBusy = ({ what }: { readonly what?: string }): Sentences => [
  `A ${what} of git is under way.`,
  'Finish or abort that first: it would mix with a change of many files.',
];
const removeJournal = 'git status shows whether files are half changed: restore them, then remove .lockstep/journal.';
const badJournal = (): Sentences => [
  'An unfinished change of many files was found, but its journal is damaged or not yours on this machine.',
  `${nothing} If another machine left it, run lockstep there. Else ${removeJournal}`,
];
const diskError = (): Sentences => [
  'The disk reported an error.',
  'The old file is unchanged. Try again; if the error returns, check the disk.',
];

const onlyForeign = ({ kind }: Facts['NO_AGE_RECIPIENT']): Sentences => [
  `The file opens only with ${kindNames[kind]}, and that needs ${kindNeeds(kind)}.`,
  'Install it, or ask somebody who can open the file to add an age key.',
];
const pgpKey = ({ key }: Facts['PGP']) => (key ? `The PGP key ${key}` : 'A PGP key');

const lackingKind = ({ kind }: Facts['FOREIGN_MASTER_KEY']): Sentences => [
  `Encrypting for this file needs ${kindNeeds(kind)}.`,
  `Install it${kind === 'pgp' ? '' : ', or name a key service with --keyservice'}. ${nothing}`,
];

/** The same words for several cases. */
const alike = <W extends string>(words: () => Sentences, ...cases: readonly W[]) =>
  Object.fromEntries(cases.map((one) => [one, words])) as Record<W, () => Sentences>;

const makeSentences = (): WordsFor<Sentences> => ({
  NOT_UTF8: () => ['The file is not UTF-8 text.', 'Save it as UTF-8. Or take it as binary: --input-type binary.'],
  TOO_LARGE: {
    '': () => ['The file is larger than 50 MB.', 'Split it, or use sops.'],
    files: () => ['The folder holds more files than can be looked at.', 'Work in a smaller folder.'],
    'key-file': () => ['The file is too large for a key file.', 'Name a file that holds keys only.'],
    names: tooMuchWork,
    nodes: () => ['The file holds more than 250,000 entries, items and comments.', 'Split it, or use sops.'],
    pattern: tooMuchWork,
    sealed: () => [
      'Encrypted, the file would be larger than 50 MB and could not be read again.',
      `Split it, or use sops. ${nothing}`,
    ],
    token: () => ['The value is larger than 1 MB.', 'Encrypt it as a file.'],
    variable: () => [
      'With its variables expanded, the value would be too large.',
      'If you did not write it, do not trust it. Otherwise use another loader: --dotenv=dotenv.',
    ],
  },
  SYNTAX: {
    '': brokenSyntax,
    'byte-order-mark': () => ['There is an invisible byte order mark at the start of a line.', `Remove it. ${nothing}`],
    conflict: () => [
      'The file holds the conflict markers of a merge.',
      'lockstep git repair FILE makes one encrypted file of the versions that git has.',
    ],
    'hash-sign': () => [
      'A # has no blank in front: some programs read a comment there, others a part of the value.',
      'Put the value into quotes, or a blank in front of the comment.',
    ],
    'several-lines': () => [
      'The value has several lines, but sops reads each line of a .env as an entry.',
      'encrypt --join-lines writes it on one line, with \\n.',
    ],
    'variable-name': () => ['This is not a variable name.', composeRefuses],
    'variable-quote': () => ['A quoted value has no closing quote.', composeRefuses],
  },
  DUPLICATE_KEY: () => ['A name appears twice in one map.', 'Remove or rename one of the two.'],
  NOT_A_MAP: () => [
    'The top level is a list or a single value; a SOPS file has a map there.',
    'Put it under a name. Or encrypt the file as bytes: --input-type binary --output-type binary, also to decrypt it.',
  ],
  EMPTY_FILE: () => ['The file is empty.', 'Add a name and a value first.'],
  UNSUPPORTED_VALUE: {
    '': () => ['A SOPS file cannot hold what is here.', 'Simplify that entry, for example by quoting the value.'],
    alias: () => ['The value is an alias of another entry.', 'Change the entry that it points to.'],
    'byte-order-mark': () => [
      'The file starts with a byte order mark, which SOPS read as part of the first name.',
      'Decrypt the file and encrypt it again.',
    ],
    comment: () => [
      'This comment selects what is encrypted, but sops does not see it here.',
      `Put it on a line of its own, directly above the entry. ${nothing}`,
    ],
    'comment-place': () => [
      'A comment would stay plaintext, because it would move to another map.',
      `Move it to the top. ${nothing}`,
    ],
    duplicate: () => ['The entry exists twice.', 'Remove or rename one of the two.'],
    envelope: () => ['A text here looks exactly like an encrypted comment.', `Change or remove it. ${nothing}`],
    'float-range': tooLargeNumber,
    indentation: () => [
      'The indentation leaves no room for the entry.',
      'Indent that part of the file by two spaces or more.',
    ],
    key: () => [
      'A key is not text, such as a number or true.',
      'Put it in quotes: sops takes only text as keys. Remove keys that are lists or maps.',
    ],
    structure: () => [
      'The result would not read back as the same entries, so it was discarded.',
      `Simplify the text around the entry: flow style, tags, comments in between. ${nothing}`,
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
      'Decrypt it, and encrypt what you make of it.',
    ],
    envelope: () => [
      'An encrypted binary file is JSON with one text, `data`. This is not.',
      'Say what it is: --input-type yaml, json, dotenv or ini.',
    ],
    other: noFormat,
  },
  NO_METADATA: {
    ...{ '': notEncrypted, plain: notEncrypted, decrypted: notEncrypted },
    dotenvx: () => [
      'This is a .env of dotenvx, which encrypts each value by itself.',
      'lockstep import FILE secrets.yaml brings its values into a SOPS file; the Secrets Editor in VS Code changes it as it is.',
    ],
  },
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
    differ: () => [
      'The file has other key groups than its rule in .sops.yaml.',
      'lockstep updatekeys gives it those of the rule. Do that first.',
    ],
    empty: () => ['A key group would be empty.', 'Every group needs a key that can open it.'],
    missing: () => ['There is no such key group.', 'Groups are counted from 0.'],
    threshold: () => [
      'The threshold must be between 2 and the number of groups.',
      'Look at --shamir-secret-sharing-threshold and the number of groups.',
    ],
  },
  ALREADY_ENCRYPTED: {
    '': () => [
      'The file is already encrypted, or has an entry named sops.',
      'lockstep edit FILE changes an encrypted file; rename the entry if it is yours.',
    ],
    content: () => [
      'The content of the file is already encrypted by SOPS.',
      'Its name does not say so: open it with --input-type yaml, json, dotenv or ini.',
    ],
    values: () => ['The file holds values that SOPS encrypted, but not the metadata to decrypt them.', restore],
  },
  NO_IDENTITY: () => [
    'There is no key on this machine.',
    'Set SOPS_AGE_KEY_FILE to the path of a key file, or put one where the standard one should be.',
  ],
  NOT_A_RECIPIENT: ({ missing }) =>
    missing
      ? [
          `The file needs keys of several groups; ${missing === 1 ? 'one more is' : `${missing} more are`} needed.`,
          'Do this together with somebody who has a key of another group: lockstep why FILE says who, and what a key of another kind takes.',
        ]
      : [
          'None of your keys can open this file.',
          'lockstep why FILE says who can, and what to send them: your public key, which lockstep whoami prints.',
        ],
  NO_AGE_RECIPIENT: { '': onlyForeign, program: onlyForeign, trust: onlyForeign },
  BAD_IDENTITY: {
    '': () => [
      'A key file holds something that is not an age key.',
      'Look at SOPS_AGE_KEY, SOPS_AGE_KEY_FILE and the standard key file.',
    ],
    armor: () => ['A key file encrypted by age is damaged.', 'Restore it from a backup.'],
    command: () => ['A program that should print a key failed.', 'Run it by hand: its exit code must be 0.'],
    'key-file': () => ['A key file is encrypted, but not with a pass phrase.', 'Open it with age -d first.'],
    misplaced: () => ['This holds a private key, not the path of a file.', 'SOPS_AGE_KEY takes the key itself.'],
    none: () => ['There is no key in it.', 'An age key is a line that starts with AGE-SECRET-KEY-1.'],
    path: () => [
      'This looks like the path of a file, not like a key.',
      'SOPS_AGE_KEY_FILE takes the path of a key file.',
    ],
    ...alike(unknownProtection, 'pkcs8-passphrase', 'ssh-cipher', 'ssh-kdf', 'ssh-rounds'),
    'plugin-other': () => [
      'The public key that stands above a key for an age plugin is not that of this key.',
      'Write the one there that the plugin printed: # public key: age1…',
    ],
    'plugin-public': () => [
      'A key for an age plugin does not say its public key, so nothing is encrypted for it.',
      'Write it in a line above the key: # public key: age1…',
    ],
    public: () => ['This is a public key, not a private one.', 'A private age key starts with AGE-SECRET-KEY-1.'],
    'rsa-size': () => ['An RSA key is too short or too long.', 'Use one of 2048 to 8192 bits, or an age key.'],
    scrypt: () => ['A key file uses a work factor that would take too long.', 'Open it with age -d first.'],
    sheet: () => [
      'There is no whole backup in this text.',
      'Scan the codes of the sheet in order, from BEGIN AGE ENCRYPTED FILE to END AGE ENCRYPTED FILE.',
    ],
    'ssh-kind': () => ['Lockstep does not support SSH keys of this kind.', 'Use ssh-ed25519, ssh-rsa, or an age key.'],
    'ssh-passphrase': () => ['An SSH key is protected by a pass phrase.', 'Use one without, or an age key.'],
    'ssh-public': () => [
      'An SSH key in the old PEM form is protected, and its .pub file is not beside it.',
      'Make that with ssh-keygen -y.',
    ],
  },
  BAD_RECIPIENT: {
    '': () => [
      'A public key is not valid.',
      'Each starts with age1, or is an SSH public key; several are separated by commas.',
    ],
    'azure-version': () => [
      'A key of Azure Key Vault is named without its version, which only Azure knows.',
      'Name it whole: https://VAULT.vault.azure.net/keys/NAME/VERSION. Without the version nobody could open the file once the key is rotated.',
    ],
    'master-key': () => [
      'A key of a cloud or of Vault is not written as its kind is.',
      'For example arn:aws:kms:…, projects/…/cryptoKeys/…, https://VAULT.vault.azure.net/keys/NAME/VERSION, https://vault.example.com:8200/v1/transit/keys/NAME.',
    ],
    'other-kind': () => [
      'This names a key of PGP or of a cloud, where one of age or SSH is taken.',
      'Name it in the rule of .sops.yaml (pgp:, kms: and so on), then run lockstep updatekeys FILE. For one file alone: lockstep rotate -i --add-pgp KEY FILE',
    ],
    'private-key': (facts) => [
      `There is a private key where a public key belongs${inRule(', in', facts)}.`,
      'Put its public key there, age1…; age-keygen -y prints it. If anybody else could read the private key, it is no longer secret: make a new one.',
    ],
    'rsa-size': () => ['An RSA public key is too short or too long (2048 to 8192 bits).', recipientKinds],
    ssh: foreignRecipient,
  },
  BAD_REQUEST: {
    '': () => [
      'There is no public key and no request for access in it.',
      'A request is what “lockstep people request” prints; a public key starts with age1 or ssh-.',
    ],
    altered: () => [
      'The request was altered: its checksum does not match.',
      'Nothing was granted. Ask for it again, and compare the words of the key by voice.',
    ],
    several: () => ['There are several public keys in it.', 'Give one of them.'],
  },
  NO_SUCH_PERSON: {
    '': () => [
      '.sops.yaml gives this name to nobody.',
      'lockstep people list shows all names. A public key will do, too.',
    ],
    several: () => [
      'Several keys have this name in .sops.yaml.',
      'Name the public key instead: lockstep people list shows them all.',
    ],
  },
  PLUGIN: {
    ended: ({ plugin }) => [`The program age-plugin-${plugin} ended before it was done.`, runPlugin(plugin)],
    error: ({ plugin }) => [`The program age-plugin-${plugin} could not do it.`, 'It says why above.'],
    missing: ({ plugin }) => [
      `The age plugin ${plugin} is not installed.`,
      `Install the program age-plugin-${plugin} in a folder of PATH.`,
    ],
    none: ({ plugin }) => [`The age plugin ${plugin} cannot be started here.`, 'Use a key without a plugin.'],
    protocol: ({ plugin }) => [
      `The program age-plugin-${plugin} does not answer as age plugins do.`,
      runPlugin(plugin),
    ],
    silent: ({ plugin }) => [
      `The program age-plugin-${plugin} said nothing for three minutes.`,
      'If it waits for a token, insert or touch that in time.',
    ],
  },
  PGP: {
    asleep: () => ['A PGP key needs its pass phrase, and nobody may be asked for it now.', unlockPgp],
    cancelled: () => ['The pass phrase of a PGP key was not given.', 'Run this again and type it.'],
    card: () => ['The card with a PGP key is not there.', 'Insert it. gpg --card-status says whether gpg sees it.'],
    disabled: (facts) => [
      `${pgpKey(facts)} cannot be encrypted for: gpg has disabled it, or does not trust it.`,
      lookAtPgp,
    ],
    expired: (facts) => [
      `${pgpKey(facts)} has expired, so nothing can be encrypted for it.`,
      'Ask its owner for the newer version, and import that into gpg. Nothing was changed.',
    ],
    failed: () => ['GnuPG could not do it.', 'Try it in a terminal: gpg --list-secret-keys says whether it works.'],
    missing: () => [
      'This needs gpg (GnuPG), which is not installed.',
      'Install it, or set SOPS_GPG_EXEC to the path of the program.',
    ],
    name: () => [
      'A PGP key is named by something that is no fingerprint.',
      'Write the 40 digits that gpg --fingerprint shows. A short key ID or a mail address can be somebody else’s.',
    ],
    'no-public': ({ key = 'of a PGP fingerprint' }) => [
      `GnuPG does not have the public key ${key}.`,
      'Import it with gpg --import. Nothing was changed.',
    ],
    'no-secret': () => [
      'GnuPG has no secret key for it.',
      'gpg --list-secret-keys shows those that it has; GNUPGHOME says where they are.',
    ],
    'other-key': () => [
      'GnuPG encrypted for another key than the one that was named.',
      'Look at group, recipient and encrypt-to in gpg.conf. Nothing was changed.',
    ],
    passphrase: () => ['The pass phrase does not open the PGP key.', 'Try again.'],
    pinentry: () => [
      'A PGP key needs its pass phrase, and gpg has no way to ask for it here.',
      'In a terminal set GPG_TTY=$(tty), or set pinentry-program in gpg-agent.conf.',
    ],
    revoked: (facts) => [`${pgpKey(facts)} was revoked by its owner.`, 'Take it off the rule, and add the newer one.'],
    several: ({ key }) => [
      `Several PGP keys have ${key ? `the key ID ${key}` : 'this key ID'}.`,
      'Name the key by its whole fingerprint.',
    ],
    'sign-only': (facts) => [
      `${pgpKey(facts)} has no part that can encrypt.`,
      'Ask its owner for a key with an encryption subkey.',
    ],
    silent: () => ['GnuPG did not answer in time.', 'If it waits for a pass phrase or a card, run this again.'],
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
  MISLABELLED_KEY: {
    '': () => [
      'The entry that your key opens names another public key. Somebody may have changed who can read the file.',
      `Encrypting again would use that key and not yours. ${restore} ${nothing}`,
    ],
    unnamed: () => [
      'Your key for an age plugin opens the file, but its key file does not say its public key.',
      `Write it in a line above the key, # public key: age1…, so that it can be compared. ${nothing}`,
    ],
  },
  LOCKED_OUT: ({ missing }) => [
    missing === undefined
      ? 'None of your keys on this machine would open the file.'
      : `Your keys on this machine would not open the file: keys of more groups would be needed (${missing}).`,
    `${nothing} Keep one of your public keys among the readers, or use --yes-lock-me-out.`,
  ],
  FOREIGN_MASTER_KEY: { '': lackingKind, program: lackingKind, trust: lackingKind },
  KEY_SERVICE: keyServiceWords,
  BAD_ENVELOPE: () => [
    'A value that should be encrypted is plaintext.',
    `Somebody changed it without the key. ${restore}`,
  ],
  VALUE_DAMAGED: () => ['A value was changed or moved without the key.', restore],
  BAD_VALUE_TYPE: () => [
    'A value has a type that Lockstep does not know.',
    `Use the version of sops that wrote it. ${restore}`,
  ],
  MAC_MISSING: () => ['The MAC is missing, so the file cannot be verified.', nevertheless],
  MAC_DAMAGED: () => ['The MAC is damaged, so the file cannot be verified.', perhapsMerged],
  MAC_MISMATCH: () => ['The file does not match its MAC: somebody changed it without the key.', perhapsMerged],
  NO_SUCH_ENTRY: () => [
    'There is no such entry.',
    `Names are not encrypted: look in the file. A path looks like '["database"]["hosts"][0]'.`,
  ],
  ENTRY_EXISTS: () => ['An entry with this name already exists.', 'Choose another name.'],
  BAD_PATH: () => [
    'This is not a key path.',
    `Write it like '["database"]["hosts"][0]': names in double quotes, and all of it in single quotes for the shell. On Windows the other way round: "['database']['hosts'][0]".`,
  ],
  BAD_NAME: {
    '': () => ['The format cannot hold this name.', 'Use letters, digits and underscores.'],
    'encryption-key': () => [
      'An encryption key cannot have this name.',
      'Use up to 64 letters, digits, dots, - and _, with a letter first.',
    ],
    person: () => [
      'A person cannot have this name in .sops.yaml.',
      'Use up to 60 letters, digits and spaces, without a key in it.',
    ],
    variable: () => ['An environment variable cannot have this name.', 'Rename the entry, or use exec-file.'],
  },
  BAD_VALUE: {
    ...alike(unholdable, '', 'backslash-n', 'binary-file', 'bytes', 'type', 'unshown'),
    ...alike(unholdable, 'not-bool', 'not-float', 'not-int', 'not-null', 'not-time'),
    batch: () => ['Windows cannot pass these words to a .cmd or .bat program.', 'Leave out quotes, % and line breaks.'],
    lines: () => [
      'The value cannot be written on one line without changing what loaders read.',
      'Remove its quotes or its \\n.',
    ],
    required: () => ['A required variable is not set.', composeRefusesDollar],
    template: () => ['A ${ is not closed.', composeRefusesDollar],
    variable: () => [
      'An environment holds text only: no maps, lists or bytes, and no NUL within a text.',
      'Use exec-file, or a flat file.',
    ],
  },
  NOT_SELECTED: { '': inClear, pattern: inClear, regex: inClear },
  FOREIGN_EDIT: {
    ciphertext: () => ['It has an encrypted value that is not in the verified version.', nevertheless],
    metadata: () => ['Its metadata differs from that of the verified version.', nevertheless],
    touched: () => ['An encrypted value was edited as text.', nevertheless],
  },
  EDIT_LOCKED: () => ['The file does not match its MAC, so it was not changed.', nevertheless],
  NO_RULE: () => ['No creation rule in .sops.yaml matches.', 'Add a rule, or name the readers: --age age1…'],
  NO_RECIPIENTS: {
    '': () => ['No reader is named.', 'Add a public key to the rule in .sops.yaml, or use --age age1…'],
    last: (facts) => [
      `Nobody else would be left${inRule(' in', facts)}, or in one of its key groups.`,
      'Grant access to somebody else there first, or remove the rule and its files.',
    ],
  },
  BAD_CONFIG: {
    '': badConfig,
    others: badConfig,
    patterns: () => [
      'The patterns of all rules together would take too long to read.',
      'If you did not write them, do not trust them.',
    ],
  },
  BAD_POLICY: () => [
    'The policy cannot be read.',
    'It is a map of files, each a map of entries, each with owner and expires. docs/leaving.md shows one.',
  ],
  BAD_ENVIRONMENTS: {
    '': () => ['It cannot be read as environments.', shape],
    field: () => [
      'There is no such field.',
      'There are files, loader, variables and default. "*" takes loader and variables.',
    ],
    gone: () => ['There is no such file.', 'Correct its path, or leave it out.'],
    kind: () => ['The value is of the wrong kind.', shape],
    large: () => ['It is larger than 256 KB.', 'Split it: each folder may have one of its own.'],
    link: () => ['The file is a link that leads out of the repository.', 'If you trust it, name the file: -f FILE.'],
    list: () => ['The files are not a list.', 'Write it with brackets, also for one file: files: [.env.production]'],
    loader: () => ['There is no such loader.', 'There are dotenv, compose, python and literal.'],
    many: () => ['An environment has at most 100 files.', 'Leave some out.'],
    name: () => [
      'An environment cannot have this name.',
      'Use letters, digits and the signs _ . @ + -, and a letter or a digit first.',
    ],
    others: () => [
      'The file belongs to another user, and others may put files there.',
      'If you trust it, name the file: -f FILE.',
    ],
    path: () => [
      'A file cannot be named so.',
      'Write the path from the folder that holds .lockstep, with slashes and without "..": config/production.env',
    ],
    twice: () => ['This is there twice.', 'Leave one of the two out.'],
    plain: () => ['The file is not encrypted.', 'Encrypt it first: lockstep encrypt -i FILE'],
    unread: () => ['The file cannot be read.', 'lockstep decrypt FILE says why.'],
    unused: () => ['A secret is named that none of the files has.', 'Correct the name, or leave it out.'],
    variable: () => ['A variable cannot have this name.', 'Use letters A-Z and a-z, digits and _, and no digit first.'],
  },
  NO_ENVIRONMENT: {
    '': () => ['There is no such environment here.', 'lockstep environments lists those that there are.'],
    none: () => [
      'No secret file is in this folder, or above it in the repository.',
      'lockstep environments lists the environments that there are: --env-name NAME takes one.',
    ],
  },
  BAD_REFERENCE: alike(
    () => ['This is no reference to a secret.', 'Write lockstep:ENVIRONMENT#NAME, such as lockstep:production#db.url'],
    '',
    'environment',
    'name',
  ),
  NO_SUCH_SECRET: {
    '': () => ['There is no such secret.', 'Names are not encrypted: look in the file.'],
    several: () => ['More than one secret has this name.', 'Use the key path, or choose the file: -f FILE.'],
  },
  ...keyWords,
  FOREIGN_FILE: {
    'git-crypt': () => [
      'The file is encrypted with git-crypt, which has its key.',
      'Unlock the repository with it, import the file, then take the file out of .gitattributes: git-crypt unlock',
    ],
    blackbox: () => [
      'The file is encrypted with GnuPG, as BlackBox does it.',
      'Decrypt it with the program that encrypted it, import what comes of that, then delete that: blackbox_edit_start FILE',
    ],
    busy: () => [
      'The program of this database was ended in the middle of a change.',
      'Start it and close it again, so that the change is finished. Then import.',
    ],
    damaged: () => [
      'The file is damaged: it is not as the program writes it that it belongs to.',
      'Look for an older version of it.',
    ],
    key: () => [
      'The file is encrypted as a whole, and there is no key for it here.',
      'Give the key or the pass phrase: --key-env NAME, --key-fd N or --key-file FILE.',
    ],
    unknown: () => ['It is not plain what this file is.', 'Say how to read it, for example: --from dotenv.'],
  },
  ...tokenWords,
  ...managerWords,
  CHANGED_ON_DISK: alike(changedOnDisk, '', 'text', 'unreadable', 'unsaved'),
  GONE: {
    '': ({ errno }) => ['There is no such file or folder.', errno ? '' : 'Check the name and the folder.'],
    tilde: () => ['There is no such file or folder. Only a shell expands ~, and not inside quotes.', ''],
  },
  READ_ONLY: () => [
    'The file may not be read or written.',
    `Check its permissions and those of its folder. ${nothing}`,
  ],
  DISK_FULL: () => ['The disk is full.', 'The old file is unchanged. Free some space, then try again.'],
  HALF_WRITTEN: () => [
    'Only part of the file could be written, so it is damaged now.',
    'Replace it with the copy named above.',
  ],
  NO_SUCH_VERSION: {
    '': () => ['There is no such version in git here.', 'This works in a git repository with git on PATH.'],
    content: () => [
      'This clone does not have the content of that version.',
      'git fetch --refetch gets it. Lockstep fetches nothing.',
    ],
    file: () => ['That version does not have the file.', 'git log -- FILE lists the commits that have it.'],
    rev: () => ['There is no commit by that name in git here.', 'git log lists commits, git tag tags.'],
    size: () => ['The file has over 5 MB in that version.', 'Larger versions are not read.'],
  },
  NOT_A_FILE: {
    ...alike(notAFile, '', 'scheme'),
    link: () => [
      'This is a link, and nothing is written through it.',
      'Put the file itself in its place, then try again.',
    ],
    outside: () => ['The file is outside the folder of .sops.yaml.', 'Change it by itself, or name its own --config.'],
  },
  IN_PROGRESS: {
    '': () => ['Another change of many files is on its way here.', 'Wait until it has ended, then try again.'],
    merge: gitIsBusy,
    rebase: gitIsBusy,
    'cherry-pick': gitIsBusy,
    revert: gitIsBusy,
  },
  GIT_FAILED: () => [
    'The history ends in the middle: git says that it is damaged, or this clone does not have all of it.',
    'Look at it with git fsck, or fetch all of it with git fetch --unshallow --refetch --filter=blob:none.',
  ],
  BAD_JOURNAL: {
    ...alike(badJournal, '', 'foreign'),
    path: () => ['The journal of an unfinished change names files outside its folder.', `${nothing} ${removeJournal}`],
  },
  IO: { '': diskError, 'secret-storage': diskError },
});

let made: WordsFor<Sentences> | undefined;

/** Made when there is something to tell: most runs end without a word. */
function sentences(): WordsFor<Sentences> {
  made ??= makeSentences();
  return made;
}

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
      'Something unexpected went wrong.',
      `${nothing} With --verbose, Lockstep names the kind of error, which helps when you report it.`,
    ];
    const name = verbose && cause instanceof Error ? ` (${cause.name})` : '';
    return { lines: lines([what[0] + name, what[1]], file), exit: exit.generic };
  }
  const code = given ?? (unwritten.includes(cause.code) ? exit.cannotWrite : faults[cause.code].exit);
  const [what, next] = cause instanceof RefusedByAgent ? agentWords[cause.refusal] : sentencesOf(cause);
  const detail = verbose ? ` (${cause.code}${cause.place.what ? `, ${cause.place.what}` : ''}; exit code ${code})` : '';
  return { lines: lines([what + detail, next], [file, placeOf(cause)].filter(Boolean).join(': ')), exit: code };
}

/** Where gpg or a key service failed, that is what to do something about. */
function sentencesOf(error: LockstepError): Sentences {
  const [what, next] = wordsFor(sentences(), error);
  const [fault] = error instanceof UnwrapError ? error.faults : [];
  if (!fault) return [what, next];
  const [why, then] = wordsFor(sentences(), fault);
  return [`${what} ${why}`, then];
}

/** What went wrong, without what to do about it. */
export const whatOf = (error: LockstepError): string => wordsFor(sentences(), error)[0];

/** What went wrong, and what to do about it, in one line. */
export function sentenceOf(error: LockstepError): string {
  const line = error.place.line === undefined ? '' : `line ${error.place.line}: `;
  return line + wordsFor(sentences(), error).filter(Boolean).join(' ');
}

const lines = ([what, next]: Sentences, where: string | undefined): string[] =>
  [where ? `${where}: ${what}` : what, next].filter((line) => line !== '').map(visible);

function placeOf({ code, place }: LockstepError): string | undefined {
  const { path, line, lastLine } = place;
  if (code === 'BAD_ENVIRONMENTS' && line && path?.length) return `line ${line}: ${showPath(path)}`;
  if (path?.length) return line && lastLine ? `${showPath(path)}, lines ${line}-${lastLine}` : showPath(path);
  return line === undefined ? undefined : `line ${line}`;
}
