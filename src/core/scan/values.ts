import { base64, fromBase64, randomBytes, tryUtf8 } from '../bytes.ts';
import { keyedHashOf } from '../hash.ts';
import type { Opened } from '../open/open.ts';
import { isCommon } from '../redact/common.ts';
import { patternsOf } from '../redact/patterns.ts';
import { labelOf } from '../sops/label.ts';
import type { Path } from '../tree/path.ts';
import type { Scalar } from '../tree/value.ts';
import { looksRandom } from './look.ts';
import { namesSecret } from './names.ts';

/** Whose value it is. */
interface OwnSecret {
  /** The file, in the spelling that the caller gave it. */
  readonly file: string;
  /** The entry, as lists have it. */
  readonly entry: string;
}

/** A place where the value of a secret stands, in bytes. */
interface OwnFound {
  readonly start: number;
  readonly end: number;
  readonly secret: OwnSecret;
}

/** What is kept of a text to look for. */
interface Known {
  /** Where its window is in it. */
  readonly offset: number;
  readonly length: number;
  readonly digest: string;
  readonly secret: OwnSecret;
}

/** So many bytes together decide whether it is worth while to look closer. */
const windowSize = 8;
const bits = 18;
/** More than this in one file are no news. */
const mostFound = 1000;

/**
 * The values of a repository's own secrets, to find them in other texts. None is kept: of each there is a keyed digest, and a keyed number of
 * eight of its bytes. The keys are drawn anew for each of these. A value counts if it can hardly stand elsewhere for another reason: one of
 * eight characters or more that looks as if made by chance, or whose name says that it is a secret.
 */
export class OwnValues {
  readonly #key = randomBytes(32);
  /** Odd, so that it has an inverse. */
  readonly #base = (new DataView(randomBytes(4).buffer).getInt32(0) | 1) >>> 0;
  /** The base to the power of the window: what a byte has become when it leaves. */
  readonly #leaving = powerOf(this.#base, windowSize);
  readonly #near = new Uint8Array(1 << bits);
  readonly #known = new Map<number, Known[]>();
  #size = 0;

  /** How many secrets are looked for. */
  get size(): number {
    return this.#size;
  }

  /** Adds the secrets of an opened file, which stays the caller's. @param file as findings name it */
  add(file: string, opened: Opened): void {
    for (const leaf of opened.sealed.leaves) {
      const value = leaf.encrypted ? opened.value(leaf.id) : undefined;
      const text = value && textOf(value);
      const name = [...leaf.path].reverse().find((one): one is string => typeof one === 'string');
      for (const one of text === undefined ? [] : [text, ...decoded(text)])
        this.addValue({ file, entry: labelOf(leaf) }, one, name ?? '');
    }
  }

  /** Adds one value. @param name what it is called where it stands */
  addValue(secret: OwnSecret, value: string, name: string): void {
    const itself = value.trim();
    if (itself.length < windowSize || isCommon(itself) || isBlank(itself)) return;
    const counts = looksRandom(itself) || /^[a-z][a-z\d+.-]*:\/\/[^/?#@\s]*:[^/?#\s]+@/i.test(itself);
    if (!counts && !namesSecret(name)) return;
    this.#size++;
    for (const { bytes } of patternsOf([{ name: '', value: itself }])) {
      const text = new TextDecoder().decode(bytes);
      // Of the lines and other spellings of a value only those that say as much.
      if (bytes.length >= windowSize && (text === itself || looksRandom(text, 16))) this.#keep(bytes, secret);
    }
  }

  /** The places of values, in the order of the text. Where several overlap, the longest counts. At most 1,000. */
  find(bytes: Uint8Array): OwnFound[] {
    const found: OwnFound[] = [];
    if (this.#size === 0) return found;
    let hash = 0;
    for (let at = 0; at < bytes.length && found.length < mostFound; at++) {
      hash = (Math.imul(hash, this.#base) + (bytes[at] as number) + 1) | 0;
      if (at >= windowSize) hash = (hash - Math.imul((bytes[at - windowSize] as number) + 1, this.#leaving)) | 0;
      if (this.#near[hash >>> (32 - bits)] !== 0) this.#check(bytes, at + 1 - windowSize, hash, found);
    }
    return apart(found);
  }

  #keep(bytes: Uint8Array, secret: OwnSecret): void {
    // In the middle: many values begin or end alike.
    const offset = (bytes.length - windowSize) >> 1;
    let hash = 0;
    for (let i = 0; i < windowSize; i++) hash = (Math.imul(hash, this.#base) + (bytes[offset + i] as number) + 1) | 0;
    const known = this.#known.get(hash) ?? [];
    const digest = keyedHashOf(this.#key, bytes);
    if (known.some((one) => one.digest === digest)) return;
    known.push({ offset, length: bytes.length, digest, secret });
    this.#known.set(hash, known);
    this.#near[hash >>> (32 - bits)] = 1;
  }

  #check(bytes: Uint8Array, at: number, hash: number, found: OwnFound[]): void {
    for (const { offset, length, digest, secret } of this.#known.get(hash) ?? []) {
      const [start, end] = [at - offset, at - offset + length];
      if (start < 0 || end > bytes.length) continue;
      if (keyedHashOf(this.#key, bytes.subarray(start, end)) === digest) found.push({ start, end, secret });
    }
  }
}

function powerOf(base: number, exponent: number): number {
  let power = 1;
  for (let i = 0; i < exponent; i++) power = Math.imul(power, base);
  return power;
}

/** The encrypted entries of a file's first document that hold a text, and nothing else. */
export function pathsOf(opened: Opened, text: string): Path[] {
  return opened.sealed.leaves.flatMap(({ document, path, id, encrypted }) => {
    const value = document === 0 && encrypted ? opened.value(id) : undefined;
    return value?.type === 'str' && value.value === text ? [path] : [];
  });
}

function textOf(value: Scalar): string | undefined {
  if (value.type === 'null' || value.type === 'bool') return undefined;
  return value.value instanceof Uint8Array ? base64(value.value) : String(value.value);
}

/** What a base64 text stands for, as in a Secret of Kubernetes, if that is a text. */
function decoded(text: string): string[] {
  const bytes = fromBase64(text.trim());
  const inside = bytes && tryUtf8(bytes);
  return inside && !/[^\P{Cc}\t\r\n]/u.test(inside) ? [inside] : [];
}

/** What stands where a value will be. Of an encrypted entry less counts as that than of a text in a source. */
const isBlank = (text: string) =>
  /^(?:\$?[<[{(].*[>\]})]|x+|\*+|\.+|(?:your|my|the|an?|some|change|replace|insert|enter)[-_ ].*|.*(?:placeholder|change-?me).*)$/i.test(
    text,
  );

/** Without those that stand within others. */
function apart(found: readonly OwnFound[]): OwnFound[] {
  const sorted = [...found].sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: OwnFound[] = [];
  for (const one of sorted) if (one.end > (kept.at(-1)?.end ?? -1)) kept.push(one);
  return kept;
}
