import { purposes } from '../core/access/event.ts';
import { systems } from '../core/foreign/read/systems.ts';
import { targetNames } from '../core/foreign/write/names.ts';
import { type ForeignKind, kindNames } from '../core/sops/kinds.ts';
import { tokenKinds } from '../core/tokens/kinds.ts';

/** A flag of the command line. */
interface Option {
  readonly short?: string;
  /** The name of its value in help texts; without one it is a switch. */
  readonly value?: string;
  /** What it stands for without a value; then its value is never the next word. */
  readonly alone?: string;
  /** The environment variable that stands in for it. */
  readonly env?: string;
  readonly help: string;
  /** What it can be, for a shell that completes it. */
  readonly choices?: readonly string[];
  /** The verb whose lines begin with what it can be, each in front of a tab: a shell asks it. */
  readonly from?: string;
  /** It is a file. */
  readonly isFile?: true;
  /** It is about keys of a kind that only sops can use. */
  readonly kind?: ForeignKind;
}

const formats = ['yaml', 'json', 'dotenv', 'ini', 'binary'] as const;
const anyFormat = 'yaml, json, dotenv, ini or binary';

/** Flags that every verb takes, before or after its name. */
export const globalOptions = {
  config: {
    value: 'file',
    isFile: true,
    env: 'SOPS_CONFIG',
    help: 'use this .sops.yaml instead of searching upward for one',
  },
  indent: { value: 'n', help: 'spaces of indentation for YAML or JSON that is printed anew' },
  'mac-only-encrypted': { help: 'let the MAC cover encrypted values only' },
  verbose: { help: 'show error codes, and where keys were looked for' },
  'decryption-order': {
    value: 'kinds',
    env: 'SOPS_DECRYPTION_ORDER',
    choices: ['age'],
    help: 'accepted for scripts: Lockstep tries age first, then the other kinds',
  },
  'enable-local-keyservice': { help: 'accepted for scripts: Lockstep always uses age and PGP keys itself' },
  keyservice: {
    value: 'uri',
    help: 'ask this key service for keys of clouds and of Vault: unix:///path or tcp://host:port; may be repeated',
  },
  'disable-version-check': { help: 'accepted for scripts: Lockstep never looks for a newer version' },
  'check-for-updates': { help: 'accepted for scripts: Lockstep never looks for a newer version' },
} as const satisfies Record<string, Option>;

/** Keys of the kinds besides age: gpg has those of PGP, a key service the others. */
const foreignOptions = {
  kms: { kind: 'kms', short: 'k', value: 'arns', env: 'SOPS_KMS_ARN' },
  'aws-profile': { kind: 'kms', value: 'name' },
  'gcp-kms': { kind: 'gcp_kms', value: 'ids', env: 'SOPS_GCP_KMS_IDS' },
  hckms: { kind: 'hckms', value: 'ids', env: 'SOPS_HUAWEICLOUD_KMS_IDS' },
  'azure-kv': { kind: 'azure_kv', value: 'urls', env: 'SOPS_AZURE_KEYVAULT_URLS' },
  'hc-vault-transit': { kind: 'hc_vault', value: 'uris', env: 'SOPS_VAULT_URIS' },
  pgp: { kind: 'pgp', short: 'p', value: 'fingerprints', env: 'SOPS_PGP_FP' },
  'encryption-context': { kind: 'kms', value: 'pairs' },
} as const satisfies Record<string, Omit<Option, 'help'> & { readonly kind: ForeignKind }>;

/** Every other flag; a verb lists those that it takes. */
const ownOptions = {
  'accept-readers': { help: 'merge the file also for readers of one side only' },
  address: {
    value: 'address',
    help: 'where a key service listens: the path of a socket, or 127.0.0.1:5000 and the like',
  },
  age: { short: 'a', value: 'recipients', env: 'SOPS_AGE_RECIPIENTS', help: 'age recipients, separated by commas' },
  'add-age': { value: 'recipients', help: 'age recipients to add, separated by commas' },
  'rm-age': { value: 'recipients', help: 'age recipients to remove, separated by commas' },
  clashes: {
    value: 'side',
    choices: ['keep', 'replace'],
    help: 'keep or replace the other value wherever names clash',
  },
  background: { help: 'start the program and do not wait for it' },
  decrypt: { short: 'd', help: 'the same as the verb decrypt' },
  days: { value: 'n', help: 'values that did not change for so many days' },
  diff: { help: 'let git diff show names and fingerprints of encrypted files, and no value' },
  dotenv: {
    value: 'loader',
    alone: 'dotenv',
    help: 'read a .env as a loader does: --dotenv=dotenv (npm), compose, python or literal',
  },
  encrypt: { short: 'e', help: 'the same as the verb encrypt' },
  'encryption-keys': { help: 'give named encryption keys, too, which stay behind otherwise' },
  bits: { value: 'n', choices: ['128', '256'], help: 'the size of the key: 128, which Anvil reads, or 256' },
  env: { value: 'NAME=VALUE', help: 'give the program this variable, too; may be repeated' },
  'env-from': {
    value: 'folder',
    isFile: true,
    help: 'look for the environment in this folder, not in the current one',
  },
  'env-name': {
    value: 'name',
    from: 'environments',
    help: 'the environment whose files are taken, such as production',
  },
  exec: { help: 'become the program, which then has this process id; values in its output stay readable' },
  'encrypted-comment-regex': { value: 'regex', help: 'encrypt only what follows a matching comment' },
  'encrypted-regex': { value: 'regex', help: 'encrypt only what is below matching keys' },
  'encrypted-suffix': { value: 'suffix', help: 'encrypt only what is below keys with this ending' },
  extract: { value: 'path', help: `print one value or branch, such as '["database"]["hosts"][0]'` },
  file: {
    short: 'f',
    value: 'file',
    isFile: true,
    help: 'take this file; may be repeated',
  },
  files: { value: 'files', isFile: true, help: 'the files to encrypt, separated by commas' },
  filename: { value: 'name', help: 'the name of the temporary file' },
  'filename-override': { value: 'name', isFile: true, help: 'use the rules and the format for a file of this name' },
  from: { value: 'system', choices: systems, help: `how to read the source: ${systems.join(', ')}` },
  format: {
    value: 'format',
    choices: [...new Set(['auto', ...tokenKinds, 'text', 'json', 'sarif', 'github', ...targetNames])],
    help: 'the format',
  },
  global: { help: 'the configuration of all of your repositories' },
  hook: { help: 'also check before each commit' },
  group: { value: 'n', help: 'the key group, counted from 1, where a rule has several' },
  idempotent: { help: 'write nothing when nothing changes' },
  'ignore-mac': { help: 'continue although the file does not match its MAC' },
  'in-place': { short: 'i', help: 'write the result into the file itself' },
  'input-type': { value: 'type', choices: formats, help: `how to read: ${anyFormat}` },
  'join-lines': { help: 'write each value of several lines in a .env on one line, with \\n' },
  json: { help: 'print as JSON' },
  keep: { value: 'name', help: 'leave this one out, as another value has its name; may be repeated' },
  'key-file': { value: 'file', isFile: true, help: 'the pass phrase or key is all of this file; may be repeated' },
  'key-env': { value: 'NAME', help: 'the pass phrase or key is in this variable' },
  'key-fd': { value: 'number', help: 'the pass phrase or key is read from this open file: 3< FILE in a shell' },
  mask: { help: 'print eight stars in place of a value, and not its name' },
  name: { value: 'name', help: 'the name of the person, a comment in .sops.yaml' },
  network: {
    value: 'network',
    choices: ['unix', 'tcp'],
    help: 'unix, a socket for you alone, or tcp, a port for everybody on this machine',
  },
  'no-index': { help: 'compare two files on the disk, whatever git has' },
  'no-fifo': { help: 'use a file instead of a named pipe' },
  'no-redact': { help: 'leave the output of the program alone, and values in it readable' },
  ours: { value: 'entry', help: 'take our side of this entry; may be repeated' },
  output: { short: 'o', value: 'file', isFile: true, help: 'write the result into this file' },
  'output-type': { value: 'type', choices: formats, help: `how to write: ${anyFormat}` },
  'pass-fd': { value: 'number', help: 'give the program this open file, too; may be repeated' },
  'post-quantum': { help: 'a key that is safe from quantum computers too, for age 1.3 and sops 3.12 or newer' },
  pristine: { help: 'an environment with the values and nothing else' },
  preview: { help: 'show what would become of each name, and write nothing' },
  prompt: { help: 'ask before each key is given' },
  'quote-numbers': { help: 'encrypt as text the numbers and dates that would not decrypt as they are written' },
  recipient: { value: 'recipients', help: 'public keys to encrypt for, separated by commas' },
  rename: {
    value: 'ENV=name',
    help: 'put this secret into the variable ENV, and give all others; may be repeated',
  },
  replace: { value: 'name', help: 'put this one in the place of the other value; may be repeated' },
  rev: { value: 'commit', help: 'take files as this commit or tag of git has them' },
  rotate: { short: 'r', help: 'make a new data key, as the verb rotate does' },
  rule: { value: 'n,n', help: 'rules in .sops.yaml, counted from 1' },
  'same-process': { help: 'replace Lockstep by the program' },
  secret: {
    value: 'ENV=name',
    help: 'give the program this secret alone, in the variable ENV; may be repeated',
  },
  set: { value: 'path value', help: 'the same as the verb set' },
  'shamir-secret-sharing-threshold': { value: 'n', help: 'how many key groups are needed to open the file' },
  sheet: { value: 'file', isFile: true, help: 'also write a page to print, with the encrypted keys as QR codes' },
  'show-master-keys': { short: 's', help: 'show the metadata in the editor too' },
  staged: { help: 'check what the next commit has, as git has it' },
  take: { value: 'side', choices: ['ours', 'theirs'], help: 'ours or theirs: the side of all other entries' },
  theirs: { value: 'entry', help: 'take their side of this entry; may be repeated' },
  'unencrypted-comment-regex': { value: 'regex', help: 'leave what follows a matching comment as plaintext' },
  'unencrypted-regex': { value: 'regex', help: 'leave what is below matching keys as plaintext' },
  'unencrypted-suffix': { value: 'suffix', help: 'leave what is below keys with this ending as plaintext' },
  user: { value: 'name', help: 'run the command as this user; for root' },
  'idle-minutes': { value: 'n', help: 'end after so many minutes without a request (15)' },
  csv: { help: 'write a table for a spreadsheet, instead of JSON Lines' },
  purpose: { value: 'purposes', choices: purposes, help: 'only what was done for these, separated by commas' },
  since: { value: 'time', help: 'only from then on: 2026-01-31, 2026-01-31T12:00Z, 24h, 7d' },
  until: { value: 'time', help: 'only before then' },
  'user-id': { value: 'n', help: 'the number of the Flowfile user that a value is of (1)' },
  'value-file': { help: 'the value is the name of a file that holds it' },
  'value-stdin': { help: 'read the value from standard input' },
  yes: { short: 'y', help: 'do not ask' },
  recursive: { help: 'publish all files of a folder' },
  'omit-extensions': { help: 'publish under names without their endings' },
  'yes-lock-me-out': { help: 'continue although none of the keys on this machine will open the file' },
} as const satisfies Record<string, Option>;

type ForeignName = keyof typeof foreignOptions;
export type OptionName =
  | keyof typeof ownOptions
  | keyof typeof globalOptions
  | ForeignName
  | `${'add' | 'rm'}-${ForeignName}`;

const foreign = <P extends '' | 'add-' | 'rm-'>(prefix: P) =>
  Object.fromEntries(
    Object.entries(foreignOptions).map(([name, option]) => [
      prefix + name,
      {
        ...(prefix === '' ? option : { kind: option.kind, value: option.value }),
        help: `${kindNames[option.kind]}: ${prefix === 'rm-' ? 'keys to remove' : prefix === 'add-' ? 'keys to add' : 'keys, separated by commas'}`,
      },
    ]),
  ) as Record<`${P}${ForeignName}`, Option>;

export const options: Readonly<Record<OptionName, Option>> = {
  ...ownOptions,
  ...globalOptions,
  ...foreign(''),
  ...foreign('add-'),
  ...foreign('rm-'),
};

/** The flags for whom a new file is encrypted, besides age. */
export const foreignNames = Object.keys(foreignOptions) as ForeignName[];
/** Those of them that name keys. */
export const foreignKinds = foreignNames.filter((name) => name !== 'aws-profile' && name !== 'encryption-context');
export const addForeign = foreignKinds.map((name) => `add-${name}` as const);
export const rmForeign = foreignKinds.map((name) => `rm-${name}` as const);

export const selectorNames = [
  'unencrypted-suffix',
  'encrypted-suffix',
  'unencrypted-regex',
  'encrypted-regex',
  'unencrypted-comment-regex',
  'encrypted-comment-regex',
] as const satisfies readonly OptionName[];

/** Other names that sops has for some. */
const aliases: Readonly<Record<string, OptionName>> = { net: 'network', addr: 'address' };

/** The option of a flag as typed, `--name` or `-n`; undefined for an unknown one. */
export function optionOf(flag: string): OptionName | undefined {
  const alias = flag.replace(/^--?/, '');
  if (Object.hasOwn(aliases, alias)) return aliases[alias];
  if (flag.startsWith('--')) return Object.hasOwn(options, flag.slice(2)) ? (flag.slice(2) as OptionName) : undefined;
  const name = flag.slice(1);
  // Go's flag package takes `-output` for `--output`.
  if (name.length > 1) return Object.hasOwn(options, name) ? (name as OptionName) : undefined;
  return (Object.keys(options) as OptionName[]).find((one) => options[one].short === name);
}
