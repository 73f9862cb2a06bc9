import { isDotenvxFile, isLeftPlain, isOwnName as isOfDotenvx, readDotenvx } from '../dotenvx/file.ts';
import { openDotenvxFile } from '../dotenvx/open.ts';
import { LockstepError } from '../errors.ts';
import type { FormatId } from '../format/document.ts';
import { maxFileSize } from '../format/encoding.ts';
import { formatOf } from '../format/which.ts';
import type { Keyring } from '../keys/keyring.ts';
import { othersAsleep } from '../keys/others.ts';
import { type Opened, open } from '../open/open.ts';
import { matchRule, type Rule } from '../rules/rules.ts';
import { plainLeaves } from '../seal/seal.ts';
import { looksSecret } from '../sops/clear.ts';
import { isSealed, type Leaf, readSealed, type Sealed } from '../sops/sealed.ts';
import { isConfigName, isDotenvName, isOwnName, isSecretName, isTemplateName, privateKeys } from '../view/names.ts';
import type { FileState } from './state.ts';

interface Inspection {
  readonly path: string;
  readonly text: string;
  readonly locked: boolean;
  readonly keyring: Keyring;
  /** Asked for only when the file is not encrypted. */
  rule(): Promise<Rule | undefined>;
  readonly previous: Opened | undefined;
  /** See `Port`. */
  readonly dotenvx?: (text: string, publicKey: string) => Promise<string | undefined>;
}

const none: FileState = { kind: 'none' };

/** What a text under a name is to us. Never throws: what goes wrong is a state, too. */
export async function inspect(input: Inspection): Promise<FileState> {
  const { path, text } = input;
  if (text.length > maxFileSize) return tooLarge(input);
  try {
    const format = formatOf(path, text);
    if (looksSealed(text, format)) return await sealedState(input, format);
    if (input.dotenvx && isDotenvxFile(path, text)) return await dotenvxState(input, input.dotenvx);
    // Any other plain file is no business of ours, nor is a text that merely quotes an envelope.
    if (format === 'binary') return keyState(path, text);
    if (holdsEnvelopes(text, format)) return broken(new LockstepError('NO_METADATA'));
    return await plainState(input, format);
  } catch (error) {
    return broken(ours(error));
  }
}

/** The same where only the plain files matter: an encrypted one is `locked`, and none is decrypted. */
export function plainStateOf(path: string, text: string, rule: Inspection['rule']): Promise<FileState> {
  return inspect({ path, text, rule, locked: true, keyring: { openers: async () => [] }, previous: undefined });
}

const broken = (error: LockstepError): FileState => ({ kind: 'broken', plain: false, error });
const ours = (error: unknown) => (error instanceof LockstepError ? error : new LockstepError('IO'));

function tooLarge({ path, text }: Inspection): FileState {
  const plain = isDotenvName(path);
  const matters = plain || text.includes('ENC[AES256_GCM,');
  return matters ? { kind: 'broken', plain, error: new LockstepError('TOO_LARGE') } : none;
}

/** Other programs have a section of that name, too, and any file may hold the word: there, SOPS has left its MAC as well. */
function looksSealed(text: string, format: FormatId): boolean {
  const common = format === 'ini' || format === 'binary';
  return isSealed(text, format) && (!common || text.includes('ENC[AES256_GCM,'));
}

/** Without the private key it is open, too: values can be added. */
async function dotenvxState(
  { text, locked, previous }: Inspection,
  secretFor: NonNullable<Inspection['dotenvx']>,
): Promise<FileState> {
  const sealed = readDotenvx(text);
  if (locked) return { kind: 'locked', sealed };
  const [publicKey = ''] = sealed.metadata.recipients;
  return { kind: 'open', sealed, opened: await openDotenvxFile(sealed, await secretFor(text, publicKey), previous) };
}

async function sealedState(input: Inspection, format: FormatId): Promise<FileState> {
  let sealed: Sealed;
  try {
    sealed = readSealed(input.text, format);
  } catch (error) {
    const known = ours(error);
    // The look for metadata is a cheap one: a plain file with a deeper key called `sops` is not an encrypted one.
    if (known.code === 'NO_METADATA' && !input.text.includes('ENC[AES256_GCM,')) return plainState(input, format);
    return known.code === 'UNSUPPORTED_FORMAT' ? { kind: 'unsupported', error: known } : broken(known);
  }
  if (input.locked) return { kind: 'locked', sealed };
  return openedState(sealed, input);
}

const closed: readonly string[] = ['NO_IDENTITY', 'NOT_A_RECIPIENT', 'NO_AGE_RECIPIENT', 'BAD_DATA_KEY', 'KEY_SERVICE'];

async function openedState(sealed: Sealed, { keyring, previous }: Inspection): Promise<FileState> {
  try {
    const opened = await open(sealed, keyring, previous);
    return { kind: opened.verdict.ok ? 'open' : 'damaged', sealed, opened };
  } catch (error) {
    const known = ours(error);
    if (!closed.includes(known.code)) return broken(known);
    // A pass phrase would open it: that is a lock, and no lack of a key.
    const { recipients, groups } = sealed.metadata;
    if ((await keyring.asleep?.(recipients)) || othersAsleep(groups.flat())) return { kind: 'locked', sealed };
    return { kind: 'unreadable', sealed, error: known };
  }
}

const envelope = /^ENC\[AES256_GCM,data:.*\]$/;

/** Encrypted values without the block that says who can read them. */
export function holdsEnvelopes(text: string, format: FormatId): boolean {
  if (!text.includes('ENC[AES256_GCM,')) return false;
  if (format === 'binary') return /^\ufeff?\s*\{\s*"data"\s*:\s*"ENC\[AES256_GCM,data:/.test(text);
  try {
    return plainLeaves(text, format).some(
      ({ node: { scalar } }) =>
        scalar.type === 'str' && typeof scalar.value === 'string' && envelope.test(scalar.value),
    );
  } catch {
    return /^[ \t]*[^\s#/].*[:=]\s*["']?ENC\[AES256_GCM,data:/m.test(text);
  }
}

async function plainState({ path, text, rule: findRule }: Inspection, format: FormatId): Promise<FileState> {
  if (isConfigName(path) || isOwnName(path) || isTemplateName(path)) return none;
  // A rule that cannot be read must not take the masks off a .env file.
  const rule = await findRule().catch(() => undefined);
  const named = isDotenvName(path) || isSecretName(path);
  const chosen = named || (rule !== undefined && choosesFiles(rule));
  // Many programs have INI files; some of these have a password in them.
  if (!chosen && format !== 'ini') return none;
  try {
    const leaves = stillPlain(path, text, plainLeaves(text, format, rule?.selector));
    if (!chosen && !leaves.some((leaf) => holdsText(leaf) && looksSecret(leaf.path, leaf.node.scalar))) return none;
    if (leaves.some((leaf) => leaf.encrypted)) return { kind: 'plain', format, leaves, rule };
    // Nor must a rule that chooses none of its values: it comes with the repository, and may be anybody's.
    const all = named ? stillPlain(path, text, plainLeaves(text, format)) : [];
    return all.some((leaf) => leaf.encrypted) ? { kind: 'plain', format, leaves: all, rule } : none;
  } catch (error) {
    const known = ours(error);
    // A template of Helm has this name, and no secret in it.
    const template = isSecretName(path) && text.includes('{{');
    return known.code === 'EMPTY_FILE' || !chosen || template ? none : { kind: 'broken', plain: true, error: known };
  }
}

/** In a file of dotenvx, what is encrypted there is no plaintext, nor what dotenvx leaves as it is. */
function stillPlain(path: string, text: string, leaves: readonly Leaf[]): readonly Leaf[] {
  if (!isDotenvxFile(path, text)) return leaves;
  const sealed = (leaf: Leaf) => {
    const name = String(leaf.path[0]);
    return isOfDotenvx(name) || isLeftPlain(name) || /^['"`]?encrypted:/.test(textBehind(leaf));
  };
  return leaves.map((leaf) => (sealed(leaf) ? { ...leaf, encrypted: false } : leaf));
}

const textBehind = ({ node: { scalar } }: Leaf) =>
  scalar.type === 'str' && typeof scalar.value === 'string' ? scalar.value.trim() : '';

const holdsText = ({ node: { scalar } }: Leaf) => scalar.type === 'str' && scalar.value !== '';

/** A file with private keys: each is a value, masked whole, though the file is encrypted as one. */
function keyState(path: string, text: string): FileState {
  const leaves = privateKeys(path, text).map((span, occurrence): Leaf => {
    const value = text.slice(span.start, span.end);
    return {
      ...{ id: `key#${occurrence}`, occurrence, document: 0, path: ['private key'], aad: '' },
      ...{ selected: true, encrypted: true, type: 'str' },
      node: { kind: 'scalar', span, scalar: { type: 'str', value }, style: 'plain', flow: false },
      keySpan: { start: span.start, end: span.start },
      around: { key: undefined, list: undefined, alias: undefined },
    };
  });
  return leaves.length > 0 ? { kind: 'plain', format: 'binary', leaves, rule: undefined } : none;
}

/**
 * A rule for every file there is says for whom to encrypt, not what is secret: it must not put masks over package.json.
 * Such a rule matches a name that nobody has.
 */
export function choosesFiles(rule: Rule): boolean {
  return matchRule({ rules: [rule] }, '\u0001') === undefined;
}
