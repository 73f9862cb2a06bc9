import { sha512 } from '@noble/hashes/sha2.js';
import { upperHex } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import type { Scalar } from '../tree/value.ts';
import { readTime, valueBytes } from './value.ts';

// SHA-256 of "sops": what SOPS feeds the hash first when only encrypted values are covered.
const onlyEncryptedPrefix = '8a3fd2ad54ce66527b1034f3d147be0b0b975b3bf44f72c6fdadec8176f27d69';

/** The running hash over a file's plain leaf values, in file order (SOPS `Tree.Encrypt` / `Decrypt`). */
export class MacHash {
  readonly #hash = sha512.create();
  readonly #onlyEncrypted: boolean;

  constructor(onlyEncrypted: boolean) {
    this.#onlyEncrypted = onlyEncrypted;
    if (onlyEncrypted) this.#hash.update(Uint8Array.from(onlyEncryptedPrefix.match(/../g) ?? [], (hex) => parseInt(hex, 16)));
  }

  /** Nulls add nothing; comments must not be given; `selected`: in encrypted position. */
  add(value: Scalar, selected: boolean): void {
    if (value.type === 'null' || (this.#onlyEncrypted && !selected)) return;
    this.#hash.update(valueBytes(value));
  }

  /** 128 upper-case hexadecimal digits: the text that is encrypted as the MAC. */
  digest(): string {
    return upperHex(this.#hash.digest());
  }
}

/** The MAC's AAD: `lastmodified` written back with whole seconds, the offset kept. Throws BAD_METADATA. */
export function macAad(lastModified: string): string {
  const time = readTime(lastModified);
  if (time === undefined) throw new LockstepError('BAD_METADATA', { what: 'lastmodified' });
  return time.replace(/\.\d+/, '');
}

/** Now in the form that SOPS writes: UTC, whole seconds. */
export function timestamp(now: Date): string {
  return now.toISOString().replace(/\.\d+Z$/, 'Z');
}
