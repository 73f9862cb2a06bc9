import { joinedAll, upperHex, utf8, wipe } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import type { Scalar } from '../tree/value.ts';
import { readTime, valueForm } from './value.ts';

// SHA-256 of "sops": what SOPS feeds the hash first when only encrypted values are covered.
const onlyEncryptedPrefix = '8a3fd2ad54ce66527b1034f3d147be0b0b975b3bf44f72c6fdadec8176f27d69';
const surrogate = /[\ud800-\udfff]/;

/** The SHA-512 of some bytes, by the platform. */
export type Sha512 = (bytes: Uint8Array) => Promise<Uint8Array> | Uint8Array;

let sha512: Sha512 = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-512', bytes));

/** Lets the platform's own binding do the work where it is sooner at hand; called once at start. */
export function useSha512(faster: Sha512): void {
  sha512 = faster;
}

/** The hash over a file's plain leaf values, in file order (SOPS `Tree.Encrypt` / `Decrypt`). */
export class MacHash {
  readonly #parts: (string | Uint8Array)[] = [];
  readonly #onlyEncrypted: boolean;

  constructor(onlyEncrypted: boolean) {
    this.#onlyEncrypted = onlyEncrypted;
    if (onlyEncrypted)
      this.#parts.push(Uint8Array.from(onlyEncryptedPrefix.match(/../g) ?? [], (hex) => Number.parseInt(hex, 16)));
  }

  /** Nulls add nothing; comments must not be given; `selected`: in encrypted position. */
  add(value: Scalar, selected: boolean): void {
    if (value.type === 'null' || (this.#onlyEncrypted && !selected)) return;
    // Text is encoded in one go at the end, which is much faster; halves of a surrogate pair must not meet there.
    const form = valueForm(value);
    this.#parts.push(typeof form === 'string' && surrogate.test(form) ? utf8(form) : form);
  }

  /** 128 upper-case hexadecimal digits: the text that is encrypted as the MAC. */
  async digest(): Promise<string> {
    const bytes = concatenated(this.#parts);
    const hash = await sha512(bytes);
    wipe(bytes);
    return upperHex(hash);
  }
}

function concatenated(parts: readonly (string | Uint8Array)[]): Uint8Array {
  const chunks: Uint8Array[] = [];
  let text: string[] = [];
  for (const part of parts) {
    if (typeof part === 'string') text.push(part);
    else {
      chunks.push(utf8(text.join('')), part);
      text = [];
    }
  }
  chunks.push(utf8(text.join('')));
  return joinedAll(chunks);
}

/** The MAC's AAD: `lastmodified` written back with whole seconds, the offset kept. Throws BAD_METADATA. */
export function macAad(lastModified: string): string {
  const time = readTime(lastModified);
  if (time === undefined) throw new LockstepError('BAD_METADATA', { field: 'lastmodified' });
  return time.replace(/\.\d+/, '');
}

/** Now in the form that SOPS writes: UTC, whole seconds. */
export function timestamp(now: Date): string {
  return now.toISOString().replace(/\.\d+Z$/, 'Z');
}
