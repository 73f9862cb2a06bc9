/** An age identity that may be used now. */
export interface KeyringEntry {
  /** The name that a person gave it. */
  readonly label: string;
  /** `age1…` or `ssh-… AAAA…` without a comment. */
  readonly recipient: string;
  /** `AGE-SECRET-KEY-…` or a private key file's text: the secret itself. */
  readonly identity: string;
  /** Where it comes from: `SecretStorage`, `SOPS_AGE_KEY`, or a path. */
  readonly source: string;
}

/** A data key, or a part of one, as a file holds it for one recipient. */
export interface WrappedKey {
  readonly recipient: string;
  /** Armored age file. */
  readonly enc: string;
}

/** Where identities come from. Asked anew each time, so that a lock takes effect at once. */
export interface Keyring {
  /** What is at hand without asking anybody. */
  entries(): Promise<readonly KeyringEntry[]>;
  /**
   * Identities that cost something, a program or a pass phrase: to be taken one by one, after `entries` did not open the
   * file, and only as far as needed. Never those of `entries` again.
   * @param wanted what is still to be opened; an identity that can open none of it is not asked for.
   */
  asked?(wanted: readonly WrappedKey[]): AsyncIterable<KeyringEntry>;
}
