import { type ErrorCode, LockstepError } from '../errors.ts';
import { DataKey, inBatches } from '../keys/datakey.ts';
import type { Keyring } from '../keys/keyring.ts';
import { mislabelled, type OpenedEntry, wrongService } from '../keys/openedentry.ts';
import { requireOwnKey } from '../keys/proof.ts';
import { unwrapDataKey } from '../keys/unwrap.ts';
import { MacHash, macAad } from '../sops/mac.ts';
import { withHiddenMark } from '../sops/mark.ts';
import type { Leaf, Sealed } from '../sops/sealed.ts';
import { envelopeType, type Plain } from '../sops/value.ts';
import type { Scalar } from '../tree/value.ts';
import { commentText } from './comments.ts';

interface Failure {
  readonly code: ErrorCode;
  /** The entry that fails; undefined when it is the MAC, or an encrypted comment in a list. */
  readonly leaf?: Leaf;
}

/** Whether a file is what someone with the key last wrote. */
type Verdict =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly code: 'MAC_MISMATCH' | 'MAC_MISSING' | 'MAC_DAMAGED' | 'VALUE_DAMAGED';
      readonly failures: readonly Failure[];
    };

/** A decrypted file: the only object that holds its values and its data key. */
export class Opened {
  readonly sealed: Sealed;
  readonly verdict: Verdict;
  /** The recipient whose key opened it; with several key groups the first of `ownRecipients`. */
  readonly openedBy: string;
  /** The recipients whose keys opened it, each once. */
  readonly ownRecipients: readonly string[];
  readonly dataKey: DataKey;
  readonly #values: Values;

  constructor(sealed: Sealed, verdict: Verdict, dataKey: DataKey, values: Values) {
    this.sealed = sealed;
    this.verdict = verdict;
    this.ownRecipients = [...new Set(dataKey.entries.map((one) => one.recipient))];
    this.openedBy = this.ownRecipients[0] ?? '';
    this.dataKey = dataKey;
    this.#values = values;
  }

  /** The plain value of a leaf; undefined for a damaged or unknown one. */
  value(id: string): Scalar | undefined {
    return this.#values.byId.get(id);
  }

  /** The same by the leaf's index in `sealed.leaves`, which is faster for a whole file. */
  valueAt(index: number): Scalar | undefined {
    return this.#values.inOrder[index];
  }

  /**
   * The entry that opened under another name than its opener's. Its values are what they are, and whoever wrote the list of
   * readers may have meant to be on it: every change of keys is refused.
   */
  get mislabelled(): OpenedEntry | undefined {
    return mislabelled(this.dataKey.entries);
  }

  /** Plain values by ciphertext, so that a later version of the text need not be decrypted again. */
  get memo(): Memo {
    return this.#values.memo;
  }

  /**
   * The same file, its MAC not looked at: what `--ignore-mac` of sops asks for. A file with values that do not open stays
   * as it is. Both share what `dispose` wipes.
   */
  ignoringMac(): Opened {
    if (this.verdict.ok || this.verdict.code === 'VALUE_DAMAGED') return this;
    return new Opened(this.sealed, { ok: true }, this.dataKey, this.#values);
  }

  /** Wipe the data key and let go of every value. */
  dispose(): void {
    this.dataKey.dispose();
    this.#values.clear();
  }
}

/** An opened file that has no MAC over its values: each of them is what it opens to, or undefined. */
export function openedValues(sealed: Sealed, dataKey: DataKey, values: readonly (Scalar | undefined)[]): Opened {
  const held = new Values(sealed.leaves);
  for (const value of values) held.inOrder.push(value);
  return new Opened(sealed, { ok: true }, dataKey, held);
}

/** The plain values of a file. What finds them is made when it is asked for: a file that is only printed needs neither. */
class Values {
  readonly #leaves: readonly Leaf[];
  /** By the index of the leaf. */
  readonly inOrder: (Scalar | undefined)[] = [];
  #byId: Map<string, Scalar> | undefined;
  #memo: Memo | undefined;

  constructor(leaves: readonly Leaf[]) {
    this.#leaves = leaves;
  }

  get byId(): ReadonlyMap<string, Scalar> {
    if (this.#byId) return this.#byId;
    this.#byId = new Map();
    for (const [i, value] of this.inOrder.entries()) {
      const leaf = this.#leaves[i];
      if (leaf && value) this.#byId.set(leaf.id, value);
    }
    return this.#byId;
  }

  get memo(): Memo {
    if (this.#memo) return this.#memo;
    this.#memo = new Memo();
    for (const [i, value] of this.inOrder.entries()) {
      const { aad, selected, node } = this.#leaves[i] as Leaf;
      const enc = selected && node.scalar.type === 'str' ? node.scalar.value : '';
      if (typeof enc === 'string' && enc !== '' && value && value.type !== 'null') this.#memo.set(aad, enc, value);
    }
    return this.#memo;
  }

  clear(): void {
    this.inOrder.length = 0;
    this.#byId?.clear();
    this.#memo?.clear();
  }
}

/** Plain values by AAD and `ENC[…]` text. */
class Memo {
  /** By `ENC[…]` text alone, which holds a random nonce: one text opens at one AAD only. */
  readonly #known = new Map<string, { readonly aad: string; readonly value: Plain }>();

  get(aad: string, enc: string): Plain | undefined {
    const known = this.#known.get(enc);
    return known?.aad === aad ? known.value : undefined;
  }

  set(aad: string, enc: string, value: Plain): void {
    this.#known.set(enc, { aad, value });
  }

  clear(): void {
    this.#known.clear();
  }
}

/**
 * Decrypt a file with whatever opener of the keyring fits, and judge its MAC. Damage is a verdict, not an error, so that
 * a screen can say which entries fail. Throws UnwrapError (NO_IDENTITY, NOT_A_RECIPIENT, NO_AGE_RECIPIENT), BAD_DATA_KEY, and
 * KEY_SERVICE (`other-key`) where nothing opens with what a key service gave.
 * @param previous an earlier version of the same file: ciphertext that is still the same is not decrypted again.
 *   It stays the caller's to dispose.
 */
export async function open(sealed: Sealed, keyring: Keyring, previous?: Opened): Promise<Opened> {
  const { raw, entries } = await unwrapDataKey(sealed.metadata, keyring);
  return openWith(sealed, await DataKey.from(raw, entries), previous);
}

/** As `open`, with the data key at hand: this takes the key over. */
export async function openWith(given: Sealed, dataKey: DataKey, previous?: Opened): Promise<Opened> {
  const sealed = await withHiddenMark(given, dataKey);
  const old = previous?.dataKey.equals(dataKey) ? previous.memo : undefined;
  const values = new Values(sealed.leaves);
  const failures: Failure[] = [];
  for (const [i, result] of (await inBatches(sealed.leaves, (leaf) => openLeaf(leaf, dataKey, old))).entries()) {
    const leaf = sealed.leaves[i] as Leaf;
    if (result instanceof LockstepError) failures.push({ code: result.code, leaf });
    values.inOrder.push(result instanceof LockstepError ? undefined : result);
  }
  if (!(await commentsHold(sealed, dataKey))) failures.push({ code: 'VALUE_DAMAGED' });
  const verdict = await judge(sealed, dataKey, values.inOrder, failures);
  if (!verdict.ok && verdict.code !== 'MAC_MISSING' && wrongService(sealed.metadata, dataKey.entries))
    await requireOwnKey(sealed, dataKey).catch((error) => {
      dataKey.dispose();
      throw error;
    });
  return new Opened(sealed, verdict, dataKey, values);
}

/**
 * The MAC leaves comments out, so nothing but a comment may pass as one. The label in a ciphertext is not sealed: an item of
 * a list that says it is a comment has to open as one, as it has to for SOPS; a comment that opens as a value was one, or is
 * about to become one (SOPS counts it as a value, and its MAC does not match); and no value may stand again as a comment.
 */
async function commentsHold({ comments, leaves }: Sealed, dataKey: DataKey): Promise<boolean> {
  let values: Set<string> | undefined;
  for (const { node, aad, selected, around } of comments) {
    const item = node.kind === 'scalar';
    const enc = commentText(node).trim();
    const label = envelopeType(enc);
    if (!selected || around.alias || (label === undefined && !item)) continue;
    if (item || label !== 'comment') {
      const value = await dataKey.open(enc, aad).catch(() => undefined);
      if (item ? value?.type !== 'comment' : value !== undefined) return false;
    }
    values ??= new Set(leaves.map((leaf) => withoutLabel(leaf.node.scalar)));
    if (values.has(withoutLabel({ type: 'str', value: enc }))) return false;
  }
  return true;
}

/** A ciphertext up to its label; the empty text for anything else. */
function withoutLabel(scalar: Scalar): string {
  const text = scalar.type === 'str' && typeof scalar.value === 'string' ? scalar.value : '';
  return text.slice(0, Math.max(0, text.lastIndexOf(',type:')));
}

/** Never rejects. */
function openLeaf(
  leaf: Leaf,
  dataKey: DataKey,
  old: Memo | undefined,
): Promise<Scalar | LockstepError> | Scalar | LockstepError {
  const { scalar } = leaf.node;
  if (!leaf.selected || scalar.type === 'null') return scalar;
  // An empty string is its own ciphertext (SOPS aes/cipher.go); anything else in this place must be an envelope.
  if (scalar.type !== 'str' || typeof scalar.value !== 'string')
    return new LockstepError('BAD_ENVELOPE', { path: leaf.path });
  if (scalar.value === '') return scalar;
  const asLeaf = (value: Plain) =>
    value.type === 'comment' ? new LockstepError('BAD_VALUE_TYPE', { path: leaf.path }) : value;
  const failed = (error: unknown) =>
    error instanceof LockstepError ? error : new LockstepError('VALUE_DAMAGED', { path: leaf.path });
  try {
    const value = old?.get(leaf.aad, scalar.value) ?? dataKey.openSoon(scalar.value, leaf.aad);
    return value instanceof Promise ? value.then(asLeaf).catch(failed) : asLeaf(value);
  } catch (error) {
    return failed(error);
  }
}

async function judge(
  sealed: Sealed,
  dataKey: DataKey,
  values: readonly (Scalar | undefined)[],
  failures: readonly Failure[],
): Promise<Verdict> {
  if (failures.length > 0) return { ok: false, code: 'VALUE_DAMAGED', failures };
  const { mac, lastModified } = sealed.metadata;
  if (mac === undefined) return { ok: false, code: 'MAC_MISSING', failures: [{ code: 'MAC_MISSING' }] };
  let stored: Plain;
  try {
    stored = await dataKey.open(mac, macAad(lastModified));
  } catch {
    return { ok: false, code: 'MAC_DAMAGED', failures: [{ code: 'MAC_DAMAGED' }] };
  }
  const digest = await macDigest(sealed, (_leaf, i) => values[i]);
  if (stored.type === 'str' && stored.value === digest) return { ok: true };
  return { ok: false, code: 'MAC_MISMATCH', failures: [{ code: 'MAC_MISMATCH' }] };
}

/** The hash that a file's MAC must hold, for the given plain values. */
export function macDigest(
  sealed: { readonly leaves: readonly Leaf[]; readonly metadata: Pick<Sealed['metadata'], 'macOnlyEncrypted'> },
  plainOf: (leaf: Leaf, index: number) => Scalar | undefined,
): Promise<string> {
  const hash = new MacHash(sealed.metadata.macOnlyEncrypted);
  for (const [i, leaf] of sealed.leaves.entries()) {
    const value = plainOf(leaf, i);
    if (value) hash.add(value, leaf.selected);
  }
  return hash.digest();
}
