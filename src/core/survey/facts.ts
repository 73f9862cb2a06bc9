import { type ErrorCode, LockstepError } from '../errors.ts';
import type { FormatId } from '../format/document.ts';
import { formatOfBytes } from '../format/which.ts';
import { type KeyPlan, planForRule } from '../keys/updatekeys.ts';
import type { Rule } from '../rules/rules.ts';
import { choosesFiles, plainStateOf } from '../session/inspect.ts';
import type { FileState } from '../session/state.ts';
import type { KeyName } from '../sops/masterkey.ts';
import { isSealed, type Sealed } from '../sops/sealed.ts';
import { isDotenvName, isSecretName, isStoreName } from '../view/names.ts';

/** What an encrypted file's creation rule says of it, compared with its metadata. */
type Drift =
  /** The readers are those of the rule. */
  | { readonly kind: 'same'; readonly rule: Rule }
  /** Who would come and who would go, group by group. */
  | { readonly kind: 'differs'; readonly rule: Rule; readonly plan: KeyPlan }
  | { readonly kind: 'no-rule' }
  /** The rule, or its `.sops.yaml`, cannot be read or names nobody. */
  | { readonly kind: 'bad-rule'; readonly code: ErrorCode };

/** An encrypted file as it stands, without its text. */
export interface EncryptedFacts {
  readonly kind: 'encrypted';
  readonly format: FormatId;
  /** How many values are encrypted. */
  readonly values: number;
  /** Its key groups, one in most files. */
  readonly groups: readonly (readonly KeyName[])[];
  /** `shamir_threshold`, 0 when absent. */
  readonly threshold: number;
  /** RFC 3339, as the file has it. */
  readonly lastModified: string;
  readonly drift: Drift;
  /** What is wrong with it. Without a key that is a missing MAC, or plaintext in the place of a ciphertext. */
  readonly damage: ErrorCode | undefined;
}

/**
 * What a file is, seen without a key. `none`: no business of ours. `plain`: not encrypted, and should be; the number of its values,
 * or `key` and `store` for files of private keys. `conflict`: in the middle of a merge. `broken`: it looks like a secret file and does not
 * parse. `unread`: it could not be read, so nothing is known.
 */
export type FileFacts =
  | EncryptedFacts
  | { readonly kind: 'none' }
  | {
      readonly kind: 'plain';
      readonly format: FormatId;
      readonly values: number | 'key' | 'store';
      readonly rule: Rule | undefined;
    }
  | { readonly kind: 'conflict'; readonly line: number | undefined }
  | { readonly kind: 'broken'; readonly plain: boolean; readonly code: ErrorCode; readonly line: number | undefined }
  | { readonly kind: 'unread'; readonly code: ErrorCode };

/** Larger files are not surveyed: a look must be short. */
export const maxSurveyed = 5 * 1024 * 1024;

/** What git LFS leaves in the place of a file (git-lfs, docs/spec.md), and nothing else: it has a hash in it, and no value. */
const lfsPointer =
  /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n(?:ext-\d-\w+ sha256:[0-9a-f]{64}\n)*oid sha256:[0-9a-f]{64}\nsize \d+\n$/;

/**
 * The facts of one file. Never throws.
 * @param path its name decides on the format. @param read its bytes; what it throws is a fact, too.
 * @param findRule the creation rule that covers it, asked for only where it counts; it may throw.
 */
export async function surveyFile(
  path: string,
  read: () => Promise<Uint8Array>,
  findRule: () => Promise<Rule | undefined>,
): Promise<FileFacts> {
  try {
    const { text, format } = formatOfBytes(path, await read());
    if (lfsPointer.test(text)) return { kind: 'none' };
    if (format === 'binary' && isStoreName(path) && !isSealed(text, format))
      return { kind: 'plain', format, values: 'store', rule: await findRule().catch(() => undefined) };
    return await factsOf(await plainStateOf(path, text, findRule), findRule);
  } catch (error) {
    return unread(path, codeOf(error), findRule);
  }
}

/** A large file, or one in another encoding, matters only where something says that it is a secret file. */
async function unread(path: string, code: ErrorCode, findRule: () => Promise<Rule | undefined>): Promise<FileFacts> {
  if (code === 'GONE' || code === 'NOT_A_FILE') return { kind: 'none' };
  if (code === 'TOO_LARGE' || code === 'NOT_UTF8') {
    const rule = await findRule().catch(() => undefined);
    if (!isDotenvName(path) && !isSecretName(path) && !(rule && choosesFiles(rule))) return { kind: 'none' };
  }
  return { kind: 'unread', code };
}

/** The same of a state that is known already: a file in an editor, of which a decryption may say that it is damaged. */
export async function factsOf(state: FileState, findRule: () => Promise<Rule | undefined>): Promise<FileFacts> {
  if ('sealed' in state) {
    const verdict = 'opened' in state ? state.opened.verdict : undefined;
    const damage = verdict ? (verdict.ok ? undefined : verdict.code) : damageOf(state.sealed);
    return encrypted(state.sealed, await driftOf(state.sealed, findRule), damage);
  }
  switch (state.kind) {
    case 'plain': {
      const { format, leaves, rule } = state;
      const values = format === 'binary' ? 'key' : leaves.filter((leaf) => leaf.encrypted).length;
      return { kind: 'plain', format, values, rule };
    }
    case 'broken':
      return broken(state.error, state.plain);
    default:
      return { kind: 'none' };
  }
}

function broken({ code, place }: LockstepError, plain: boolean): FileFacts {
  const line = 'line' in place ? place.line : undefined;
  if ('what' in place && place.what === 'conflict') return { kind: 'conflict', line };
  return { kind: 'broken', plain, code, line };
}

function encrypted({ metadata, format, leaves }: Sealed, drift: Drift, damage: ErrorCode | undefined): EncryptedFacts {
  return {
    kind: 'encrypted',
    format,
    values: leaves.filter((leaf) => leaf.encrypted).length,
    groups: metadata.groups.map((keys) => keys.map(({ kind, name }) => ({ kind, name }))),
    threshold: metadata.shamirThreshold,
    lastModified: metadata.lastModified,
    drift,
    damage,
  };
}

function damageOf({ leaves, metadata }: Sealed): ErrorCode | undefined {
  if (leaves.some(isInClear)) return 'BAD_ENVELOPE';
  return metadata.mac === undefined ? 'MAC_MISSING' : undefined;
}

/** Whether plaintext stands where a ciphertext belongs: SOPS encrypts everything in this place but what is empty. */
export function isInClear({ selected, encrypted: isEncrypted, node: { scalar } }: Sealed['leaves'][number]): boolean {
  return selected && !isEncrypted && scalar.type !== 'null' && scalar.value !== '';
}

async function driftOf({ metadata }: Sealed, findRule: () => Promise<Rule | undefined>): Promise<Drift> {
  try {
    const rule = await findRule();
    if (!rule) return { kind: 'no-rule' };
    const plan = planForRule(metadata, rule);
    return plan.changed ? { kind: 'differs', rule, plan } : { kind: 'same', rule };
  } catch (error) {
    return { kind: 'bad-rule', code: codeOf(error) };
  }
}

const codeOf = (error: unknown): ErrorCode => (error instanceof LockstepError ? error.code : 'IO');
