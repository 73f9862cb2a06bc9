import { base64, randomBytes } from '../bytes.ts';
import { keyedHashOf } from '../hash.ts';
import { valueForm } from '../sops/value.ts';
import type { Scalar } from '../tree/value.ts';

/** How many signs of a fingerprint are shown. */
const shown = 8;

/**
 * Fingerprints of values: equal for equal values, and for nothing else. They are HMACs under a key of 32 random bytes that nobody has after the
 * comparison that they were made for, so no value can be tried out against one.
 */
export class Fingerprints {
  readonly #key: Uint8Array;

  /** @param key for whoever has a secret that both sides of a comparison share; random by default */
  constructor(key: Uint8Array = randomBytes(32)) {
    this.#key = key;
  }

  /** Of a value whatever its kind: `5` and `"5"` have the same one. The empty text for null. */
  of(value: Scalar): string {
    if (value.type === 'null') return '';
    const form = valueForm(value);
    return this.ofText(typeof form === 'string' ? `text ${form}` : `bytes ${base64(form)}`);
  }

  /** Of a text that is no value of an entry, such as a comment. */
  ofText(text: string): string {
    return keyedHashOf(this.#key, text);
  }
}

/** As much of a fingerprint as people compare. */
export const shortMark = (mark: string): string => mark.slice(0, shown);
