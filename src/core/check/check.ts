import { isCopy, leftOver, suspects } from './leftover.ts';
import { PrivateKey } from '../age/private/privatekey.ts';
import { bareRecipient } from '../age/sshkey.ts';
import { tryUtf8 } from '../bytes.ts';
import type { OpenFile } from '../checklist/digests.ts';
import { LockstepError } from '../errors.ts';
import { formatOfBytes } from '../format/which.ts';
import { keysIn, type Names } from '../people/names.ts';
import { parseConfig } from '../rules/rules.ts';
import type { OwnFound, OwnValues } from '../scan/values.ts';
import { isSealed, readSealed } from '../sops/sealed.ts';
import type { FileFacts } from '../survey/facts.ts';
import { environmentsPath, isConfigName } from '../view/names.ts';
import { findingsOf, verdictOf } from './file.ts';
import { capped, type Finding, sorted } from './finding.ts';
import { SecretsOf } from './secrets.ts';

/** The files of a repository, as the disk, git's index or a commit has them. */
export interface Files {
  /** Every one, from the root, with forward slashes. */
  readonly paths: readonly string[];
  /** Throws as reading does. */
  read(path: string): Promise<Uint8Array>;
}

/** A secret file, encrypted or to be, and the `.sops.yaml` that counts for it, if it is one of the files. */
export interface SecretFile {
  readonly path: string;
  readonly facts: FileFacts;
  readonly config: string | undefined;
}

interface Input {
  readonly files: Files;
  /** Those of them that are secret files. */
  readonly secret: readonly SecretFile[];
  /** Whether findings in a file are wanted; the others are read for what they say of those. */
  readonly wanted: (path: string) => boolean;
  readonly names: Names;
  /** Opens files with the keys at hand; throws NO_IDENTITY where there are none. Undefined: nothing is decrypted. */
  readonly open: OpenFile | undefined;
  /** Where the values of secrets go, to be found in other files. */
  readonly values: OwnValues;
}

/** What was found, in the order of files, and what could not be looked at. */
interface Checked {
  readonly findings: readonly Finding[];
  /** Encrypted files that no key at hand opens: their values and MAC are not verified, nor looked for elsewhere. */
  readonly unopened: readonly string[];
}

/** Larger files are not searched for values. */
const maxSearched = 5 * 1024 * 1024;

/** Looks for what should not be committed. Nothing is written, and no value is in what comes back. Throws what reading throws. */
export async function check(input: Input): Promise<Checked> {
  const { files, secret, wanted, names } = input;
  const configs = await configFindings(files, names);
  const broken = new Set(configs.filter(({ code }) => code === 'bad-rule').map(({ path }) => path));
  const found: Finding[] = configs.filter(({ path }) => wanted(path));
  for (const { path, facts, config } of secret) {
    // A new rule is about files that did not change.
    const isRuleNew = config !== undefined && wanted(config);
    if (!wanted(path) && !isRuleNew) continue;
    const all = await findingsOf(path, await files.read(path), facts);
    const told = all.filter(({ code }) => code !== 'bad-rule' || config === undefined || !broken.has(config));
    found.push(...told.filter(({ code }) => wanted(path) || isAboutRule(code)));
  }
  const { findings, unopened } = await openAll(input);
  found.push(...findings, ...(await leftOvers(input)), ...(await missing(input)));
  found.push(...(await searched(input, new Set(found.map(({ path }) => path)))));
  return { findings: sorted(found), unopened };
}

const isAboutRule = (code: Finding['code']) =>
  code === 'readers' || code === 'bad-rule' || code === 'rule-selects' || code === 'no-rule' || code === 'plain';

/** Each `.sops.yaml`: whether it can be read, and the keys in it that nobody is named for. */
async function configFindings(files: Files, names: Names): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const path of files.paths.filter(isConfigName)) {
    const text = tryUtf8(await files.read(path));
    try {
      if (text === undefined) throw new LockstepError('NOT_UTF8');
      parseConfig(text);
    } catch (error) {
      if (!(error instanceof LockstepError)) throw error;
      found.push({ code: 'bad-rule', path, line: error.place.line, cause: error.code });
    }
    found.push(...nobodysKeys(path, text ?? '', names));
  }
  return found;
}

function nobodysKeys(path: string, text: string, names: Names): Finding[] {
  const found = new Map<string, Finding>();
  for (const [i, line] of text.split('\n').entries())
    for (const key of keysIn(line.replace(/(?:^|\s)#.*$/, '')))
      if (!names.has(key) && !found.has(key)) found.set(key, { code: 'nobodys-key', path, line: i + 1, name: key });
  return capped([...found.values()]);
}

/** Opens every encrypted file that matters: those that are wanted, and all others if their values may stand in what is wanted. */
async function openAll({ files, secret, wanted, open, values }: Input): Promise<Checked> {
  const encrypted = secret.filter(({ facts }) => facts.kind === 'encrypted').map(({ path }) => path);
  const findings: Finding[] = [];
  const unopened: string[] = [];
  const others = files.paths.some((path) => wanted(path) && !encrypted.includes(path));
  for (const path of encrypted) {
    if (!wanted(path) && !others) continue;
    const bytes = await files.read(path);
    const opened = await open?.({ path, bytes }, (one) => {
      if (wanted(path)) findings.push(...verdictOf(path, one));
      if (one.verdict.ok) values.add(path, one);
      return true;
    }).catch(withoutKey);
    if (!opened) unopened.push(path);
  }
  return { findings, unopened };
}

function withoutKey(error: unknown): undefined {
  if (error instanceof LockstepError && error.code === 'NO_IDENTITY') return undefined;
  throw error;
}

async function leftOvers({ files, secret, wanted }: Input): Promise<Finding[]> {
  const encrypted = new Set(secret.filter(({ facts }) => facts.kind === 'encrypted').map(({ path }) => path));
  const found: Finding[] = [];
  for (const { path, of, certain } of suspects(files.paths, (one) => encrypted.has(one))) {
    if (!wanted(path)) continue;
    const bytes = await files.read(path);
    if (bytes.length === 0 || isEncrypted(path, bytes)) continue;
    if (certain || (of !== undefined && isCopy(path, bytes, await sealedAt(files, of)))) found.push(leftOver(path, of));
  }
  return found;
}

function isEncrypted(path: string, bytes: Uint8Array): boolean {
  try {
    // A name with an ending of its own says nothing of the format.
    const { format, text } = formatOfBytes(path, bytes);
    return isSealed(text, format);
  } catch {
    return false;
  }
}

async function sealedAt(files: Files, path: string) {
  const { format, text } = formatOfBytes(path, await files.read(path));
  return readSealed(text, format);
}

/** Where VS Code and Lockstep keep names of secrets. */
const namesSecrets = (path: string) =>
  /(?:^|\/)\.vscode\/[^/]+\.json$|\.code-workspace$/.test(path) || path.endsWith(environmentsPath);

/** Names of secrets that are not there; also in files that are not wanted, where a secret file is, which may have lost some. */
async function missing({ files, secret, wanted }: Input): Promise<Finding[]> {
  const all = secret.some(({ path }) => wanted(path));
  const secrets = new SecretsOf(files);
  const found: Finding[] = [];
  for (const path of files.paths.filter((one) => namesSecrets(one) && (all || wanted(one)))) {
    const text = tryUtf8(await files.read(path));
    if (text !== undefined) found.push(...capped(await secrets.missingIn(path, text)));
  }
  return found;
}

/** Values of secrets, and keys that open them, in other files. @param told files of which there is something to tell already */
async function searched({ files, secret, wanted, values }: Input, told: ReadonlySet<string>): Promise<Finding[]> {
  const encrypted = new Set(secret.filter(({ facts }) => facts.kind === 'encrypted').map(({ path }) => path));
  const readers = readersOf(secret);
  const found: Finding[] = [];
  for (const path of files.paths) {
    if (!wanted(path) || encrypted.has(path)) continue;
    const bytes = await files.read(path).catch((error) => {
      if (error instanceof LockstepError && ['TOO_LARGE', 'GONE', 'NOT_A_FILE'].includes(error.code)) return undefined;
      throw error;
    });
    if (!bytes || bytes.length > maxSearched) continue;
    found.push(...(await privateKeysIn(path, bytes, readers)));
    // The values of a file that should be encrypted are in other files, too, and all of them are told.
    if (!told.has(path)) found.push(...capped(values.find(bytes).map((one) => ownValue(path, bytes, one))));
  }
  return found;
}

function readersOf(secret: readonly SecretFile[]): ReadonlySet<string> {
  const keys = secret.flatMap(({ facts }) => (facts.kind === 'encrypted' ? facts.groups.flat() : []));
  return new Set(keys.map(({ name }) => bareRecipient(name)));
}

function ownValue(path: string, bytes: Uint8Array, { start, secret }: OwnFound): Finding {
  return { code: 'own-value', path, line: lineAt(bytes, start), name: secret.entry, of: secret.file };
}

const lineAt = (bytes: Uint8Array, end: number) => bytes.subarray(0, end).reduce((n, byte) => n + Number(byte === 10), 1);

const identity = /AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{50,}/gi;

async function privateKeysIn(path: string, bytes: Uint8Array, readers: ReadonlySet<string>): Promise<Finding[]> {
  const text = readers.size > 0 ? tryUtf8(bytes) : undefined;
  const found: Finding[] = [];
  for (const [word] of text?.matchAll(identity) ?? []) {
    const recipient = await publicOf(word);
    if (recipient === undefined || !readers.has(recipient)) continue;
    const line = (text ?? '').slice(0, (text ?? '').indexOf(word)).split('\n').length;
    found.push({ code: 'private-key', path, line, name: recipient });
  }
  return capped(found);
}

async function publicOf(identity: string): Promise<string | undefined> {
  try {
    const key = PrivateKey.of(identity.toUpperCase());
    try {
      return await key.recipient();
    } finally {
      key.wipe();
    }
  } catch {
    return undefined;
  }
}
