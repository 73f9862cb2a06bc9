import { targetNames } from '../core/foreign/write/names.ts';
import { sealedKinds, tokenKinds } from '../core/tokens/kinds.ts';
import { addForeign, foreignNames, globalOptions, type OptionName, rmForeign, selectorNames } from './options.ts';

export interface Verb {
  /** Its operands, as the usage line shows them. */
  readonly usage: string;
  readonly summary: string;
  readonly details?: string;
  readonly options: readonly OptionName[];
  /** What a flag is for here, where that is not what it is for elsewhere; what its value is called, and what it can be. */
  readonly says?: Readonly<
    Partial<Record<OptionName, readonly [help: string, value?: string, choices?: readonly string[]]>>
  >;
  /** Flags of sops that are taken only to be refused with a reason; no help text lists them. */
  readonly refuses?: readonly OptionName[];
  /** How many operands are used; more are warned of. */
  readonly operands: number;
  /** What stands behind `--` is told from what stands before it. */
  readonly separates?: true;
  /** What stands behind `--` is a program and its words; for other verbs it is more operands, whose names may begin with `-`. */
  readonly runs?: true;
}

const types = ['input-type', 'output-type'] as const;
const target = ['in-place', 'output', 'filename-override'] as const;
/** What is said of all AWS KMS keys of a command line. */
const awsOptions = ['aws-profile', 'encryption-context'] as const;
const recipe = ['age', ...foreignNames, ...selectorNames, 'shamir-secret-sharing-threshold'] as const;
const keyFiles = ['env-name', 'env-from', 'file'] as const;

/** The verbs, in the order of the help text. */
export const verbs: Readonly<Record<string, Verb>> = {
  encrypt: {
    usage: '[file]',
    summary: 'encrypt a file, or standard input, to standard output',
    details:
      'The readers and the values to encrypt come from the first creation rule in .sops.yaml that matches the file, or from flags.',
    options: [...target, ...types, ...recipe, 'join-lines', 'quote-numbers'],
    operands: 1,
  },
  decrypt: {
    usage: '[file]',
    summary: 'decrypt a file, or standard input, to standard output',
    options: [...target, ...types, 'extract', 'ignore-mac', 'rev'],
    operands: 1,
  },
  set: {
    usage: 'file \'["key"][0]\' value',
    summary: 'set a value or branch of a file, given as JSON',
    options: [
      ...types,
      'value-file',
      'value-stdin',
      'quote-numbers',
      'idempotent',
      'ignore-mac',
      'shamir-secret-sharing-threshold',
    ],
    operands: 3,
  },
  unset: {
    usage: 'file \'["key"][0]\'',
    summary: 'remove a value or branch of a file',
    options: [...types, 'idempotent', 'ignore-mac', 'shamir-secret-sharing-threshold'],
    operands: 2,
  },
  rotate: {
    usage: 'file',
    summary: 'encrypt every value again with a new data key',
    options: [
      ...target,
      ...types,
      'add-age',
      'rm-age',
      ...addForeign,
      ...rmForeign,
      ...awsOptions,
      'ignore-mac',
      'yes',
      'yes-lock-me-out',
    ],
    operands: 1,
  },
  updatekeys: {
    usage: 'file…',
    summary: 'give a file exactly the readers that .sops.yaml names',
    options: ['yes', 'rotate', 'input-type', 'yes-lock-me-out'],
    operands: Number.POSITIVE_INFINITY,
  },
  'recipients add': {
    usage: 'file age1…',
    summary: 'let more people read a file',
    options: ['input-type', 'yes', 'yes-lock-me-out'],
    operands: Number.POSITIVE_INFINITY,
  },
  'recipients remove': {
    usage: 'file age1…',
    summary: 'remove people from the readers of later versions of a file',
    options: ['input-type', 'yes', 'yes-lock-me-out'],
    operands: Number.POSITIVE_INFINITY,
  },
  'recipients list': {
    usage: 'file',
    summary: 'print the public keys of those who can read a file',
    options: ['input-type'],
    operands: 1,
  },
  'groups add': {
    usage: '--file file --age age1…',
    summary: 'add a key group',
    options: [
      ...(['file', 'age', ...foreignNames, 'in-place', 'shamir-secret-sharing-threshold', 'input-type'] as const),
      ...(['yes', 'yes-lock-me-out'] as const),
    ],
    says: { file: ['the file to change'] },
    operands: 0,
  },
  'groups delete': {
    usage: '--file file index',
    summary: 'delete a key group, counted from 0',
    options: ['file', 'in-place', 'shamir-secret-sharing-threshold', 'input-type', 'yes', 'yes-lock-me-out'],
    says: { file: ['the file to change'] },
    operands: 1,
  },
  backup: {
    usage: '[-o file] [--sheet file] [key file…]',
    summary: 'put your keys into an age file under a pass phrase',
    details:
      'The keys are those of SOPS_AGE_KEY, SOPS_AGE_KEY_FILE and the standard key file, or of the key files that are named. The pass phrase is asked for on the terminal, and the file is opened again before it counts. The sheet is one page of HTML that loads nothing: public keys, what they open, and the encrypted keys as QR codes.',
    options: ['output', 'sheet'],
    operands: Number.POSITIVE_INFINITY,
  },
  restore: {
    usage: '[-o key file] backup',
    summary: 'say what a backup opens here, and make a key file of it',
    details:
      'The backup is what backup wrote, any age file of keys under a pass phrase, or the text scanned from a sheet; - is standard input. Without -o nothing is written, and the exit code is 128 if it does not open every encrypted file in this folder.',
    options: ['output'],
    operands: 1,
  },
  whoami: {
    usage: '',
    summary: 'print your own public keys, each with the place of its private key',
    details:
      'Each line has the public key, the place, and the comment that names the key, separated by tabs. No pass phrase is asked for: SSH keys under one are listed, key files under one are named on standard error.',
    options: ['json'],
    operands: 0,
  },
  init: {
    usage: '[file…]',
    summary: 'set up a repository: a key, .sops.yaml, encrypted files',
    details:
      'Asks, or goes on with what it finds if --yes. What is done already is left as it is, so it can be run again.\n\n  lockstep init\n  lockstep init --yes --recipient age1… --files .env,config/secrets.yaml',
    options: ['yes', 'recipient', 'files', 'post-quantum', 'join-lines', 'quote-numbers', 'yes-lock-me-out'],
    operands: Number.POSITIVE_INFINITY,
  },
  keygen: {
    usage: '[-o file]',
    summary: 'make a key',
    details:
      'The key file is as age-keygen writes it. With -o it is a new file that only you can read, and the public key is printed; without, the key file itself is printed.',
    options: ['output', 'post-quantum'],
    operands: 1,
  },
  why: {
    usage: 'file',
    summary: 'explain why a file opens or not, and what to do',
    details:
      'Shows who can read the file, which keys were found, and every place where keys were looked for. The exit code is that of decrypt.',
    options: ['input-type'],
    operands: 1,
  },
  'rules explain': {
    usage: 'file',
    summary: 'explain which creation rule applies to a file',
    options: ['filename-override'],
    operands: 1,
  },
  log: {
    usage: 'file [entry]',
    summary: 'print the commits that changed a secret; log list: who decrypted what',
    details:
      'Each line has the commit, the day, the author, what happened, the entry, who could read it then, and the message, separated by tabs. Values are compared, and never printed: a commit that only encrypted them anew is not there. Renames of the file and of the entry are followed. An entry is written db.password or \'["db"]["password"]\'; without one it is every entry.',
    options: ['json'],
    operands: 2,
  },
  'log list': {
    usage: '[folder]',
    summary: 'print who decrypted what, when, and for which program',
    details:
      'Each line has the time, the purpose, the file, the key path, where it went, and who asked, separated by tabs. A value is never recorded. Without a folder it is the log of the command line.',
    options: ['file', 'purpose', 'since', 'until', 'json'],
    says: { file: ['only files with this anywhere in their path'] },
    operands: 1,
  },
  'log verify': {
    usage: '[folder]',
    summary: 'check that nothing but Lockstep changed the log',
    details: 'The exit code is 51 if something did.',
    options: [],
    operands: 1,
  },
  'log export': {
    usage: '[folder]',
    summary: 'print the log as JSON Lines, or as CSV',
    options: ['file', 'purpose', 'since', 'until', 'csv', 'output'],
    says: { file: ['only files with this anywhere in their path'] },
    operands: 1,
  },
  'people list': {
    usage: '',
    summary: 'list everybody who can read files of this repository',
    details:
      'Each line has the name, the public key, the rules in .sops.yaml that name it, and how many files it reads, separated by tabs. Names are the comments in .sops.yaml.',
    options: ['json'],
    operands: 0,
  },
  'people check': {
    usage: '',
    summary: 'exit with 10 if readers differ from .sops.yaml, or names clash; needs no key',
    options: [],
    operands: 0,
  },
  'people request': {
    usage: '',
    summary: 'print a request for access, to send to somebody who can grant it',
    details:
      'It holds a name, your public key and a checksum. With --file it names the file that you need. The words of the key are told on standard error: read them out when you are asked, and do not send them along.',
    options: ['name', 'file', 'output', 'recipient'],
    says: { file: ['the file that you need to read'], recipient: ['which of your public keys'] },
    operands: 0,
  },
  'people grant': {
    usage: 'age1… | request',
    summary: 'let somebody read the files of some rules: .sops.yaml and every file, or nothing',
    details:
      'The request is a file, or - for standard input. Rules are counted from 1, as in rules explain; without --rule or --file a person is asked, and --yes means all.',
    options: ['name', 'rule', 'group', 'file', 'yes'],
    says: { file: ['choose the rule of this file'] },
    operands: Number.POSITIVE_INFINITY,
  },
  'people revoke': {
    usage: 'name | age1…',
    summary: 'remove somebody from every rule and file, with new data keys: all of it, or nothing',
    options: ['yes', 'yes-lock-me-out'],
    operands: Number.POSITIVE_INFINITY,
  },
  check: {
    usage: '[file or folder…]',
    summary: 'look for what should not be committed; exit with 10 if there is any',
    details:
      'Plaintext that a rule wants encrypted, values and MACs that do not verify, readers that differ from .sops.yaml, plaintext that was left behind, and values of secrets in other files. With --rev: whether the commit has every secret that its code names.\n  lockstep check --staged\n  lockstep check --rev v1.2',
    options: ['staged', 'rev', 'format'],
    says: {
      rev: ['tell whether this commit or tag has every secret that its code names'],
      format: [
        'text, json, sarif, or github for annotations of a workflow',
        'format',
        ['text', 'json', 'sarif', 'github'],
      ],
    },
    operands: Number.POSITIVE_INFINITY,
  },
  stale: {
    usage: '',
    summary: 'list secrets that are due, overdue or without an owner, or older than so many days',
    details:
      'Owners and expiry dates are in .lockstep/policy.yaml. Each line says why, the file, the entry and its owner, separated by tabs. The exit code is 10 when there is any. No key is needed.\n\nWith --days it lists the values that git has had for at least so many days instead: the day, the file and the entry. A value that was only encrypted anew is as old as before, which needs a key to see.',
    options: ['json', 'days'],
    operands: 0,
  },
  scan: {
    usage: '[file or folder…]',
    summary: 'find secrets that are written down in files that are not encrypted',
    details:
      'Passwords, tokens and keys by what they look like, and the values of the encrypted files of this repository that open here. Each line has the place, the rule, and the name of the secret, separated by tabs; a value is never printed. What .gitignore names is left out, and so is what .lockstep/not-secrets says is no secret. The exit code is 10 when there is any, and 1 when a file could not be read.',
    options: ['json'],
    operands: Number.POSITIVE_INFINITY,
  },
  'checklist list': {
    usage: '[checklist…]',
    summary: 'list the values that are to be replaced since somebody left',
    details:
      'Each line has the checklist, the file and the entry, separated by tabs. The exit code is 10 when there is any. No key is needed.',
    options: [],
    operands: Number.POSITIVE_INFINITY,
  },
  'checklist verify': {
    usage: '[checklist…]',
    summary: 'compare the values of checklists with those in git history',
    details:
      'Each line has the checklist, the file, the entry, and what became of it. The exit code is 10 when an item is not ticked, or is ticked as changed and has a value that could be read.',
    options: [],
    operands: Number.POSITIVE_INFINITY,
  },
  'checklist tick': {
    usage: '[checklist…]',
    summary: 'the same, and tick off what changed; ticks that are not true are taken away',
    details: 'It prints what is left, as checklist list does. Ticks that were set by hand stay.',
    options: [],
    operands: Number.POSITIVE_INFINITY,
  },
  diff: {
    usage: '[commit [commit] | commit..commit] [--] [file…]',
    summary: 'compare encrypted files entry by entry: what changed, and never a value',
    details:
      'As git diff: without a commit the index with the working tree, with one that with the working tree, --staged HEAD with the index. Each line has the entry, what became of it, and the kind and fingerprint of its value before and after, separated by tabs. Equal fingerprints are equal values, within this one comparison. Where no key opens a version, ciphertext is compared, and it says so.\n  lockstep diff v1.2..HEAD -- config/secrets.yaml\n  lockstep diff --no-index staging.yaml production.yaml',
    options: ['staged', 'no-index', 'json'],
    says: { staged: ['compare HEAD, or the commit that is named, with what the next commit has'] },
    operands: Number.POSITIVE_INFINITY,
    separates: true,
  },
  textconv: {
    usage: 'file',
    summary: 'print the names, kinds and fingerprints of a file, for the diffs of git',
    details:
      'git calls it, as git install --diff sets it up. A value is never printed. The git of VS Code gets the file as it is, because it puts what is printed into documents that every extension can read.',
    options: [],
    operands: 1,
  },
  'git install': {
    usage: '',
    summary: 'set git up to merge encrypted files entry by entry',
    details:
      'Shows what it will write and asks: lines in .gitattributes, from the rules of .sops.yaml, to be committed; and the configuration of this repository, or with --global of all of yours. With --diff the diffs of git show names and fingerprints instead of ciphertext. With --hook also what runs before a commit: lockstep check --staged, as a hook of git, or in the list of husky, lefthook or pre-commit.',
    options: ['global', 'diff', 'hook', 'yes'],
    operands: 0,
  },
  'git uninstall': {
    usage: '',
    summary: 'take away what git install wrote',
    options: ['global', 'yes'],
    operands: 0,
  },
  'git status': {
    usage: '',
    summary: 'print what is set up, and how git merges each encrypted file',
    details: 'The exit code is 10 if something is missing.',
    options: [],
    operands: 0,
  },
  'git repair': {
    usage: 'file',
    summary: 'merge a file in conflict from the versions that git has',
    details:
      'Also for a file with conflict markers in it, or one whose MAC fails because somebody chose between them by hand. The exit code is 1 while entries are in conflict; they are listed:\n  lockstep git repair secrets.yaml --theirs db.password --take ours',
    options: ['ours', 'theirs', 'take', 'accept-readers', 'yes-lock-me-out'],
    operands: 1,
  },
  'merge-driver': {
    usage: '%O %A %B %P',
    summary: 'merge three versions of a file into the second, for git',
    details: 'git calls it, as git install sets it up. Conflicts are listed by key path, and the exit code is 1.',
    options: ['yes-lock-me-out'],
    operands: 4,
  },
  import: {
    usage: 'source file',
    summary: 'bring the values of another file or system into an encrypted file',
    details:
      'The source is a .env, JSON, YAML, INI or .properties file, a .env of dotenvx, a Docker Compose file, a .env for Kestra, an anvil.yaml, the configuration of an Anvil App Server, the database of Flowfile, a file of ansible-vault (or inline values) or Rails credentials; Fernet and Flet values in any of these are opened, too. Each name is listed with what becomes of it, and a person is asked before anything is written. The source is never changed; what can be deleted is named. The exit code is 10 when values are left that have to be set by hand:\n  lockstep import .env secrets.yaml\n  lockstep import catalog.db secrets.yaml --key-env FLOWFILE_MASTER_KEY',
    options: [
      'from',
      'secret',
      'clashes',
      'keep',
      'replace',
      'rename',
      'preview',
      'yes',
      'key-env',
      'key-fd',
      'key-file',
      ...recipe,
    ],
    says: {
      secret: ['take this one alone; may be repeated', 'name'],
      rename: ['give this one a new name; may be repeated', 'NEW=name'],
    },
    operands: 2,
  },
  edit: {
    usage: 'file',
    summary: 'edit the plaintext of a file in an editor',
    details:
      'The editor is the one in SOPS_EDITOR or EDITOR, else vim, nano or vi. The plaintext is in a private folder, in memory where the system allows it, and is wiped when the editor ends.',
    options: [...types, ...recipe, 'quote-numbers', 'show-master-keys', 'ignore-mac', 'yes-lock-me-out'],
    operands: 1,
  },
  filestatus: {
    usage: 'file',
    summary: 'print whether a file is encrypted, as JSON',
    options: ['input-type'],
    operands: 1,
  },
  'exec-env': {
    usage: 'file command',
    summary: 'run a command with the values in its environment',
    details:
      "The command is one word for the shell, or a program and its words behind --:\n  lockstep exec-env .env 'npm start'\n  lockstep exec-env .env -- npm start",
    options: ['dotenv', 'pristine', 'same-process', 'background', 'user', 'input-type', 'rev'],
    operands: 2,
    runs: true,
  },
  'exec-file': {
    usage: 'file command',
    summary: 'run a command that reads the plaintext from a temporary file',
    details:
      "{} in the command is the path of the file, a pipe that can be read once:\n  lockstep exec-file key.json 'deploy --key {}'\n  lockstep exec-file --no-fifo key.json -- deploy --key {}",
    options: ['no-fifo', 'filename', 'user', ...types, 'rev'],
    refuses: ['background'],
    operands: 2,
    runs: true,
  },
  run: {
    usage: '-- program',
    summary: 'run a program with secrets in its environment, and hide them in its output',
    details:
      'The files are those of an environment, by their names (.env.production, secrets.production.yaml), or those of -f:\n  lockstep run -- npm start\n  lockstep run --env-name production -- npm start\n  lockstep run -f config/db.yaml --secret DB_URL=db.url -- ./migrate\nA key path becomes a variable in capitals: db.password is DB_PASSWORD. With --secret the program gets those secrets alone; --rename PGPASSWORD=db.password gives one of them another variable. .lockstep/environments.yaml says all of that for an environment.',
    options: [
      'env-name',
      'env-from',
      'file',
      'secret',
      'rename',
      'encryption-keys',
      'env',
      'rev',
      'dotenv',
      'pristine',
      'no-redact',
      'mask',
      'pass-fd',
      'exec',
    ],
    operands: 0,
    runs: true,
  },
  export: {
    usage: '[file…]',
    summary: 'print secrets as another system reads them',
    details: `The files are those of an environment, as for run, or those that are named:\n  lockstep export --format kubernetes --name app secrets.yaml\n  lockstep export --format kestra --env-name production -o .env_encoded\n  lockstep export --format shell --secret PGPASSWORD=db.password\nThe formats are ${targetNames.join(', ')}. Names and values that the system cannot hold are named, and nothing is written. A file of -o is for its owner alone.`,
    options: [
      'format',
      'output',
      'env-name',
      'env-from',
      'file',
      'secret',
      'rename',
      'encryption-keys',
      'rev',
      'dotenv',
      'name',
      'recipient',
      'key-env',
      'key-fd',
    ],
    says: {
      format: ['the system that reads it', 'format', targetNames],
      secret: ['take this secret alone, under the name ENV; may be repeated'],
      rename: ['give this secret the name ENV, and take all others, too; may be repeated'],
      name: ['the name of the Kubernetes Secret'],
      recipient: ['for dotenvx: the public key to encrypt for', 'key'],
    },
    operands: Number.POSITIVE_INFINITY,
  },
  get: {
    usage: 'name',
    summary: 'print one secret, by its key path or its variable',
    details:
      'Nothing but the value is printed. The files are those that run takes: of an environment, or of -f:\n  lockstep get db.password\n  lockstep get --env-name production --rev v1.2.0 db.password',
    options: ['env-name', 'env-from', 'file', 'rev', 'dotenv'],
    operands: 1,
  },
  'encryption-key list': {
    usage: '',
    summary: 'list the named encryption keys',
    details:
      'Each line has the name, the size in bits, and the file, separated by tabs. The files are those of an environment, as for run, or those of -f. A key is never printed.',
    options: [...keyFiles, 'json'],
    operands: 0,
  },
  'encryption-key add': {
    usage: 'name',
    summary: 'add a key that there is already, read from standard input or typed',
    details:
      'A key is 16 or 32 bytes in base64. It is typed where nothing shows it, or comes on standard input, and never stands on the command line:\n  lockstep encryption-key add orders -f config/secrets.yaml < orders.key',
    options: keyFiles,
    operands: Number.POSITIVE_INFINITY,
  },
  'encryption-key generate': {
    usage: 'name',
    summary: 'add a new key',
    details: 'Keys of 128 bits are read by Anvil and Lockstep, those of 256 bits by Lockstep alone.',
    options: [...keyFiles, 'bits'],
    operands: Number.POSITIVE_INFINITY,
  },
  'encryption-key reset': {
    usage: 'name',
    summary: 'replace a key by a new one',
    details:
      'All that was encrypted with the old key becomes unreadable with the new one. The old key is only left in older versions of the file.',
    options: [...keyFiles, 'bits', 'yes'],
    operands: Number.POSITIVE_INFINITY,
  },
  'encryption-key remove': {
    usage: 'name',
    summary: 'remove a key',
    options: [...keyFiles, 'yes'],
    operands: Number.POSITIVE_INFINITY,
  },
  environments: {
    usage: '',
    summary: 'list the environments that run takes by --env-name',
    details:
      'Each line has the name, its files, and what is written down of it, separated by tabs. The name of the files that speak of no environment is empty. No key is needed.',
    options: ['env-from', 'json'],
    operands: 0,
  },
  'encrypt-string': {
    usage: '--format flet',
    summary: 'encrypt standard input as another system does, to standard output',
    details:
      'For Flet, Fernet, Anvil, Flowfile, dotenvx (the public key), age (a pass phrase, or --recipient) and Kestra (base64 only). The pass phrase or key comes from a variable, an open file, or a hidden question, and never from the command line. No line break is added:\n  printf %s "$TOKEN" | lockstep encrypt-string --format flet --key-env MY_APP_SECRET_KEY',
    options: ['format', 'key-env', 'key-fd', 'recipient', 'user-id'],
    says: {
      format: [`the system that reads it: ${sealedKinds.join(', ')}`, 'format', sealedKinds],
      recipient: ['for age: public keys to encrypt for, separated by commas'],
    },
    operands: 0,
  },
  'decrypt-string': {
    usage: '[--format auto]',
    summary: 'decrypt a value of another system from standard input to standard output',
    details:
      'Most values say what they are. Those of Anvil, of encrypt_aes_gcm_256 of Flet, and of Kestra do not: name them by --format. Files of ansible-vault and Rails credentials are read, too. age files for a public key open with the keys that open files.',
    options: ['format', 'key-env', 'key-fd', 'user-id'],
    says: {
      format: [`auto, or the system that wrote it: ${tokenKinds.join(', ')}`, 'format', ['auto', ...tokenKinds]],
    },
    operands: 0,
  },
  agent: {
    usage: '[key-file]',
    summary: 'give keys of files to other programs, after a question, from a key file under a pass phrase',
    details:
      'The pass phrase is asked for once, at the start. Each program that wants to decrypt a file is asked about here, in this terminal; with --yes the files below this folder need no question, and no others are given. The private key never leaves the agent. Without a key file it is the first one under a pass phrase where sops looks for keys.',
    options: ['idle-minutes', 'yes'],
    operands: 1,
  },
  'completion bash': {
    usage: '',
    summary: 'print a script for bash',
    options: [],
    operands: 0,
  },
  'completion zsh': {
    usage: '',
    summary: 'print a script for zsh',
    options: [],
    operands: 0,
  },
  'completion fish': {
    usage: '',
    summary: 'print a script for fish',
    options: [],
    operands: 0,
  },
  'completion powershell': {
    usage: '',
    summary: 'print a script for PowerShell',
    options: [],
    operands: 0,
  },
  publish: {
    usage: 'file',
    summary: 'have sops publish a file, by the destination_rules of .sops.yaml',
    details:
      'Lockstep uses no network: it starts the sops on your PATH, which says where the file goes and asks. Vault gets the values as plaintext, S3 and Google Cloud Storage an encrypted file.',
    options: ['yes', 'recursive', 'omit-extensions'],
    operands: 1,
  },
  keyservice: {
    usage: '',
    summary: 'let sops on this machine use the keys that are found here',
    details:
      'It prints what SOPS_KEYSERVICE has to be for sops 3.11 or newer, and answers until it is ended. The socket is for you alone. With --network tcp every program and every user of this machine can have keys: it is refused without --yes or your answer.',
    options: ['network', 'address', 'prompt', 'yes'],
    operands: 0,
  },
};

/** The flags of `bare` that say what to do. */
export const modes = ['decrypt', 'encrypt', 'rotate', 'set'] as const;

/** `lockstep [flags] FILE`, the oldest form of sops: what to do is said by flags. */
export const bare: Verb = {
  usage: 'file',
  summary: 'edit a file, or what the flags say',
  options: [
    ...modes,
    ...target,
    ...types,
    ...recipe,
    'join-lines',
    'quote-numbers',
    'extract',
    'ignore-mac',
    'show-master-keys',
    'add-age',
    'rm-age',
    ...addForeign,
    ...rmForeign,
    'yes',
    'yes-lock-me-out',
  ],
  operands: 1,
};

/** The flags that a verb does something with, its own first. */
export function flagsOf(verb: Verb): OptionName[] {
  const global = Object.keys(globalOptions) as OptionName[];
  return [...verb.options, ...global];
}

/** Whether these words are a verb, or the start of one of two words. */
export function isVerb(words: readonly string[]): boolean {
  const name = words.join(' ');
  return Object.hasOwn(verbs, name) || Object.keys(verbs).some((verb) => verb.startsWith(`${name} `));
}
