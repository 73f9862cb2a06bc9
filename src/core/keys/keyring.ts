/** An age identity that may be used now. */
export interface KeyringEntry {
  /** The name that a person gave it. */
  readonly label: string;
  /** `age1…` */
  readonly recipient: string;
  /** `AGE-SECRET-KEY-…`: the secret itself. */
  readonly identity: string;
  /** Where it comes from: `SecretStorage`, `SOPS_AGE_KEY`, or a path. */
  readonly source: string;
}

/** Where identities come from. Asked anew each time, so that a lock takes effect at once. */
export interface Keyring {
  entries(): Promise<readonly KeyringEntry[]>;
}

/** One keyring out of several; an identity that several hold counts once, the first one's label stays. */
export function joinKeyrings(...keyrings: readonly Keyring[]): Keyring {
  return {
    async entries() {
      const all = (await Promise.all(keyrings.map((keyring) => keyring.entries()))).flat();
      return all.filter((entry, i) => all.findIndex((other) => other.identity === entry.identity) === i);
    },
  };
}
