import * as vscode from 'vscode';
import type { Difference } from '../../core/env/differences.ts';
import { isOurs, LockstepError, type Refusal, type RefusalCode, type WordsFor, wordsFor } from '../../core/errors.ts';
import { kindNames } from '../../core/sops/kinds.ts';
import { showPath, visible } from '../../core/tree/path.ts';

const { t } = vscode.l10n;

/** An error as people read it: what happened and what to do next. No code, no value. */
interface Words {
  /** One or two plain sentences; starts with the file's name, and the key path where it is known. */
  readonly message: string;
  /** What to do next, a sentence. */
  readonly next: string;
}

/** What the file could not be used for, said without its name. */
type Sentence = readonly [what: string, next: string];

const gitRestore = () => t('Compare it with the last commit, or restore it from there.');
const fixText = () => t('Correct the file in the editor; nothing was changed on disk.');

function missingGroups(count: number): Sentence {
  return [
    count === 1
      ? t('The file needs keys of several groups, and one of them is missing here.')
      : t('The file needs keys of several groups, and {0} of them are missing here.', count),
    t('Import a key of another group, or open it together with somebody who has one.'),
  ];
}

const tooMuchWork = (): Sentence => [
  t('Reading the file would take too long.'),
  t('If you did not write it, do not trust it.'),
];
const brokenSyntax = (): Sentence => [t('The file cannot be read: its syntax is broken.'), fixText()];
const tooLargeNumber = (): Sentence => [
  t('The value is too large for a number in a SOPS file.'),
  t('Put it in quotes: as text it stays as it stands.'),
];
const badMetadata = (): Sentence => [t('The block that says who can read the file is damaged.'), gitRestore()];
const unnamedFormat = (): Sentence => [
  t('The name of the file does not say what SOPS has encrypted in it.'),
  t('Give it the ending of its format, such as .json, or use sops in a terminal with --input-type.'),
];
const noMetadata = (): Sentence => [
  t('The file holds encrypted values, but the block that says who can read them is missing.'),
  gitRestore(),
];
const notAKey = (): Sentence => [t('This is not an age key.'), t('A key starts with AGE-SECRET-KEY-1; copy it whole.')];
const badKeyFile = (): Sentence => [
  t('This is no age key file, or it is damaged.'),
  t('Take it from where it was made, or from a backup.'),
];
const unknownProtection = (): Sentence => [
  t('This SSH key is protected in a way that Lockstep cannot open.'),
  t('Import a copy that ssh-keygen -p has given a new pass phrase, or none.'),
];
const recipientKinds = () =>
  t('Use an age public key, which starts with age1, or an ssh-ed25519 or ssh-rsa one in .sops.yaml.');
const foreignRecipient = (): Sentence => [
  t('A public key is of a kind that Lockstep cannot encrypt for (plug-in, or another kind of SSH key).'),
  recipientKinds(),
];
const badPassphrase = (): Sentence => [t('The pass phrase does not open the key file.'), t('Check it and try again.')];
const badName = (): Sentence => [
  t('The file’s format cannot hold this name.'),
  t('Use letters, digits and underscores.'),
];
const unholdable = (): Sentence => [
  t('The file’s format cannot hold this value.'),
  t('Values must be text; in .env and .ini files without characters that cannot be quoted.'),
];
const another = () => t('Correct it, or choose another type.');
const byPattern = (): Sentence => [
  t('The file’s own rules choose by a pattern which entries are encrypted.'),
  t('Rename the entry so that it fits the pattern, or change the rule.'),
];
const gone = (): Sentence => [
  t('The file is not there any more.'),
  t('Nothing was written. Restore the file, or close its editor.'),
];

/** Made when asked for, because translations are there only after start. */
const sentences: WordsFor<Sentence> = {
  NOT_UTF8: () => [t('The file is not UTF-8 text.'), t('Save it with the encoding UTF-8, then try again.')],
  TOO_LARGE: {
    '': () => [t('The file is larger than 50 MB.'), t('Split it, or use sops in a terminal.')],
    'key-file': () => [t('The file is too large for a key file.'), t('Choose a file that holds keys only.')],
    names: tooMuchWork,
    nodes: () => [
      t('The file holds more than 250,000 entries, items and comments.'),
      t('Split it, or use sops in a terminal.'),
    ],
    pattern: tooMuchWork,
    sealed: () => [
      t('Encrypted, the file would be larger than 50 MB and could not be read again.'),
      t('Split it, or use sops in a terminal.'),
    ],
    variable: tooMuchWork,
  },
  SYNTAX: {
    '': brokenSyntax,
    'byte-order-mark': () => [
      t('A byte order mark, which is invisible, stands at the start of a line.'),
      t('Remove it there, then try again.'),
    ],
    conflict: () => [
      t('The file holds the conflict markers of a merge.'),
      t('Resolve the conflict first: keep one side of each marked part, and take the markers out.'),
    ],
    'several-lines': () => [
      t('The value goes over several lines, and in a .env of SOPS each line is an entry.'),
      t('Encrypt File offers to write it on one line, with \\n for each line break.'),
    ],
    'variable-name': brokenSyntax,
    'variable-quote': brokenSyntax,
  },
  DUPLICATE_KEY: () => [t('A name appears twice in one map.'), t('Remove or rename one of the two, then try again.')],
  NOT_A_MAP: () => [
    t('The top level is a list or a single value; a SOPS file has a map there.'),
    t('Put it under a name, or encrypt it as bytes, in a file whose name does not end in .yaml, .yml or .json.'),
  ],
  EMPTY_FILE: () => [t('The file is empty.'), t('Write a name and a value first.')],
  UNSUPPORTED_VALUE: {
    '': () => [
      t('The file holds something that SOPS files cannot hold.'),
      t('Simplify that entry, for example by quoting the value.'),
    ],
    alias: () => [t('The value is an alias of another entry.'), t('Change the entry that it points to.')],
    'byte-order-mark': () => [
      t('The file starts with a byte order mark, which SOPS took for a part of the first name.'),
      t('Decrypt the file and encrypt it again.'),
    ],
    comment: () => [
      t('This comment says what is encrypted, but SOPS does not see it there.'),
      t('Put it on a line of its own, directly above the entry.'),
    ],
    'comment-place': () => [
      t('A comment would stay in clear text, because it would come to belong to another map.'),
      t('Move it to the top of the file, then try again.'),
    ],
    duplicate: () => [t('The entry stands there twice.'), t('Remove or rename one of the two.')],
    envelope: () => [
      t('A text there looks like an encrypted comment.'),
      t('Change or remove it. Nothing was written.'),
    ],
    'float-range': tooLargeNumber,
    indentation: () => [
      t('The indentation there leaves no room for the entry.'),
      t('Indent that part by two spaces or more.'),
    ],
    key: () => [
      t('A key is not text, such as a number or true.'),
      t('Put it in quotes: SOPS has no other keys than text. A list or a map as a key has to go.'),
    ],
    structure: () => [
      t('The result would not read back as the same entries, so it was thrown away.'),
      t('Simplify what stands around the entry, such as flow style or comments in between. Nothing was written.'),
    ],
    uint64: tooLargeNumber,
  },
  ALIAS_BOMB: () => [
    t('The aliases in the file expand without end.'),
    t('Remove the aliases; if you did not write them, do not trust the file.'),
  ],
  UNSUPPORTED_FORMAT: {
    binary: unnamedFormat,
    envelope: unnamedFormat,
    other: () => [t('A file of this name has another format.'), t('Choose a name with the same ending as before.')],
  },

  NO_METADATA: {
    '': noMetadata,
    plain: () => [t('The file is not encrypted.'), t('Encrypt it first.')],
    decrypted: () => [t('The file is not encrypted.'), t('There is nothing to decrypt.')],
  },
  BAD_METADATA: {
    '': badMetadata,
    changed: badMetadata,
    'no-keys': badMetadata,
    twice: () => [t('A field appears twice in the block that says who can read the file.'), gitRestore()],
  },
  BAD_VERSION: () => [t('The file does not say which version of SOPS wrote it.'), gitRestore()],
  CONFLICTING_SELECTORS: ({ rule }) => [
    rule === undefined
      ? t('Two settings contradict each other about which values are encrypted.')
      : t('Two settings of rule {0} contradict each other about which values are encrypted.', rule + 1),
    t('Keep only one of them.'),
  ],
  // A pattern is no secret: RE2's words may show a part of it.
  BAD_REGEX: {
    '': ({ setting, rule, reason = t('it is not valid') }) => [
      rule === undefined
        ? t('The {0} is not a regular expression of RE2: {1}.', setting, reason)
        : t('The {0} of rule {1} is not a regular expression of RE2: {2}.', setting, rule + 1, reason),
      t('Correct it. RE2, which SOPS uses, knows no look-around and no back references.'),
    ],
    ciphertext: ({ setting }) => [
      t('The {0} matches the text of an encrypted comment, which would then select values.', setting),
      t('Change the pattern. Nothing was written.'),
    ],
    'too-large': ({ setting, rule }) => [
      rule === undefined
        ? t('The {0} would take too long to read.', setting)
        : t('The {0} of rule {1} would take too long to read.', setting, rule + 1),
      t('If you did not write it, do not trust it.'),
    ],
  },
  KEY_GROUPS: {
    empty: () => [t('A key group would be without keys.'), t('Every group needs at least one public key.')],
    missing: () => [t('There is no such key group.'), t('Look at the key groups that the file has.')],
    threshold: () => [
      t('The threshold must be between 2 and the number of groups.'),
      t('Choose at least 2, and no more than there are groups (shamir_threshold).'),
    ],
  },
  ALREADY_ENCRYPTED: {
    '': () => [
      t('The file is encrypted already, or holds an entry named “sops”.'),
      t('Open it to work with its secrets; rename the entry if it is yours.'),
    ],
    content: () => [
      t('What the file holds is encrypted by SOPS already.'),
      t('Give it the ending of its format, such as .json, to work with its secrets.'),
    ],
    values: noMetadata,
  },

  NO_IDENTITY: () => [
    t('You have no key yet, so this file stays closed.'),
    t('Import your key, or create one and ask somebody who can read the file to add it.'),
  ],
  NOT_A_RECIPIENT: ({ missing = 0 }) =>
    missing > 0
      ? missingGroups(missing)
      : [
          t('None of your keys can read this file.'),
          t('Send your public key to somebody who can read it and ask to be added, or import another key.'),
        ],
  NO_AGE_RECIPIENT: ({ kind }) => [
    t('The file can only be opened with {0}, not with an age key.', kindNames[kind]),
    t('Use sops in a terminal, or ask somebody who can open it to add your public key.'),
  ],
  BAD_IDENTITY: {
    '': notAKey,
    armor: badKeyFile,
    command: notAKey,
    'key-file': badKeyFile,
    misplaced: () => [t('This holds a private key, not the path of a file.'), t('SOPS_AGE_KEY takes the key itself.')],
    none: () => [t('There is no key in it.'), t('An age key is a line that starts with AGE-SECRET-KEY-1.')],
    path: () => [t('This looks like the path of a file, not like a key.'), t('Choose the file itself.')],
    'pkcs8-passphrase': unknownProtection,
    plugin: () => [
      t('Keys of age plug-ins, as for hardware tokens, cannot be used here.'),
      t('Use an age key or an SSH key.'),
    ],
    public: () => [t('This is a public key, not a private one.'), t('A private age key starts with AGE-SECRET-KEY-1.')],
    'rsa-size': () => [t('This RSA key is too short or too long.'), t('Use one of 2048 to 8192 bits, or an age key.')],
    scrypt: () => [
      t('The pass phrase of this key file is made to take very long.'),
      t('Open it with “age -d” in a terminal, and import what comes out.'),
    ],
    'ssh-cipher': unknownProtection,
    'ssh-kdf': unknownProtection,
    'ssh-kind': () => [
      t('Of SSH keys, only those of the kinds ssh-ed25519 and ssh-rsa can be used.'),
      t('Use such a one, or an age key.'),
    ],
    'ssh-passphrase': () => [
      t('This SSH key is protected with a pass phrase.'),
      t('Import its file; you are asked for the pass phrase.'),
    ],
    'ssh-public': notAKey,
    'ssh-rounds': unknownProtection,
  },
  BAD_RECIPIENT: {
    '': () => [
      t('A public key is not valid.'),
      t('Check the public keys in .sops.yaml; each starts with age1 or ssh-.'),
    ],
    plugin: foreignRecipient,
    'private-key': ({ rule }) => [
      rule === undefined
        ? t('A private key stands where a public key belongs.')
        : t('A private key stands where a public key belongs, in rule {0}.', rule + 1),
      t(
        'Put its public key there, which starts with age1. If anybody else could read the private key, it is no secret any more: make a new one.',
      ),
    ],
    'rsa-size': () => [
      t('The RSA key of a public key is too short or too long (2048 to 8192 bits).'),
      recipientKinds(),
    ],
    ssh: foreignRecipient,
  },
  BAD_PASSPHRASE: { '': badPassphrase, none: badPassphrase },
  BAD_DATA_KEY: () => [t('The file’s data key is damaged.'), gitRestore()],
  MISLABELLED_KEY: () => [
    t('Your key opens an entry of the file that names another public key: somebody may have changed who can read it.'),
    t('A new wrap would be for that key and not for yours. Nothing was changed. {0}', gitRestore()),
  ],
  LOCKED_OUT: () => [
    t('None of your keys would open the file any more.'),
    t('Nothing was changed. Name a public key of yours among the readers.'),
  ],
  FOREIGN_MASTER_KEY: ({ kind }) => [
    t('The file is also shared through {0}, which Lockstep cannot encrypt for.', kindNames[kind]),
    t('Use sops in a terminal for this step. Nothing was changed.'),
  ],

  BAD_ENVELOPE: () => [
    t('A value that should be encrypted is not.'),
    t('Somebody changed it without the key. Restore it from the last commit.'),
  ],
  VALUE_DAMAGED: () => [t('A value was changed or moved without the key.'), gitRestore()],
  BAD_VALUE_TYPE: () => [
    t('A value is of a type that Lockstep does not know.'),
    t('Use sops in a terminal for this file.'),
  ],
  MAC_MISSING: () => [t('The seal over the whole file is missing.'), gitRestore()],
  MAC_DAMAGED: () => [t('The seal over the whole file is damaged.'), gitRestore()],
  MAC_MISMATCH: () => [t('The file does not match its seal. Someone changed it without the key.'), gitRestore()],

  NO_SUCH_ENTRY: () => [t('The entry is not there any more.'), t('Put the cursor on an entry and try again.')],
  ENTRY_EXISTS: () => [
    t('There is an entry of this name already.'),
    t('Choose another name, or set that entry’s value.'),
  ],
  BAD_PATH: () => [t('This is no path in the file.'), t('Open the file and look for the entry there.')],
  BAD_NAME: { '': badName, variable: badName },
  BAD_VALUE: {
    '': unholdable,
    'backslash-n': () => [
      t('The value has a \\n of two characters, which is how a .env of SOPS writes a line break.'),
      t('Use a file of another format for it, such as YAML.'),
    ],
    batch: unholdable,
    'binary-file': () => [
      t('A binary file is one value: it has no entries.'),
      t('Set that value, or encrypt a new file in its place.'),
    ],
    bytes: () => [
      t('The value is bytes that are no text, so none can be typed in its place.'),
      t('Decrypt the file in place, change it, and encrypt it again.'),
    ],
    lines: () => [
      t('The value cannot be written on one line so that programs read the same.'),
      t('Take its quotes, or its \\n, out.'),
    ],
    'not-bool': () => [t('This is neither true nor false.'), another()],
    'not-float': () => [t('This is not a number, or it would lose zeros, a sign or digits as one.'), another()],
    'not-int': () => [t('This is not a whole number, or it would lose zeros, a sign or digits as one.'), another()],
    'not-null': () => [t('Nothing (null) has no value.'), another()],
    'not-time': () => [t('This is not a time such as 2026-01-31T12:00:00Z.'), another()],
    required: unholdable,
    template: unholdable,
    type: () => [t('The file’s format has no values of this type.'), t('Choose the type text.')],
    unshown: () => [t('The value is no text, so it is not shown.'), t('It can be copied as base64.')],
    variable: unholdable,
  },
  NOT_SELECTED: {
    '': () => [
      t('By the file’s own rules an entry of this name would stay in clear text.'),
      t('Choose a name that is encrypted.'),
    ],
    pattern: byPattern,
    regex: byPattern,
  },
  FOREIGN_EDIT: {
    ciphertext: () => [
      t('It holds an encrypted value that does not come from the last verified version of this file.'),
      gitRestore(),
    ],
    metadata: () => [t('The part of the file that Lockstep keeps (sops) was changed.'), gitRestore()],
    touched: () => [
      t('An encrypted value cannot be edited as text.'),
      t('Use Set Value, or replace all of it by a new value.'),
    ],
  },
  EDIT_LOCKED: () => [t('The file does not match its seal, so it is closed for changes.'), gitRestore()],

  NO_RULE: () => [
    t('No rule in .sops.yaml says for whom to encrypt this file.'),
    t('Set up secrets in this workspace; that writes the rule.'),
  ],
  NO_RECIPIENTS: () => [
    t('The rule in .sops.yaml names nobody who could read the file.'),
    t('Add a public key to the rule.'),
  ],
  BAD_CONFIG: {
    '': ({ rule }) => [
      rule === undefined
        ? t('.sops.yaml cannot be read.')
        : t('Something in rule {0} of .sops.yaml has another type than it should have.', rule + 1),
      t('Correct it in the editor, then try again.'),
    ],
    others: () => [
      t('The file .sops.yaml belongs to another user, and others may put files there.'),
      t('It could name keys of anybody. If you trust it, make it your own.'),
    ],
    patterns: () => [
      t('The patterns of all rules in .sops.yaml together would take too long to read.'),
      t('If you did not write them, do not trust them.'),
    ],
  },

  CHANGED_ON_DISK: {
    '': () => [t('The file changed meanwhile.'), t('Look at the new text, then try again. Nothing was overwritten.')],
    text: () => [
      t('The file changed meanwhile.'),
      t('Your text is kept but not applied. Compare it with the table. Your next edit applies it.'),
    ],
    unreadable: () => [
      t('The file on the disk cannot be read with your keys, so your edits cannot be brought together with it.'),
      t('Save As keeps yours in another file; reverting takes the one on the disk.'),
    ],
  },
  GONE: { '': gone, tilde: gone },
  READ_ONLY: () => [t('The file may not be read or written.'), t('Change its permissions, then try again.')],
  DISK_FULL: () => [
    t('There is no room left on the disk.'),
    t('Make room, then try again. The old file is untouched.'),
  ],
  HALF_WRITTEN: () => [
    t('The file could be written in part only, and is damaged now.'),
    t('Put the copy that the warning names in its place.'),
  ],
  NOT_A_FILE: {
    '': () => [t('This is not an ordinary file.'), t('Choose a file; a link must lead to one.')],
    scheme: () => [
      t('The file is not on a disk that Lockstep can write to.'),
      t('Open the folder itself, then try again.'),
    ],
  },
  IO: {
    '': () => [t('The disk reported an error.'), t('Try again. The old file is untouched.')],
    'secret-storage': () => [
      t('VS Code’s secret storage did not keep the change.'),
      t('Close other windows, then try again.'),
    ],
  },
};

/** Why Lockstep does not do what it could. */
const refusals: Readonly<Record<RefusalCode, () => Sentence>> = {
  DRAFT: () => [
    t('The Text view holds text that cannot be read yet.'),
    t('Correct it there, then save; reverting the file gives it up.'),
  ],
  LOCKED: () => [t('Lockstep is locked.'), t('Unlock it, then try again.')],
  PRESENTING: () => [t('Presentation mode is on, so no value is shown or searched.'), t('End it, then try again.')],
  UNTRUSTED: () => [
    t('This workspace is in Restricted Mode.'),
    t('Lockstep changes files only in a workspace that you trust.'),
  ],
};

/** The words for an error of ours. */
export function wordsOf(error: LockstepError | Refusal, file?: string): Words {
  const [what, next] = error instanceof LockstepError ? wordsFor(sentences, error) : refusals[error.code]();
  const where = [file && visible(file), placeOf(error)].filter(Boolean).join(': ');
  return { message: where ? `${where}: ${what}` : what, next };
}

function placeOf({ code, place }: LockstepError | Refusal): string | undefined {
  const { path, line, lastLine } = place;
  if (path?.length) return line && lastLine ? t('{0}, lines {1}–{2}', showPath(path), line, lastLine) : showPath(path);
  // The file that it is told with is another one.
  if (line !== undefined && (place.rule !== undefined || code === 'BAD_CONFIG')) return t('.sops.yaml, line {0}', line);
  return line === undefined ? undefined : t('line {0}', line);
}

/** Any error: what is not ours gets a sentence that promises nothing. */
export function wordsOfAny(error: unknown, file?: string): Words {
  if (isOurs(error)) return wordsOf(error, file);
  return {
    message: file
      ? t('{0}: Something went wrong that Lockstep did not expect.', visible(file))
      : t('Something went wrong that Lockstep did not expect.'),
    next: t('The log has the details. No file was changed by this step.'),
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
