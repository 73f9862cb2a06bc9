import * as vscode from 'vscode';
import type { Difference } from '../../core/env/differences.ts';
import {
  type Facts,
  isOurs,
  LockstepError,
  type Refusal,
  type RefusalCode,
  type WordsFor,
  wordsFor,
} from '../../core/errors.ts';
import { UnwrapError } from '../../core/keys/unwrap.ts';
import { policyPath } from '../../core/policy/policy.ts';
import { kindNames } from '../../core/sops/kinds.ts';
import { showPath, visible } from '../../core/tree/path.ts';
import { environmentsPath } from '../../core/view/names.ts';

import { declarationWords } from './environmentwords.ts';
import { keyServiceWords } from './keyservicewords.ts';
import { kindNeeds } from './kindneeds.ts';
import { managerWords } from './managerwords.ts';
import { keyWords, tokenWords } from './tokenwords.ts';

const { t } = vscode.l10n;

/** An error as people read it: what happened and what to do next. No code, no value. */
interface Words {
  /** One or two plain sentences; starts with the file's name, and the key path where it is known. */
  readonly message: string;
  /** What to do next, a sentence. */
  readonly next: string;
}

/** What went wrong and the next step, without the file's name. */
type Sentence = readonly [what: string, next: string];

const gitRestore = () => t('Compare it with the last commit, or restore it from there.');
const fixText = () => t('Correct the file in the editor. Nothing was changed on disk.');

function missingGroups(count: number): Sentence {
  return [
    count === 1
      ? t('The file needs keys from several groups. You have no key for one of them.')
      : t('The file needs keys from several groups. You have no key for {0} of them.', count),
    t('Import a key from another group, or open the file together with somebody who has one.'),
  ];
}

const tooMuchWork = (): Sentence => [
  t('Reading the file would take too long.'),
  t('Do not trust it unless you wrote it yourself.'),
];
const brokenSyntax = (): Sentence => [t('The file cannot be read because of a syntax error.'), fixText()];
const tooLargeNumber = (): Sentence => [
  t('The number is too large for a SOPS file.'),
  t('Quote it to keep it as text.'),
];
const badMetadata = (): Sentence => [t('The SOPS metadata of the file is damaged.'), gitRestore()];
const unnamedFormat = (): Sentence => [
  t('The file name does not show the format of the encrypted content.'),
  t('Rename the file with the extension of its format, such as .json, or use sops --input-type in a terminal.'),
];
const noMetadata = (): Sentence => [t('Values are encrypted, but the SOPS metadata is missing.'), gitRestore()];
const notAKey = (): Sentence => [t('This is not an age key.'), t('Copy the whole AGE-SECRET-KEY-1 line.')];
const badKeyFile = (): Sentence => [t('This key file is damaged, or not one of age.'), t('Use a backup of it.')];
const unknownProtection = (): Sentence => [
  t('Lockstep does not support the protection of this SSH key.'),
  t('Import a copy to which ssh-keygen -p gave a new pass phrase, or none.'),
];
const recipientKinds = () =>
  t('In .sops.yaml, use an age public key, which starts with age1, or an ssh-ed25519 or ssh-rsa public key.');
const foreignRecipient = (): Sentence => [
  t('Lockstep cannot encrypt for one of the public keys: its kind is not supported.'),
  recipientKinds(),
];
const gitIsBusy = ({ what }: { readonly what?: string | undefined }): Sentence => [
  t('Git is in the middle of a {0}.', what ?? ''),
  t('Finish or abort that first: it would mix with a change of many files.'),
];
const restoreHalf = () =>
  t('Look in Source Control for files that are half changed and discard their changes. Then delete .lockstep/journal.');
const badJournal = (): Sentence => [
  t('An unfinished change of many files was found, but its journal is damaged or not yours on this machine.'),
  restoreHalf(),
];
const brokenPlugin = ({ plugin }: { readonly plugin: string }): Sentence => [
  t('age-plugin-{0} does not work as age plugins do.', plugin),
  t('Run it in a terminal, or install its newest version.'),
];
const lookAtPgp = () => t('“gpg --list-keys” shows it. Nothing was changed.');
const pgpKey = ({ key }: Facts['PGP']) => (key ? t('The PGP key {0}', key) : t('A PGP key'));
const badPassphrase = (): Sentence => [t('The pass phrase does not open the key file.'), t('Try again.')];
const badName = (): Sentence => [
  t('The file format does not allow this name.'),
  t('Use letters, digits and underscores.'),
];
const unholdable = (): Sentence => [
  t('The file format cannot hold this value.'),
  t('Values must be text. In .env and .ini files, some characters are not possible.'),
];
const another = () => t('Correct the value, or choose another type.');
const byPattern = (): Sentence => [
  t('A pattern in this file selects which entries are encrypted.'),
  t('Rename the entry so that the pattern matches it, or change the rule.'),
];
const gone = (): Sentence => [
  t('The file no longer exists.'),
  t('Nothing was written. Restore it, or close its editor.'),
];

const badEnvironments = ({ what }: Facts['BAD_ENVIRONMENTS']): Sentence => [
  declarationWords[what ?? ''](),
  t('Correct it, then try again.'),
];
const badReference = (): Sentence => [
  t('This is no reference to a secret.'),
  t('Write the environment and the name, as in lockstep:production#db.url.'),
];

/** Made when asked for, because translations are there only after start. */
const sentences: WordsFor<Sentence> = {
  NOT_UTF8: () => [t('The file is not UTF-8 text.'), t('Save it as UTF-8, then try again.')],
  TOO_LARGE: {
    '': () => [t('The file is larger than 50 MB.'), t('Split it, or use sops in a terminal.')],
    files: () => [
      t('The folder holds more files than can be looked at, so nothing was changed.'),
      t('Open a smaller folder, then try again.'),
    ],
    'key-file': () => [t('The file is too large for a key file.'), t('Choose a file that holds only keys.')],
    names: tooMuchWork,
    nodes: () => [
      t('The file has more than 250,000 entries, list items and comments.'),
      t('Split it, or use sops in a terminal.'),
    ],
    pattern: tooMuchWork,
    sealed: () => [
      t('The encrypted file would be larger than 50 MB and could not be read again.'),
      t('Split it, or use sops in a terminal.'),
    ],
    token: () => [t('The value is larger than 1 MB.'), t('Encrypt it as a file.')],
    variable: tooMuchWork,
  },
  SYNTAX: {
    '': brokenSyntax,
    'byte-order-mark': () => [t('A line starts with an invisible byte order mark.'), t('Remove it, then try again.')],
    conflict: () => [
      t('The file contains merge conflict markers.'),
      t('Resolve by Secret makes one encrypted file of the versions that git has.'),
    ],
    'hash-sign': () => [
      t('A # has no blank in front: some programs read a comment there, others a part of the value.'),
      t('Put the value into quotes, or a blank in front of the comment.'),
    ],
    'several-lines': () => [
      t('The value has several lines. In a .env file, SOPS reads each line as an entry.'),
      t('Encrypt File offers to write it on one line, with \\n for each line break.'),
    ],
    'variable-name': brokenSyntax,
    'variable-quote': brokenSyntax,
  },
  DUPLICATE_KEY: () => [t('A name occurs twice in one map.'), t('Remove or rename one of the two, then try again.')],
  NOT_A_MAP: () => [
    t('The top level is a list or a single value. A SOPS file needs a map there.'),
    t('Put it under a name, or encrypt it as a binary file whose name does not end in .yaml, .yml or .json.'),
  ],
  EMPTY_FILE: () => [t('The file is empty.'), t('Add a name and a value first.')],
  UNSUPPORTED_VALUE: {
    '': () => [t('A SOPS file cannot hold this.'), t('Simplify the entry, for example by quoting the value.')],
    alias: () => [t('The value is an alias for another entry.'), t('Change the entry that the alias points to.')],
    'byte-order-mark': () => [
      t('The file starts with a byte order mark, which SOPS read as part of the first name.'),
      t('Decrypt the file and encrypt it again.'),
    ],
    comment: () => [
      t('This comment selects what is encrypted, but SOPS ignores it in this place.'),
      t('Put it on a line of its own, directly above the entry.'),
    ],
    'comment-place': () => [
      t('A comment would not be encrypted, because it would become part of another map.'),
      t('Move it to the top of the file, then try again.'),
    ],
    duplicate: () => [t('The entry exists twice.'), t('Remove or rename one of the two.')],
    envelope: () => [t('A text there looks like an encrypted comment.'), t('Change or remove it.')],
    'float-range': tooLargeNumber,
    indentation: () => [t('The indentation leaves no room for the entry.'), t('Indent by two spaces or more.')],
    key: () => [
      t('A name is not text but, for example, a number or true.'),
      t('Put it in quotes: SOPS allows only text as a name. Remove a list or a map that is used as a name.'),
    ],
    structure: () => [
      t('The result did not contain the same entries when it was read back, so it was discarded.'),
      t('Simplify the text around the entry, such as flow style or comments in between. Nothing was written.'),
    ],
    uint64: tooLargeNumber,
  },
  ALIAS_BOMB: () => [
    t('The aliases in the file expand endlessly.'),
    t('Remove the aliases. Do not trust the file unless you wrote them yourself.'),
  ],
  UNSUPPORTED_FORMAT: {
    binary: unnamedFormat,
    envelope: unnamedFormat,
    other: () => [t('This name belongs to another format.'), t('Keep the file extension.')],
  },

  NO_METADATA: {
    '': noMetadata,
    plain: () => [t('The file is not encrypted.'), t('Encrypt it first.')],
    decrypted: () => [t('The file is not encrypted.'), t('There is nothing to decrypt.')],
    dotenvx: () => [
      t('This is a file of dotenvx, which encrypts each value by itself.'),
      t('Open it in the Secrets Editor, or import its values into an encrypted file.'),
    ],
  },
  BAD_METADATA: {
    '': badMetadata,
    changed: badMetadata,
    'no-keys': badMetadata,
    twice: () => [t('A field occurs twice in the SOPS metadata, which lists who can read the file.'), gitRestore()],
  },
  BAD_VERSION: () => [t('The file does not name the version of SOPS that wrote it.'), gitRestore()],
  CONFLICTING_SELECTORS: ({ rule }) => [
    rule === undefined
      ? t('Two settings for which values are encrypted contradict each other.')
      : t('In rule {0}, two settings for which values are encrypted contradict each other.', rule + 1),
    t('Keep only one of them.'),
  ],
  // A pattern is no secret: RE2's words may show a part of it.
  BAD_REGEX: {
    '': ({ setting, rule, reason = t('it is not valid') }) => [
      rule === undefined
        ? t('The {0} is not an RE2 regular expression: {1}.', setting, reason)
        : t('The {0} of rule {1} is not an RE2 regular expression: {2}.', setting, rule + 1, reason),
      t('Correct it. SOPS uses RE2, which has no look-around and no back references.'),
    ],
    ciphertext: ({ setting }) => [
      t('The {0} matches the text of an encrypted comment, so the comment would select values.', setting),
      t('Change the pattern. Nothing was written.'),
    ],
    'too-large': ({ setting, rule }) => [
      rule === undefined
        ? t('The {0} would take too long to read.', setting)
        : t('The {0} of rule {1} would take too long to read.', setting, rule + 1),
      t('Do not trust it unless you wrote it yourself.'),
    ],
  },
  KEY_GROUPS: {
    differ: () => [t('The file has other key groups than its rule in .sops.yaml.'), t('Update who can read it first.')],
    empty: () => [t('A key group would have no keys.'), t('Each group needs at least one public key.')],
    missing: () => [t('This key group does not exist.'), t('Check which key groups the file has.')],
    threshold: () => [t('The threshold must be between 2 and the number of groups.'), t('Change shamir_threshold.')],
  },
  ALREADY_ENCRYPTED: {
    '': () => [
      t('The file is already encrypted, or has an entry named “sops”.'),
      t('Open it to work with its secrets. If the entry is your own, rename it.'),
    ],
    content: () => [
      t('The content of the file is already encrypted by SOPS.'),
      t('Rename the file with the extension of its format, such as .json, to work with its secrets.'),
    ],
    values: noMetadata,
  },

  NO_IDENTITY: () => [
    t('You have no key yet, so you cannot read this file.'),
    t('Import your key, or create one and ask somebody who can read the file to add you.'),
  ],
  NOT_A_RECIPIENT: ({ missing = 0 }) =>
    missing > 0
      ? missingGroups(missing)
      : [
          t('None of your keys can read this file.'),
          t('Import another key, or send your public key to somebody who can read the file and ask to be added.'),
        ],
  NO_AGE_RECIPIENT: {
    '': ({ kind }) => [
      t('The file can be decrypted only with {0}, not with an age key.', kindNames[kind]),
      t('Open it in the desktop VS Code, or ask somebody who can read the file to add your public key.'),
    ],
    program: ({ kind }) => [
      t('The file can be decrypted only with {0}. That needs {1}.', kindNames[kind], kindNeeds(kind)),
      t('Install it and restart VS Code, or ask somebody who can read the file to add your public key.'),
    ],
    trust: ({ kind }) => [
      t('The file can be decrypted only with {0}. In Restricted Mode no program is started.', kindNames[kind]),
      t('Trust the workspace, or ask somebody who can read the file to add your public key.'),
    ],
  },
  BAD_IDENTITY: {
    '': notAKey,
    armor: badKeyFile,
    command: notAKey,
    'key-file': badKeyFile,
    misplaced: () => [t('This is a private key, not the path of a file.'), t('Put the key itself in SOPS_AGE_KEY.')],
    none: () => [t('It contains no key.'), t('An age key is a line that starts with AGE-SECRET-KEY-1.')],
    path: () => [t('This looks like the path of a file, not like a key.'), t('Choose the file itself.')],
    'pkcs8-passphrase': unknownProtection,
    'plugin-other': () => [
      t('This public key does not belong to the key of the age plugin: what was encrypted for it did not open.'),
      t('Take the public key that the plugin printed.'),
    ],
    'plugin-public': () => [
      t('A key for an age plugin does not say its public key.'),
      t('Import the file that the plugin wrote. The line “# public key: age1…” must stand above the key.'),
    ],
    public: () => [t('This is a public key, not a private one.'), t('A private age key starts with AGE-SECRET-KEY-1.')],
    'rsa-size': () => [t('This RSA key is too short or too long.'), t('Use one of 2048 to 8192 bits, or an age key.')],
    scrypt: () => [t('Checking the pass phrase would take too long.'), t('Import what “age -d” makes of it.')],
    sheet: () => [
      t('There is no whole backup in this text.'),
      t('Scan the codes of the sheet in order, from BEGIN AGE ENCRYPTED FILE to END AGE ENCRYPTED FILE.'),
    ],
    'ssh-cipher': unknownProtection,
    'ssh-kdf': unknownProtection,
    'ssh-kind': () => [t('This kind of SSH key is not supported.'), t('Use an ssh-ed25519, ssh-rsa or age key.')],
    'ssh-passphrase': () => [
      t('This SSH key is protected with a pass phrase.'),
      t('Import its file. Lockstep asks for the pass phrase.'),
    ],
    'ssh-public': notAKey,
    'ssh-rounds': unknownProtection,
  },
  BAD_RECIPIENT: {
    '': () => [
      t('A public key is not valid.'),
      t('Check the public keys in .sops.yaml. Each starts with age1 or ssh-.'),
    ],
    'azure-version': () => [
      t('A key of Azure Key Vault is named without its version, which only Azure knows.'),
      t('Write it in .sops.yaml. Without it nobody could decrypt the file once the key is rotated.'),
    ],
    'master-key': () => [
      t('A key of a cloud or of Vault is not written as its kind is.'),
      t('Check .sops.yaml. The documentation of sops shows how each kind is written.'),
    ],
    'other-kind': () => [
      t('This names a key of PGP or of a cloud, where one of age or SSH is taken.'),
      t('Name it in the rule in .sops.yaml, as pgp, kms or the like, then use Update Who Can Read This File.'),
    ],
    'private-key': ({ rule }) => [
      rule === undefined
        ? t('There is a private key in place of a public key.')
        : t('There is a private key in place of a public key in rule {0}.', rule + 1),
      t(
        'Replace it with its public key, which starts with age1. If anybody else could read the private key, it is no longer secret: make a new one.',
      ),
    ],
    'rsa-size': () => [t('An RSA public key is too short or too long (2048 to 8192 bits).'), recipientKinds()],
    ssh: foreignRecipient,
  },
  BAD_REQUEST: {
    '': () => [
      t('It contains no public key and no request for access.'),
      t('Paste the text that Request Access made, or a public key, which starts with age1 or ssh-.'),
    ],
    altered: () => [
      t('The request was altered: its checksum does not match.'),
      t('Nothing was granted. Ask for it again, and compare the words of the key by voice.'),
    ],
    several: () => [t('It contains several public keys.'), t('Paste one of them.')],
  },
  NO_SUCH_PERSON: {
    '': () => [t('.sops.yaml gives this name to nobody.'), t('Choose somebody from the list.')],
    several: () => [t('Several keys have this name in .sops.yaml.'), t('Choose the key itself.')],
  },
  PLUGIN: {
    ended: brokenPlugin,
    error: ({ plugin }) => [t('age-plugin-{0} could not do it.', plugin), t('It said why in a message of its own.')],
    missing: ({ plugin }) => [
      t('The age plugin {0} is not installed.', plugin),
      t('Install the program age-plugin-{0} in a folder of PATH, and restart VS Code.', plugin),
    ],
    none: ({ plugin }) => [
      t('The age plugin {0} cannot be started here.', plugin),
      t('Use a key without a plugin, or the desktop VS Code.'),
    ],
    protocol: brokenPlugin,
    silent: ({ plugin }) => [
      t('age-plugin-{0} said nothing for three minutes.', plugin),
      t('If it waits for a token, insert or touch that in time.'),
    ],
  },
  PGP: {
    asleep: () => [t('A PGP key needs its pass phrase.'), t('Choose Unlock: gpg asks for it.')],
    cancelled: () => [t('The pass phrase of a PGP key was not given.'), t('Choose Unlock to be asked again.')],
    card: () => [
      t('The card with a PGP key is not there.'),
      t('Insert it. “gpg --card-status” says whether gpg sees it.'),
    ],
    disabled: (facts) => [
      t('{0} cannot be encrypted for: gpg has disabled it, or does not trust it.', pgpKey(facts)),
      lookAtPgp(),
    ],
    expired: (facts) => [
      t('{0} has expired, so nothing can be encrypted for it.', pgpKey(facts)),
      t('Ask its owner for the newer version, and import that into gpg. Nothing was changed.'),
    ],
    failed: () => [t('GnuPG could not do it.'), t('Try “gpg --list-secret-keys” in a terminal.')],
    missing: () => [
      t('This needs gpg (GnuPG), which is not installed.'),
      t('Install it, or set SOPS_GPG_EXEC to the path of the program, and restart VS Code.'),
    ],
    name: () => [
      t('A PGP key is named by something that is no fingerprint.'),
      t('Write the 40 digits that “gpg --fingerprint” shows. A short key ID or a mail address can be somebody else’s.'),
    ],
    'no-public': ({ key }) => [
      key ? t('GnuPG does not have the public key {0}.', key) : t('GnuPG does not have the public key.'),
      t('Import it with “gpg --import”. Nothing was changed.'),
    ],
    'no-secret': () => [
      t('GnuPG has no secret key for it.'),
      t('“gpg --list-secret-keys” shows those that it has. Import yours, or ask somebody who can read the file.'),
    ],
    'other-key': () => [
      t('GnuPG encrypted for another key than the one that was named.'),
      t('Look at group, recipient and encrypt-to in gpg.conf. Nothing was changed.'),
    ],
    passphrase: () => [t('The pass phrase does not open the PGP key.'), t('Choose Unlock to be asked again.')],
    pinentry: () => [
      t('A PGP key needs its pass phrase, and gpg has no window to ask for it.'),
      t('Set pinentry-program in gpg-agent.conf to a graphical one, or unlock the key once in a terminal.'),
    ],
    revoked: (facts) => [
      t('{0} was revoked by its owner.', pgpKey(facts)),
      t('Take it off the rule, and add the newer one.'),
    ],
    several: ({ key }) => [
      key ? t('Several PGP keys have the key ID {0}.', key) : t('Several PGP keys have this key ID.'),
      t('Name the key by its whole fingerprint.'),
    ],
    'sign-only': (facts) => [
      t('{0} has no part that can encrypt.', pgpKey(facts)),
      t('Ask its owner for a key with an encryption subkey.'),
    ],
    silent: () => [t('GnuPG did not answer in time.'), t('If it waits for a pass phrase or a card, try again.')],
  },
  BAD_PASSPHRASE: { '': badPassphrase, none: badPassphrase },
  BAD_DATA_KEY: () => [t('The file’s data key is damaged.'), gitRestore()],
  MISLABELLED_KEY: {
    '': () => [
      t('Your key decrypts an entry that names another public key. Somebody may have changed who can read the file.'),
      t('A change would encrypt the data key for that key, not yours. Nothing was changed. {0}', gitRestore()),
    ],
    unnamed: () => [
      t('Your key for an age plugin does not say its public key, so it cannot be compared with the file.'),
      t('Remove the key, and import the file that the plugin wrote. Nothing was changed.'),
    ],
  },
  LOCKED_OUT: () => [
    t('None of your keys could read the file any more.'),
    t('Nothing was changed. Include one of your keys.'),
  ],
  FOREIGN_MASTER_KEY: {
    '': ({ kind }) => [
      t('The file is to be encrypted for {0}, which needs a program, and none can be started here.', kindNames[kind]),
      t('Do this in the desktop VS Code. Nothing was changed.'),
    ],
    program: ({ kind }) => [
      t('Encrypting for this file needs {0}.', kindNeeds(kind)),
      t('Install it and restart VS Code. Nothing was changed.'),
    ],
    trust: ({ kind }) => [
      t('The file is to be encrypted for {0}. In Restricted Mode no program is started.', kindNames[kind]),
      t('Trust the workspace first. Nothing was changed.'),
    ],
  },
  KEY_SERVICE: keyServiceWords,

  BAD_ENVELOPE: () => [
    t('A value that should be encrypted is not.'),
    t('Somebody changed it without the key. Restore it from the last commit.'),
  ],
  VALUE_DAMAGED: () => [t('A value was changed or moved without the key.'), gitRestore()],
  BAD_VALUE_TYPE: () => [t('A value has an unknown type.'), t('Use sops in a terminal for this file.')],
  MAC_MISSING: () => [t('The MAC of the file is missing.'), gitRestore()],
  MAC_DAMAGED: () => [t('The MAC of the file is damaged.'), gitRestore()],
  MAC_MISMATCH: () => [
    t('The file does not match its MAC. Somebody changed it without the key.'),
    t(
      'If that was in a merge, use Resolve by Secret. Otherwise compare it with the last commit, or restore it from there.',
    ),
  ],

  NO_SUCH_ENTRY: () => [t('The entry no longer exists.'), t('Put the cursor on an entry and try again.')],
  ENTRY_EXISTS: () => [t('This name already exists.'), t('Choose another name, or set that entry.')],
  BAD_PATH: () => [t('This is not a path in the file.'), t('Open the file and find the entry there.')],
  BAD_NAME: {
    '': badName,
    'encryption-key': () => [
      t('An encryption key cannot have this name.'),
      t('Use up to 64 letters, digits, dots, - and _, with a letter first.'),
    ],
    person: () => [
      t('A person cannot have this name in .sops.yaml.'),
      t('Use up to 60 letters, digits and spaces, without a key in it.'),
    ],
    variable: badName,
  },
  BAD_VALUE: {
    '': unholdable,
    'backslash-n': () => [
      t('The value contains the two characters \\n, which SOPS reads as a line break in a .env file.'),
      t('Put it in a file of another format, such as YAML.'),
    ],
    batch: unholdable,
    'binary-file': () => [
      t('A binary file is a single value and has no entries.'),
      t('Set that value, or encrypt a new file in its place.'),
    ],
    bytes: () => [
      t('The value is not text, so you cannot type a new one.'),
      t('Decrypt the file in place, change it, and encrypt it again.'),
    ],
    lines: () => [
      t('The value cannot be written on one line without changing what programs read.'),
      t('Remove its quotes, or its \\n.'),
    ],
    'not-bool': () => [t('This is neither true nor false.'), another()],
    'not-float': () => [t('This is not a number, or it would lose zeros, a sign or digits.'), another()],
    'not-int': () => [t('This is not a whole number, or it would lose zeros, a sign or digits.'), another()],
    'not-null': () => [t('Nothing (null) has no value.'), another()],
    'not-time': () => [t('This is not a time such as 2026-01-31T12:00:00Z.'), another()],
    required: unholdable,
    template: unholdable,
    type: () => [t('The format of this file has no values of this type.'), t('Choose the type text.')],
    unshown: () => [t('The value is not text, so it cannot be shown.'), t('You can copy it as base64.')],
    variable: unholdable,
  },
  NOT_SELECTED: {
    '': () => [
      t('By the rules in this file, an entry with this name would not be encrypted.'),
      t('Choose a name that the rules select for encryption.'),
    ],
    pattern: byPattern,
    regex: byPattern,
  },
  FOREIGN_EDIT: {
    ciphertext: () => [
      t('It holds an encrypted value that does not come from the last verified version of this file.'),
      gitRestore(),
    ],
    metadata: () => [
      t('The part of the file that Lockstep keeps (sops) was changed.'),
      t('Put new entries above it. Undo other changes of it, or restore it from the last commit.'),
    ],
    touched: () => [
      t('An encrypted value cannot be edited as text.'),
      t('Use Set Value, or replace all of it by a new value.'),
    ],
  },
  EDIT_LOCKED: () => [t('The file does not match its MAC, so it cannot be changed.'), gitRestore()],

  NO_RULE: () => [
    t('No rule in .sops.yaml covers this file.'),
    t('Write one with the key groups of the file. For a plain file, Encrypt File writes it.'),
  ],
  NO_RECIPIENTS: {
    '': () => [
      t('The rule in .sops.yaml has no public keys, so nobody could read the file.'),
      t('Add a public key to the rule.'),
    ],
    last: ({ rule }) => [
      rule === undefined
        ? t('Nobody else would be left who can read the file, or one of its key groups.')
        : t('Nobody else would be left in rule {0}, or in one of its key groups.', rule + 1),
      t('Grant access to somebody else there first, or remove the rule and its files.'),
    ],
  },
  BAD_POLICY: () => [
    t('The policy in {0} cannot be read.', policyPath),
    t('Correct it in the editor, then try again. Nothing was written.'),
  ],
  BAD_ENVIRONMENTS: {
    '': badEnvironments,
    field: badEnvironments,
    gone: badEnvironments,
    kind: badEnvironments,
    large: badEnvironments,
    link: badEnvironments,
    list: badEnvironments,
    loader: badEnvironments,
    many: badEnvironments,
    name: badEnvironments,
    others: badEnvironments,
    path: badEnvironments,
    plain: badEnvironments,
    twice: badEnvironments,
    unread: badEnvironments,
    unused: badEnvironments,
    variable: badEnvironments,
  },
  NO_ENVIRONMENT: {
    '': () => [t('There is no such environment.'), t('Switch to another one, or correct the name.')],
    none: () => [
      t('No environment is chosen, and no file speaks of none, such as .env.'),
      t('Choose one with Switch Environment.'),
    ],
  },
  BAD_REFERENCE: {
    '': badReference,
    environment: badReference,
    name: badReference,
  },
  NO_SUCH_SECRET: {
    '': () => [t('There is no such secret in this environment.'), t('Correct the name, or add the secret.')],
    several: () => [
      t('More than one secret of this environment has this name.'),
      t('Use its key path, or leave one of the files out.'),
    ],
  },
  ...keyWords,
  FOREIGN_FILE: {
    'git-crypt': () => [
      t('The file is encrypted with git-crypt, which has its key.'),
      t('Unlock the repository with git-crypt, then import the file.'),
    ],
    blackbox: () => [
      t('The file is encrypted with GnuPG, as BlackBox does it.'),
      t('Decrypt it with the program that encrypted it, then import what comes of that.'),
    ],
    busy: () => [
      t('The program of this database was ended in the middle of a change.'),
      t('Start it and close it again. Then import.'),
    ],
    damaged: () => [
      t('The file is damaged: it is not as the program writes it that it belongs to.'),
      t('Look for an older version of it.'),
    ],
    key: () => [
      t('The file is encrypted as a whole, and there is no key for it here.'),
      t('Import it again, and type its key or pass phrase.'),
    ],
    unknown: () => [
      t('It is not plain what this file is.'),
      t('Rename it so that its ending says what it is: .env, .json, .yaml, .ini or .properties.'),
    ],
  },
  ...tokenWords,
  ...managerWords,
  BAD_CONFIG: {
    '': ({ rule }) => [
      rule === undefined
        ? t('.sops.yaml cannot be read.')
        : t('A field in rule {0} of .sops.yaml has the wrong type.', rule + 1),
      t('Correct it in the editor, then try again.'),
    ],
    others: () => [
      t('The file .sops.yaml belongs to another user, and others can write to its folder.'),
      t('It may contain anybody’s public keys. If you trust it, change its owner to you.'),
    ],
    patterns: () => [
      t('The patterns in .sops.yaml would take too long to check.'),
      t('Do not trust them unless you wrote them yourself.'),
    ],
  },

  CHANGED_ON_DISK: {
    '': () => [
      t('The file changed in the meantime.'),
      t('Check the new text, then try again. Nothing was overwritten.'),
    ],
    text: () => [
      t('The file changed in the meantime.'),
      t('Your text is kept but not applied. Compare it with the table. Your next edit applies it.'),
    ],
    unreadable: () => [
      t('Your keys cannot decrypt the file on disk, so your edits cannot be merged with it.'),
      t('Use Save As to keep your edits in another file, or revert to the file on disk.'),
    ],
    unsaved: () => [t('The file has unsaved edits.'), t('Save or revert it, then try again.')],
  },
  GONE: { '': gone, tilde: gone },
  READ_ONLY: () => [
    t('You have no permission to read or write the file.'),
    t('Change its permissions, then try again.'),
  ],
  DISK_FULL: () => [t('The disk is full.'), t('Free some space, then try again. The old file is unchanged.')],
  HALF_WRITTEN: () => [
    t('Only part of the file could be written, so it is now damaged.'),
    t('Replace it with the copy that the warning names.'),
  ],
  NO_SUCH_VERSION: {
    '': () => [t('Git has no such version here.'), t('This works in a git repository, with git on PATH.')],
    content: () => [
      t('This clone does not have the content of that version.'),
      t('Fetch it with git first. Lockstep fetches nothing.'),
    ],
    file: () => [t('That version does not have the file.'), t('Choose a commit that has it.')],
    rev: () => [t('Git knows no commit by that name here.'), t('Type a branch, a tag or a hash.')],
    size: () => [t('The file has over 5 MB in that version.'), t('Larger versions are not read.')],
  },
  NOT_A_FILE: {
    '': () => [t('This is not an ordinary file.'), t('Choose a file, or a link to one.')],
    link: () => [
      t('This is a link, and nothing is written through it.'),
      t('Put the file itself in its place, then try again.'),
    ],
    scheme: () => [
      t('The file is not on a disk that Lockstep can write to.'),
      t('Open the folder itself, then try again.'),
    ],
    outside: () => [t('The file is outside the folder of .sops.yaml.'), t('Change it by itself.')],
  },
  IN_PROGRESS: {
    '': () => [t('Another change of many files is on its way here.'), t('Wait until it has ended, then try again.')],
    merge: gitIsBusy,
    rebase: gitIsBusy,
    'cherry-pick': gitIsBusy,
    revert: gitIsBusy,
  },
  GIT_FAILED: () => [
    t('Git gave up in the middle of the history: it is damaged, or this clone does not have all of it.'),
    t('Fetch all of it, then try again.'),
  ],
  BAD_JOURNAL: {
    '': badJournal,
    foreign: badJournal,
    path: () => [t('The journal of an unfinished change names files outside its folder.'), restoreHalf()],
  },
  IO: {
    '': () => [t('The disk reported an error.'), t('Try again. The old file is unchanged.')],
    'secret-storage': () => [
      t('VS Code’s SecretStorage did not keep the change.'),
      t('Close other windows, then try again.'),
    ],
  },
};

/** Why Lockstep does not do what it could. */
const refusals: Readonly<Record<RefusalCode, () => Sentence>> = {
  DRAFT: () => [
    t('The text in the Text view has a syntax error.'),
    t('Correct it, then save. To discard it, revert the file.'),
  ],
  LOCKED: () => [t('Lockstep is locked.'), t('Unlock it, then try again.')],
  NO_PROGRAMS: () => [
    t('VS Code runs in a browser here, and can start no program.'),
    t('Open the folder on a machine, in a desktop window or over a remote connection.'),
  ],
  PRESENTING: () => [
    t('Presentation mode is on, so values cannot be shown or searched.'),
    t('End it, then try again.'),
  ],
  UNTRUSTED: () => [
    t('This workspace is in Restricted Mode.'),
    t('Lockstep changes files only in trusted workspaces.'),
  ],
  UNTRUSTED_RUN: () => [
    t('This workspace is in Restricted Mode, so Lockstep gives its programs no secrets.'),
    t('Trust the workspace, then try again.'),
  ],
  UNTRUSTED_START: () => [
    t('This workspace is in Restricted Mode, so Lockstep starts no program to get the secret.'),
    t('Trust the workspace, then try again.'),
  ],
};

/** The words for an error of ours. */
export function wordsOf(error: LockstepError | Refusal, file?: string): Words {
  const [what, next] = error instanceof LockstepError ? sentenceOf(error) : refusals[error.code]();
  const where = [file && visible(file), placeOf(error)].filter(Boolean).join(': ');
  return { message: where ? `${where}: ${what}` : what, next };
}

/** Where gpg or a key service failed, that is what to do something about. */
function sentenceOf(error: LockstepError): Sentence {
  const [what, next] = wordsFor(sentences, error);
  const [fault] = error instanceof UnwrapError ? error.faults : [];
  if (!fault) return [what, next];
  const [why, then] = wordsFor(sentences, fault);
  return [`${what} ${why}`, then];
}

/** What is wrong with a file or a secret of an environment, and not with how that is written down. */
const ofFiles: readonly unknown[] = ['gone', 'link', 'others', 'plain', 'unread', 'unused'];
const typed: readonly string[] = ['BAD_ENVIRONMENTS', 'NO_ENVIRONMENT', 'NO_SUCH_SECRET'];

function placeOf({ code, place }: LockstepError | Refusal): string | undefined {
  const { path, line, lastLine } = place;
  if (code === 'BAD_ENVIRONMENTS' && !('what' in place && ofFiles.includes(place.what))) {
    const at = 'where' in place && place.where ? t('Setting {0}', 'lockstep.environments') : environmentsPath;
    const key = path?.length ? showPath(path) : undefined;
    return [line === undefined ? at : t('{0}, line {1}', at, line), key].filter(Boolean).join(': ');
  }
  // It is what a person typed, and no path of keys.
  if (typed.includes(code)) return path?.[0] === undefined ? undefined : visible(String(path[0]));
  if (path?.length) return line && lastLine ? t('{0}, lines {1}–{2}', showPath(path), line, lastLine) : showPath(path);
  // The message names another file.
  if (line !== undefined && code === 'BAD_POLICY') return t('{0}, line {1}', policyPath, line);
  if (line !== undefined && (place.rule !== undefined || code === 'BAD_CONFIG')) return t('.sops.yaml, line {0}', line);
  return line === undefined ? undefined : t('line {0}', line);
}

/** Any error: what is not ours gets a sentence that promises nothing. */
export function wordsOfAny(error: unknown, file?: string): Words {
  if (isOurs(error)) return wordsOf(error, file);
  return {
    message: file ? t('{0}: Something unexpected went wrong.', visible(file)) : t('Something unexpected went wrong.'),
    next: t('The log has the details. This step changed no file.'),
  };
}

/** Why programs that load a `.env` read an entry differently than SOPS. */
export function differenceWords(one: Difference): string {
  return {
    quotes: t('quotes'),
    export: t('export'),
    comment: t('a comment behind it'),
    escape: t('a backslash'),
    interpolation: t('a dollar sign'),
    space: t('spaces'),
    name: t('the name'),
  }[one];
}

/** A file as people know it: its path from the workspace folder. */
export function fileName(uri: vscode.Uri): string {
  return visible(vscode.workspace.asRelativePath(uri));
}

/** A path of any length, of which a person reads the end. */
export const pathLine = (path: string): string => {
  const shown = visible(path);
  return shown.length > 200 ? `…${shown.slice(-199)}` : shown;
};
