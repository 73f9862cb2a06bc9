import { base64, randomBytes } from '../bytes.ts';
import { keyedHashOf } from '../hash.ts';
import type { Opened } from '../open/open.ts';
import { labelOf } from '../sops/label.ts';
import type { Leaf } from '../sops/sealed.ts';
import type { Scalar } from '../tree/value.ts';
import { type Held, parsed } from './version.ts';

/** Opens an encrypted file while `work` is done, and gives what that gives; undefined where no key at hand opens it. */
export type OpenFile = <T>(file: Held, work: (opened: Opened) => T) => Promise<T | undefined>;

export interface Known {
  readonly digest: string;
  /** Two entries hardly have it by chance. */
  readonly telling: boolean;
}

/** Values as digests under a key that nobody has after this: enough to see that two are the same, and nothing to read one from. */
export class Digests {
  readonly #key = randomBytes(32);
  readonly #open: OpenFile;

  constructor(open: OpenFile) {
    this.#open = open;
  }

  /** Of a file's secrets, by label; undefined for what cannot be opened, and for one in plaintext or with a MAC that does not match. */
  present(file: Held): Promise<ReadonlyMap<string, Known> | undefined> {
    return this.#open(file, (opened) => (opened.verdict.ok ? this.#ofOpened(opened) : undefined));
  }

  /**
   * Of a version, whatever its MAC says; undefined for what cannot be opened.
   * @param entries those that are asked about, encrypted or not; all secrets without it
   */
  async past(file: Held, entries?: (label: string) => boolean): Promise<ReadonlyMap<string, Known> | undefined> {
    const version = parsed(file, entries !== undefined);
    if (version && !version.recipients) return this.#all(version.leaves, ({ node }) => node.scalar, entries);
    return this.#open(file, (opened) =>
      entries ? this.#all(opened.sealed.leaves, ({ id }) => opened.value(id), entries) : this.#ofOpened(opened),
    );
  }

  #ofOpened(opened: Opened): ReadonlyMap<string, Known> {
    const secret = opened.sealed.leaves.filter(({ encrypted }) => encrypted);
    return this.#all(secret, ({ id }) => opened.value(id));
  }

  #all(
    leaves: readonly Leaf[],
    read: (leaf: Leaf) => Scalar | undefined,
    isAsked: (label: string) => boolean = () => true,
  ): ReadonlyMap<string, Known> {
    const found = new Map<string, Known>();
    for (const leaf of leaves) {
      const label = labelOf(leaf);
      const value = isAsked(label) ? read(leaf) : undefined;
      if (!value || value.type === 'null') continue;
      const text = value.value instanceof Uint8Array ? base64(value.value) : String(value.value);
      const telling = value.type === 'str' && text.length >= 6;
      found.set(label, { digest: keyedHashOf(this.#key, text), telling });
    }
    return found;
  }
}
