import { randomBytes, utf8, wipe } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import { requireRoom } from '../format/encoding.ts';
import { type Envelope, type Plain, parseEnvelope, readValue, showEnvelope, valueBytes } from '../sops/value.ts';
import { type Aead, aeadOf } from './aead.ts';
import { type OpenedEntry, requireOwnLabels } from './openedentry.ts';

const batch = 256;

/**
 * What `work` makes of every item, in order. Many are at work at once, because WebCrypto works on threads of its own; not all, because
 * ten thousand pending ones cost more in garbage collection than they gain. What is no promise is not waited for.
 */
export async function inBatches<T, R>(items: readonly T[], work: (item: T) => Promise<R> | R): Promise<R[]> {
  const done: R[] = [];
  for (let i = 0; i < items.length; i += batch) {
    const begun = items.slice(i, i + batch).map(work);
    for (const one of begun) done.push(one instanceof Promise ? await one : one);
  }
  return done;
}

/** SOPS uses 32-byte nonces, so that GCM derives its counter by GHASH. */
const ivLength = 32;

/**
 * A file's data key: AES-256-GCM by the platform. The raw bytes are kept because a recipient can only be added by
 * wrapping them; `dispose` wipes them.
 */
export class DataKey {
  readonly #raw: Uint8Array;
  /** The entries of the metadata that it came out of; none for a new one. */
  readonly entries: readonly OpenedEntry[];
  /** Undefined once disposed of: the cipher holds a copy of the key. */
  #aead: Aead | undefined;

  private constructor(raw: Uint8Array, aead: Aead, entries: readonly OpenedEntry[]) {
    this.#raw = raw;
    this.#aead = aead;
    this.entries = entries;
  }

  /** Takes over `raw` (32 bytes; the caller must not wipe it). Throws BAD_DATA_KEY. */
  static async from(raw: Uint8Array, entries: readonly OpenedEntry[] = []): Promise<DataKey> {
    if (raw.length !== 32) throw new LockstepError('BAD_DATA_KEY');
    return new DataKey(raw, await aeadOf(raw), entries);
  }

  static generate(): Promise<DataKey> {
    return DataKey.from(randomBytes(32));
  }

  /** The raw bytes, still owned by this object: read, do not keep. */
  get raw(): Uint8Array {
    this.requireAlive();
    return this.#raw;
  }

  /** Whether both hold the same key. Not on secrets that an attacker can time: it only decides if a cache may be used. */
  equals(other: DataKey): boolean {
    return (
      this.#aead !== undefined && other.#aead !== undefined && this.#raw.every((byte, i) => byte === other.#raw[i])
    );
  }

  /**
   * The `ENC[…]` text of a value at `aad`; the empty text for an empty string or comment (SOPS aes/cipher.go). Throws
   * TOO_LARGE for one that no file can hold.
   */
  async seal(value: Plain, aad: string): Promise<string> {
    return this.sealSoon(value, aad);
  }

  /** As `seal`, without a promise where the platform's cipher makes none: a file has thousands of values. */
  sealSoon(value: Plain, aad: string): Promise<string> | string {
    const bytes = valueBytes(value);
    if (bytes.length === 0) return '';
    requireRoom(bytes.length);
    const iv = randomBytes(ivLength);
    const sealed = this.#alive().seal(iv, utf8(aad), bytes);
    const { type } = value;
    return sealed instanceof Promise
      ? sealed.then(({ data, tag }) => showEnvelope({ data, iv, tag, type }))
      : showEnvelope({ data: sealed.data, iv, tag: sealed.tag, type });
  }

  /**
   * The value of an `ENC[…]` text at `aad`. Throws BAD_ENVELOPE (not such a text), VALUE_DAMAGED (it does not open
   * there), BAD_VALUE_TYPE.
   */
  async open(text: string, aad: string): Promise<Plain> {
    return this.openSoon(text, aad);
  }

  /** As `open`, without a promise where the platform's cipher makes none: a file has thousands of values. */
  openSoon(text: string, aad: string): Promise<Plain> | Plain {
    const envelope = parseEnvelope(text);
    if (!envelope) throw new LockstepError('BAD_ENVELOPE');
    const bytes = this.#decrypt(envelope, aad);
    return bytes instanceof Promise
      ? bytes.then((bytes) => readValue(envelope.type, bytes))
      : readValue(envelope.type, bytes);
  }

  #decrypt(envelope: Envelope, aad: string): Promise<Uint8Array> | Uint8Array {
    const aead = this.#alive();
    const damaged = () => {
      throw new LockstepError('VALUE_DAMAGED');
    };
    try {
      const bytes = aead.open(envelope.iv, utf8(aad), envelope);
      return bytes instanceof Promise ? bytes.catch(damaged) : bytes;
    } catch {
      return damaged();
    }
  }

  /**
   * For every change of keys: throws MISLABELLED_KEY, as a LabelError, when an entry that it came out of names somebody else
   * than the one whose key opened it, or when that is not known.
   */
  requireOwnLabels(): void {
    requireOwnLabels(this.entries);
  }

  /** Throws BAD_DATA_KEY when it is disposed of. */
  requireAlive(): void {
    this.#alive();
  }

  #alive(): Aead {
    if (!this.#aead) throw new LockstepError('BAD_DATA_KEY', { what: 'disposed' });
    return this.#aead;
  }

  dispose(): void {
    this.#aead = undefined;
    wipe(this.#raw);
  }
}
